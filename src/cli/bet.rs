//! `twain bet`: a blank sheet of questions, to be filled in before the run.

use super::common::ScenarioArgs;

/// What `twain bet` accepts.
#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    scenario: ScenarioArgs,
}

/// Prints the sheet as CSV.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let scenario = args.scenario.load()?;
    let facts = crate::analysis::facts::facts(&scenario)?;
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
        let question = format!("How probable (0 to 1) is it that a run shows: {}", f.claim);
        out.write_record([&f.id, &question, &f.period, &f.page, "", "", "", ""])?;
    }
    out.flush()?;
    Ok(())
}
