//! `twain sweep`: a designed experiment that survives interruption.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};

use super::common::{OutArgs, ScenarioArgs, beside, progress};
use crate::analysis::plan::{estimate, judge, plan};
use crate::experiment::design::Sweep;
use crate::experiment::replicate::pool;
use crate::experiment::sweep::{Ending, Plan, Tally, Worlds, retire, run as run_plan, tables};
use crate::output::interrupt::{at_once, gently};
use crate::output::screen::say;
use crate::output::{Folder, Provenance};
use crate::scenario::Scenario;

/// Most parts of a sweep.
const MOST_SHARDS: u64 = 1_000_000;

/// What `twain sweep` accepts.
#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    scenario: ScenarioArgs,
    #[command(flatten)]
    out: OutArgs,
    /// Design file: TOML with a [sweep] table, or a CSV table of points (default: the scenario's own [sweep])
    #[arg(long, value_name = "FILE")]
    design: Option<PathBuf>,
    /// Print the size, the first points and an estimate of the time; run nothing
    #[arg(long)]
    dry_run: bool,
    /// Go on with an interrupted sweep
    #[arg(long)]
    resume: bool,
    /// Run one part of the sweep, for instance 3/16; put the parts together with `twain merge`
    #[arg(long, value_name = "K/N")]
    shard: Option<String>,
    /// Stop once every 95% interval of P(framework) is at most this wide (0 to 1); -n is then the most replications
    #[arg(long, value_name = "W")]
    until_width: Option<f64>,
}

/// Runs the sweep and writes its tables.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let (shard, shards) = args.shard.as_deref().map_or(Ok((1, 1)), part)?;
    if let Some(w) = args.until_width {
        ensure!(w > 0.0 && w <= 1.0, "--until-width {w} is not above 0 and at most 1");
        ensure!(args.shard.is_none(), "--until-width looks at all runs, so it does not go with --shard");
    }
    let (scenario, plan) =
        planned(&args.scenario, args.design.as_deref(), args.until_width, (shard, shards))?;
    let worlds = Worlds::new(&scenario, &plan, judge(&scenario, &plan.sweep)?);
    let mut out = std::io::stdout().lock();
    if args.dry_run {
        return rehearse(&plan, &worlds, args, &mut out);
    }

    let folder = args.out.folder(&format!("{}-sweep", scenario.name));
    let sharded = args.shard.is_some();
    let journal = if !sharded {
        let journal = beside(&folder, "journal")?;
        if args.resume && plan.finished(&folder) {
            retire(&journal)?;
            let look = args.out.where_to_look(&folder);
            return Ok(say(&format!("This sweep is whole already. {look}"))?);
        }
        // whatever is wrong with the place is said before anything runs
        Folder::create(&folder, args.out.place())?;
        journal
    } else {
        folder.join(format!("shard-{shard}-of-{shards}.journal"))
    };
    if args.out.force && !args.resume && journal.exists() {
        retire(&journal)?;
    }
    let stop = gently();
    let bar = progress(plan.runs().div_ceil(shards), &scenario.name);
    let pool = pool(args.scenario.threads)?;
    let ending = pool.install(|| run_plan(&plan, &worlds, &journal, args.resume, stop, |n| bar.inc(n)))?;
    bar.finish_and_clear();
    if ending == Ending::Stopped {
        anyhow::bail!("stopped; what was run is in {}: give --resume to go on", journal.display());
    }
    if sharded {
        writeln!(out, "Shard {shard} of {shards} is whole: {}.", journal.display())?;
        return Ok(());
    }
    at_once();
    let kept = || format!("all runs are kept in {}: put it right and give --resume", journal.display());
    let mut result = Folder::create(&folder, args.out.place()).with_context(kept)?;
    let tally = tables(std::slice::from_ref(&journal), &mut result, &Provenance::command_line())
        .with_context(kept)?;
    let place = args.out.finish(result).with_context(kept)?;
    retire(&journal)?;
    tell(&plan, &tally, &args.out.where_to_look(&place), &mut out)
}

