//! Asks why one decision of one run went as it did.
//!
//!     cargo run --example explain

use std::path::Path;

use twain::analysis::explain::{Question, explain};

/// The trace of a vote, as text.
pub fn answer() -> anyhow::Result<String> {
    let scenario = twain::scenario::load(Path::new("scenarios/two-blocs.toml"), &[])?;
    let question = Question {
        theory: "realism".into(),
        replication: 0,
        who: "ASH".into(),
        what: "vote".into(),
        when: "2010Q1".into(),
        toward: None,
        issue: None,
        organisation: None,
    };
    Ok(explain(&scenario, &question)?.text())
}

/// Prints what it found.
pub fn main() -> anyhow::Result<()> {
    println!("{}", answer()?);
    Ok(())
}
