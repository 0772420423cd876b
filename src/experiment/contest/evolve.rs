//! Evolution as an engine: exact results, simulated runs, words and tables.

#[cfg(feature = "native")]
use rayon::prelude::*;

use super::tournament::payoffs;
use super::words::{percent, rules_in_words, wrap};
use crate::game::evolution::{
    self as game, Course, Fitness, Fixation, Matrix, Population, Update, mutation_selection, rare_mutation,
    takeover,
};
use crate::game::tournament::{Table, expected, round_robin};
use crate::interval::{t95, wilson};
use crate::output::rows::{self, Chance, Figure};
use crate::output::{Tables, show};
use crate::random::{self, Purpose};
use crate::scenario::contest::{Contest, Evolution};

/// Simulated mutants of one pair: taken over, given up, and updates to fixation of those that took over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Followed {
    /// Mutants that took over.
    pub won: u64,
    /// Mutants given up.
    pub unfinished: u64,
    /// Updates until they took over, all together.
    pub updates: u64,
}

/// Simulated runs: the mean shares of each run after its first tenth, and shares by sample, strategy and run.
#[derive(Clone, Debug, Default)]
pub struct Runs {
    /// By run and strategy.
    pub long_run: Vec<Vec<f64>>,
    /// By sample, strategy and run.
    pub samples: Vec<Vec<Vec<f64>>>,
}

/// What came of a population.
#[derive(Clone, Debug)]
pub struct Evolved {
    /// The matches payoffs come from, unless they were given.
    pub matches: Option<Table>,
    /// What the row strategy earns against the column.
    pub matrix: Matrix,
    /// Ordered pairs of mutant and resident.
    pub pairs: Vec<(usize, usize)>,
    /// Exact courses of the pairs, well mixed; empty on a graph.
    pub courses: Vec<Course>,
    /// Exact fixation of a single mutant of the pairs, well mixed; empty on a graph.
    pub exact: Vec<Fixation>,
    /// Simulated mutants of the pairs.
    pub followed: Vec<Followed>,
    /// Simulated runs.
    pub runs: Runs,
    /// Shares in the limit of rare mutation, well mixed.
    pub rare: Option<Vec<f64>>,
    /// Exact shares at the given mutation, well mixed and small.
    pub full: Option<Vec<f64>>,
    /// Exact probability that each takes over from the start without mutation, well mixed and small.
    pub takeover: Option<Vec<f64>>,
}

/// Number of ticks of [`evolve`].
pub fn ticks(contest: &Contest, plan: &Evolution) -> u64 {
    let matches = if plan.matrix.is_some() { 0 } else { contest.repetitions };
    matches + plan.runs + (plan.names.len() * (plan.names.len() - 1)) as u64
}

/// Lets the population evolve.
///
/// # Errors
/// If fitness cannot be computed from the payoffs.
pub fn evolve(contest: &Contest, plan: &Evolution, mut tick: impl FnMut()) -> anyhow::Result<Evolved> {
    let n = plan.names.len();
    let (matches, matrix) = match &plan.matrix {
        Some(payoff) => (None, Matrix { n, payoff: payoff.clone() }),
        None => {
            let table = earn(contest, &mut tick);
            let payoff = table.payoff.clone();
            (Some(table), Matrix { n, payoff })
        }
    };
    check(plan, &matrix)?;
    let pairs: Vec<(usize, usize)> =
        (0..n).flat_map(|i| (0..n).filter(move |j| *j != i).map(move |j| (i, j))).collect();
    let (mut courses, mut exact, mut followed) = (Vec::new(), Vec::new(), Vec::new());
    for (k, &(mutant, resident)) in pairs.iter().enumerate() {
        if plan.graph.is_none() {
            let course = game::course(&matrix, &plan.process, plan.population, mutant, resident);
            exact.push(course.single());
            courses.push(course);
        }
        followed.push(follow(contest, plan, &matrix, k as u64, mutant, resident));
        tick();
    }
    let runs = runs(contest, plan, &matrix, &mut tick);
    let mixed = plan.graph.is_none();
    let rare = mixed.then(|| {
        let mut rho = vec![f64::NEG_INFINITY; n * n];
        for (&(mutant, resident), f) in pairs.iter().zip(&exact) {
            rho[resident * n + mutant] = f.log;
        }
        rare_mutation(&rho, n)
    });
    let full = if mixed { mutation_selection(&matrix, &plan.process, plan.population) } else { None };
    let start = counts(&plan.start, plan.population);
    let takeover = if mixed { takeover(&matrix, &plan.process, &start) } else { None };
    Ok(Evolved { matches, matrix, pairs, courses, exact, followed, runs, rare, full, takeover })
}

