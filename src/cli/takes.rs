//! `twain takes`: what it would take for a framework to form.

use std::collections::BTreeMap;

use super::common::{OutArgs, ScenarioArgs, leave_manifest, progress};
use crate::analysis::takes::{Search, levers, search};
use crate::experiment::replicate::pool;
use crate::output::Tables;
use crate::scenario::Scenario;

/// Levers named aloud for each population.
const NAMED: usize = 4;

/// What `twain takes` accepts.
#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    scenario: ScenarioArgs,
    #[command(flatten)]
    out: OutArgs,
}

/// Tries every lever under every population.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let mut scenario = args.scenario.load_beside_neutral()?;
    if args.scenario.replications.is_none() {
        scenario.replications = scenario.replications.min(10);
    }
    let mut folder = args.out.create(&format!("{}-takes", scenario.name))?;
    let total: usize = scenario.theories.iter().map(|t| levers(&scenario, t).len()).sum();
    let bar = progress(2 * total as u64, "what it would take");
    let searches = pool(args.scenario.threads)?.install(|| search(&scenario, || bar.inc(1)))?;
    bar.finish_and_clear();
    folder.rows(searches.iter().flat_map(|s| s.found.iter().map(|f| f.row(&s.theory))))?;
    let words = words(&scenario, &searches);
    leave_manifest(&folder, &scenario, scenario.replications, &scenario.theories)?;
    folder.text("takes.txt", &words)?;
    args.out.close(&folder, &BTreeMap::new())?;
    let place = folder.finish()?;
    args.out.tell(&words, &place)
}

/// The nearest levers of every population, and what it would mean to pull them.
fn words(scenario: &Scenario, searches: &[Search]) -> String {
    let mut words = format!(
        "{}: what would it take?\nOne lever at a time, {} runs at each value, the same random numbers throughout: the smallest change under\nwhich a framework forms in at least half of the runs.\n",
        scenario.title, scenario.replications
    );
    let mut meant: Vec<(&str, &str)> = Vec::new();
    for search in searches {
        let (n, hits) = search.formed;
        words += &format!(
            "\n{}: a framework forms in {hits} of {n} runs as the scenario stands.\n",
            search.theory
        );
        if 2 * hits >= n {
            continue;
        }
        let (all, works) = (levers(scenario, &search.theory).len(), search.works());
        if works.is_empty() {
            words += &format!("  None of the {all} levers alone would do.\n");
        }
        for own in works.iter().take(NAMED) {
            words += &format!("  {}\n", own.said());
            if !meant.contains(&(own.lever.kind, own.lever.plausible)) {
                meant.push((own.lever.kind, own.lever.plausible));
            }
        }
        if works.len() > NAMED {
            words += &format!("  And {} more of {all} levers, in takes.csv.\n", works.len() - NAMED);
        }
    }
    words += "\nLevers moved together may need less. What a change would mean is a judgement:\n";
    for (kind, plausible) in &meant {
        words += &format!("  {kind}: {plausible}.\n");
    }
    words
}
