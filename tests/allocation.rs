//! The hot loop allocates nothing: a run that has its buffers asks the allocator for none.

use std::path::Path;

use twain::model::{Record, Simulation};
use twain::theory::SCHOOLS;

/// Runs one replication twice; the second time every buffer has its size, so nothing may be allocated.
fn count(file: &str, school: &str) -> u64 {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(file);
    let scenario = twain::scenario::load(&path, &[]).expect("sound");
    let population = scenario.population(school).expect("a school");
    let mut simulation = Simulation::new(&scenario.world, &population);
    let mut record = Record::new(&scenario.world);
    simulation.run(0, &mut record);
    let before = record.values.clone();
    let counted = allocation_counter::measure(|| {
        simulation.run(0, &mut record);
    });
    // NaN stands where a metric has no value
    let same = before.iter().zip(&record.values).all(|(a, b)| a == b || (a.is_nan() && b.is_nan()));
    assert!(same, "the second run is the first");
    counted.count_total
}

#[test]
fn a_run_allocates_nothing() {
    for school in SCHOOLS {
        assert_eq!(count("two-blocs.toml", school), 0, "two-blocs, {school}");
        assert_eq!(count("nato-csto.toml", school), 0, "nato-csto, {school}");
    }
}
