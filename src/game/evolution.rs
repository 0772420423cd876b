//! Evolution of strategies in finite populations: Moran, death-birth and pairwise comparison, well mixed or on graphs.
//!
//! An individual's payoff is its mean payoff against all others (well mixed) or against its neighbours (graph). One
//! *update* replaces one individual; a *generation* is as many updates as there are individuals. With the chance
//! `mutation`, an update puts one of the other strategies, each alike, in place of the one that would have been.
//!
//! * **Moran** (Nowak, Sasaki, Taylor & Fudenberg 2004; Lieberman, Hauert & Nowak 2005 on graphs): a parent is drawn by
//!   fitness; its child takes the place of a random individual (on a graph: of a neighbour).
//! * **Death-birth** (Ohtsuki, Hauert, Lieberman & Nowak 2006): a random individual dies; the others (its neighbours)
//!   compete for the place by fitness.
//! * **Fermi** (Szabo & Toke 1998; Traulsen, Nowak & Pacheco 2006): a random individual looks at another (a neighbour)
//!   and imitates it with probability `1/(1 + exp(-selection (its payoff - mine)))`.
//!
//! The exact results hold for well-mixed populations: fixation probabilities and times of two strategies (Nowak 2006,
//! chapter 6; Traulsen & Hauert 2009) from any start, the gradient of selection, the stationary distribution for rare
//! mutation (Fudenberg & Imhof 2006), and that of the full chain at any mutation if it is small. Fitness may be 0: who has
//! none has no children; where no one who competes has any, all of them are alike.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::Rng;

/// How one individual replaces another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Update {
    /// Birth-death.
    Moran,
    /// Death-birth.
    DeathBirth,
    /// Pairwise comparison with the Fermi function.
    Fermi,
}

/// Fitness from payoff.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fitness {
    /// `exp(selection payoff)` (Traulsen, Shoresh & Nowak 2008).
    Exponential,
    /// `1 - selection + selection payoff` (Nowak et al. 2004); may be 0, not negative.
    Linear,
}

/// The update rule with its numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Process {
    /// How one individual replaces another.
    pub update: Update,
    /// Fitness from payoff; not used by Fermi.
    pub fitness: Fitness,
    /// Intensity of selection per payoff unit, 0 or more.
    pub selection: f64,
    /// Chance that an update is a mutation, 0-1.
    pub mutation: f64,
}

impl Process {
    /// Fitness of an individual with this payoff.
    #[inline]
    pub fn fitness(&self, payoff: f64) -> f64 {
        match self.fitness {
            Fitness::Exponential => (self.selection * payoff).exp(),
            Fitness::Linear => 1.0 - self.selection + self.selection * payoff,
        }
    }

    /// Chance that an individual with payoff `mine` imitates one with payoff `theirs` (Fermi).
    #[inline]
    pub fn imitates(&self, mine: f64, theirs: f64) -> f64 {
        1.0 / (1.0 + (self.selection * (mine - theirs)).exp())
    }
}

/// Who is next to whom: an undirected graph without loops or double edges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Graph {
    first: Vec<usize>,
    neighbours: Vec<usize>,
}

impl Graph {
    /// A graph of `n` individuals; `edges` are pairs below `n`.
    pub fn new(n: usize, edges: &[(usize, usize)]) -> Self {
        let mut all: Vec<(usize, usize)> = edges.iter().flat_map(|&(a, b)| [(a, b), (b, a)]).collect();
        all.sort_unstable();
        all.dedup();
        let mut first = vec![0; n + 1];
        for &(a, _) in &all {
            first[a + 1] += 1;
        }
        for k in 0..n {
            first[k + 1] += first[k];
        }
        Graph { first, neighbours: all.into_iter().map(|(_, b)| b).collect() }
    }

    /// The neighbours of `v`.
    #[inline]
    pub fn of(&self, v: usize) -> &[usize] {
        &self.neighbours[self.first[v]..self.first[v + 1]]
    }

    /// An individual that no path joins to individual 0, if there is one.
    pub fn unreached(&self) -> Option<usize> {
        let n = self.first.len() - 1;
        let mut met = vec![false; n];
        let mut open = vec![0];
        while let Some(v) = open.pop() {
            if !std::mem::replace(&mut met[v], true) {
                open.extend(self.of(v).iter().copied().filter(|&u| !met[u]));
            }
        }
        met.iter().position(|m| !m)
    }
}

