//! The main scenario under each school: runs per second, and decisions per second.

use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use twain::model::{Record, Simulation};
use twain::theory::SCHOOLS;

fn runs(c: &mut Criterion) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/nato-csto.toml");
    let scenario = twain::scenario::load(&path, &[]).expect("the main scenario is sound");
    let world = &scenario.world;
    let mut populations = Vec::new();
    for school in SCHOOLS {
        populations.push(scenario.population(school).expect("a school"));
    }
    // the same runs counted two ways: as runs, and as moves really chosen (pairs that met, both ways, active issues)
    for unit in ["runs of nato-csto", "decisions of nato-csto"] {
        let mut group = c.benchmark_group(unit);
        group.sample_size(10);
        for population in &populations {
            let mut simulation = Simulation::new(world, population);
            let mut record = Record::new(world);
            let moves = simulation.run(0, &mut record);
            group.throughput(Throughput::Elements(if unit.starts_with("runs") { 1 } else { moves }));
            let mut replication = 0;
            group.bench_function(population.label.as_str(), |b| {
                b.iter(|| {
                    simulation.run(replication, &mut record);
                    replication += 1;
                });
            });
        }
        group.finish();
    }
}

criterion_group!(benches, runs);
criterion_main!(benches);
