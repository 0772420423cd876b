//! `twain explain`: replays a run exactly and says why a state decided as it did.

use std::io::Write;

use super::common::ScenarioArgs;
use crate::analysis::explain::{Question, explain};

/// What `twain explain` accepts.
#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    scenario: ScenarioArgs,
    /// Which replication to replay
    #[arg(long, value_name = "N", default_value_t = 0)]
    replication: u64,
    /// Code of the state that decides
    #[arg(long, value_name = "STATE")]
    who: String,
    /// Kind of decision: vote, cooperate, contribute or membership
    #[arg(long, value_name = "DECISION")]
    what: String,
    /// Date of the decision, for instance 2009Q3
    #[arg(long, value_name = "DATE")]
    when: String,
    /// The other state (cooperate)
    #[arg(long, value_name = "STATE")]
    toward: Option<String>,
    /// The issue (cooperate)
    #[arg(long, value_name = "ISSUE")]
    issue: Option<String>,
    /// The organisation (membership)
    #[arg(long, value_name = "ORGANISATION")]
    organisation: Option<String>,
    /// Print JSON for machines
    #[arg(long)]
    json: bool,
}

/// Explains a decision.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let scenario = args.scenario.load()?;
    let mut out = std::io::stdout().lock();
    for theory in &scenario.theories {
        let explanation = explain(
            &scenario,
            &Question {
                theory: theory.clone(),
                replication: args.replication,
                who: args.who.clone(),
                what: args.what.clone(),
                when: args.when.clone(),
                toward: args.toward.clone(),
                issue: args.issue.clone(),
                organisation: args.organisation.clone(),
            },
        )?;
        if args.json {
            writeln!(out, "{}", serde_json::to_string_pretty(&explanation)?)?;
        } else {
            writeln!(out, "{}", explanation.text())?;
        }
    }
    Ok(())
}
