#!/usr/bin/env bash
# A Slurm cluster of one machine, all of it in one folder, for tests.
#   cluster.sh up DIR      installs Slurm if it is missing (Debian, root), starts it, waits until the node is idle
#   cluster.sh down DIR    stops what `up` started, and nothing else
# Listens on 127.0.0.1 alone; uses neither systemd, cgroups nor a database, and nothing of /etc/slurm.
# To use it: export SLURM_CONF=DIR/slurm.conf
set -euo pipefail
export LC_ALL=C PATH=$PATH:/usr/sbin:/sbin
verb=${1:-} dir=${2:-}
[ -n "$dir" ] || { echo "usage: $0 up|down DIR" >&2; exit 2; }

# runs COMMAND in the background, its process number in DIR/NAME.pid
launch() {
  local name=$1
  shift
  setsid "$@" >"$dir/$name.log" 2>&1 </dev/null &
  echo $! >"$dir/$name.pid"
}

until_true() { # SECONDS COMMAND...
  local tries=$(($1 * 10))
  shift
  for _ in $(seq "$tries"); do
    "$@" >/dev/null 2>&1 && return
    sleep 0.1
  done
  echo "cluster.sh: gave up waiting for: $*" >&2
  tail -n 20 "$dir"/*.log >&2 || true
  return 1
}

install() {
  command -v slurmctld >/dev/null && command -v slurmd >/dev/null && command -v munged >/dev/null &&
    command -v sbatch >/dev/null && command -v pgrep >/dev/null && return
  [ "$(id -u)" = 0 ] || { echo "cluster.sh: Slurm is missing, and only root can install it" >&2; exit 1; }
  # the packages must not start services of their own
  local guard=/usr/sbin/policy-rc.d mine=
  if [ ! -e "$guard" ]; then
    mine=yes
    printf '#!/bin/sh\nexit 101\n' >"$guard"
    chmod +x "$guard"
  fi
  local fine=yes
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    slurmctld slurmd slurm-client munge procps; } >"$dir/install.log" 2>&1 || fine=
  [ -z "$mine" ] || rm -f "$guard"
  [ -n "$fine" ] || { tail -n 20 "$dir/install.log" >&2; exit 1; }
}

free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 12000))
    (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
}

answers() { munge -n -S "$dir/munge.socket" | unmunge -S "$dir/munge.socket"; }
idle() { [ "$(sinfo -h -o %T)" = idle ]; }

up() {
  mkdir -p "$dir/state" "$dir/spool" "$dir/munge"
  dir=$(cd "$dir" && pwd)
  install
  chmod 755 "$dir"
  chmod 700 "$dir/munge"
  (umask 077 && head -c 1024 /dev/urandom >"$dir/munge/key")
  local host user memory
  host=$(hostname -s)
  user=$(id -un)
  memory=$(awk '/MemTotal/ { print int($2 / 1024 * 0.8) }' /proc/meminfo)
  export SLURM_CONF=$dir/slurm.conf
  cat >"$SLURM_CONF" <<CONF
ClusterName=twain
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$(free_port)
SlurmdPort=$(free_port)
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
AuthInfo=socket=$dir/munge.socket
CredType=cred/munge
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool
SlurmctldPidFile=$dir/slurmctld.own.pid
SlurmdPidFile=$dir/slurmd.own.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/filetxt
JobCompLoc=$dir/jobs.txt
SwitchType=switch/none
MpiDefault=none
ReturnToService=2
KillWait=5
SchedulerParameters=sched_interval=2,batch_sched_delay=0,bf_interval=5
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) RealMemory=$memory State=UNKNOWN
PartitionName=all Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
  echo "CgroupPlugin=autodetect" >"$dir/cgroup.conf"
  launch munged munged --foreground --force --key-file="$dir/munge/key" --socket="$dir/munge.socket" \
    --pid-file="$dir/munged.own.pid" --log-file="$dir/munge/log" --seed-file="$dir/munge/seed"
  until_true 10 answers
  launch slurmctld slurmctld -D -f "$SLURM_CONF"
  launch slurmd slurmd -D -f "$SLURM_CONF" -N "$host"
  until_true 30 idle
}

down() {
  local name id
  for name in slurmd slurmctld munged; do
    [ -s "$dir/$name.pid" ] || continue
    id=$(cat "$dir/$name.pid")
    rm -f "$dir/$name.pid"
    kill "$id" 2>/dev/null || continue
    for _ in $(seq 50); do
      kill -0 "$id" 2>/dev/null || continue 2
      sleep 0.1
    done
    kill -KILL "$id" 2>/dev/null || true
  done
}

case $verb in
  up) up ;;
  down) down ;;
  *) echo "usage: $0 up|down DIR" >&2; exit 2 ;;
esac