/// The scenario and the plan of a sweep, as they are typed.
///
/// # Errors
/// Mistakes in the scenario, the design or a value that a factor takes.
pub fn planned(
    args: &ScenarioArgs,
    design: Option<&Path>,
    until_width: Option<f64>,
    shard: (u64, u64),
) -> anyhow::Result<(Scenario, Plan)> {
    let mut scenario = args.load()?;
    let design = match (design, scenario.tree.get("sweep")) {
        (Some(path), _) => Sweep::read(path)?,
        (None, Some(node)) => Sweep::from_node(node)?,
        (None, None) => anyhow::bail!(
            "{} has no [sweep] table; give a design with --design FILE",
            args.scenario.display()
        ),
    };
    // what is typed goes before the design, the design before the scenario
    if let (None, Some(n)) = (args.replications, design.replications) {
        scenario.replications = n;
    }
    if let (true, Some(theories)) = (args.theory.is_empty(), &design.theories) {
        scenario.theories.clone_from(theories);
    }
    let plan = plan(&scenario, design, until_width, shard)?;
    Ok((scenario, plan))
}

/// A time in words.
pub fn span(seconds: f64) -> String {
    match seconds {
        s if s < 120.0 => format!("{:.0} seconds", s.max(1.0)),
        s if s < 7200.0 => format!("{:.0} minutes", s / 60.0),
        s if s < 172_800.0 => format!("{:.1} hours", s / 3600.0),
        s => format!("{:.1} days", s / 86_400.0),
    }
}

/// A number with its noun.
fn count(n: u64, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

/// A shard as it is typed, `k/n`.
fn part(text: &str) -> anyhow::Result<(u64, u64)> {
    text.split_once('/')
        .and_then(|(k, n)| Some((k.parse::<u64>().ok()?, n.parse::<u64>().ok()?)))
        .filter(|(k, n)| (1..=*n).contains(k) && *n <= MOST_SHARDS)
        .with_context(|| {
            format!(
                "shard `{text}` is out of range; write k/n with k from 1 to n, n at most {MOST_SHARDS}, as in 1/8"
            )
        })
}

/// What would be run, and how long it would take.
fn rehearse(plan: &Plan, worlds: &Worlds<'_>, args: &Args, out: &mut impl Write) -> anyhow::Result<()> {
    writeln!(
        out,
        "{}, {}, {}: {}.",
        count(plan.points.len() as u64, "point"),
        count(plan.theories.len() as u64, "population"),
        count(plan.replications, "replication"),
        count(plan.runs(), "run")
    )?;
    for (i, point) in plan.points.iter().take(5).enumerate() {
        let pairs: Vec<String> =
            plan.sweep.factor.iter().zip(point).map(|(f, v)| format!("{}={v}", f.path)).collect();
        writeln!(out, "  point {i}: {}", pairs.join(", "))?;
    }
    let total = estimate(plan, worlds)?;
    let threads = pool(args.scenario.threads)?.current_num_threads();
    write!(out, "About {}", span(total))?;
    if threads > 1 {
        write!(out, " on one thread, {} on {threads}", span(total / threads as f64))?;
    }
    writeln!(out, ".")?;
    Ok(())
}

/// What was run, and how wide the widest interval is.
fn tell(plan: &Plan, tally: &Tally, look: &str, out: &mut impl Write) -> anyhow::Result<()> {
    let points = plan.points.len();
    writeln!(out, "{points} points, {} runs, {} failed. {}", tally.runs, tally.failed, look)?;
    if let (Some(wanted), Some(widest)) = (plan.until_width, tally.widest) {
        let n = tally.replications;
        if widest <= wanted {
            writeln!(out, "After {n} replications no interval of P(framework) is wider than {widest:.3}.")?;
        } else {
            writeln!(
                out,
                "After {n} replications, the most allowed, one interval of P(framework) is still {widest:.3} wide; raise -n."
            )?;
        }
    }
    Ok(())
}
