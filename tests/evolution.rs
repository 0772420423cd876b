//! Evolution against closed forms written out here, and simulation against the exact results.

use std::sync::LazyLock;

use twain::game::evolution::{
    Fitness, Graph, Matrix, Population, Process, Update, course, fixation, mutation_selection, rare_mutation,
    replicator_step, stationary, takeover,
};
use twain::random::{Purpose, stream};

fn dilemma() -> Matrix {
    Matrix { n: 2, payoff: vec![3.0, 0.0, 5.0, 1.0] }
}

static BARE: LazyLock<Matrix> = LazyLock::new(dilemma);

fn stag() -> Matrix {
    Matrix { n: 2, payoff: vec![4.0, 0.5, 3.0, 2.0] }
}

fn three() -> Matrix {
    // always defect, tit for tat, always cooperate over ten turns
    Matrix { n: 3, payoff: vec![1.0, 1.4, 5.0, 0.9, 3.0, 3.0, 0.0, 3.0, 3.0] }
}

fn process(update: Update, fitness: Fitness, selection: f64, mutation: f64) -> Process {
    Process { update, fitness, selection, mutation }
}

/// Payoffs of a mutant and of a resident among `i` mutants of `n`.
fn payoffs(m: &Matrix, n: usize, i: usize) -> (f64, f64) {
    let (i, n) = (i as f64, n as f64);
    let a = (m.at(0, 0) * (i - 1.0) + m.at(0, 1) * (n - i)) / (n - 1.0);
    let b = (m.at(1, 0) * i + m.at(1, 1) * (n - i - 1.0)) / (n - 1.0);
    (a, b)
}

/// The Moran process with linear fitness: rho = 1/(1 + sum_k prod_i g_i/f_i) (Nowak 2006, equation 6.13); with
/// exponential fitness and for the Fermi process the product is exp(-selection sum_i (f_i - g_i)) (Traulsen, Nowak &
/// Pacheco 2006).
#[test]
fn fixation_has_its_closed_form() {
    for m in [dilemma(), stag()] {
        for n in [2, 5, 20, 50] {
            for (update, fitness) in [
                (Update::Moran, Fitness::Linear),
                (Update::Moran, Fitness::Exponential),
                (Update::Fermi, Fitness::Exponential),
            ] {
                let w = 0.1;
                let mut sum = 1.0;
                for k in 1..n {
                    sum += match fitness {
                        Fitness::Linear => (1..=k)
                            .map(|i| payoffs(&m, n, i))
                            .map(|(f, g)| (1.0 - w + w * g) / (1.0 - w + w * f))
                            .product::<f64>(),
                        Fitness::Exponential => {
                            let d: f64 = (1..=k).map(|i| payoffs(&m, n, i)).map(|(f, g)| f - g).sum();
                            (-w * d).exp()
                        }
                    };
                }
                let got = fixation(&m, &process(update, fitness, w, 0.0), n, 0, 1).probability;
                assert!((got - 1.0 / sum).abs() < 1e-9, "{update:?} {fitness:?} {n}: {got} {}", 1.0 / sum);
            }
        }
    }
}

/// Constant relative fitness r: rho = (1 - 1/r)/(1 - 1/r^N) (Moran 1958). The payoff of the mutant is r, of the resident
/// 1, and selection is 1, so that linear fitness is the payoff.
#[test]
fn constant_fitness_has_its_closed_form() {
    for r in [0.8f64, 1.1, 2.0] {
        let m = Matrix { n: 2, payoff: vec![r, r, 1.0, 1.0] };
        let p = process(Update::Moran, Fitness::Linear, 1.0, 0.0);
        for n in [3, 10, 100] {
            let wanted = (1.0 - 1.0 / r) / (1.0 - r.powi(-n));
            let got = fixation(&m, &p, n as usize, 0, 1).probability;
            assert!((got - wanted).abs() < 1e-9, "{r} {n}: {got} {wanted}");
        }
    }
}

