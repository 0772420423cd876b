//! `twain evolve`: strategies and schools spread in a population by what they earn.

use std::io::Write;

use rayon::prelude::*;

use super::common::{Columns, OutArgs, header, progress};
use super::tournament::{ContestArgs, percent, rules_in_words, warn, wrap, write_payoffs};
use crate::experiment::replicate::pool;
use crate::game::evolution::{
    self as evolution, Fitness, Fixation, Matrix, Population, Update, mutation_selection, rare_mutation,
};
use crate::game::tournament::{expected, round_robin};
use crate::interval::{t95, wilson};
use crate::output::{Folder, Tables, contest_manifest, show};
use crate::random::{self, Purpose};
use crate::scenario::Change;
use crate::scenario::contest::{self, Contest, Evolution};

/// What `twain evolve` accepts.
#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    contest: ContestArgs,
    /// Individuals in the population
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    population: Option<i64>,
    /// How strategies spread: moran, death-birth or fermi
    #[arg(long, value_name = "NAME")]
    process: Option<String>,
    /// Intensity of selection per payoff unit
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    selection: Option<f64>,
    /// Chance that an update tries another strategy at random
    #[arg(long, value_name = "P", allow_negative_numbers = true)]
    mutation: Option<f64>,
    /// Length of a run in generations
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    generations: Option<i64>,
    /// Runs of the population
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    runs: Option<i64>,
    #[command(flatten)]
    out: OutArgs,
}

/// Columns of the tables, with their meaning; payoffs.csv is that of `twain tournament`.
pub const COLUMNS: Columns = &[
    (
        "trajectory.csv",
        &[
            ("dynamics", "the process simulated, or `replicator`"),
            ("time", "generations"),
            ("strategy", "name"),
            ("share", "share of the population, mean over runs"),
            ("q10", "tenth percentile over runs"),
            ("q90", "ninetieth percentile over runs"),
        ],
    ),
    (
        "fixation.csv",
        &[
            ("mutant", "the strategy of one individual"),
            ("resident", "the strategy of all others"),
            ("exact", "probability that the mutant takes over, well mixed; empty on a graph"),
            ("simulated", "share of simulated mutants that took over; empty if some were given up"),
            ("ci_low", "lower end of Wilson's 95% interval"),
            ("ci_high", "upper end"),
            ("neutral", "1/N, the probability without selection"),
            ("time_exact", "mean generations to fixation given that it happens; empty on a graph"),
            ("time_simulated", "the same, simulated; empty if no mutant took over"),
            ("runs", "mutants simulated"),
            ("unfinished", "mutants given up, neither spread nor vanished"),
        ],
    ),
    (
        "stationary.csv",
        &[
            ("strategy", "name"),
            ("rare_mutation", "exact share in the limit of rare mutation, well mixed; empty on a graph"),
            ("exact", "exact share at the given mutation, well mixed, for chains of at most 1000 states"),
            ("simulated", "mean share over the runs after the first tenth"),
            ("ci_low", "lower end of the 95% interval over runs (Student's t)"),
            ("ci_high", "upper end"),
        ],
    ),
];

/// Simulated mutants of one pair: taken over, vanished or given up, and updates to fixation.
#[derive(Clone, Copy, Debug, Default)]
struct Followed {
    won: u64,
    unfinished: u64,
    updates: u64,
}

/// Simulated course: the mean shares of each run after its first tenth, and shares by sample, strategy and run.
struct Course {
    long_run: Vec<Vec<f64>>,
    samples: Vec<Vec<Vec<f64>>>,
}

