//! `twain slurm`: a job array with a dependent merge, ready for a cluster.

use std::io::Write;
use std::path::PathBuf;

/// What `twain slurm` accepts.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// Scenario file
    scenario: PathBuf,
    /// Design file
    #[arg(long, value_name = "FILE")]
    design: Option<PathBuf>,
    /// Number of tasks, one shard each
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=10_000))]
    tasks: u64,
    /// Folder on a file system that every node sees
    #[arg(long, value_name = "DIR", default_value = "results/cluster")]
    out: PathBuf,
    /// Time limit of a task, as Slurm writes it
    #[arg(long, default_value = "00:30:00")]
    time: String,
    /// Memory of a task, as Slurm writes it
    #[arg(long, default_value = "1G")]
    mem: String,
}

fn quote(path: &std::path::Path) -> String {
    format!("'{}'", path.display().to_string().replace('\'', r"'\''"))
}

/// Prints the script; `bash script.sh` submits it.
pub fn run(args: &Args) -> anyhow::Result<()> {
    crate::scenario::load(&args.scenario, &[])?;
    let design = args.design.as_ref().map_or(String::new(), |d| format!(" --design {}", quote(d)));
    let (scenario, out, n) = (quote(&args.scenario), quote(&args.out), args.tasks);
    let (time, mem) = (&args.time, &args.mem);
    write!(
        std::io::stdout().lock(),
        r#"#!/bin/bash
# A sweep in {n} shards and a merge that waits for them. Submit with: bash this-script
# A task that was killed is requeued and goes on from its journal; submitting again is safe, too.
set -euo pipefail
export TWAIN=${{TWAIN:-$(command -v twain)}}
out={out}
mkdir -p "$out/shards" "$out/log"
array=$(sbatch --parsable --job-name=twain --array=1-{n} --ntasks=1 --cpus-per-task=1 --mem={mem} \
  --time={time} --requeue --open-mode=append --output="$out/log/%A_%a.out" <<'TASK'
#!/bin/bash
for attempt in 1 2 3; do
  "$TWAIN" sweep {scenario}{design} --shard "$SLURM_ARRAY_TASK_ID/{n}" --threads 1 --out {out}/shards --resume && exit 0
  sleep $((attempt * 2))
done
exit 1
TASK
)
merge=$(sbatch --parsable --job-name=twain-merge --dependency=afterok:"$array" --kill-on-invalid-dep=yes \
  --ntasks=1 --mem={mem} --time={time} --output="$out/log/%j.out" <<'MERGE'
#!/bin/bash
exec "$TWAIN" merge {out}/shards --out {out}/merged --force
MERGE
)
echo "array $array, merge $merge"
"#
    )?;
    Ok(())
}