/// A square payoff matrix: what the row strategy earns against the column.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    /// Number of strategies.
    pub n: usize,
    /// Payoffs, row by row.
    pub payoff: Vec<f64>,
}

impl Matrix {
    /// Payoff of `a` against `b`.
    #[inline]
    pub fn at(&self, a: usize, b: usize) -> f64 {
        self.payoff[a * self.n + b]
    }

    /// Mean payoff of an `a` in a well-mixed population with these counts, itself left out.
    #[inline]
    pub fn mean(&self, a: usize, counts: &[usize], total: usize) -> f64 {
        let row = &self.payoff[a * self.n..(a + 1) * self.n];
        let sum: f64 = row.iter().zip(counts).map(|(x, &c)| x * c as f64).sum();
        (sum - row[a]) / (total - 1) as f64
    }
}

// ---- exact results, well mixed ----

/// Chances `(up, down)` that an update changes `i` mutants among `n` individuals to `i + 1` or `i - 1`, without mutation.
pub fn drift(m: &Matrix, p: &Process, n: usize, mutant: usize, resident: usize, i: usize) -> (f64, f64) {
    let (up, down) = log_drift(m, p, n, mutant, resident, i);
    (up.exp(), down.exp())
}

/// Logarithms of the chances of [`drift`]: strong selection neither overflows nor rounds to nought. Where no one who
/// competes has any fitness, all of them are alike.
fn log_drift(m: &Matrix, p: &Process, n: usize, mutant: usize, resident: usize, i: usize) -> (f64, f64) {
    let (x, y) = (i as f64, (n - i) as f64);
    let (total, others) = (n as f64, (n - 1) as f64);
    let a = ((x - 1.0) * m.at(mutant, mutant) + y * m.at(mutant, resident)) / others;
    let b = (x * m.at(resident, mutant) + (y - 1.0) * m.at(resident, resident)) / others;
    let fitness = |payoff: f64| match p.fitness {
        Fitness::Exponential => p.selection * payoff,
        Fitness::Linear => p.fitness(payoff).max(0.0).ln(),
    };
    let (f, g) = (fitness(a), fitness(b));
    // chances that a mutant and a resident win a place for which so many of both compete
    let wins = |mutants: f64, residents: f64| {
        let (one, two) = (mutants.ln() + f, residents.ln() + g);
        let all = log_add(one, two);
        if all == f64::NEG_INFINITY {
            let all = (mutants + residents).ln();
            return (mutants.ln() - all, residents.ln() - all);
        }
        (one - all, two - all)
    };
    let (dead_resident, dead_mutant) = ((y / total).ln(), (x / total).ln());
    match p.update {
        Update::Fermi => {
            let meet = (x * y / (total * others)).ln();
            // ln of 1/(1 + exp(z)), however large z is
            let accepts = |z: f64| -(z.max(0.0) + (-z.abs()).exp().ln_1p());
            (meet + accepts(p.selection * (b - a)), meet + accepts(p.selection * (a - b)))
        }
        Update::Moran => {
            let (one, two) = wins(x, y);
            (one + dead_resident, two + dead_mutant)
        }
        Update::DeathBirth => (dead_resident + wins(x, y - 1.0).0, dead_mutant + wins(x - 1.0, y).1),
    }
}

/// ln of the sum of two exponentials.
fn log_add(a: f64, b: f64) -> f64 {
    let (top, low) = (a.max(b), a.min(b));
    if top == f64::NEG_INFINITY { top } else { top + (low - top).exp().ln_1p() }
}

/// ln of the sum of the exponentials of `logs`.
fn log_sum(logs: impl Iterator<Item = f64> + Clone) -> f64 {
    let top = logs.clone().fold(f64::NEG_INFINITY, f64::max);
    if top == f64::NEG_INFINITY { top } else { top + logs.map(|l| (l - top).exp()).sum::<f64>().ln() }
}

/// Probability and time of fixation of one mutant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fixation {
    /// Probability that one mutant takes over, `1/(1 + sum_k prod_j down_j/up_j)` (Nowak 2006, equation 6.13).
    pub probability: f64,
    /// Its natural logarithm, which has a value where the probability rounds to nought; minus infinity if the mutant
    /// cannot take over.
    pub log: f64,
    /// Mean time of fixation given that it happens, in generations (Traulsen & Hauert 2009); NaN if it cannot.
    pub time: f64,
}

