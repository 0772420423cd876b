//! `twain run`: the main job. Every population, many replications, tables and a summary in words.

use super::common::{OutArgs, ScenarioArgs, leave_manifest, progress};
use crate::experiment::replicate::{pool, replicate};
use crate::output::codebook::meanings;
use crate::output::results::{Detail, Results};
use crate::output::screen::note;
use crate::output::spoken::Told;

/// What `twain run` accepts.
#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    scenario: ScenarioArgs,
    #[command(flatten)]
    out: OutArgs,
    /// Also write dyads.csv, one row per run, year and directed dyad (large)
    #[arg(long)]
    dyads: bool,
    /// Leave out the large tables (series.csv, states.csv, votes.csv): summaries only
    #[arg(long, conflicts_with = "dyads")]
    brief: bool,
}

/// Runs the scenario and writes its results.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let scenario = args.scenario.load_beside_neutral()?;
    let mut folder = args.out.create(&scenario.name)?;
    let detail = match (args.dyads, args.brief) {
        (true, _) => Detail::Dyads,
        (_, true) => Detail::Brief,
        _ => Detail::Full,
    };
    let mut results = Results::create(&folder, &scenario, detail)?;
    let populations =
        scenario.theories.iter().map(|t| scenario.population(t)).collect::<Result<Vec<_>, _>>()?;
    let bar = progress(scenario.replications * populations.len() as u64, &scenario.name);
    let pool = pool(args.scenario.threads)?;
    let mut digests = Vec::new();
    for population in &populations {
        let mut tally = results.tally(population);
        pool.install(|| {
            replicate(&scenario.world, population, scenario.replications, |r, record| {
                bar.inc(1);
                results.add(&mut tally, r, record)
            })
        })?;
        digests.push(results.close_population(&tally)?);
    }
    bar.finish_and_clear();
    results.close(&mut folder)?;
    leave_manifest(&folder, &scenario, scenario.replications, &scenario.theories)?;
    for line in crate::output::unmet(&scenario.world, &digests) {
        note!("{line}");
    }
    let told = Told::new(&scenario, &digests);
    let words = told.summary();
    folder.text("summary.txt", &format!("{words}{}", told.table()))?;
    let place = args.out.finish_with(folder, &meanings(&scenario.world))?;
    args.out.tell(&words, &place)
}
