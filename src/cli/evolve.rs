//! `twain evolve`: strategies and schools spread in a population by what they earn.

use super::common::{OutArgs, progress};
use super::tournament::{ContestArgs, warn};
use crate::experiment::contest::evolve as engine;
use crate::experiment::replicate::pool;
use crate::output::contest_manifest;
use crate::scenario::Change;
use crate::scenario::contest::evolution;

/// What `twain evolve` accepts.
#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    contest: ContestArgs,
    /// Individuals in the population
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    population: Option<i64>,
    /// How strategies spread: moran, death-birth or fermi
    #[arg(long, value_name = "NAME")]
    process: Option<String>,
    /// Intensity of selection per payoff unit
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    selection: Option<f64>,
    /// Chance that an update tries another strategy at random
    #[arg(long, value_name = "P", allow_negative_numbers = true)]
    mutation: Option<f64>,
    /// Length of a run in generations
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    generations: Option<i64>,
    /// Runs of the population
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    runs: Option<i64>,
    #[command(flatten)]
    out: OutArgs,
}

/// Lets the population evolve.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let mut request = args.contest.request()?;
    let flags = [
        ("population", args.population.map(|x| x.to_string())),
        ("process", args.process.as_ref().map(|x| format!("{x:?}"))),
        ("selection", args.selection.map(|x| x.to_string())),
        ("mutation", args.mutation.map(|x| x.to_string())),
        ("generations", args.generations.map(|x| x.to_string())),
        ("runs", args.runs.map(|x| x.to_string())),
    ];
    for (path, value) in flags {
        request.changes.extend(value.map(|value| Change { path: path.into(), value }));
    }
    let (contest, plan) = evolution(&request)?;
    if plan.matrix.is_none() {
        warn(&contest.rules);
    }
    let default = if contest.name.is_empty() { "evolution" } else { contest.name.as_str() };
    let mut folder = args.out.create(default)?;
    let bar = progress(engine::ticks(&contest, &plan), default);
    let evolved = pool(args.contest.threads)?.install(|| engine::evolve(&contest, &plan, || bar.inc(1)))?;
    bar.finish_and_clear();
    evolved.write(&plan, &mut folder)?;
    let words = evolved.summary(&contest, &plan);
    folder.text("summary.txt", &words)?;
    let details = serde_json::json!({
        "verb": "evolve", "population": plan.population, "process": engine::name(plan.process.update),
        "selection": plan.process.selection, "mutation": plan.process.mutation,
        "generations": plan.generations, "runs": plan.runs, "fixation_runs": plan.fixation_runs,
        "structure": if plan.graph.is_some() { "graph" } else { "well-mixed" },
    });
    let manifest = contest_manifest(&contest, &plan.names, details, folder.files());
    folder.text("manifest.json", &format!("{manifest:#}\n"))?;
    let place = args.out.finish(folder)?;
    args.out.tell(&words, &place)?;
    Ok(())
}
