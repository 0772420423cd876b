//! Mechanisms against their closed forms: T6, T8 and T12 to T20 of the list in docs/odd.md. (T1-T5 and T7 are in
//! theory.rs, T9 in src/organisation/voting.rs, T10 in burden.rs, T11 in patronage.rs, T21-T23 in reproducible.rs.)

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use twain::game::tournament::{Rules, play};
use twain::game::{Payoffs, Player};
use twain::random::{Purpose, stream};
use twain::theory::constructivism::{Constructivism, cascade, role_norm};
use twain::theory::institutionalism::Institutionalism;
use twain::theory::realism::{Landscape, arms_race, contest};
use twain::theory::{Encounter, School, Terms};

fn chance(rng: &mut ChaCha8Rng) -> f64 {
    rng.random::<f64>()
}

/// T6: tit for tat against itself under noise e cooperates half the time, whatever e > 0; with generosity g the share is
/// q/(1-p+q), p = 1-e, q = (1-g)e + g(1-e) (Molander 1985): .875 at g = 1/3, e = .05.
#[test]
fn t6_noisy_reciprocity() {
    for (name, g) in [("tit-for-tat", 0.0), ("generous-tit-for-tat", 1.0 / 3.0)] {
        let strategy = Player::named(name).expect("a strategy");
        for e in [0.01, 0.05, 0.10] {
            let (p, q) = (1.0 - e, (1.0 - g) * e + g * (1.0 - e));
            let expected = q / (1.0 - p + q);
            let rules = Rules {
                payoffs: Payoffs::axelrod(),
                turns: 400_000,
                ending: 0.0,
                noise: e,
                misperception: 0.0,
            };
            let mut rng = stream(6, Purpose::Match, (e * 100.0) as u64);
            let m = play([&strategy, &strategy], &rules, &mut rng);
            let share = m.cooperations[0] as f64 / m.turns as f64;
            assert!((share - expected).abs() < 0.01, "{name} at e {e}: {share}, expected {expected}");
        }
    }
    // the published values of the formula itself
    for (e, published) in [(0.01, 0.971), (0.05, 0.875), (0.10, 0.786)] {
        let q: f64 = (2.0 * e + (1.0 - e)) / 3.0;
        assert!((q / (e + q) - published).abs() < 1e-3);
    }
}

/// What reciprocity alone gives on one issue at full trust: the slack that linkage pools.
fn slack(p: &Payoffs, w: f64) -> f64 {
    (1.0 - w) * (p.reward - p.temptation) + w * (p.reward - p.punishment)
}

/// T8: two issues, 5,3,1,0 and 3.2,3,1,0, are both sustained from w* = .355 if linked, though the hard one alone needs 1/2;
/// two identical issues gain nothing (Tollison & Willett 1979; Bernheim & Whinston 1990).
#[test]
fn t8_linkage() {
    let school = Institutionalism { linkage: 1.0, ..Institutionalism::neutral() };
    let (hard, easy) = (Payoffs::axelrod(), Payoffs::new(3.2, 3.0, 1.0, 0.0));
    let utility = |own: &Payoffs, other: &Payoffs, w: f64| {
        let linkage = 0.5 * (slack(own, w) + slack(other, w)) - slack(own, w);
        let e = Encounter {
            payoffs: *own,
            stake: 1.0,
            belief: 1.0,
            last_seen: 1.0,
            venue: 2.0,
            shadow: w,
            linkage,
            ..Encounter::default()
        };
        let mut terms = Terms::default();
        school.cooperate(&e, &mut terms);
        terms.total()
    };
    // sum (T-R) = w/(1-w) sum (R-P): 2.2 = 4 w/(1-w)
    let threshold = 2.2 / 6.2;
    assert!((threshold - 0.355_f64).abs() < 5e-4);
    for (own, other) in [(&hard, &easy), (&easy, &hard)] {
        assert!(utility(own, other, threshold - 1e-6) < 0.0 && utility(own, other, threshold + 1e-6) > 0.0);
    }
    assert!(utility(&hard, &easy, 0.4) > 0.0, "linkage sustains the hard issue at w = .4");
    assert!(slack(&hard, 0.4) < 0.0, "which fails alone");
    assert!(utility(&hard, &hard, 0.5 - 1e-6) < 0.0 && utility(&hard, &hard, 0.5 + 1e-6) > 0.0);
}