/// How a mutant fares in a well-mixed population of two strategies, from every number of mutants.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    /// Natural logarithm of the chance that an update makes one mutant more, by the number of mutants, 0 to n.
    pub log_up: Vec<f64>,
    /// The same for one fewer.
    pub log_down: Vec<f64>,
    /// Natural logarithm of the probability that the mutants take over, by their number, 0 to n.
    pub log_takeover: Vec<f64>,
}

impl Course {
    /// The gradient of selection at `i` mutants: chance of one more less chance of one fewer in an update (Traulsen, Claussen
    /// & Hauert 2005).
    pub fn gradient(&self, i: usize) -> f64 {
        self.log_up[i].exp() - self.log_down[i].exp()
    }

    /// Fixation of a single mutant.
    pub fn single(&self) -> Fixation {
        let n = self.log_up.len() - 1;
        let log = self.log_takeover[1];
        if log == f64::NEG_INFINITY {
            return Fixation { probability: 0.0, log, time: f64::NAN };
        }
        // visits to l mutants: takeover from l, times 1 + down/up of the next (1 + ...), over the chance to go up
        let (mut returns, mut time) = (0.0, 0.0);
        for l in (1..n).rev() {
            time += (self.log_takeover[l] + returns - self.log_up[l]).exp();
            returns = log_add(0.0, self.log_down[l] - self.log_up[l] + returns);
        }
        Fixation { probability: log.exp(), log, time: time / n as f64 }
    }
}

/// The course of `mutant` among `resident` in a well-mixed population of `n`, exactly, without mutation.
pub fn course(m: &Matrix, p: &Process, n: usize, mutant: usize, resident: usize) -> Course {
    let none = f64::NEG_INFINITY;
    let (mut log_up, mut log_down) = (vec![none; n + 1], vec![none; n + 1]);
    for i in 1..n {
        (log_up[i], log_down[i]) = log_drift(m, p, n, mutant, resident, i);
    }
    // no way up from `lost`, and none down from `won`
    let lost = (1..n).rev().find(|&i| log_up[i] == none).unwrap_or(0);
    let won = (lost + 1..n).find(|&i| log_down[i] == none).unwrap_or(n);
    let mut log_takeover = vec![none; n + 1];
    let (mut step, mut sum) = (0.0, none);
    for i in lost + 1..=won {
        sum = log_add(sum, step);
        log_takeover[i] = sum;
        if i < won {
            step += log_down[i] - log_up[i];
        }
    }
    let all = log_takeover[won];
    log_takeover[lost + 1..=won].iter_mut().for_each(|x| *x -= all);
    log_takeover[won..].fill(0.0);
    Course { log_up, log_down, log_takeover }
}

/// Fixation of one `mutant` among `n - 1` of `resident`, exactly, without mutation, in a well-mixed population.
pub fn fixation(m: &Matrix, p: &Process, n: usize, mutant: usize, resident: usize) -> Fixation {
    course(m, p, n, mutant, resident).single()
}

/// The stationary distribution of an irreducible chain with the transition matrix `t` (row to column), by the
/// elimination of Grassmann, Taksar & Heyman (1985), which subtracts nothing.
pub fn stationary(t: &[f64], n: usize) -> Vec<f64> {
    let mut a = t.to_vec();
    for k in (1..n).rev() {
        let out: f64 = a[k * n..k * n + k].iter().sum();
        for i in 0..k {
            a[i * n + k] /= out.max(f64::MIN_POSITIVE);
            let share = a[i * n + k];
            if share > 0.0 {
                for j in 0..k {
                    a[i * n + j] += share * a[k * n + j];
                }
            }
        }
    }
    let mut v = vec![1.0; n];
    for k in 1..n {
        v[k] = (0..k).map(|i| v[i] * a[i * n + k]).sum();
    }
    let sum: f64 = v.iter().sum();
    v.iter().map(|x| x / sum).collect()
}