/// Without selection every process gives 1/N; the conditional time of the Moran process is then N - 1 generations
/// (Antal & Scheuring 2006). In the other two an individual never meets itself, which makes change N/(N-1) times as
/// frequent, and Fermi imitation happens in half of the meetings.
#[test]
fn neutral_drift() {
    for update in [Update::Moran, Update::DeathBirth, Update::Fermi] {
        for n in [2usize, 10, 200] {
            let f = fixation(&dilemma(), &process(update, Fitness::Exponential, 0.0, 0.0), n, 0, 1);
            assert!((f.probability - 1.0 / n as f64).abs() < 1e-12, "{update:?} {n}");
            let n = n as f64;
            let time = match update {
                Update::Moran => n - 1.0,
                Update::DeathBirth => (n - 1.0) * (n - 1.0) / n,
                Update::Fermi => 2.0 * (n - 1.0) * (n - 1.0) / n,
            };
            assert!((f.time - time).abs() < 1e-6 * time, "{update:?} {n}: {} {time}", f.time);
        }
    }
}

/// Strong selection in a large population neither overflows nor becomes nought without reason.
#[test]
fn strong_selection_is_computed() {
    let p = process(Update::Fermi, Fitness::Exponential, 10.0, 0.0);
    let up = fixation(&dilemma(), &p, 500, 1, 0);
    let down = fixation(&dilemma(), &p, 500, 0, 1);
    assert!(up.probability > 0.99 && up.time.is_finite());
    assert!(down.probability >= 0.0 && down.probability < 1e-300);
}

/// Probabilities that round to nought keep their order: cooperators among cooperators earn 5, so that they hold out
/// against defectors for ever. ln rho is -348 one way and -1288 the other.
#[test]
fn rare_mutation_works_in_logarithms() {
    let m = Matrix { n: 2, payoff: vec![5.0, 1.0, 3.0, 2.0] };
    let p = process(Update::Fermi, Fitness::Exponential, 20.0, 0.0);
    let (c, d) = (fixation(&m, &p, 100, 0, 1), fixation(&m, &p, 100, 1, 0));
    assert!((c.log + 348.0).abs() < 1.0 && (d.log + 1288.0).abs() < 1.0, "{} {}", c.log, d.log);
    let shares = rare_mutation(&[f64::NEG_INFINITY, d.log, c.log, f64::NEG_INFINITY], 2);
    assert!(shares[0] > 1.0 - 1e-12 && shares[1] < 1e-300, "{shares:?}");
}

/// A lone cooperator among defectors earns 0 and has no children at all: with linear fitness and selection 1 it cannot
/// spread, and a defector among cooperators always does once it is not lost.
#[test]
fn fitness_may_be_nought() {
    for update in [Update::Moran, Update::DeathBirth] {
        let p = process(update, Fitness::Linear, 1.0, 0.0);
        let up = fixation(&dilemma(), &p, 10, 0, 1);
        assert_eq!((up.probability, up.log), (0.0, f64::NEG_INFINITY), "{update:?}");
        assert!(up.time.is_nan());
        let down = fixation(&dilemma(), &p, 10, 1, 0);
        assert!(down.probability > 0.3 && down.time.is_finite(), "{update:?} {down:?}");
        // nine defectors and a cooperator without fitness: the defectors have won
        assert_eq!(course(&dilemma(), &p, 10, 1, 0).log_takeover[9], 0.0);
        let won = (0..4000).filter(|&r| {
            let mut rng = stream(5, Purpose::Evolution, r);
            let mut population = Population::new(&BARE, &p, None, &[9, 1], &mut rng);
            population.fixate(1_000_000, &mut rng).is_some_and(|(winner, _)| winner == 1)
        });
        let share = won.count() as f64 / 4000.0;
        let error = (down.probability * (1.0 - down.probability) / 4000.0).sqrt();
        assert!((share - down.probability).abs() < 4.0 * error, "{update:?}: {share} {}", down.probability);
    }
    // nobody has any fitness: drift
    let m = Matrix { n: 2, payoff: vec![0.0; 4] };
    for update in [Update::Moran, Update::DeathBirth] {
        let f = fixation(&m, &process(update, Fitness::Linear, 1.0, 0.0), 8, 0, 1);
        assert!((f.probability - 0.125).abs() < 1e-12, "{update:?} {}", f.probability);
    }
}

