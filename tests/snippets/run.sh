#!/usr/bin/env bash
# The snippets of docs/reading-results.md in R and in Python with pandas, held to the program's own tables. Installs both where
# they are absent: R from the system's packages, pandas into an environment of its own. The program is one that writes Parquet.
set -euo pipefail
cd "$(dirname "$0")/../.."
install() { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null; }
command -v Rscript >/dev/null || install r-base-core
command -v python3 >/dev/null || install python3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/python" 2>/dev/null || { install python3-venv; python3 -m venv "$work/python"; }
"$work/python/bin/pip" install --quiet --disable-pip-version-check pandas pyarrow
cargo test --features parquet --no-run
twain=$PWD/target/debug/twain
root=$PWD
cd "$work"
"$twain" run "$root/scenarios/two-blocs.toml" -n 20 --no-charts --format parquet --out results/first >/dev/null
"$twain" run "$root/scenarios/two-blocs.toml" -n 20 --set world.shadow=0.8 --no-charts --out results/longer >/dev/null
"$work/python/bin/python" "$root/tests/snippets/check.py" "$root/docs/reading-results.md" "$(command -v Rscript)"