/// Shares of the strategies in the limit of rare mutation, when the population is nearly always of one strategy
/// (Fudenberg & Imhof 2006): stationary distribution of the chain with transitions in proportion to the probabilities of
/// fixation, by the elimination of [`stationary`] in logarithms, so that no takeover is too rare.
///
/// `log_rho[i * n + j]` is the natural logarithm of the probability that one `j` takes over a population of `i`. A takeover
/// that cannot happen counts as far rarer than any that can.
pub fn rare_mutation(log_rho: &[f64], n: usize) -> Vec<f64> {
    let least = log_rho.iter().copied().filter(|r| r.is_finite()).fold(0.0, f64::min);
    let mut a: Vec<f64> = log_rho.iter().map(|r| r.max(least - 1e6)).collect();
    for k in (1..n).rev() {
        let out = log_sum(a[k * n..k * n + k].iter().copied());
        for i in 0..k {
            a[i * n + k] -= out;
            for j in (0..k).filter(|&j| j != i) {
                a[i * n + j] = log_add(a[i * n + j], a[i * n + k] + a[k * n + j]);
            }
        }
    }
    let mut v = vec![0.0; n];
    for k in 1..n {
        v[k] = log_sum((0..k).map(|i| v[i] + a[i * n + k]).collect::<Vec<f64>>().into_iter());
    }
    let all = log_sum(v.iter().copied());
    v.iter().map(|x| (x - all).exp()).collect()
}

/// Most states of the full chain that is still solved.
const STATES: usize = 1000;

/// Mean shares of the strategies in the long run at the mutation of `p`, exactly, by solving the chain over all
/// compositions of a well-mixed population of `n`; `None` without mutation or if it has more than a thousand states.
pub fn mutation_selection(m: &Matrix, p: &Process, n: usize) -> Option<Vec<f64>> {
    if p.mutation <= 0.0 {
        return None;
    }
    let (states, t) = chain(m, p, n)?;
    let (kinds, count) = (m.n, states.len());
    let weight = stationary(&t, count);
    let mut share = vec![0.0; kinds];
    for (w, counts) in weight.iter().zip(&states) {
        share.iter_mut().zip(counts).for_each(|(x, &c)| *x += w * c as f64 / n as f64);
    }
    Some(share)
}

/// The probability that each strategy takes over a well-mixed population from these counts, exactly, without mutation;
/// `None` if there are more than a thousand compositions and more than two strategies.
pub fn takeover(m: &Matrix, p: &Process, counts: &[usize]) -> Option<Vec<f64>> {
    let (kinds, n) = (m.n, counts.iter().sum::<usize>());
    let present: Vec<usize> = (0..kinds).filter(|&k| counts[k] > 0).collect();
    let mut out = vec![0.0; kinds];
    match present[..] {
        [] => return None,
        [only] => out[only] = 1.0,
        [a, b] => {
            out[a] = course(m, p, n, a, b).log_takeover[counts[a]].exp();
            out[b] = course(m, p, n, b, a).log_takeover[counts[b]].exp();
        }
        _ => {
            // only strategies that are there can win: the others need no states
            let own = Matrix {
                n: present.len(),
                payoff: present.iter().flat_map(|&a| present.iter().map(move |&b| m.at(a, b))).collect(),
            };
            let start: Vec<usize> = present.iter().map(|&k| counts[k]).collect();
            for (k, x) in present.iter().zip(absorbed(&own, p, &start, n)?) {
                out[*k] = x;
            }
        }
    }
    Some(out)
}

/// Chances of absorption from `start`, by taking one composition after the other out of the chain.
fn absorbed(m: &Matrix, p: &Process, start: &[usize], n: usize) -> Option<Vec<f64>> {
    let (states, t) = chain(m, &Process { mutation: 0.0, ..*p }, n)?;
    let count = states.len();
    let mut t = t;
    let ends: Vec<usize> = (0..m.n).map(|k| states.iter().position(|s| s[k] == n).unwrap_or(0)).collect();
    let from = states.iter().position(|s| s == start)?;
    let mut left: Vec<usize> = (0..count).collect();
    for s in (0..count).filter(|s| *s != from && !ends.contains(s)) {
        left.retain(|&i| i != s);
        let out: f64 = left.iter().map(|&j| t[s * count + j]).sum();
        if out <= 0.0 {
            continue;
        }
        for &i in &left {
            let share = t[i * count + s] / out;
            if share > 0.0 {
                for &j in &left {
                    t[i * count + j] += share * t[s * count + j];
                }
            }
        }
    }
    let chances: Vec<f64> = ends.iter().map(|&e| t[from * count + e]).collect();
    let all: f64 = chances.iter().sum();
    (all > 0.0).then(|| chances.iter().map(|x| x / all).collect())
}

