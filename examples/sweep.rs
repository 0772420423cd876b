//! Goes through a grid of two parameters and prints a small map.
//!
//!     cargo run --example sweep

use std::path::Path;

use twain::experiment::replicate::replicate;
use twain::scenario::{Change, load};

const RUNS: u64 = 5;

/// Mean cooperation between the blocs among realists, by the shadow of the future and relative gains.
pub fn answer() -> anyhow::Result<String> {
    let mut map = String::from("shadow  k0=0  k0=1.5  k0=4\n");
    for shadow in ["0.6", "0.7", "0.8", "0.9"] {
        map += &format!("{shadow:6}");
        for k0 in ["0", "1.5", "4"] {
            let changes = [
                Change::parse(&format!("world.shadow={shadow}"))?,
                Change::parse(&format!("theory.realism.k0={k0}"))?,
            ];
            let scenario = load(Path::new("scenarios/two-blocs.toml"), &changes)?;
            let population = scenario.population("realism")?;
            let steps = scenario.world.calendar.steps;
            let mut sum = 0.0;
            replicate(&scenario.world, &population, RUNS, |_, record| {
                let metric = record.metric("cooperation_between").unwrap_or_default();
                sum += (0..steps).map(|step| record.value(step, metric)).sum::<f64>() / steps as f64;
                Ok(())
            })?;
            map += &format!("  {:>4.2}", sum / RUNS as f64);
        }
        map += "\n";
    }
    Ok(map)
}

/// Prints what it found.
pub fn main() -> anyhow::Result<()> {
    print!("{}", answer()?);
    Ok(())
}