/// From any start: neutral drift gives the share at the start, whatever the number of strategies; with two strategies the
/// elimination over compositions and the closed form agree.
#[test]
fn takeover_from_any_start() {
    for update in [Update::Moran, Update::DeathBirth, Update::Fermi] {
        let p = process(update, Fitness::Exponential, 0.0, 0.0);
        let chances = takeover(&three(), &p, &[2, 3, 7]).expect("few compositions");
        for (x, wanted) in chances.iter().zip([2.0, 3.0, 7.0]) {
            assert!((x - wanted / 12.0).abs() < 1e-9, "{update:?} {chances:?}");
        }
        // two strategies that are alike count as one: theirs together is that of the closed form
        let p = process(update, Fitness::Exponential, 0.4, 0.0);
        let twins = Matrix { n: 3, payoff: vec![3.0, 0.0, 0.0, 5.0, 1.0, 1.0, 5.0, 1.0, 1.0] };
        let three = takeover(&twins, &p, &[8, 1, 3]).expect("few compositions");
        let two = takeover(&dilemma(), &p, &[8, 4]).expect("two strategies");
        assert!((three[0] - two[0]).abs() < 1e-9, "{update:?} {three:?} {two:?}");
        assert!((two[0] + two[1] - 1.0).abs() < 1e-9, "{two:?}");
    }
    assert_eq!(takeover(&three(), &process(Update::Moran, Fitness::Linear, 0.1, 0.0), &[40, 40, 40]), None);
}

/// The gradient of selection of the Fermi process is `i (n - i)/(n (n - 1)) tanh(selection (f - g)/2)` (Traulsen, Nowak &
/// Pacheco 2006).
#[test]
fn the_gradient_has_its_closed_form() {
    let p = process(Update::Fermi, Fitness::Exponential, 0.7, 0.0);
    let course = course(&stag(), &p, 30, 0, 1);
    for i in 1..30 {
        let (f, g) = payoffs(&stag(), 30, i);
        let wanted = (i * (30 - i)) as f64 / 870.0 * (0.35 * (f - g)).tanh();
        assert!((course.gradient(i) - wanted).abs() < 1e-12, "{i}");
    }
}

/// Solves v (T - 1) = 0, sum v = 1 by Gauss elimination with pivoting: another way than the library's.
fn solve(t: &[f64], n: usize) -> Vec<f64> {
    let mut a: Vec<Vec<f64>> = (0..n)
        .map(|j| (0..n).map(|i| t[i * n + j] - f64::from(u8::from(i == j))).chain([0.0]).collect())
        .collect();
    a[n - 1] = vec![1.0; n + 1];
    for c in 0..n {
        let best = (c..n).max_by(|&x, &y| a[x][c].abs().total_cmp(&a[y][c].abs())).expect("a row");
        a.swap(c, best);
        let pivot = a[c].clone();
        for (r, row) in a.iter_mut().enumerate() {
            if r != c {
                let factor = row[c] / pivot[c];
                row.iter_mut().zip(&pivot).for_each(|(x, p)| *x -= factor * p);
            }
        }
    }
    (0..n).map(|r| a[r][n] / a[r][r]).collect()
}

#[test]
fn stationary_distributions_agree_with_another_solver() {
    let t = [0.9, 0.06, 0.04, 0.2, 0.7, 0.1, 0.01, 0.3, 0.69];
    for (x, y) in stationary(&t, 3).iter().zip(solve(&t, 3)) {
        assert!((x - y).abs() < 1e-12);
    }
    let (m, n) = (three(), 20);
    let p = process(Update::Fermi, Fitness::Exponential, 0.3, 0.0);
    let mut rho = vec![f64::NEG_INFINITY; 9];
    for i in 0..3 {
        for j in (0..3).filter(|&j| j != i) {
            rho[i * 3 + j] = fixation(&m, &p, n, j, i).log;
        }
    }
    let mut chain: Vec<f64> = rho.iter().map(|r| r.exp() / 2.0).collect();
    for i in 0..3 {
        chain[i * 3 + i] = 1.0 - chain[i * 3..i * 3 + 3].iter().sum::<f64>();
    }
    let limit = rare_mutation(&rho, 3);
    for (x, y) in limit.iter().zip(solve(&chain, 3)) {
        assert!((x - y).abs() < 1e-9, "{x} {y}");
    }
    // the chain over all compositions tends to it
    let full = mutation_selection(&m, &process(Update::Fermi, Fitness::Exponential, 0.3, 1e-7), n);
    for (x, y) in full.expect("231 states").iter().zip(&limit) {
        assert!((x - y).abs() < 1e-4, "{x} {y}");
    }
}