/// The process in the word of its key.
pub fn name(update: Update) -> &'static str {
    match update {
        Update::Moran => "moran",
        Update::DeathBirth => "death-birth",
        Update::Fermi => "fermi",
    }
}

/// Payoffs from matches: exact where both look back one turn only, else means over repetitions.
fn earn(contest: &Contest, tick: impl FnMut()) -> Table {
    let mut table = round_robin(&contest.players, &contest.rules, contest.repetitions, contest.seed, tick);
    let n = contest.players.len();
    for (cell, x) in table.payoff.iter_mut().enumerate() {
        let pair = [&contest.players[cell / n], &contest.players[cell % n]];
        *x = expected(pair, &contest.rules).unwrap_or(*x);
    }
    table
}

/// Whether fitness can be computed.
fn check(plan: &Evolution, matrix: &Matrix) -> anyhow::Result<()> {
    let least = matrix.payoff.iter().copied().fold(f64::INFINITY, f64::min);
    let most = matrix.payoff.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let p = &plan.process;
    if p.update == Update::Fermi {
        return Ok(());
    }
    match p.fitness {
        Fitness::Linear if p.fitness(least) < 0.0 => anyhow::bail!(
            "linear fitness 1 - selection + selection payoff is {} at the least payoff, {least}; lower `selection` or take fitness = \"exponential\"",
            show(p.fitness(least))
        ),
        Fitness::Exponential if p.selection * most.abs().max(least.abs()) > 600.0 => anyhow::bail!(
            "`selection` {} is too strong for payoffs from {} to {}: fitness exp(selection payoff) leaves the range of numbers",
            p.selection,
            show(least),
            show(most)
        ),
        _ => Ok(()),
    }
}

/// Streams of the runs of the population lie above those of the mutants.
const RUNS: u64 = 1 << 62;

/// Follows single mutants until they spread or vanish.
fn follow(
    contest: &Contest,
    plan: &Evolution,
    matrix: &Matrix,
    pair: u64,
    mutant: usize,
    resident: usize,
) -> Followed {
    let mut counts = vec![0; matrix.n];
    counts[resident] = plan.population - 1;
    counts[mutant] = 1;
    let limit = plan.patience.saturating_mul(plan.population as u64);
    let one = |r: u64| {
        let mut rng = random::stream(contest.seed, Purpose::Evolution, (pair << 32) | r);
        let mut population = Population::new(matrix, &plan.process, plan.graph.as_ref(), &counts, &mut rng);
        match population.fixate(limit, &mut rng) {
            None => Followed { unfinished: 1, ..Followed::default() },
            Some((winner, updates)) if winner == mutant => Followed { won: 1, unfinished: 0, updates },
            Some(_) => Followed::default(),
        }
    };
    // whole numbers: the sum is the same in any order
    let add = |a: Followed, b: Followed| Followed {
        won: a.won + b.won,
        unfinished: a.unfinished + b.unfinished,
        updates: a.updates + b.updates,
    };
    #[cfg(feature = "native")]
    let all = (0..plan.fixation_runs).into_par_iter().map(one).reduce(Followed::default, add);
    #[cfg(not(feature = "native"))]
    let all = (0..plan.fixation_runs).map(one).fold(Followed::default(), add);
    all
}

/// Counts of the strategies at the start: shares rounded by largest remainder.
fn counts(start: &[f64], total: usize) -> Vec<usize> {
    let mut out: Vec<usize> = start.iter().map(|s| (s * total as f64 + 1e-9) as usize).collect();
    let mut order: Vec<usize> = (0..start.len()).collect();
    let rest = |k: usize| start[k] * total as f64 - out[k] as f64;
    let remainders: Vec<f64> = (0..start.len()).map(rest).collect();
    order.sort_by(|&a, &b| remainders[b].total_cmp(&remainders[a]));
    let missing = total.saturating_sub(out.iter().sum());
    for &k in order.iter().cycle().take(missing) {
        out[k] += 1;
    }
    out
}

