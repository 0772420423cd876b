//! One replication of the main scenario under one school, for counting instructions from outside: prints how many moves
//! were chosen. `tests/instructions/run.sh` counts and holds the counts to their bounds; a count, unlike a time, is the
//! same on a busy machine.

use std::path::Path;

use twain::model::{Record, Simulation};

fn main() {
    let Some(school) = std::env::args().nth(1).filter(|a| !a.starts_with('-')) else {
        return; // started by `cargo bench` or `cargo test` without a school: there is nothing to time here
    };
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/nato-csto.toml");
    let scenario = twain::scenario::load(&path, &[]).expect("the main scenario is sound");
    let population = scenario.population(&school).expect("a population");
    let mut record = Record::new(&scenario.world);
    println!("{}", Simulation::new(&scenario.world, &population).run(0, &mut record));
}
