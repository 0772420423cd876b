#!/usr/bin/env bash
# The two-player core and evolution against the field's own libraries, Axelrod-Python and EGTtools, installed from PyPI
# into a temporary folder. Needs Python 3 with venv, a network, and a built twain (env TWAIN, default
# target/release/twain). Arguments go to game.py: --bench prints speeds.
set -euo pipefail
cd "$(dirname "$0")/../.."
export TWAIN="${TWAIN:-target/release/twain}"
[ -x "$TWAIN" ] || { echo "no twain at $TWAIN: cargo build --release, or set TWAIN" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet "axelrod==4.14.0" "egttools==0.1.14.2"
"$work/venv/bin/python" tests/peers/game.py "$@"
