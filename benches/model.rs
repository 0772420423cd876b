//! One run of the main scenario under each school: runs per second, and decisions per second as throughput.

use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use twain::model::{Record, Simulation};
use twain::theory::SCHOOLS;

fn runs(c: &mut Criterion) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/nato-csto.toml");
    let scenario = twain::scenario::load(&path, &[]).expect("the main scenario is sound");
    let world = &scenario.world;
    // an upper bound: every directed dyad on every issue in every step
    let decisions = (world.n() * (world.n() - 1) * world.issues.len() * world.calendar.steps) as u64;
    let mut group = c.benchmark_group("one run of nato-csto");
    group.sample_size(10).throughput(Throughput::Elements(decisions));
    for school in SCHOOLS {
        let population = scenario.population(school).expect("a school");
        let mut simulation = Simulation::new(world, &population);
        let mut record = Record::new(world);
        let mut replication = 0;
        group.bench_function(school, |b| {
            b.iter(|| {
                simulation.run(replication, &mut record);
                replication += 1;
            });
        });
    }
    group.finish();
}

criterion_group!(benches, runs);
criterion_main!(benches);
