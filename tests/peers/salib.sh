#!/usr/bin/env bash
# Morris and Sobol' sweeps of a small scenario, their tables read by pandas and DuckDB, their indices beside SALib's on
# the same sample. TWAIN names the program (default: target/release/twain, built if missing).
set -euo pipefail
cd "$(dirname "$0")/../.."
if [ -z "${TWAIN:-}" ]; then
  [ -x target/release/twain ] || cargo build --release
  TWAIN=target/release/twain
fi
TWAIN=$(realpath "$TWAIN")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check SALib pandas duckdb

factors='
[[sweep.factor]]
path = "world.shadow"
low = 0.5
high = 0.95
[[sweep.factor]]
path = "theory.realism.k0"
low = 0.0
high = 5.0
[[sweep.factor]]
path = "world.distance_km"
low = 1000.0
high = 8000.0
scale = "log"
[[sweep.factor]]
path = "theory.constructivism.rate"
low = 0.0
high = 0.2'
for design in "morris trajectories=20" "saltelli points=64"; do
  read -r kind size <<<"$design"
  printf '[sweep]\ndesign = "%s"\n%s\nreplications = 12\ntheories = ["realism", "constructivism"]\n%s\n' \
    "$kind" "$size" "$factors" >"$work/$kind.toml"
  "$TWAIN" sweep scenarios/two-blocs.toml --design "$work/$kind.toml" --out "$work/$kind" >/dev/null
  "$TWAIN" sensitivity "$work/$kind" >/dev/null
done
"$work/venv/bin/python" tests/peers/salib.py "$work"
