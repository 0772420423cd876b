//! The fast alliance IPD against the plain one and against closed forms.

#[path = "../benches/plain/mod.rs"]
mod plain;

use twain::game::alliance::Alliance;

#[test]
fn without_noise_both_give_the_same_totals() {
    // 8, 16, 32 and 64 are the edges of words
    for n in [0, 1, 2, 3, 6, 7, 8, 9, 16, 17, 31, 32, 33, 64, 65, 100] {
        for rounds in [0, 1, 2, 50] {
            let mut world = Alliance::new(n, 0.0, 1, 0);
            let outcome = world.play(rounds);
            let fast = (outcome.total_payoff(), outcome.total_cooperations());
            assert_eq!(fast, plain::play(n, rounds, 0.0, 1, 0), "{n} players, {rounds} rounds");
        }
    }
    assert_eq!(plain::play(32, 1000, 0.0, 1, 0), (2_162_363, 530_121));
    assert_eq!(plain::play(6, 5000, 0.0, 1, 0), (330_012, 80_004));
}

/// Mean and standard error of some numbers.
fn mean(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let all: Vec<f64> = values.collect();
    let n = all.len() as f64;
    let mean = all.iter().sum::<f64>() / n;
    let variance = all.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0);
    (mean, (variance / n).sqrt())
}

#[test]
fn with_noise_the_means_agree() {
    // means over 200 replications differ by less than 3.5 standard errors: one seed in 2000 would fail by chance, and
    // the seed is fixed
    for (n, rounds, noise) in [(6, 400, 0.01), (32, 100, 0.01), (32, 30, 0.3), (9, 200, 0.1), (70, 20, 0.01)]
    {
        let moves = (n * (n - 1)) as f64 * rounds as f64;
        let mut payoffs = Vec::new();
        let fast = mean((0..200).map(|r| {
            let mut world = Alliance::new(n, noise, 7, r);
            let outcome = world.play(rounds);
            payoffs.push(outcome.total_payoff() as f64 / moves);
            outcome.share()
        }));
        let mut plain_payoffs = Vec::new();
        let slow = mean((0..200).map(|r| {
            let (payoff, cooperations) = plain::play(n, rounds, noise, 7, r);
            plain_payoffs.push(payoff as f64 / moves);
            cooperations as f64 / moves
        }));
        let close = |a: (f64, f64), b: (f64, f64)| (a.0 - b.0).abs() <= 3.5 * a.1.hypot(b.1);
        assert!(close(fast, slow), "n = {n}: cooperation {fast:?} and {slow:?}");
        let (a, b) = (mean(payoffs.into_iter()), mean(plain_payoffs.into_iter()));
        assert!(close(a, b), "n = {n}: payoff {a:?} and {b:?}");
    }
}

#[test]
fn defectors_err_as_often_as_the_noise_says() {
    // 100 replications of 9 defectors among 27 players, 26 moves each, 200 rounds: 4.7 million moves
    let (n, rounds, noise) = (27, 200, 0.01);
    let hits: u64 = (0..100)
        .map(|r| {
            let mut world = Alliance::new(n, noise, 3, r);
            let outcome = world.play(rounds);
            (1..n).step_by(3).map(|i| outcome.players[i].cooperations).sum::<u64>()
        })
        .sum();
    let moves = 100.0 * 9.0 * 26.0 * rounds as f64;
    let error = (noise * (1.0 - noise) / moves).sqrt();
    assert!((hits as f64 / moves - noise).abs() < 3.5 * error);
}

#[test]
fn two_who_mirror_each_other_forget_with_noise() {
    // toward a cooperator, tit for tat cooperates with probability (1-e)^2 + e^2 from the second round on
    let (rounds, noise) = (20_000, 0.05);
    let mut world = Alliance::new(3, noise, 5, 0);
    let outcome = world.play(rounds).clone();
    // player 0 meets 1 (defects) and 2 (cooperates): 2e(1-e) + (1-e)^2 + e^2 = 1 a round
    let share = outcome.players[0].cooperations as f64 / rounds as f64;
    assert!((share - 1.0).abs() < 4.0 * (2.0 * 0.095 * 0.905 / rounds as f64).sqrt(), "{share}");
}

#[test]
fn equal_seeds_give_equal_play_however_it_is_divided() {
    let whole = Alliance::new(32, 0.01, 1, 2).play(1000).clone();
    let mut parts = Alliance::new(32, 0.01, 1, 2);
    for rounds in [0, 1, 9, 90, 900] {
        parts.play(rounds);
    }
    assert_eq!(parts.play(0), &whole);
    assert_ne!(&whole, Alliance::new(32, 0.01, 2, 2).play(1000));
    assert_ne!(&whole, Alliance::new(32, 0.01, 1, 3).play(1000));
    // frozen: a change of the generator or of the order of draws shows here
    assert_eq!(whole.total_cooperations(), FROZEN);
}

const FROZEN: u64 = 479942;