/// The birth-death chain of two strategies with mutation, written out for the Fermi process, solved the other way.
#[test]
fn a_small_chain_with_mutation() {
    let (m, n, w, mu) = (stag(), 12usize, 0.4, 0.02);
    let size = n + 1;
    let mut t = vec![0.0; size * size];
    for i in 0..=n {
        let (x, y, total) = (i as f64, (n - i) as f64, n as f64);
        let (f, g) = payoffs(&m, n, i);
        let meet = x * y / (total * (total - 1.0));
        let up = (1.0 - mu) * meet / (1.0 + (w * (g - f)).exp()) + mu * y / total;
        let down = (1.0 - mu) * meet / (1.0 + (w * (f - g)).exp()) + mu * x / total;
        if i < n {
            t[i * size + i + 1] = up;
        }
        if i > 0 {
            t[i * size + i - 1] = down;
        }
        t[i * size + i] = 1.0 - t[i * size..(i + 1) * size].iter().sum::<f64>();
    }
    let wanted: f64 = solve(&t, size).iter().enumerate().map(|(i, v)| v * i as f64 / n as f64).sum();
    let p = process(Update::Fermi, Fitness::Exponential, w, mu);
    let got = mutation_selection(&m, &p, n).expect("13 states");
    assert!((got[0] - wanted).abs() < 1e-9, "{} {wanted}", got[0]);
}

/// Simulated single mutants agree with the exact probability and conditional time within four standard errors: two
/// figures for each of eight cases, 16 in all, so a false alarm has probability 0.1%; the seed is fixed.
#[test]
fn simulated_fixation_agrees() {
    const RUNS: u64 = 20_000;
    let complete: Vec<(usize, usize)> = (0..10).flat_map(|i| (i + 1..10).map(move |j| (i, j))).collect();
    let complete = Graph::new(10, &complete);
    let cases = [
        (Update::Moran, Fitness::Exponential, None),
        (Update::Moran, Fitness::Linear, None),
        (Update::DeathBirth, Fitness::Exponential, None),
        (Update::Fermi, Fitness::Exponential, None),
        (Update::DeathBirth, Fitness::Exponential, Some(&complete)),
        (Update::Fermi, Fitness::Exponential, Some(&complete)),
        (Update::DeathBirth, Fitness::Linear, Some(&complete)),
        (Update::Fermi, Fitness::Linear, None),
    ];
    for (k, (update, fitness, graph)) in cases.into_iter().enumerate() {
        let (m, p) = (stag(), process(update, fitness, 0.2, 0.01));
        let exact = fixation(&m, &p, 10, 0, 1);
        let (mut won, mut sum, mut squares) = (0u64, 0.0, 0.0);
        for r in 0..RUNS {
            let mut rng = stream(5, Purpose::Evolution, k as u64 * RUNS + r);
            let mut population = Population::new(&m, &p, graph, &[1, 9], &mut rng);
            let (winner, updates) = population.fixate(1_000_000, &mut rng).expect("it ends");
            if winner == 0 {
                let time = updates as f64 / 10.0;
                won += 1;
                sum += time;
                squares += time * time;
            }
        }
        let share = won as f64 / RUNS as f64;
        let error = (exact.probability * (1.0 - exact.probability) / RUNS as f64).sqrt();
        assert!((share - exact.probability).abs() < 4.0 * error, "case {k}: {share} {exact:?}");
        let (n, mean) = (won as f64, sum / won as f64);
        let error = ((squares / n - mean * mean) / (n - 1.0)).sqrt();
        assert!((mean - exact.time).abs() < 4.0 * error, "case {k}: time {mean} +- {error} {exact:?}");
    }
}

