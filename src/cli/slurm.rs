//! `twain slurm`: a job array with a dependent merge, ready for a cluster.

use std::io::Write;
use std::path::{Path, PathBuf, absolute};

use anyhow::{Context, ensure};

use super::common::ScenarioArgs;
use super::sweep::{planned, span};
use crate::analysis::plan::{estimate, judge};
use crate::experiment::sweep::Worlds;

/// What `twain slurm` accepts.
#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    scenario: ScenarioArgs,
    /// Design file (default: the scenario's own [sweep])
    #[arg(long, value_name = "FILE")]
    design: Option<PathBuf>,
    /// Number of tasks, one shard each (default: so many that each takes about five minutes)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=10_000))]
    tasks: Option<u64>,
    /// Most tasks that run at the same time
    #[arg(long, value_name = "M", value_parser = clap::value_parser!(u64).range(1..=10_000))]
    at_once: Option<u64>,
    /// Folder on a file system that every node sees
    #[arg(long, value_name = "DIR", default_value = "results/cluster")]
    out: PathBuf,
    /// Time limit of a task, as Slurm writes it; a task that reaches it is requeued and goes on
    #[arg(long, default_value = "00:30:00", value_parser = word)]
    time: String,
    /// Memory of a task, as Slurm writes it
    #[arg(long, default_value = "1G", value_parser = word)]
    mem: String,
    /// One more option of sbatch, for instance --sbatch=--partition=short (may be repeated)
    #[arg(long, value_name = "OPTION", allow_hyphen_values = true)]
    sbatch: Vec<String>,
}

/// Seconds of work in a task if `--tasks` is not given.
const TASK: f64 = 300.0;

fn word(text: &str) -> Result<String, String> {
    let fine = !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || ":.-".contains(c));
    if fine { Ok(text.to_string()) } else { Err("letters, digits, `:`, `.` and `-` only".into()) }
}

/// A text as one word of the shell.
fn quote(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+=:,%@".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_string()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

fn place(path: &Path) -> anyhow::Result<String> {
    let path = absolute(path).with_context(|| format!("cannot find {}", path.display()))?;
    let text = path.to_str().with_context(|| format!("{} is not valid text", path.display()))?;
    ensure!(!text.contains('\n'), "{} has a line break in its name", path.display());
    Ok(quote(text))
}

/// Prints the script; `bash script.sh` submits it.
pub fn run(args: &Args) -> anyhow::Result<()> {
    // whatever is wrong with the sweep is said here, not in a queue
    let (scenario, plan) = planned(&args.scenario, args.design.as_deref(), None, (1, 1))?;
    let seconds = estimate(&plan, &Worlds::new(&scenario, &plan, judge(&scenario, &plan.sweep)?))?;
    let runs = plan.runs();
    let n = args.tasks.unwrap_or_else(|| ((seconds / TASK).ceil() as u64).clamp(1, 1000)).min(runs);
    let threads = args.scenario.threads.max(1);
    let binary = place(&std::env::current_exe().context("cannot find the program's own path")?)?;
    let mut sweep = format!("{binary} sweep {}", place(&args.scenario.scenario)?);
    if let Some(design) = &args.design {
        sweep += &format!(" --design {}", place(design)?);
    }
    for change in &args.scenario.set {
        sweep += &format!(" --set {}", quote(change));
    }
    if !args.scenario.theory.is_empty() {
        sweep += &format!(" --theory {}", quote(&args.scenario.theory.join(",")));
    }
    if let Some(replications) = args.scenario.replications {
        sweep += &format!(" --replications {replications}");
    }
    if let Some(seed) = args.scenario.seed {
        sweep += &format!(" --seed {seed}");
    }
    let out = place(&args.out)?;
    let limit = args.at_once.map_or(String::new(), |m| format!("%{m}"));
    let more: String = args.sbatch.iter().map(|o| format!(" {}", quote(o))).collect();
    let (time, mem) = (&args.time, &args.mem);
    write!(
        std::io::stdout().lock(),
        r#"#!/bin/bash
# {runs} runs in {n} shards, and a merge that waits for them. Submit: bash THIS_FILE
# A task that fails tries again; one that nears its time limit is requeued. Both go on from the journal.
# To submit the whole script again is safe, too: what is whole is not run again.
set -euo pipefail
out={out}
mkdir -p "$out/shards" "$out/log"
array=$(sbatch --parsable --job-name=twain --array=1-{n}{limit} --ntasks=1 --cpus-per-task={threads} --mem={mem} \
  --time={time} --signal=B:USR1@60 --requeue --open-mode=append --chdir="$out" \
  --output="$out/log/%A_%a.out"{more} <<'TASK'
#!/bin/bash
requeue=
child=
trap 'requeue=yes; kill -INT "$child" 2>/dev/null' USR1
trap 'kill -INT "$child" 2>/dev/null; wait; exit 143' TERM
for attempt in 1 2 3; do
  {sweep} \
    --shard "$SLURM_ARRAY_TASK_ID/{n}" --threads {threads} --out {out}/shards --resume &
  child=$!
  wait "$child"
  code=$?
  # a trapped signal ends the first wait early
  while kill -0 "$child" 2>/dev/null; do
    wait "$child"
    code=$?
  done
  [ "$code" = 0 ] && exit 0
  if [ -n "$requeue" ] && [ "${{SLURM_RESTART_COUNT:-0}}" -lt 100 ]; then
    scontrol requeue "$SLURM_JOB_ID"
    exit 1
  fi
  echo "attempt $attempt ended with $code" >&2
  sleep "$attempt"
done
exit 1
TASK
)
array=${{array%%;*}}
merge=$(sbatch --parsable --job-name=twain-merge --dependency=afterok:"$array" --kill-on-invalid-dep=yes \
  --ntasks=1 --mem={mem} --time={time} --requeue --open-mode=append --chdir="$out" \
  --output="$out/log/merge.out"{more} <<'MERGE'
#!/bin/bash
exec {binary} merge {out}/shards --out {out}/merged --force
MERGE
)
merge=${{merge%%;*}}
echo "array $array, merge $merge; the tables will be in $out/merged"
"#
    )?;
    let each = seconds / (n * threads as u64) as f64;
    writeln!(std::io::stderr(), "{runs} runs in {n} tasks of about {} each.", span(each))?;
    Ok(())
}