fn runs(contest: &Contest, plan: &Evolution, matrix: &Matrix, mut tick: impl FnMut()) -> Runs {
    let start = counts(&plan.start, plan.population);
    let mut out = Runs { long_run: Vec::new(), samples: vec![vec![Vec::new(); matrix.n]; plan.samples + 1] };
    let one = |r: u64| {
        let mut rng = random::stream(contest.seed, Purpose::Evolution, RUNS + r);
        let mut population = Population::new(matrix, &plan.process, plan.graph.as_ref(), &start, &mut rng);
        let mut shares: Vec<f64> = Vec::with_capacity((plan.samples + 1) * matrix.n);
        let long_run = population.run(plan.generations, plan.samples, &mut rng, |_, counts| {
            shares.extend(counts.iter().map(|&c| c as f64 / plan.population as f64));
        });
        (long_run, shares)
    };
    let mut first = 0;
    while first < plan.runs {
        let last = (first + 64).min(plan.runs);
        #[cfg(feature = "native")]
        let block: Vec<(Vec<f64>, Vec<f64>)> = (first..last).into_par_iter().map(one).collect();
        #[cfg(not(feature = "native"))]
        let block: Vec<(Vec<f64>, Vec<f64>)> = (first..last).map(one).collect();
        for (long_run, shares) in block {
            out.long_run.push(long_run);
            for (s, row) in shares.chunks(matrix.n).enumerate() {
                row.iter().enumerate().for_each(|(k, x)| out.samples[s][k].push(*x));
            }
            tick();
        }
        first = last;
    }
    out
}

/// Percentile of sorted numbers by linear interpolation.
fn quantile(sorted: &[f64], q: f64) -> f64 {
    let at = q * (sorted.len() - 1) as f64;
    let (low, high) = (at.floor() as usize, at.ceil() as usize);
    sorted[low] + (at - low as f64) * (sorted[high] - sorted[low])
}

fn mean(list: &[f64]) -> f64 {
    list.iter().sum::<f64>() / list.len().max(1) as f64
}

fn long_run(runs: &Runs, k: usize) -> (f64, f64) {
    let own: Vec<f64> = runs.long_run.iter().map(|r| r[k]).collect();
    let (n, m) = (own.len() as f64, mean(&own));
    if own.len() < 2 {
        return (m, f64::NAN);
    }
    let squares: f64 = own.iter().map(|x| (x - m).powi(2)).sum();
    (m, t95(own.len() as u64 - 1) * (squares / (n - 1.0) / n).sqrt())
}

impl Evolved {
    /// Rows of trajectory.csv.
    pub fn trajectory(&self, plan: &Evolution) -> Vec<rows::Trajectory> {
        let process = name(plan.process.update);
        let time = |s: usize| plan.generations as f64 * s as f64 / plan.samples as f64;
        let row = |dynamics: &str, s: usize, k: usize, [share, q10, q90]: [f64; 3]| rows::Trajectory {
            dynamics: dynamics.to_string(),
            time: Figure(time(s)),
            strategy: plan.names[k].clone(),
            share: Figure(share),
            q10: Figure(q10),
            q90: Figure(q90),
        };
        let mut out = Vec::new();
        for (s, strategies) in self.runs.samples.iter().enumerate() {
            for (k, shares) in strategies.iter().enumerate() {
                let mut sorted = shares.clone();
                sorted.sort_by(f64::total_cmp);
                out.push(row(process, s, k, [mean(shares), quantile(&sorted, 0.1), quantile(&sorted, 0.9)]));
            }
        }
        if plan.graph.is_none() {
            let rate = plan.process.rate();
            let most = self.matrix.payoff.iter().fold(0.0f64, |a, x| a.max(x.abs()));
            let gap = time(1);
            // steps short enough for the fastest change, but no more than a million in all
            let least = (rate * most * gap * 5.0).ceil().max(1.0);
            let steps = least.min((1e6 / plan.samples as f64).max(1.0)) as usize;
            let mut x = plan.start.clone();
            for s in 0..=plan.samples {
                out.extend(x.iter().enumerate().map(|(k, &share)| row("replicator", s, k, [share; 3])));
                for _ in 0..steps {
                    game::replicator_step(&self.matrix, rate, gap / steps as f64, &mut x);
                }
            }
        }
        out
    }

