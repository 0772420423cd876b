#!/usr/bin/env bash
# The laboratory as a class would use it: its engine makes the bytes that the native program makes, and its page is walked
# through in a real headless Chromium. Installs Chromium, Node and playwright-core where they are absent. Pictures are left
# in the folder named by PICTURES, if it is set.
set -euo pipefail
cd "$(dirname "$0")/../.."
install() { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null; }
command -v node >/dev/null && command -v npm >/dev/null || install nodejs npm
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
if [ -z "$browser" ]; then install chromium; browser=$(command -v chromium); fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ "$(lab/sources.sh)" = "$(cat src/lab/engine/sources.sha256)" ] || { echo "the engine is older than its sources: run lab/build.sh"; exit 1; }
twain=${TWAIN:-$PWD/target/release/twain}
[ -x "$twain" ] || cargo build --release
main=scenarios/nato-csto.toml schools=realism,institutionalism,constructivism
for scenario in nato-csto two-blocs cold-war; do "$twain" lab "scenarios/$scenario.toml" --out "$work/$scenario.html"; done
"$twain" lab $main --lang fr --out "$work/french.html"
"$twain" run $main -n 3 --no-charts --theory $schools --out "$work/run" >/dev/null
"$twain" run $main -n 3 --no-charts --theory neutral --out "$work/neutral" >/dev/null
"$twain" run $main -n 2 --no-charts --theory $schools --set world.shadow=0.9 --out "$work/lever" >/dev/null
"$twain" whatif $main -n 3 --no-charts --only no-kosovo,majority --out "$work/whatif" >/dev/null
"$twain" compare $main -n 2 --no-charts --theory realism,institutionalism,constructivism --out "$work/compare" >/dev/null
"$twain" explain $main --theory realism --who USA --what vote --when 2009Q3 --json > "$work/explain.json"
node tests/lab/bytes.mjs "$work"
cp tests/lab/walk.mjs "$work"
(cd "$work" && npm init -y >/dev/null && npm install --silent --no-audit --no-fund playwright-core@1.65 >/dev/null)
BROWSER="$browser" node "$work/walk.mjs" "$work" "${PICTURES:-$work}"
