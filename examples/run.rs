//! Runs a scenario under each of its populations and says how often a framework formed.
//!
//!     cargo run --example run

use std::path::Path;

use twain::experiment::replicate::replicate;

const RUNS: u64 = 20;

/// One line for each population.
pub fn answer() -> anyhow::Result<String> {
    let scenario = twain::scenario::load(Path::new("scenarios/two-blocs.toml"), &[])?;
    let mut lines = String::new();
    for theory in &scenario.theories {
        let population = scenario.population(theory)?;
        let mut formed = 0;
        replicate(&scenario.world, &population, RUNS, |_, record| {
            formed += u64::from(record.outcome().framework.is_some());
            Ok(())
        })?;
        lines += &format!("{theory}: a framework in {formed} of {RUNS} runs\n");
    }
    Ok(lines)
}

/// Prints what it found.
pub fn main() -> anyhow::Result<()> {
    print!("{}", answer()?);
    Ok(())
}
