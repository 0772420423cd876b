//! Every shipped scenario is sound and runs.

use std::path::Path;

use twain::model::{Record, Simulation};

#[test]
fn every_shipped_scenario_runs() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut count = 0;
    for folder in [root.clone(), root.join("futures")] {
        for entry in std::fs::read_dir(folder).expect("the folder").flatten() {
            let path = entry.path();
            if path.extension().is_none_or(|e| e != "toml") {
                continue;
            }
            let scenario = match twain::scenario::load(&path, &[]) {
                Ok(scenario) => scenario,
                Err(mistake) => panic!("{mistake}"),
            };
            twain::analysis::facts::facts(&scenario).unwrap_or_else(|m| panic!("{m}"));
            for what_if in twain::analysis::whatif::whatifs(&scenario).unwrap_or_else(|m| panic!("{m}")) {
                what_if.apply(&scenario).unwrap_or_else(|m| panic!("{m}"));
            }
            for theory in &scenario.theories {
                let population = scenario.population(theory).unwrap_or_else(|m| panic!("{m}"));
                let mut record = Record::new(&scenario.world);
                Simulation::new(&scenario.world, &population).run(0, &mut record);
                assert_eq!(record.values.len(), scenario.world.calendar.steps * record.metrics.len());
            }
            count += 1;
        }
    }
    assert!(count >= 11, "only {count} scenarios found");
}
