//! The alliance IPD, fast and plain: pairs played a second on one thread.

mod plain;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use twain::game::alliance::Alliance;

fn alliance(c: &mut Criterion) {
    for noise in [0.0, 0.01] {
        let mut group = c.benchmark_group(format!("alliance IPD, noise {noise}"));
        group.sample_size(20);
        for (n, rounds) in [(6, 20_000), (32, 2000), (100, 500), (300, 50), (1000, 10)] {
            group.throughput(Throughput::Elements((n * (n - 1) / 2) as u64 * rounds));
            let mut world = Alliance::new(n, noise, 1, 0);
            group.bench_function(BenchmarkId::new("fast", n), |b| b.iter(|| world.play(rounds).rounds));
            if n <= 100 {
                group.bench_function(BenchmarkId::new("plain", n), |b| {
                    b.iter(|| plain::play(n, rounds, noise, 1, 0));
                });
            }
        }
        group.finish();
    }
}

criterion_group!(benches, alliance);
criterion_main!(benches);