/// Lets the population evolve.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let mut request = args.contest.request()?;
    let flags = [
        ("population", args.population.map(|x| x.to_string())),
        ("process", args.process.as_ref().map(|x| format!("{x:?}"))),
        ("selection", args.selection.map(|x| x.to_string())),
        ("mutation", args.mutation.map(|x| x.to_string())),
        ("generations", args.generations.map(|x| x.to_string())),
        ("runs", args.runs.map(|x| x.to_string())),
    ];
    for (path, value) in flags {
        request.changes.extend(value.map(|value| Change { path: path.into(), value }));
    }
    let (contest, plan) = contest::evolution(&request)?;
    let default = if contest.name.is_empty() { "evolution" } else { contest.name.as_str() };
    let mut folder = Folder::create(&args.out.folder(default), args.out.force)?;
    let n = plan.names.len();
    let pairs: Vec<(usize, usize)> =
        (0..n).flat_map(|i| (0..n).filter(move |j| *j != i).map(move |j| (i, j))).collect();
    let matches = if plan.matrix.is_some() { 0 } else { contest.repetitions };
    let bar = progress(matches + plan.runs + pairs.len() as u64, default);
    let pool = pool(args.contest.threads)?;
    let matrix = match &plan.matrix {
        Some(payoff) => Matrix { n, payoff: payoff.clone() },
        None => {
            warn(&contest.rules);
            pool.install(|| earn(&mut folder, &contest, || bar.inc(1)))?
        }
    };
    check(&plan, &matrix)?;
    let mut followed = Vec::new();
    let mut exact = Vec::new();
    for (k, &(mutant, resident)) in pairs.iter().enumerate() {
        if plan.graph.is_none() {
            exact.push(evolution::fixation(&matrix, &plan.process, plan.population, mutant, resident));
        }
        followed.push(pool.install(|| follow(&contest, &plan, &matrix, k as u64, mutant, resident)));
        bar.inc(1);
    }
    let course = pool.install(|| course(&contest, &plan, &matrix, || bar.inc(1)));
    bar.finish_and_clear();

    write_trajectory(&mut folder, &plan, &matrix, &course)?;
    write_fixation(&mut folder, &plan, &pairs, &exact, &followed)?;
    let rare = plan.graph.is_none().then(|| {
        let mut rho = vec![f64::NEG_INFINITY; n * n];
        for (&(mutant, resident), f) in pairs.iter().zip(&exact) {
            rho[resident * n + mutant] = f.log;
        }
        rare_mutation(&rho, n)
    });
    let full = match plan.graph {
        None => mutation_selection(&matrix, &plan.process, plan.population),
        Some(_) => None,
    };
    write_stationary(&mut folder, &plan, rare.as_deref(), full.as_deref(), &course)?;
    let words = summary(&contest, &plan, &pairs, &exact, &followed, rare.as_deref(), &course);
    folder.text("summary.txt", &words)?;
    let details = serde_json::json!({
        "population": plan.population, "process": name(plan.process.update),
        "selection": plan.process.selection, "mutation": plan.process.mutation,
        "generations": plan.generations, "runs": plan.runs, "fixation_runs": plan.fixation_runs,
        "structure": if plan.graph.is_some() { "graph" } else { "well-mixed" },
    });
    let manifest = contest_manifest(&contest, &plan.names, details, folder.files());
    folder.text("manifest.json", &format!("{manifest:#}\n"))?;
    let place = args.out.finish(folder)?;
    writeln!(std::io::stdout(), "{words}\n{}", args.out.where_to_look(&place))?;
    Ok(())
}

fn name(update: Update) -> &'static str {
    match update {
        Update::Moran => "moran",
        Update::DeathBirth => "death-birth",
        Update::Fermi => "fermi",
    }
}

