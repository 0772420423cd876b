#!/usr/bin/env bash
# `twain slurm` on a real Slurm of one machine: an array whose tasks are killed and requeued, and a merge after it, give
# the bytes of a local run; a shard that fails for good keeps the merge from running. Needs Debian and root if Slurm is
# not there yet. Takes about a minute. TWAIN names the program (default: target/release/twain, built if missing).
set -euo pipefail
cd "$(dirname "$0")/../.."
if [ -z "${TWAIN:-}" ]; then
  [ -x target/release/twain ] || cargo build --release
  TWAIN=target/release/twain
fi
TWAIN=$(realpath "$TWAIN")
work=$(mktemp -d)
export SLURM_CONF=$work/slurm/slurm.conf

finish() {
  code=$?
  if [ "$code" != 0 ]; then
    tail -n 15 "$work"/out*/log/* "$work"/slurm/slurm*.log 2>/dev/null || true
  fi
  if [ -s "$SLURM_CONF" ] && [ -s "$work/slurm/slurmctld.pid" ]; then
    timeout 20 scancel --user="$(id -un)" 2>/dev/null || true
  fi
  tests/slurm/cluster.sh down "$work/slurm"
  rm -rf "$work"
  exit "$code"
}
trap finish EXIT
trap 'exit 130' INT TERM

passed=0 failed=0
check() { # WORDS COMMAND...
  local words=$1
  shift
  if "$@" >/dev/null 2>&1; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAILED: $words"
  fi
}
wait_for() { # SECONDS WORDS COMMAND...
  local end=$((SECONDS + $1)) words=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$end" ] || { echo "gave up waiting until $words"; exit 1; }
    sleep 0.2
  done
}
lines_in() { [ "$(wc -l <"$1")" -gt "$2" ]; }
is_pending() { [ "$(squeue -h -r -o '%K %T' | awk -v task="$1" '$1 == task { print $2 }')" = PENDING ]; }
# Slurm holds a requeued task back for two minutes; not here
release() {
  wait_for 30 "task $1 is pending" is_pending "$1"
  wait_for 30 "task $1 may start" scontrol update "JobId=${array}_$1" StartTime=now
}
queue_is_empty() { [ -z "$(squeue -h)" ]; }
# process numbers of the program at work on shard $1 of this test
at_work() { pgrep -f -- "^$TWAIN sweep .*--shard $1 .*--out $work/"; }

cat >"$work/design.toml" <<'DESIGN'
[sweep]
design = "factorial"
replications = 16
[[sweep.factor]]
path = "world.shadow"
values = [0.6, 0.7, 0.8]
[[sweep.factor]]
path = "theory.realism.k0"
values = [0.0, 1.5]
DESIGN
scenario=scenarios/nato-csto.toml
echo "local run"
"$TWAIN" sweep "$scenario" --design "$work/design.toml" --out "$work/local"

mkdir "$work/slurm"
tests/slurm/cluster.sh up "$work/slurm"
echo "cluster is up: $(sinfo --version)"

out=$work/out
"$TWAIN" slurm "$scenario" --design "$work/design.toml" --tasks 4 --out "$out" --mem 300M --time 5 >"$work/job.sh"
bash "$work/job.sh" | tee "$work/submitted"
array=$(sed -n 's/^array \([0-9]*\),.*/\1/p' "$work/submitted")
merge=$(sed -n 's/.*merge \([0-9]*\);.*/\1/p' "$work/submitted")
check "the merge waits" grep -q "afterok" <(scontrol show job "$merge")

one=$out/shards/shard-1-of-4.journal two=$out/shards/shard-2-of-4.journal three=$out/shards/shard-3-of-4.journal
wait_for 60 "shard 1 has runs" lines_in "$one" 5
at_work 1/4 | xargs kill -KILL
before=$(wc -l <"$one")
echo "killed the program of task 1 after $((before - 1)) runs"
wait_for 60 "shard 2 has runs" lines_in "$two" 5
scontrol requeue "${array}_2"
echo "requeued task 2 after $(($(wc -l <"$two") - 1)) runs"
release 2
wait_for 60 "shard 3 has runs" lines_in "$three" 5
scancel --signal=USR1 --batch "${array}_3"
echo "warned task 3 of its time limit after $(($(wc -l <"$three") - 1)) runs"
release 3
wait_for 100 "the queue is empty" queue_is_empty

check "task 1 tried again after a kill" grep -q "attempt 1 ended with 137" "$out/log/${array}_1.out"
check "task 2 was requeued" grep -q "Restarts=1" <(scontrol show job "${array}_2")
check "task 3 stopped cleanly" grep -q "error: stopped" "$out/log/${array}_3.out"
check "task 3 requeued itself" grep -q "Restarts=1" <(scontrol show job "${array}_3")
check "the merge wrote its tables" test -s "$out/merged/manifest.json"
for table in points runs summary failures; do
  check "$table.csv is that of the local run" cmp "$work/local/$table.csv" "$out/merged/$table.csv"
done

# submitted again: everything is whole, so it is quick and gives the same
bash "$work/job.sh" >/dev/null
wait_for 60 "the second queue is empty" queue_is_empty
check "the tables are still those of the local run" cmp "$work/local/runs.csv" "$out/merged/runs.csv"

# a shard that cannot run fails for good, and the merge is not started
sed "s#$out#$work/out2#g" "$work/job.sh" >"$work/job2.sh"
mkdir -p "$work/out2/shards"
cp "$out"/shards/*.journal "$work/out2/shards"
echo "not a journal" >"$work/out2/shards/shard-3-of-4.journal"
bash "$work/job2.sh" >/dev/null
wait_for 60 "the third queue is empty" queue_is_empty
check "the bad shard says why" grep -q "is not a journal of twain" "$work"/out2/log/*_3.out
check "nothing is merged" test ! -e "$work/out2/merged"
check "the bad shard is left as it was" grep -q "not a journal" "$work/out2/shards/shard-3-of-4.journal"

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
