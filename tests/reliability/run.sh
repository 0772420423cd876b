#!/usr/bin/env bash
# What a test of a moment cannot show: sweeps killed again and again and resumed to the same bytes, and a disk that is really
# full. KILLS says how many sweeps are killed (30). The disk needs a tmpfs, so that part is left out without root.
set -euo pipefail
cd "$(dirname "$0")/../.."
twain=${TWAIN:-$PWD/target/release/twain}
[ -x "$twain" ] || cargo build --release
work=$(mktemp -d)
trap 'umount "$work/disk" 2>/dev/null || true; rm -rf "$work"' EXIT
scenario=$PWD/scenarios/two-blocs.toml
printf '[sweep]\ndesign = "factorial"\n[[sweep.factor]]\npath = "world.shadow"\nvalues = [0.6, 0.65, 0.7, 0.75, 0.8, 0.85]\n' > "$work/design.toml"
sweep=("$twain" sweep "$scenario" --design "$work/design.toml" -n 400 --no-charts --threads 2)

"${sweep[@]}" --out "$work/whole" >/dev/null
kills=0
for k in $(seq "${KILLS:-30}"); do
  out=$work/killed-$k more=()
  for attempt in $(seq 40); do
    "${sweep[@]}" --out "$out" "${more[@]}" >/dev/null 2>"$work/words" &
    id=$!
    sleep "0.$(printf '%03d' $((RANDOM % 400 + 20)))"
    if kill -KILL $id 2>/dev/null; then kills=$((kills + 1)); fi
    if wait $id 2>/dev/null; then break; fi
    more=()
    if [ -e "$out.journal" ] || [ -e "$out" ]; then more=(--resume); fi
  done
  "${sweep[@]}" --out "$out" --resume >/dev/null 2>&1 || "${sweep[@]}" --out "$out" >/dev/null
  for table in "$work"/whole/*.csv; do cmp "$table" "$out/$(basename "$table")"; done
  [ ! -e "$out.journal" ] || { echo "a journal is left: $out.journal"; exit 1; }
done
left=$(find "$work" -maxdepth 1 -name '.*.partial' -o -maxdepth 1 -name '.*.old' | wc -l)
echo "$kills kills in ${KILLS:-30} sweeps: every table equals that of a sweep left in peace; $left hidden folders left"
[ "$left" -eq 0 ]

if [ "$(id -u)" -eq 0 ]; then
  mkdir "$work/disk"
  full=0
  for size in 1m 2m 3m 4m 5m; do
    mount -t tmpfs -o size=$size tmpfs "$work/disk" || { echo "no tmpfs here: the full disk is left out"; exit 0; }
    for verb in run tournament; do
      file=$scenario; [ $verb = run ] || file=$PWD/scenarios/tournaments/axelrod-1980.toml
      runs=(); [ $verb = tournament ] || runs=(-n 2)
      if "$twain" $verb "$file" "${runs[@]}" --out "$work/disk/$verb" >"$work/words" 2>&1; then
        [ "$(tail -c 7 "$work/disk/$verb/report.html")" = "</html>" ]
      else
        full=$((full + 1))
        grep -q '^error' "$work/words"
        ! grep -q 'Open ' "$work/words"
        [ ! -e "$work/disk/$verb/report.html" ] || [ "$(tail -c 7 "$work/disk/$verb/report.html")" = "</html>" ]
        for picture in "$work/disk/$verb"/charts/*.svg; do [ ! -e "$picture" ] || tail -c 8 "$picture" | grep -q '</svg>'; done
      fi
      [ -z "$(find "$work/disk" -maxdepth 1 -name '.*')" ]
      rm -rf "$work/disk/$verb"
    done
    umount "$work/disk"
  done
  echo "$full of 10 results did not fit their disk: each said so, left no torn page and no hidden folder"
  [ "$full" -gt 2 ]
fi