/// All compositions of a population of `n` and the chances to go from one to the other in an update; `None` if there are
/// more than a thousand.
fn chain(m: &Matrix, p: &Process, n: usize) -> Option<(Vec<Vec<usize>>, Vec<f64>)> {
    let kinds = m.n;
    let mut count: usize = 1;
    for k in 1..kinds {
        count = count.checked_mul(n + k)? / k;
        if count > STATES {
            return None;
        }
    }
    let mut states: Vec<Vec<usize>> = Vec::with_capacity(count);
    compositions(n, &mut vec![0; kinds], 0, &mut states);
    let mut t = vec![0.0; count * count];
    for (s, counts) in states.iter().enumerate() {
        let mut stay = 1.0;
        for (from, to, chance) in moves(m, p, counts, n) {
            let mut next = counts.clone();
            next[from] -= 1;
            next[to] += 1;
            // compositions come in lexicographic order
            if let Ok(other) = states.binary_search(&next) {
                t[s * count + other] += chance;
                stay -= chance;
            }
        }
        t[s * count + s] = stay;
    }
    Some((states, t))
}

fn compositions(left: usize, now: &mut Vec<usize>, k: usize, out: &mut Vec<Vec<usize>>) {
    if k + 1 == now.len() {
        now[k] = left;
        out.push(now.clone());
        return;
    }
    for c in 0..=left {
        now[k] = c;
        compositions(left - c, now, k + 1, out);
    }
}

/// The changes one update can bring: an individual of `from` becomes one of `to`, with its chance.
fn moves(m: &Matrix, p: &Process, counts: &[usize], n: usize) -> Vec<(usize, usize, f64)> {
    let kinds = m.n;
    let (total, mu) = (n as f64, p.mutation);
    let pay: Vec<f64> = (0..kinds).map(|a| m.mean(a, counts, n)).collect();
    let weight: Vec<f64> =
        (0..kinds).map(|a| if counts[a] > 0 { counts[a] as f64 * p.fitness(pay[a]) } else { 0.0 }).collect();
    let all: f64 = weight.iter().sum();
    // where no one who competes has any fitness, all of them are alike
    let wins = |own: f64, all: f64, count: usize, of: usize| {
        if all > 0.0 { own / all } else { count as f64 / of as f64 }
    };
    let mut out = Vec::new();
    for from in (0..kinds).filter(|&a| counts[a] > 0) {
        let dies = counts[from] as f64 / total;
        // chance of each kind to fill the place if there is no mutation
        let fills: Vec<f64> = (0..kinds)
            .map(|b| match p.update {
                Update::Moran => wins(weight[b], all, counts[b], n),
                Update::DeathBirth => {
                    // the dead one does not compete; sums without it, so that nothing is left by rounding
                    let count = |k: usize| counts[k] - usize::from(k == from);
                    let weight = |k: usize| match count(k) {
                        0 => 0.0,
                        c => c as f64 * p.fitness(pay[k]),
                    };
                    wins(weight(b), (0..kinds).map(weight).sum(), count(b), n - 1)
                }
                Update::Fermi if b == from => 0.0,
                Update::Fermi => counts[b] as f64 / (total - 1.0) * p.imitates(pay[from], pay[b]),
            })
            .collect();
        let stays = 1.0 - fills.iter().enumerate().filter(|(b, _)| *b != from).map(|x| x.1).sum::<f64>();
        for to in (0..kinds).filter(|&b| b != from) {
            // a mutation replaces the one that would have been by another kind
            let would_be_other = match p.update {
                // the child mutates: any kind but the parent's
                Update::Moran | Update::DeathBirth => {
                    (0..kinds).filter(|&b| b != to).map(|b| if b == from { stays } else { fills[b] }).sum()
                }
                // the individual itself tries something new
                Update::Fermi => 1.0,
            };
            let chance = (1.0 - mu) * fills[to] + mu * would_be_other / (kinds - 1) as f64;
            out.push((from, to, dies * chance));
        }
    }
    out
}

