//! `twain bet`: a blank sheet of questions, to be filled in before the run.

use anyhow::bail;

use super::common::ScenarioArgs;
use crate::scenario::Mistake;

/// What `twain bet` accepts.
#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    scenario: ScenarioArgs,
    /// Only these facts, separated by commas, for a short sheet
    #[arg(long, value_name = "IDS", value_delimiter = ',')]
    only: Vec<String>,
}

/// Prints the sheet as CSV. A column named after a school asks how often its runs will show the fact; `me` asks whether it
/// happened.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let scenario = args.scenario.load()?;
    let mut facts = crate::analysis::facts::facts(&scenario)?;
    if facts.is_empty() {
        bail!("{} has no [[fact]] to bet on", scenario.path.display());
    }
    for id in &args.only {
        if !facts.iter().any(|f| f.id == *id) {
            return Err(Mistake::general(format!("unknown fact `{id}`"))
                .suggest(id, facts.iter().map(|f| f.id.as_str()))
                .into());
        }
    }
    facts.retain(|f| args.only.is_empty() || args.only.contains(&f.id));
    let mut out = csv::Writer::from_writer(std::io::stdout().lock());
    out.write_record([
        "fact",
        "question",
        "date",
        "page",
        "realism",
        "institutionalism",
        "constructivism",
        "me",
    ])?;
    for f in facts {
        let question = format!("How probable (0 to 1) is it: {}", f.claim);
        out.write_record([&f.id, &question, &f.period, f.place(), "", "", "", ""])?;
    }
    out.flush()?;
    Ok(())
}
