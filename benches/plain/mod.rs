//! The alliance IPD written plainly: the baseline that the fast one is held against, in speed and in results.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use twain::random::{Purpose, stream};

/// Plays `rounds` rounds of `n` players from scratch; returns total payoff and total cooperations.
pub fn play(n: usize, rounds: u64, noise: f64, seed: u64, replication: u64) -> (u64, u64) {
    let mut rng: ChaCha8Rng = stream(seed, Purpose::Evolution, replication);
    let mut last = vec![true; n * n];
    let (mut payoffs, mut cooperations) = (vec![0u64; n], vec![0u64; n]);
    let intend = |rule: usize, seen: bool| match rule {
        0 => seen,
        1 => false,
        _ => true,
    };
    for _ in 0..rounds {
        for i in 0..n {
            for j in i + 1..n {
                let mut a = intend(i % 3, last[j * n + i]);
                let mut b = intend(j % 3, last[i * n + j]);
                if noise > 0.0 {
                    a ^= rng.random_bool(noise);
                    b ^= rng.random_bool(noise);
                }
                let (mine, theirs) = match (a, b) {
                    (true, true) => (3, 3),
                    (true, false) => (0, 5),
                    (false, true) => (5, 0),
                    (false, false) => (1, 1),
                };
                payoffs[i] += mine;
                payoffs[j] += theirs;
                cooperations[i] += u64::from(a);
                cooperations[j] += u64::from(b);
                last[i * n + j] = a;
                last[j * n + i] = b;
            }
        }
    }
    (payoffs.iter().sum(), cooperations.iter().sum())
}
