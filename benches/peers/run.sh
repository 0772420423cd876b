#!/usr/bin/env bash
# Measures the alliance IPD in Twain and in its peers in one run on this machine, then the full model, and writes the
# tables of docs/benchmarks.md. Python packages come from PyPI into a folder of their own. Takes about ten minutes; let
# nothing else run.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check axelrod mesa numpy numba
cargo bench --bench table --no-run
# one thread for everybody
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 NUMBA_NUM_THREADS=1
measure() { cargo bench --quiet --bench table -- "$@"; }
echo "twain"
measure alliance >"$work/twain.csv"
for peer in axelrod mesa numpy numpy_batch numba; do
  echo "$peer"
  "$work/venv/bin/python" "benches/peers/${peer}_peer.py" >"$work/$peer.csv"
done
echo "twain again, after the peers"
measure alliance >"$work/twain-2.csv"
measure sweep >"$work/sweep.csv"
measure model >"$work/model.csv"
sizes=$("$work/venv/bin/python" benches/peers/table.py sizes "$work")
# shellcheck disable=SC2086
measure check $sizes >"$work/check.csv"
"$work/venv/bin/python" benches/peers/table.py write "$work" docs/benchmarks.md
