//! The main scenario under each school: runs per second, decisions per second, and the rule of one decision alone.

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use twain::model::{Record, Simulation};
use twain::theory::{Encounter, Ledger, Roster, SCHOOLS, Sum, Terms};

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

/// The rule alone: utility of one move, summed or as named terms.
fn rules(c: &mut Criterion) {
    let roster = Roster::default();
    let e = Encounter {
        stake: 0.6,
        belief: 0.7,
        last_seen: 1.0,
        shadow: 0.7,
        venue: 2.0,
        ..Encounter::default()
    };
    let mut group = c.benchmark_group("one decision");
    group.throughput(Throughput::Elements(1));
    for (i, school) in SCHOOLS.into_iter().enumerate() {
        let mut weights = [0.0; 3];
        weights[i] = 1.0;
        group.bench_function(format!("{school}, summed"), |b| {
            b.iter(|| {
                let mut sum = Sum::default();
                roster.cooperate(&weights, black_box(&e), &mut sum) + sum.total()
            });
        });
        let mut terms = Terms::default();
        group.bench_function(format!("{school}, explained"), |b| {
            b.iter(|| roster.cooperate(&weights, black_box(&e), &mut terms) + terms.total());
        });
    }
    group.finish();
}

criterion_group!(benches, runs, rules);
criterion_main!(benches);