/// One step of length `dt` of the replicator dynamics `x' = rate x (payoff - mean payoff)` (Taylor & Jonker 1978),
/// by the classical Runge-Kutta method.
pub fn replicator_step(m: &Matrix, rate: f64, dt: f64, x: &mut [f64]) {
    let slope = |x: &[f64]| -> Vec<f64> {
        let pay: Vec<f64> = (0..m.n).map(|a| (0..m.n).map(|b| m.at(a, b) * x[b]).sum::<f64>()).collect();
        let mean: f64 = pay.iter().zip(x).map(|(p, s)| p * s).sum();
        pay.iter().zip(x).map(|(p, s)| rate * s * (p - mean)).collect()
    };
    let shifted =
        |x: &[f64], k: &[f64], h: f64| -> Vec<f64> { x.iter().zip(k).map(|(a, b)| a + h * b).collect() };
    let a = slope(x);
    let b = slope(&shifted(x, &a, dt / 2.0));
    let c = slope(&shifted(x, &b, dt / 2.0));
    let d = slope(&shifted(x, &c, dt));
    for i in 0..x.len() {
        x[i] = (x[i] + dt / 6.0 * (a[i] + 2.0 * b[i] + 2.0 * c[i] + d[i])).max(0.0);
    }
    let sum: f64 = x.iter().sum();
    x.iter_mut().for_each(|s| *s /= sum);
}

impl Process {
    /// The rate at which the replicator dynamics follows this process under weak selection, with time in generations:
    /// `selection` for Moran and death-birth at fitness near 1, half of it for Fermi (Traulsen, Claussen & Hauert 2005).
    pub fn rate(&self) -> f64 {
        if self.update == Update::Fermi { 0.5 * self.selection } else { self.selection }
    }
}

// ---- simulation ----

fn uniform(rng: &mut ChaCha8Rng) -> f64 {
    (rng.next_u64() >> 11) as f64 / (1u64 << 53) as f64
}

fn below(n: usize, rng: &mut ChaCha8Rng) -> usize {
    ((u128::from(rng.next_u64()) * n as u128) >> 64) as usize
}

/// One of `n` at random if nobody has any fitness; else the last one, which rounding may leave over.
fn below_if(alike: bool, n: usize, rng: &mut ChaCha8Rng) -> usize {
    if alike { below(n, rng) } else { n - 1 }
}

/// A population under way. A step allocates nothing.
#[derive(Clone, Debug)]
pub struct Population<'a> {
    matrix: &'a Matrix,
    process: Process,
    graph: Option<&'a Graph>,
    size: usize,
    counts: Vec<usize>,
    kind: Vec<usize>,
    fitness: Vec<f64>,
    fresh: bool,
}

impl<'a> Population<'a> {
    /// A population with these counts of each strategy; on a graph they are placed at random.
    pub fn new(
        matrix: &'a Matrix,
        process: &Process,
        graph: Option<&'a Graph>,
        counts: &[usize],
        rng: &mut ChaCha8Rng,
    ) -> Self {
        let size = counts.iter().sum();
        let mut kind: Vec<usize> = Vec::new();
        if graph.is_some() {
            kind = counts.iter().enumerate().flat_map(|(k, &c)| std::iter::repeat_n(k, c)).collect();
            for i in (1..kind.len()).rev() {
                kind.swap(i, below(i + 1, rng));
            }
        }
        let fitness = vec![0.0; if graph.is_some() { size } else { matrix.n }];
        Population {
            matrix,
            process: *process,
            graph,
            size,
            counts: counts.to_vec(),
            kind,
            fitness,
            fresh: false,
        }
    }

    /// Individuals of each strategy.
    pub fn counts(&self) -> &[usize] {
        &self.counts
    }

    /// The strategy of everyone, if all have the same.
    #[inline]
    pub fn uniform(&self) -> Option<usize> {
        self.counts.iter().position(|&c| c == self.size)
    }

    /// A strategy drawn by its count, after one individual of `without` is taken out.
    #[inline]
    fn someone(&self, without: Option<usize>, rng: &mut ChaCha8Rng) -> usize {
        let mut k = below(self.size - usize::from(without.is_some()), rng);
        for (a, &c) in self.counts.iter().enumerate() {
            let c = c - usize::from(without == Some(a));
            if k < c {
                return a;
            }
            k -= c;
        }
        self.counts.len() - 1
    }