/// T12: an arms race is stable iff a1 a2 > k1 k2, and equal sides rest at g/(a-k): .5 for a .6, k .4, g .1 (Richardson 1960).
#[test]
fn t12_richardson() {
    let run = |k: [f64; 2], a: [f64; 2], g: [f64; 2]| {
        let mut arms = [0.0, 0.0];
        for _ in 0..4000 {
            arms = arms_race(arms, k, a, g);
        }
        arms
    };
    for x in run([0.4; 2], [0.6; 2], [0.1; 2]) {
        assert!((x - 0.5).abs() < 1e-9, "{x}");
    }
    for (k, a) in [([0.3, 0.5], [0.4, 0.4]), ([0.2, 0.9], [0.5, 0.4]), ([0.1, 0.1], [0.2, 0.3])] {
        assert!(a[0] * a[1] > k[0] * k[1]);
        // the rest point of two unequal sides, by Cramer's rule
        let det = a[0] * a[1] - k[0] * k[1];
        let rest = [(a[1] + k[0]) * 0.1 / det, (a[0] + k[1]) * 0.1 / det];
        let arms = run(k, a, [0.1; 2]);
        assert!((arms[0] - rest[0]).abs() < 1e-6 && (arms[1] - rest[1]).abs() < 1e-6, "{arms:?} {rest:?}");
    }
    for (k, a) in [([0.5, 0.5], [0.4, 0.4]), ([0.2, 0.9], [0.3, 0.4])] {
        assert!(a[0] * a[1] < k[0] * k[1]);
        assert!(run(k, a, [0.1; 2])[0] > 1e3, "an unstable race runs away");
    }
}

/// T13: with symmetric propensities each self-interested switch changes energy by exactly 2 s_i dF_i < 0, so that it always
/// stops (Axelrod & Bennett 1993): 200 random systems.
#[test]
fn t13_landscape_energy() {
    let mut rng = stream(13, Purpose::Design, 0);
    for _ in 0..200 {
        let n = 4 + (chance(&mut rng) * 12.0) as usize;
        let mut map = Landscape {
            size: (0..n).map(|_| 0.1 + chance(&mut rng)).collect(),
            propensity: vec![0.0; n * n],
            second: (0..n).map(|_| chance(&mut rng) < 0.5).collect(),
        };
        for i in 0..n {
            for j in i + 1..n {
                let p = 2.0 * chance(&mut rng) - 1.0;
                (map.propensity[i * n + j], map.propensity[j * n + i]) = (p, p);
            }
        }
        let mut moves = 0;
        loop {
            let before = map.energy();
            let Some((i, change)) = map.step() else { break };
            let expected = 2.0 * map.size[i] * change;
            assert!(change < 0.0 && (map.energy() - before - expected).abs() < 1e-9);
            moves += 1;
            assert!(moves < 1 << 16, "it must stop");
        }
    }
}

/// T14: thresholds 0 to 99 end in 100 adopters; replace the threshold 1 by 2 and they end in 1 (Granovetter 1978).
#[test]
fn t14_domino() {
    let mut thresholds: Vec<usize> = (0..100).collect();
    assert_eq!(cascade(&thresholds), 100);
    thresholds[1] = 2;
    assert_eq!(cascade(&thresholds), 1);
    assert_eq!(cascade(&[]), 0);
    assert_eq!(cascade(&[1, 1]), 0, "no entrepreneur, no norm");
}