/// The share of time in the long run agrees with the exact chain, for each process and for the skip over uniform
/// states, within four and a half standard errors over 60 runs: 18 figures, so a false alarm (Student's t with 59 degrees
/// of freedom) has probability 0.06%; the seed is fixed.
#[test]
fn simulated_long_run_agrees() {
    for (k, update) in [Update::Moran, Update::DeathBirth, Update::Fermi].into_iter().enumerate() {
        for (j, mu) in [0.2, 0.005].into_iter().enumerate() {
            let (m, p) = (three(), process(update, Fitness::Exponential, 0.3, mu));
            let exact = mutation_selection(&m, &p, 12).expect("91 states");
            let runs: Vec<Vec<f64>> = (0..60u64)
                .map(|r| {
                    let mut rng = stream(6, Purpose::Evolution, ((k * 2 + j) as u64) << 20 | r);
                    let mut population = Population::new(&m, &p, None, &[4, 4, 4], &mut rng);
                    population.run(20_000, 10, &mut rng, |_, c| assert_eq!(c.iter().sum::<usize>(), 12))
                })
                .collect();
            for (s, wanted) in exact.iter().enumerate() {
                let mean = runs.iter().map(|r| r[s]).sum::<f64>() / 60.0;
                let spread = runs.iter().map(|r| (r[s] - mean).powi(2)).sum::<f64>() / 59.0 / 60.0;
                let error = spread.sqrt();
                assert!((mean - wanted).abs() < 4.5 * error, "{update:?} {mu} {s}: {mean} {wanted} {error}");
            }
        }
    }
}

/// Moran on a ring of constant fitness has the fixation probability of the well-mixed population: the isothermal
/// theorem (Lieberman, Hauert & Nowak 2005). Four standard errors, one figure: false alarm 6e-5.
#[test]
fn the_isothermal_theorem_holds_on_a_ring() {
    let m = Matrix { n: 2, payoff: vec![1.5, 1.5, 1.0, 1.0] };
    let p = process(Update::Moran, Fitness::Linear, 1.0, 0.0);
    let ring: Vec<(usize, usize)> = (0..8).map(|i| (i, (i + 1) % 8)).collect();
    let graph = Graph::new(8, &ring);
    assert_eq!(graph.unreached(), None);
    assert_eq!(Graph::new(3, &[(0, 1)]).unreached(), Some(2));
    let wanted = fixation(&m, &p, 8, 0, 1).probability;
    let runs = 20_000u64;
    let mut won = 0;
    for r in 0..runs {
        let mut rng = stream(7, Purpose::Evolution, r);
        let mut population = Population::new(&m, &p, Some(&graph), &[1, 7], &mut rng);
        won += u64::from(population.fixate(1_000_000, &mut rng).expect("it ends").0 == 0);
    }
    let share = won as f64 / runs as f64;
    let error = (wanted * (1.0 - wanted) / runs as f64).sqrt();
    assert!((share - wanted).abs() < 4.0 * error, "{share} {wanted}");
}

/// The replicator dynamics of a dilemma agrees with a fine Euler integration of its equation, and that of chicken rests
/// where both payoffs are alike.
#[test]
fn the_replicator_dynamics_follows_its_equation() {
    let m = dilemma();
    let mut x = vec![0.9, 0.1];
    for _ in 0..100 {
        replicator_step(&m, 1.0, 0.02, &mut x);
    }
    let mut y = 0.9;
    for _ in 0..2_000_000 {
        let (f, g) = (3.0 * y, 5.0 * y + (1.0 - y));
        y += 1e-6 * y * (1.0 - y) * (f - g);
    }
    assert!((x[0] - y).abs() < 1e-5, "{} {y}", x[0]);
    // chicken: inner rest point at b/(b+c) with a = T-R = 1, S-P = 1
    let m = Matrix { n: 2, payoff: vec![3.0, 1.0, 4.0, 0.0] };
    let mut x = vec![0.2, 0.8];
    for _ in 0..10_000 {
        replicator_step(&m, 1.0, 0.01, &mut x);
    }
    assert!((x[0] - 0.5).abs() < 1e-9, "{}", x[0]);
}