    #[inline]
    fn mutant(&self, of: usize, rng: &mut ChaCha8Rng) -> usize {
        let k = below(self.counts.len() - 1, rng);
        k + usize::from(k >= of)
    }

    #[inline]
    fn mutates(&self, rng: &mut ChaCha8Rng) -> bool {
        self.process.mutation > 0.0 && uniform(rng) < self.process.mutation
    }

    /// One update.
    pub fn step(&mut self, rng: &mut ChaCha8Rng) {
        match self.graph {
            None => self.step_mixed(rng),
            Some(graph) => self.step_graph(graph, rng),
        }
    }

    /// Updates until the next mutation, if everyone is alike and nothing else can happen; the next update is then that
    /// mutation. `None` if they are not alike; `u64::MAX` if there is no mutation.
    fn idle(&self, rng: &mut ChaCha8Rng) -> Option<u64> {
        self.uniform()?;
        let mu = self.process.mutation;
        if mu <= 0.0 {
            return Some(u64::MAX);
        }
        // inverse of the geometric distribution
        Some(((1.0 - uniform(rng)).ln() / (1.0 - mu).ln()) as u64)
    }

    fn replace(&mut self, from: usize, to: usize) {
        if from != to {
            self.counts[from] -= 1;
            self.counts[to] += 1;
            self.fresh = false;
        }
    }

    fn step_mixed(&mut self, rng: &mut ChaCha8Rng) {
        let mutates = self.mutates(rng);
        self.step_mixed_with(mutates, rng);
    }

    fn step_mixed_with(&mut self, mutates: bool, rng: &mut ChaCha8Rng) {
        let p = self.process;
        if p.update == Update::Fermi {
            let me = self.someone(None, rng);
            if mutates {
                let to = self.mutant(me, rng);
                return self.replace(me, to);
            }
            let model = self.someone(Some(me), rng);
            if model != me {
                let mine = self.matrix.mean(me, &self.counts, self.size);
                let theirs = self.matrix.mean(model, &self.counts, self.size);
                if uniform(rng) < p.imitates(mine, theirs) {
                    self.replace(me, model);
                }
            }
            return;
        }
        if !self.fresh {
            for a in 0..self.counts.len() {
                if self.counts[a] > 0 {
                    self.fitness[a] = p.fitness(self.matrix.mean(a, &self.counts, self.size));
                }
            }
            self.fresh = true;
        }
        let dead = self.someone(None, rng);
        let without = if p.update == Update::DeathBirth { Some(dead) } else { None };
        let weight = |a: usize, c: usize| (c - usize::from(without == Some(a))) as f64 * self.fitness[a];
        let all: f64 =
            self.counts.iter().enumerate().filter(|(_, c)| **c > 0).map(|(a, &c)| weight(a, c)).sum();
        if all <= 0.0 {
            // where no one who competes has any fitness, all of them are alike
            let parent = self.someone(without, rng);
            let child = if mutates { self.mutant(parent, rng) } else { parent };
            return self.replace(dead, child);
        }
        let mut draw = uniform(rng) * all;
        let mut parent = dead;
        for (a, &c) in self.counts.iter().enumerate() {
            if c > 0 {
                let w = weight(a, c);
                if w > 0.0 {
                    parent = a;
                    if draw < w {
                        break;
                    }
                    draw -= w;
                }
            }
        }
        let child = if mutates { self.mutant(parent, rng) } else { parent };
        self.replace(dead, child);
    }

    fn payoff(&self, graph: &Graph, v: usize) -> f64 {
        let around = graph.of(v);
        let row = &self.matrix.payoff[self.kind[v] * self.matrix.n..];
        around.iter().map(|&u| row[self.kind[u]]).sum::<f64>() / around.len() as f64
    }

    fn step_graph(&mut self, graph: &Graph, rng: &mut ChaCha8Rng) {
        let mutates = self.mutates(rng);
        self.step_graph_with(graph, mutates, rng);
    }

