#!/bin/sh
# Makes the committed samples anew, in results/ or in the folder given. About six minutes on two cores.
set -eu
cd "$(dirname "$0")/.."
out=${1:-results}
scenario=scenarios/nato-csto.toml
cargo build --release
twain=target/release/twain
"$twain" run $scenario -n 20 --brief --out "$out/nato-csto" --force
"$twain" compare $scenario -n 20 --out "$out/nato-csto-compare" --force
for case in nato-csto cold-war after-2011; do
  "$twain" takes scenarios/$case.toml --out "$out/takes/$case" --force
done
"$twain" compare scenarios/cold-war.toml $scenario scenarios/after-2011.toml -n 20 --no-charts --takes "$out/takes" --out "$out/verdict" --force
"$twain" whatif $scenario -n 20 --out "$out/nato-csto-whatif" --force
"$twain" sweep $scenario --design scenarios/sweeps/where-cooperation-lives.toml --out "$out/where-cooperation-lives" --force
hang=$out/what-the-verdict-hangs-on.sweep
"$twain" sweep $scenario --design scenarios/sweeps/what-the-verdict-hangs-on.toml --no-charts --out "$hang" --force
"$twain" sensitivity "$hang" --outcome facts_shown --out "$out/what-the-verdict-hangs-on" --force
rm -r "$hang"
"$twain" tournament scenarios/tournaments/schools-at-the-table.toml --out "$out/schools-at-the-table" --force
"$twain" report "$out/nato-csto" "$out/nato-csto-compare" "$out/nato-csto-whatif" --force
rm -f "$out"/nato-csto-compare/report.html "$out"/nato-csto-whatif/report.html "$out"/where-cooperation-lives/report.html "$out"/what-the-verdict-hangs-on/report.html
"$twain" lab $scenario --out "$out/lab.html" --force