/// Payoffs from matches: exact where both look back one turn only, else means over repetitions.
fn earn(folder: &mut Folder, contest: &Contest, tick: impl FnMut()) -> anyhow::Result<Matrix> {
    let mut table = round_robin(&contest.players, &contest.rules, contest.repetitions, contest.seed, tick);
    let n = contest.players.len();
    for (cell, x) in table.payoff.iter_mut().enumerate() {
        let pair = [&contest.players[cell / n], &contest.players[cell % n]];
        *x = expected(pair, &contest.rules).unwrap_or(*x);
    }
    write_payoffs(folder, &table)?;
    Ok(Matrix { n, payoff: table.payoff })
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
    (0..plan.fixation_runs).into_par_iter().map(one).reduce(Followed::default, |a, b| Followed {
        won: a.won + b.won,
        unfinished: a.unfinished + b.unfinished,
        updates: a.updates + b.updates,
    })
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

fn course(contest: &Contest, plan: &Evolution, matrix: &Matrix, mut tick: impl FnMut()) -> Course {
    let start = counts(&plan.start, plan.population);
    let mut out =
        Course { long_run: Vec::new(), samples: vec![vec![Vec::new(); matrix.n]; plan.samples + 1] };
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
        let block: Vec<(Vec<f64>, Vec<f64>)> = (first..last).into_par_iter().map(one).collect();
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

fn write_trajectory(
    folder: &mut Folder,
    plan: &Evolution,
    matrix: &Matrix,
    course: &Course,
) -> anyhow::Result<()> {
    let mut table = folder.table("trajectory.csv", &header(COLUMNS, "trajectory.csv"))?;
    let process = name(plan.process.update);
    let time = |s: usize| plan.generations as f64 * s as f64 / plan.samples as f64;
    for (s, row) in course.samples.iter().enumerate() {
        for (k, shares) in row.iter().enumerate() {
            let mut sorted = shares.clone();
            sorted.sort_by(f64::total_cmp);
            table.row([
                process,
                &show(time(s)),
                &plan.names[k],
                &show(mean(shares)),
                &show(quantile(&sorted, 0.1)),
                &show(quantile(&sorted, 0.9)),
            ])?;
        }
    }
    if plan.graph.is_none() {
        let rate = plan.process.rate();
        let most = matrix.payoff.iter().fold(0.0f64, |a, x| a.max(x.abs()));
        let gap = time(1);
        // steps short enough for the fastest change, but no more than a million in all
        let least = (rate * most * gap * 5.0).ceil().max(1.0);
        let steps = least.min((1e6 / plan.samples as f64).max(1.0)) as usize;
        let mut x = plan.start.clone();
        for s in 0..=plan.samples {
            for (k, share) in x.iter().enumerate() {
                let share = show(*share);
                table.row(["replicator", &show(time(s)), &plan.names[k], &share, &share, &share])?;
            }
            for _ in 0..steps {
                evolution::replicator_step(matrix, rate, gap / steps as f64, &mut x);
            }
        }
    }
    folder.close(table)
}

fn write_fixation(
    folder: &mut Folder,
    plan: &Evolution,
    pairs: &[(usize, usize)],
    exact: &[Fixation],
    followed: &[Followed],
) -> anyhow::Result<()> {
    let mut table = folder.table("fixation.csv", &header(COLUMNS, "fixation.csv"))?;
    let runs = plan.fixation_runs;
    for (k, &(mutant, resident)) in pairs.iter().enumerate() {
        let f = exact.get(k).copied().unwrap_or(Fixation {
            probability: f64::NAN,
            log: f64::NAN,
            time: f64::NAN,
        });
        let seen = followed[k];
        let known = runs > 0 && seen.unfinished == 0;
        let (low, high) = if known { wilson(seen.won, runs) } else { (f64::NAN, f64::NAN) };
        let share = if known { seen.won as f64 / runs as f64 } else { f64::NAN };
        let time = seen.updates as f64 / seen.won as f64 / plan.population as f64;
        table.row([
            plan.names[mutant].clone(),
            plan.names[resident].clone(),
            small(f.probability),
            show(share),
            show(low),
            show(high),
            small(1.0 / plan.population as f64),
            show(f.time),
            show(time),
            runs.to_string(),
            seen.unfinished.to_string(),
        ])?;
    }
    folder.close(table)
}

/// A probability that may be tiny: twelve digits, in powers of ten below a millionth.
fn small(x: f64) -> String {
    if x != 0.0 && x.abs() < 1e-6 {
        format!("{x:.11e}")
    } else if x.is_finite() {
        format!("{}", (x * 1e12).round() / 1e12)
    } else {
        String::new()
    }
}

fn long_run(course: &Course, k: usize) -> (f64, f64) {
    let own: Vec<f64> = course.long_run.iter().map(|r| r[k]).collect();
    let (n, m) = (own.len() as f64, mean(&own));
    if own.len() < 2 {
        return (m, f64::NAN);
    }
    let squares: f64 = own.iter().map(|x| (x - m).powi(2)).sum();
    (m, t95(own.len() as u64 - 1) * (squares / (n - 1.0) / n).sqrt())
}

fn write_stationary(
    folder: &mut Folder,
    plan: &Evolution,
    rare: Option<&[f64]>,
    full: Option<&[f64]>,
    course: &Course,
) -> anyhow::Result<()> {
    let mut table = folder.table("stationary.csv", &header(COLUMNS, "stationary.csv"))?;
    let cell = |list: Option<&[f64]>, k: usize| list.map_or(String::new(), |v| small(v[k]));
    for (k, name) in plan.names.iter().enumerate() {
        let (m, half) = long_run(course, k);
        table.row([
            name,
            &cell(rare, k),
            &cell(full, k),
            &show(m),
            &show((m - half).max(0.0)),
            &show((m + half).min(1.0)),
        ])?;
    }
    folder.close(table)
}

fn summary(
    contest: &Contest,
    plan: &Evolution,
    pairs: &[(usize, usize)],
    exact: &[Fixation],
    followed: &[Followed],
    rare: Option<&[f64]>,
    course: &Course,
) -> String {
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
