//! `twain takes`: what it would take for a framework to form.

use std::collections::BTreeMap;

use super::common::{OutArgs, ScenarioArgs, progress};
use crate::analysis::takes::{Found, formed, levers};
use crate::experiment::replicate::pool;
use crate::output::{Provenance, Tables, rows};

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
    if scenario.world.blocs.is_none() {
        anyhow::bail!("{} has no two blocs, so no framework can form", scenario.path.display());
    }
    if args.scenario.replications.is_none() {
        scenario.replications = scenario.replications.min(10);
    }
    let mut folder = args.out.create(&format!("{}-takes", scenario.name))?;
    let mut table = folder.open::<rows::Lever>()?;
    let total: usize = scenario.theories.iter().map(|t| levers(&scenario, t).len()).sum();
    let bar = progress(2 * total as u64, "what it would take");
    let pool = pool(args.scenario.threads)?;
    let n = scenario.replications;
    let mut words = format!(
        "{}: what would it take?\nOne lever at a time, {n} runs at each value, the same random numbers throughout: the smallest change under\nwhich a framework forms in at least half of the runs.\n",
        scenario.title
    );
    let mut meant: Vec<(&str, &str)> = Vec::new();
    for label in &scenario.theories {
        let (n, hits) = pool.install(|| formed(&scenario, label))?;
        let all = levers(&scenario, label);
        let mut found: Vec<Found> = Vec::new();
        for lever in &all {
            if let Some(own) = pool.install(|| lever.pull(&scenario, label, || bar.inc(1)))? {
                table.write(&own.row(label))?;
                found.push(own);
            }
        }
        found.retain(|f| f.works);
        found.sort_by(|a, b| a.share_of_range.total_cmp(&b.share_of_range));
        words += &format!("\n{label}: a framework forms in {hits} of {n} runs as the scenario stands.\n");
        if 2 * hits >= n {
            continue;
        }
        if found.is_empty() {
            words += &format!("  None of the {} levers alone would do.\n", all.len());
        }
        for own in found.iter().take(NAMED) {
            words += &format!("  {}\n", own.said());
            if !meant.contains(&(own.lever.kind, own.lever.plausible)) {
                meant.push((own.lever.kind, own.lever.plausible));
            }
        }
        if found.len() > NAMED {
            words += &format!("  And {} more of {} levers, in takes.csv.\n", found.len() - NAMED, all.len());
        }
    }
    bar.finish_and_clear();
    words += "\nLevers moved together may need less. What a change would mean is a judgement:\n";
    for (kind, plausible) in &meant {
        words += &format!("  {kind}: {plausible}.\n");
    }
    folder.close(table)?;
    let provenance = Provenance {
        command: Provenance::command_line(),
        replications: n,
        theories: scenario.theories.clone(),
    };
    let manifest = provenance.manifest(&scenario, folder.files());
    folder.text("manifest.json", &format!("{manifest:#}\n"))?;
    folder.text("takes.txt", &words)?;
    args.out.close(&folder, &BTreeMap::new())?;
    let place = folder.finish()?;
    args.out.tell(&words, &place)
}
