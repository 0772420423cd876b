//! `twain sweep`: a designed experiment that survives interruption.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, ensure};

use super::common::{OutArgs, ScenarioArgs, beside, progress};
use crate::analysis::facts::{Fact, facts};
use crate::analysis::score::{Part, shown};
use crate::experiment::cells::SHARE;
use crate::experiment::design::Sweep;
use crate::experiment::replicate::pool;
use crate::experiment::sweep::{
    Ending, Judge, Model, Plan, Worlds, is_journal, outcomes, run as run_plan, tables,
};
use crate::model::{Record, World};
use crate::output::interrupt::{at_once, gently};
use crate::output::screen::say;
use crate::output::{Folder, Provenance, VERSION};
use crate::scenario::Scenario;

/// Most parts of a sweep.
const MOST_SHARDS: u64 = 1_000_000;
/// Most replications of a point.
const MOST_REPLICATIONS: u64 = 1_000_000;

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
    let (shard, shards) = match &args.shard {
        None => (1, 1),
        Some(text) => text
            .split_once('/')
            .and_then(|(k, n)| Some((k.parse::<u64>().ok()?, n.parse::<u64>().ok()?)))
            .filter(|(k, n)| (1..=*n).contains(k) && *n <= MOST_SHARDS)
            .with_context(|| {
                format!(
                    "shard `{text}` is out of range; write k/n with k from 1 to n, n at most {MOST_SHARDS}, as in 1/8"
                )
            })?,
    };
    if let Some(w) = args.until_width {
        ensure!(w > 0.0 && w <= 1.0, "--until-width {w} is not above 0 and at most 1");
        ensure!(args.shard.is_none(), "--until-width looks at all runs, so it does not go with --shard");
    }
    let (scenario, plan) = plan(&args.scenario, args.design.as_deref(), args.until_width, (shard, shards))?;
    let worlds = Worlds::new(&scenario, &plan, judge(&scenario, &plan.sweep)?);
    let mut out = std::io::stdout().lock();
    if args.dry_run {
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
        let total = estimate(&plan, &worlds)?;
        let threads = pool(args.scenario.threads)?.current_num_threads();
        write!(out, "About {}", span(total))?;
        if threads > 1 {
            write!(out, " on one thread, {} on {threads}", span(total / threads as f64))?;
        }
        writeln!(out, ".")?;
        return Ok(());
    }

    let folder = args.out.folder(&format!("{}-sweep", scenario.name));
    let sharded = args.shard.is_some();
    let journal = if !sharded {
        let journal = beside(&folder, "journal")?;
        if args.resume && finished(&folder, &plan) {
            retire_journal(&journal)?;
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
        retire_journal(&journal)?;
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
    retire_journal(&journal)?;
    let points = plan.points.len();
    writeln!(
        out,
        "{points} points, {} runs, {} failed. {}",
        tally.runs,
        tally.failed,
        args.out.where_to_look(&place)
    )?;
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

/// Whether `folder` holds the whole result of this very plan.
fn finished(folder: &Path, plan: &Plan) -> bool {
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).ok();
    let Some(manifest) =
        read("manifest.json").and_then(|t| serde_json::from_str::<serde_json::Value>(&t).ok())
    else {
        return false;
    };
    let own = &plan.manifest;
    manifest["sweep"] == serde_json::json!(plan.sweep)
        && ["twain", "commit", "scenario", "seed", "replications", "theories"]
            .iter()
            .all(|k| manifest[*k] == own[*k])
}

/// Removes a journal that is no longer needed, unless another process writes it or it is no journal at all.
fn retire_journal(path: &Path) -> anyhow::Result<()> {
    use std::fs::{File, TryLockError};
    let shown = path.display();
    if !path.exists() {
        return Ok(());
    }
    let file = File::open(path).with_context(|| format!("cannot open {shown}"))?;
    ensure!(
        !matches!(file.try_lock(), Err(TryLockError::WouldBlock)),
        "{shown} is being written by another twain; wait for it, or stop it"
    );
    ensure!(is_journal(path), "{shown} is not a journal of twain; it is left as it is: move it away");
    std::fs::remove_file(path).with_context(|| format!("cannot remove {shown}"))
}

/// The scenario and the plan of a sweep: which points, populations and replications, as `(shard, shards)`.
///
/// # Errors
/// Mistakes in the scenario, the design or a value that a factor takes.
pub fn plan(
    args: &ScenarioArgs,
    design: Option<&Path>,
    until_width: Option<f64>,
    (shard, shards): (u64, u64),
) -> anyhow::Result<(Scenario, Plan)> {
    let scenario = args.load()?;
    let sweep: Sweep = match (design, scenario.tree.get("sweep")) {
        (Some(path), _) => Sweep::read(path)?,
        (None, Some(node)) => Sweep::from_node(node)?,
        (None, None) => anyhow::bail!(
            "{} has no [sweep] table; give a design with --design FILE",
            args.scenario.display()
        ),
    };
    let replications = args.replications.or(sweep.replications).unwrap_or(scenario.replications);
    let theories = match &sweep.theories {
        Some(list) if args.theory.is_empty() => list.clone(),
        _ => scenario.theories.clone(),
    };
    ensure!(
        (1..=MOST_REPLICATIONS).contains(&replications),
        "a sweep has 1 to {MOST_REPLICATIONS} replications, not {replications}"
    );
    ensure!(!theories.is_empty(), "a sweep needs at least one theory");
    let points = sweep.build(scenario.world.seed)?;
    sweep.meet(&scenario, &points)?;
    let mut outcomes = outcomes(&scenario);
    outcomes.extend(judge(&scenario, &sweep)?.into_iter().flat_map(|j| j.names));
    let outcomes = sweep.kept(outcomes)?;
    ensure!(
        until_width.is_none() || outcomes.iter().any(|o| o == SHARE),
        "--until-width looks at the outcome `{SHARE}`, which the design does not keep"
    );
    let provenance = Provenance { command: String::new(), replications, theories: theories.clone() };
    let plan = Plan {
        twain: VERSION.into(),
        manifest: provenance.manifest(&scenario, serde_json::json!({})),
        scenario: scenario.hash.clone(),
        seed: scenario.world.seed,
        outcomes,
        sweep,
        points,
        theories,
        replications,
        until_width,
        shard,
        shards,
    };
    Ok((scenario, plan))
}

/// Shares of the dated facts that a run shows, if the design asks for them.
///
/// # Errors
/// A mistake in a fact, or no facts to show.
pub fn judge(scenario: &Scenario, sweep: &Sweep) -> anyhow::Result<Option<Judge>> {
    if !sweep.facts {
        return Ok(None);
    }
    let facts: Vec<Fact> = facts(scenario)?.into_iter().filter(|f| f.whatif.is_none()).collect();
    let parts: Vec<(&str, Part)> = [
        ("facts_shown", Part::All),
        ("facts_shown_between", Part::BlocToBloc),
        ("facts_shown_separating", Part::Separating),
    ]
    .into_iter()
    .filter(|(_, part)| facts.iter().any(|f| part.holds(f)))
    .collect();
    ensure!(!parts.is_empty(), "the design asks for facts, and {} has none", scenario.path.display());
    let names = parts.iter().map(|(name, _)| (*name).to_string()).collect();
    let of = move |world: &World, record: &Record| {
        parts.iter().map(|(_, part)| shown(&facts, *part, world, record)).collect()
    };
    Ok(Some(Judge { names, of: Box::new(of) }))
}

/// Seconds that all runs take on one thread, from one run of each population at the first, middle and last point.
///
/// # Errors
/// A point that cannot run.
pub fn estimate(plan: &Plan, worlds: &Worlds<'_>) -> anyhow::Result<f64> {
    let mut some = vec![0, plan.points.len() / 2, plan.points.len() - 1];
    some.dedup();
    let start = Instant::now();
    for &point in &some {
        for theory in 0..plan.theories.len() {
            worlds.run(point, theory, 0).map_err(|e| anyhow::anyhow!("point {point}: {e}"))?;
        }
    }
    let one = start.elapsed().as_secs_f64() / (some.len() * plan.theories.len()) as f64;
    Ok(one * plan.runs() as f64)
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
