//! Pairs each run with its twin in which one thing is different, under the same random numbers.
//!
//!     cargo run --example what_if

use std::path::Path;

use twain::experiment::replicate::paired;
use twain::scenario::{Change, load};

const RUNS: u64 = 20;

/// What a longer shadow of the future does to cooperation between the blocs.
pub fn answer() -> anyhow::Result<String> {
    let file = Path::new("scenarios/two-blocs.toml");
    let base = load(file, &[])?;
    let changed = load(file, &[Change::parse("world.shadow=0.8")?])?;
    let mut lines = String::new();
    for theory in &base.theories {
        let (before, after) = (base.population(theory)?, changed.population(theory)?);
        let (mut sum, mut count) = (0.0, 0.0);
        paired(&[(&base.world, &before), (&changed.world, &after)], RUNS, |_, twins| {
            let last = base.world.calendar.steps - 1;
            let end = |twin: usize| {
                let metric = twins[twin].metric("cooperation_between").unwrap_or_default();
                twins[twin].value(last, metric)
            };
            // a bloc that has died plays with nobody
            let difference = end(1) - end(0);
            if difference.is_finite() {
                sum += difference;
                count += 1.0;
            }
            Ok(())
        })?;
        lines += &format!("{theory}: {:+.2} at the end, mean of {count} pairs\n", sum / count);
    }
    Ok(lines)
}

/// Prints what it found.
pub fn main() -> anyhow::Result<()> {
    print!("{}", answer()?);
    Ok(())
}
