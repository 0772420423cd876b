#!/usr/bin/env bash
# The report in a real headless Chromium: no console error, no network request, toggles, slider and keyboard work, the
# values shown are those of the tables, and it prints. Installs Chromium, Node and puppeteer-core where they are absent.
set -euo pipefail
cd "$(dirname "$0")/../.."
install() { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null; }
command -v node >/dev/null && command -v npm >/dev/null || install nodejs npm
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
if [ -z "$browser" ]; then install chromium; browser=$(command -v chromium); fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp tests/browser/report.mjs "$work"
(cd "$work" && npm init -y >/dev/null && npm install --silent --no-audit --no-fund puppeteer-core@24 >/dev/null)
twain=${TWAIN:-$PWD/target/release/twain}
[ -x "$twain" ] || cargo build --release
"$twain" run scenarios/nato-csto.toml -n 3 --brief --out "$work/run" >/dev/null
"$twain" compare scenarios/nato-csto.toml -n 3 --out "$work/compare" >/dev/null
"$twain" whatif scenarios/nato-csto.toml -n 3 --out "$work/whatif" >/dev/null
"$twain" report "$work/run" "$work/compare" "$work/whatif" --out "$work/report.html"
"$twain" report "$work/whatif" --out "$work/whatif.html"
"$twain" sweep scenarios/two-blocs.toml --design scenarios/sweeps/institutions-and-noise.toml -n 1 --out "$work/sweep" >/dev/null
"$twain" report "$work/sweep" --out "$work/sweep.html"
BROWSER="$browser" node "$work/report.mjs" "$work"