    /// Rows of fixation.csv.
    pub fn fixation(&self, plan: &Evolution) -> Vec<rows::Fixation> {
        let runs = plan.fixation_runs;
        let row = |(k, &(mutant, resident)): (usize, &(usize, usize))| {
            let none = Fixation { probability: f64::NAN, log: f64::NAN, time: f64::NAN };
            let f = self.exact.get(k).copied().unwrap_or(none);
            let seen = self.followed[k];
            let known = runs > 0 && seen.unfinished == 0;
            let (low, high) = if known { wilson(seen.won, runs) } else { (f64::NAN, f64::NAN) };
            rows::Fixation {
                mutant: plan.names[mutant].clone(),
                resident: plan.names[resident].clone(),
                exact: Chance(f.probability),
                simulated: Figure(if known { seen.won as f64 / runs as f64 } else { f64::NAN }),
                ci_low: Figure(low),
                ci_high: Figure(high),
                neutral: Chance(1.0 / plan.population as f64),
                time_exact: Figure(f.time),
                time_simulated: Figure(seen.updates as f64 / seen.won as f64 / plan.population as f64),
                runs,
                unfinished: seen.unfinished,
                log_exact: Figure(f.log),
            }
        };
        self.pairs.iter().enumerate().map(row).collect()
    }

    /// Rows of stationary.csv.
    pub fn stationary(&self, plan: &Evolution) -> Vec<rows::Stationary> {
        let cell = |list: &Option<Vec<f64>>, k: usize| Chance(list.as_ref().map_or(f64::NAN, |v| v[k]));
        let row = |(k, name): (usize, &String)| {
            let (m, half) = long_run(&self.runs, k);
            rows::Stationary {
                strategy: name.clone(),
                rare_mutation: cell(&self.rare, k),
                exact: cell(&self.full, k),
                simulated: Figure(m),
                // a missing half stays missing
                ci_low: Figure(if half.is_nan() { half } else { (m - half).max(0.0) }),
                ci_high: Figure(if half.is_nan() { half } else { (m + half).min(1.0) }),
                start: Figure(plan.start[k]),
                takeover: cell(&self.takeover, k),
            }
        };
        plan.names.iter().enumerate().map(row).collect()
    }

    /// Rows of gradient.csv: each pair of strategies once; none on a graph.
    pub fn gradient(&self, plan: &Evolution) -> Vec<rows::Gradient> {
        let n = plan.population;
        let counts: Vec<usize> = match n {
            0..=100 => (0..=n).collect(),
            _ => (0..=100).map(|k| n * k / 100).collect(),
        };
        let mut out = Vec::new();
        for (&(a, b), course) in self.pairs.iter().zip(&self.courses).filter(|((a, b), _)| a < b) {
            out.extend(counts.iter().map(|&i| rows::Gradient {
                strategy: plan.names[a].clone(),
                against: plan.names[b].clone(),
                count: i,
                share: Figure(i as f64 / n as f64),
                up: Chance(course.log_up[i].exp()),
                down: Chance(course.log_down[i].exp()),
                gradient: Chance(course.gradient(i)),
                takeover: Chance(course.log_takeover[i].exp()),
            }));
        }
        out
    }

    /// Writes every table.
    ///
    /// # Errors
    /// If one cannot be written.
    pub fn write(&self, plan: &Evolution, out: &mut impl Tables) -> anyhow::Result<()> {
        if let Some(table) = &self.matches {
            out.rows(payoffs(table))?;
        }
        out.rows(self.trajectory(plan))?;
        out.rows(self.fixation(plan))?;
        out.rows(self.stationary(plan))?;
        if !self.courses.is_empty() {
            out.rows(self.gradient(plan))?;
        }
        Ok(())
    }

    /// A table and one paragraph, to read aloud.
    pub fn summary(&self, contest: &Contest, plan: &Evolution) -> String {
        summary(contest, plan, self)
    }
}