/// T15: acts friendly with the share f, no bias and no reflected appraisal: identification has mean 2f-1 and variance
/// lam/(2-lam) 4f(1-f): .4 and .0442 at f = .7, lam = .1.
#[test]
fn t15_identity_mean_and_variance() {
    let school = Constructivism::neutral();
    for (f, lam) in [(0.7, 0.1), (0.3, 0.05), (0.9, 0.2)] {
        let mut rng = stream(15, Purpose::Moves, 0);
        let (mut own, mut sum, mut squares, n) = (0.0, 0.0, 0.0, 400_000);
        for t in 0..n + 1000 {
            own = school.appraise(own, 0.0, f64::from(u8::from(chance(&mut rng) < f)), lam);
            if t >= 1000 {
                sum += own;
                squares += own * own;
            }
        }
        let mean = sum / f64::from(n);
        let variance = squares / f64::from(n) - mean * mean;
        let expected = lam / (2.0 - lam) * 4.0 * f * (1.0 - f);
        assert!((mean - (2.0 * f - 1.0)).abs() < 0.01, "f {f}: mean {mean}");
        assert!(
            (variance - expected).abs() < 0.03 * expected,
            "f {f}: variance {variance}, expected {expected}"
        );
    }
}

/// T16: two states alike in everything, identification 0 at the start, 5% errors: a friendly first gesture (counted as ten
/// observations, as a dated act of size 1 is) ends at +.9 and a hostile one at -.9, in the same basin in at least 99 of 100
/// runs. Anarchy is what states make of it (Wendt 1992).
#[test]
fn t16_the_first_gesture_decides() {
    let school = Constructivism::neutral();
    let rate = 0.08;
    for (gesture, sign) in [(1.0, 1.0), (0.0, -1.0)] {
        let (mut same, mut total) = (0, 0.0);
        for run in 0..100 {
            let mut rng = stream(16, Purpose::Moves, run);
            let first = 1.0 - (1.0f64 - rate).powi(10);
            let mut own = [school.appraise(0.0, 0.0, gesture, first); 2];
            let mut seen = [gesture; 2];
            let mut late = 0.0;
            for t in 0..400 {
                let mut act = [0.0; 2];
                for i in 0..2 {
                    let meant = role_norm(own[i], seen[i]);
                    act[i] = if chance(&mut rng) < 0.05 { 1.0 - meant } else { meant };
                }
                for i in 0..2 {
                    seen[i] = act[1 - i];
                    own[i] = school.appraise(own[i], own[1 - i], seen[i], rate);
                }
                if t >= 300 {
                    late += 0.005 * (own[0] + own[1]);
                }
            }
            same += usize::from(late * sign > 0.0);
            total += late / 100.0;
        }
        assert!(same >= 99, "gesture {gesture}: {same} of 100 runs in the same basin");
        assert!((total - sign * 0.9).abs() < 0.03, "gesture {gesture}: mean {total}");
    }
}

/// T17: two states attract as d0 (1-2mu)^n below `near` and repel as d0 (1+2nu)^n above `far` with negative identification;
/// between, nothing moves.
#[test]
fn t17_two_states_attract_or_repel() {
    let school = Constructivism { near: 0.25, far: 0.6, ..Constructivism::neutral() };
    let (mu, nu) = (0.04, 0.01);
    let run = |mut x: [f64; 2], feeling: f64, steps: i32| {
        for _ in 0..steps {
            let d = (x[1] - x[0]).abs();
            let t = school.drift(d, feeling, mu, nu);
            x = [x[0] + t * (x[1] - x[0]), x[1] + t * (x[0] - x[1])];
        }
        x
    };
    for n in [1, 5, 20] {
        let x = run([0.4, 0.6], 0.0, n);
        assert!(((x[1] - x[0]) - 0.2 * (1.0f64 - 2.0 * mu).powi(n)).abs() < 1e-12);
        assert!((x[0] + x[1] - 1.0).abs() < 1e-12, "the mean is conserved");
        let x = run([0.18, 0.82], -0.5, n);
        assert!(((x[1] - x[0]) - 0.64 * (1.0f64 + 2.0 * nu).powi(n)).abs() < 1e-12);
    }
    assert_eq!(run([0.3, 0.7], -0.5, 10), [0.3, 0.7], "between near and far");
    assert_eq!(run([0.1, 0.9], 0.5, 10), [0.1, 0.9], "no repulsion from those one identifies with");
}

