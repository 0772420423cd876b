#!/bin/sh
# Makes the committed sample anew: the command in results/nato-csto/manifest.json.
set -eu
cd "$(dirname "$0")/.."
cargo run --release -- run scenarios/nato-csto.toml -n 20 --brief --out results/nato-csto --force