    fn step_graph_with(&mut self, graph: &Graph, mutates: bool, rng: &mut ChaCha8Rng) {
        let p = self.process;
        let (place, child) = match p.update {
            Update::Fermi => {
                let v = below(self.size, rng);
                if mutates {
                    (v, self.mutant(self.kind[v], rng))
                } else {
                    let around = graph.of(v);
                    let model = around[below(around.len(), rng)];
                    let same = self.kind[v] == self.kind[model];
                    if same || uniform(rng) >= p.imitates(self.payoff(graph, v), self.payoff(graph, model)) {
                        return;
                    }
                    (v, self.kind[model])
                }
            }
            Update::DeathBirth => {
                let v = below(self.size, rng);
                let around = graph.of(v);
                let all: f64 = around.iter().map(|&u| p.fitness(self.payoff(graph, u))).sum();
                let mut draw = uniform(rng) * all;
                let mut parent = around[below_if(all <= 0.0, around.len(), rng)];
                for &u in around {
                    draw -= p.fitness(self.payoff(graph, u));
                    if draw < 0.0 {
                        parent = u;
                        break;
                    }
                }
                (v, if mutates { self.mutant(self.kind[parent], rng) } else { self.kind[parent] })
            }
            Update::Moran => {
                if !self.fresh {
                    for v in 0..self.size {
                        self.fitness[v] = p.fitness(self.payoff(graph, v));
                    }
                    self.fresh = true;
                }
                let all: f64 = self.fitness.iter().sum();
                let mut draw = uniform(rng) * all;
                let mut parent = below_if(all <= 0.0, self.size, rng);
                for (v, f) in self.fitness.iter().enumerate() {
                    draw -= f;
                    if draw < 0.0 {
                        parent = v;
                        break;
                    }
                }
                let around = graph.of(parent);
                let v = around[below(around.len(), rng)];
                (v, if mutates { self.mutant(self.kind[parent], rng) } else { self.kind[parent] })
            }
        };
        let old = self.kind[place];
        if old != child {
            let fresh = self.fresh;
            self.replace(old, child);
            self.kind[place] = child;
            if fresh && p.update == Update::Moran {
                // only the neighbourhood has new payoffs
                self.fitness[place] = p.fitness(self.payoff(graph, place));
                for &u in graph.of(place) {
                    self.fitness[u] = p.fitness(self.payoff(graph, u));
                }
                self.fresh = true;
            }
        }
    }

    /// Runs `generations` and hands the counts to `sample` at the start and at `samples` evenly spaced points; returns
    /// the mean share of each strategy over the run after its first tenth.
    pub fn run(
        &mut self,
        generations: u64,
        samples: usize,
        rng: &mut ChaCha8Rng,
        mut sample: impl FnMut(usize, &[usize]),
    ) -> Vec<f64> {
        let updates = generations.saturating_mul(self.size as u64);
        let point = |k: usize| (u128::from(updates) * k as u128 / samples as u128) as u64;
        let burn = updates / 10;
        let mut weight = vec![0u128; self.counts.len()];
        let (mut now, mut next) = (0u64, 0);
        loop {
            // nothing happens before `then`, and the composition holds from `now` to `then`
            let idle = self.idle(rng);
            let then = now.saturating_add(idle.unwrap_or(0)).saturating_add(1).min(updates + 1);
            while next <= samples && point(next) < then {
                sample(next, &self.counts);
                next += 1;
            }
            let held = u128::from(then.max(burn) - now.max(burn));
            weight.iter_mut().zip(&self.counts).for_each(|(w, &c)| *w += held * c as u128);
            now = then;
            if now > updates {
                break;
            }
            match (idle, self.graph) {
                (None, _) => self.step(rng),
                (Some(_), None) => self.step_mixed_with(true, rng),
                (Some(_), Some(graph)) => self.step_graph_with(graph, true, rng),
            }
        }
        let all = u128::from(updates + 1 - burn) as f64 * self.size as f64;
        weight.iter().map(|&w| w as f64 / all).collect()
    }

    /// Runs without mutation until one strategy is left: which, and after how many updates; `None` after `limit`.
    pub fn fixate(&mut self, limit: u64, rng: &mut ChaCha8Rng) -> Option<(usize, u64)> {
        self.process.mutation = 0.0;
        for time in 0..=limit {
            if let Some(winner) = self.uniform() {
                return Some((winner, time));
            }
            self.step(rng);
        }
        None
    }
}