/// T18: bounded confidence leaves floor(1/(2 eps)) major clusters (5% of 500 states or more), give or take one (Deffuant et
/// al. 2000).
#[test]
fn t18_cluster_counts() {
    const N: usize = 500;
    for eps in [0.5, 0.3, 0.25, 0.2, 0.1] {
        let school = Constructivism { near: eps, far: 2.0, ..Constructivism::neutral() };
        let mut rng = stream(18, Purpose::Design, (eps * 100.0) as u64);
        let mut x: Vec<f64> = (0..N).map(|_| chance(&mut rng)).collect();
        for _ in 0..N * 400 {
            let (i, j) = ((chance(&mut rng) * N as f64) as usize, (chance(&mut rng) * N as f64) as usize);
            let t = school.drift((x[i] - x[j]).abs(), 0.0, 0.5, 0.0);
            (x[i], x[j]) = (x[i] + t * (x[j] - x[i]), x[j] + t * (x[i] - x[j]));
        }
        x.sort_by(f64::total_cmp);
        let (mut major, mut start) = (0i32, 0);
        for k in 1..=N {
            if k == N || x[k] - x[k - 1] > 0.5 * eps {
                major += i32::from(k - start >= N / 20);
                start = k;
            }
        }
        let expected = (1.0f64 / (2.0 * eps)).floor() as i32;
        assert!((major - expected).abs() <= 1, "eps {eps}: {major} major clusters, rule {expected}");
    }
}

/// T19: arguing needs empathy, lifeworld and equality together: at .6 the open corner is (1-.6)^3 = 6.4% of the cube, and two
/// conditions alone never open it.
#[test]
fn t19_the_gate_is_conjunctive() {
    let school = Constructivism::default();
    const M: usize = 50;
    let at = |k: usize| (k as f64 + 0.5) / M as f64;
    let mut open = 0;
    for i in 0..M {
        for j in 0..M {
            for k in 0..M {
                open += usize::from(school.argues([at(i), at(j), at(k)]));
            }
        }
    }
    let share = open as f64 / (M * M * M) as f64;
    assert!((share - 0.064).abs() < 1e-9, "{share}");
    for missing in 0..3 {
        let mut gate = [1.0; 3];
        gate[missing] = 0.6 - 1e-9;
        assert!(!school.argues(gate));
        gate[missing] = 0.6;
        assert!(school.argues(gate));
    }
}

/// T20: a contest at parity is even, and the two sides' chances sum to one (Tullock 1980).
#[test]
fn t20_contest_at_parity() {
    for m in [0.0, 0.5, 1.0, 2.0, 8.0] {
        for a in [0.0, 1e-6, 0.04, 0.143, 1.0, 1e6] {
            assert!((contest(a, a, m) - 0.5).abs() < 1e-15, "parity at {a}, m {m}");
            for b in [0.0, 1e-6, 0.04, 0.143, 1.0, 1e6] {
                let (p, q) = (contest(a, b, m), contest(b, a, m));
                assert!((p + q - 1.0).abs() < 1e-12 && (0.0..=1.0).contains(&p), "{a} {b} {m}: {p} {q}");
                assert!(a <= b || m == 0.0 || p > 0.5, "the stronger side has the better chance");
            }
        }
    }
    assert!((contest(3.0, 1.0, 1.0) - 0.75).abs() < 1e-15);
}
