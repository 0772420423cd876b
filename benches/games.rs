//! The games of one step of the main scenario, engine and plain loop in one run: the same snapshot, the same random words,
//! the same moves. What is timed is words, choice and observation; the engine gathers what states see as well.

use std::path::Path;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use twain::model::{Simulation, Stage};
use twain::theory::SCHOOLS;

#[path = "plain/games.rs"]
mod plain;

/// A step in the middle of the main scenario.
const STEP: usize = 40;

fn games(c: &mut Criterion) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/nato-csto.toml");
    let scenario = twain::scenario::load(&path, &[]).expect("the main scenario is sound");
    let mut group = c.benchmark_group("games of one step");
    group.sample_size(30);
    for school in SCHOOLS {
        let population = scenario.population(school).expect("a school");
        Simulation::new(&scenario.world, &population).replay(0, STEP, Stage::Games, |sim| {
            let mut loops = plain::Games::of(sim, school, STEP);
            let chosen = sim.play_games();
            assert_eq!(loops.play(), chosen, "{school}: as many moves");
            // a draw may lie between two ways of rounding an exponential
            let differ = loops.differences(sim);
            assert!(differ as u64 <= chosen / 5000, "{school}: {differ} of {chosen} moves differ");
            group.throughput(Throughput::Elements(chosen));
            group.bench_function(BenchmarkId::new("engine", school), |b| b.iter(|| sim.play_games()));
            group.bench_function(BenchmarkId::new("plain loop", school), |b| b.iter(|| loops.play()));
        });
    }
    group.finish();
}

criterion_group!(benches, games);
criterion_main!(benches);