fn summary(contest: &Contest, plan: &Evolution, evolved: &Evolved) -> String {
    let Evolved { pairs, exact, followed, runs: course, .. } = evolved;
    let rare = evolved.rare.as_deref();
    let title = if contest.title.is_empty() { "Evolution" } else { contest.title.as_str() };
    let how = match plan.process.update {
        Update::Moran => "the fit have more children (Moran)",
        Update::DeathBirth => "the fit fill the places of the dead (death-birth)",
        Update::Fermi => "individuals imitate those who earn more (pairwise comparison)",
    };
    let place = if plan.graph.is_some() { "on a graph" } else { "well mixed" };
    let payoffs = match plan.matrix {
        Some(_) => "payoffs as given".to_string(),
        None => format!("payoffs from {}", rules_in_words(&contest.rules)),
    };
    let mut text = format!(
        "{title}\n{} individuals, {place}; {how}; selection {}, mutation {}; {payoffs}; seed {}.\n\n",
        plan.population, plan.process.selection, plan.process.mutation, contest.seed
    );
    let width = plan.names.iter().map(|p| p.chars().count()).max().unwrap_or(0).max(8);
    text += &format!("{:width$}  long run  95% interval   rare mutation\n", "strategy");
    let shares: Vec<(f64, f64)> = (0..plan.names.len()).map(|k| long_run(course, k)).collect();
    let mut order: Vec<usize> = (0..plan.names.len()).collect();
    order.sort_by(|&a, &b| shares[b].0.total_cmp(&shares[a].0));
    for &k in &order {
        let (m, half) = shares[k];
        let interval = if half.is_nan() {
            "-".to_string()
        } else {
            format!("{} to {}", percent((m - half).max(0.0)), percent((m + half).min(1.0)))
        };
        let limit = rare.map_or("-".to_string(), |r| percent(r[k]));
        text += &format!("{:width$}  {:>8}  {interval:13}  {limit:>13}\n", plan.names[k], percent(m));
    }
    let mut words = format!(
        "Over {} generations in {} runs, {} held the greatest share of the population, {} on average. ",
        plan.generations,
        plan.runs,
        plan.names[order[0]],
        percent(shares[order[0]].0)
    );
    if let Some(rare) = rare {
        let best = (0..rare.len()).max_by(|&a, &b| rare[a].total_cmp(&rare[b])).unwrap_or(0);
        words += &format!(
            "If new ideas were rare, everyone would nearly always be alike, and it would be {} for {} of the time. ",
            plan.names[best],
            percent(rare[best])
        );
    }
    if let Some(takeover) = &evolved.takeover {
        let best = (0..takeover.len()).max_by(|&a, &b| takeover[a].total_cmp(&takeover[b])).unwrap_or(0);
        words += &format!(
            "From the start given and without mutation, {} would take over with probability {:.3}. ",
            plan.names[best], takeover[best]
        );
    }
    let neutral = 1.0 / plan.population as f64;
    let runs = plan.fixation_runs;
    // above the neutral chance: exactly, or beyond the interval of what was simulated
    let spreads = |k: usize| match exact.get(k) {
        Some(f) => f.probability > neutral * (1.0 + 1e-9),
        None => runs > 0 && followed[k].unfinished == 0 && wilson(followed[k].won, runs).0 > neutral,
    };
    let safe: Vec<&str> = (0..plan.names.len())
        .filter(|&r| pairs.iter().enumerate().all(|(k, p)| p.1 != r || !spreads(k)))
        .map(|r| plan.names[r].as_str())
        .collect();
    if !exact.is_empty() || runs > 0 {
        words += &match safe.len() {
        0 => "Every strategy can be invaded: for each there is another whose single mutant spreads more often than by chance. ".to_string(),
        n if n == plan.names.len() => {
            "No single mutant spreads more often than by chance against any strategy. ".to_string()
        }
        _ => format!("No single mutant spreads more often than by chance (1/N) against {}. ", safe.join(", ")),
    };
        let chance = |k: usize| match exact.get(k) {
            Some(f) => f.probability,
            None if followed[k].unfinished == 0 && runs > 0 => followed[k].won as f64 / runs as f64,
            None => 0.0,
        };
        if let Some(k) = (0..pairs.len()).max_by(|&a, &b| chance(a).total_cmp(&chance(b))) {
            let (mutant, resident) = pairs[k];
            words += &format!(
                "The strongest invader is {} among {}: one takes over with probability {:.3}, against {:.3} by chance.",
                plan.names[mutant],
                plan.names[resident],
                chance(k),
                neutral
            );
        }
    }
    let lost: u64 = followed.iter().map(|f| f.unfinished).sum();
    if lost > 0 {
        words += &format!(
            " {lost} mutants neither spread nor vanished in {} generations: the two coexist; those rows have no simulated figure.",
            plan.patience
        );
    }
    text + "\n" + &wrap(&words) + "\n"
}
