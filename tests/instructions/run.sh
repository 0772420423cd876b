#!/usr/bin/env bash
# Counts the instructions of one run of the main scenario under valgrind and holds them to bounds: those of a decision
# (games, what is seen of them, learning, random words) and those of the whole run. Counts do not depend on how busy the
# machine is. Needs valgrind, which is installed from the system's packages if it is missing.
set -euo pipefail
cd "$(dirname "$0")/../.."
command -v valgrind >/dev/null || { apt-get update -qq && apt-get install -y -qq valgrind; } >/dev/null
binary=$(cargo bench --bench instructions --no-run 2>&1 | sed -n 's/.*(\(.*instructions-[0-9a-f]*\)).*/\1/p' | tail -1)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
count() { # school, functions to collect in
  local toggles=()
  for f in "${@:2}"; do toggles+=("--toggle-collect=$f"); done
  valgrind --tool=callgrind --callgrind-out-file="$work/out" "${toggles[@]}" "$binary" "$1" 2>"$work/err" >"$work/moves"
  sed -n 's/.*Collected : \([0-9]*\).*/\1/p' "$work/err" | head -1
}
bad=0
bound() { # name, value, most
  printf '%-52s %8.1f (at most %s)\n' "$1" "$2" "$3"
  awk -v a="$2" -v b="$3" 'BEGIN { exit !(a <= b) }' || { echo "  too many"; bad=1; }
}
for school in neutral realism institutionalism constructivism; do
  moves_and=$(count "$school" '*twain::model::games::phase*' '*twain::model::learning::phase*')
  moves=$(cat "$work/moves")
  bound "instructions a decision, $school" "$(awk -v a="$moves_and" -v b="$moves" 'BEGIN { print a / b }')" 125
  whole=$(count "$school" '*Simulation*run*')
  bound "million instructions a run, $school" "$(awk -v a="$whole" 'BEGIN { print a / 1e6 }')" 200
done
exit $bad
