//! Theories on trial: how often the runs of a population show what happened.

use std::collections::BTreeMap;

use rand_chacha::rand_core::Rng;
use serde::Serialize;

use super::facts::Fact;
use super::whatif::WhatIf;
use crate::experiment::replicate::paired;
use crate::interval::wilson;
use crate::model::world::{Population, ProposalKind};
use crate::model::{ProposalRecord, Record, World};
use crate::random::{self, Purpose};
use crate::scenario::{Mistake, Scenario};
use crate::theory::{Roster, SCHOOLS};

/// Hits of one population: for each fact, the runs that show it.
#[derive(Clone, Debug, Serialize)]
pub struct Hits {
    /// Label of the population.
    pub theory: String,
    /// school, null, ablation or mix.
    pub kind: &'static str,
    /// Free parameters.
    pub parameters: usize,
    /// Runs.
    pub runs: u64,
    /// Runs that show each fact.
    pub hits: Vec<u64>,
    /// Runs in which a value that the fact's measure needs is missing; they do not show it.
    pub missing: Vec<u64>,
}

/// A part of the facts that is scored on its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Facts that may be used to fit parameters.
    Calibration,
    /// Facts held out.
    Holdout,
    /// Every fact.
    All,
    /// Facts of the block `bloc to bloc`: there the question lies.
    BlocToBloc,
    /// Facts that one school claims and another speaks against.
    Separating,
}

impl Part {
    /// Every part, in the order of the tables.
    pub const ALL: [Part; 5] =
        [Part::Calibration, Part::Holdout, Part::All, Part::BlocToBloc, Part::Separating];

    /// Name in the column `split`.
    pub fn name(self) -> &'static str {
        match self {
            Part::Calibration => "calibration",
            Part::Holdout => "holdout",
            Part::All => "all",
            Part::BlocToBloc => "bloc to bloc",
            Part::Separating => "separating",
        }
    }

    /// Whether a fact belongs to the part.
    pub fn holds(self, fact: &Fact) -> bool {
        match self {
            Part::Calibration => !fact.holdout,
            Part::Holdout => fact.holdout,
            Part::All => true,
            Part::BlocToBloc => fact.block == "bloc to bloc",
            Part::Separating => separates(&fact.claims),
        }
    }
}

/// Whether signs separate the schools: one claims the fact (+) and one speaks against it (-).
pub fn separates(claims: &[char]) -> bool {
    claims.contains(&'+') && claims.contains(&'-')
}

/// Score of a population on one part of the facts.
#[derive(Clone, Debug)]
pub struct Score {
    /// Mean over blocks of the blocks' weighted mean log scores; nearer 0 is better. NaN without facts.
    pub mean: f64,
    /// 95% interval over bootstrap samples of facts and runs.
    pub interval: (f64, f64),
    /// The same mean of Brier scores, 0 (perfect) to 1.
    pub brier: f64,
    /// Mean log score and mean Brier score per block.
    pub blocks: Vec<(String, f64, f64)>,
    /// Facts that most runs show.
    pub plain_hits: usize,
    /// Facts counted.
    pub facts: usize,
}

/// Runs that a forecaster has seen when it is scored.
pub const SEEN: u64 = 20;

/// The log score of a fact that `hits` of `runs` runs show: the expected log of what a forecaster says who has seen
/// [`SEEN`] of the runs, drawn without repetition, and adds one run of each kind (Laplace 1774):
/// `E ln((h + 1)/(SEEN + 2))`, h hypergeometric.
///
/// It is unbiased for the same expectation under the true frequency (a U-statistic, Hoeffding 1948), so that more runs
/// make it steadier and neither better nor worse. Between `ln(1/22) = -3.09` and `ln(21/22) = -.05`. With fewer runs
/// than [`SEEN`] the forecaster has seen them all, and the score is another quantity.
///
/// ```
/// use twain::analysis::score::log_score;
/// // whoever shows a fact in every run scores nearly 0, whoever never shows it far less
/// assert!(log_score(100, 100) > -0.1 && log_score(0, 100) < -2.0);
/// ```
pub fn log_score(hits: u64, runs: u64) -> f64 {
    let seen = SEEN.min(runs);
    let (n, m, misses) = (runs as f64, seen as f64, runs - hits.min(runs));
    let hits = hits.min(runs);
    // the least number of hits the forecaster can have seen, and its chance: no hit, or every miss
    let least = seen.saturating_sub(misses);
    let mut chance = 1.0;
    if least == 0 {
        for i in 0..seen {
            chance *= (misses - i) as f64 / (n - i as f64);
        }
    } else {
        for i in 0..misses {
            chance *= (m - i as f64) / (n - i as f64);
        }
    }
    let mut sum = 0.0;
    for h in least..=seen.min(hits) {
        sum += chance * libm::log((h as f64 + 1.0) / (m + 2.0));
        let left = misses as f64 - (m - h as f64) + 1.0;
        chance *= (hits - h) as f64 * (m - h as f64) / ((h as f64 + 1.0) * left);
    }
    sum
}

/// The Brier score of a fact that happened, from `hits` of `runs` runs: an unbiased estimate of `(1 - p)^2`, p the true
/// frequency; 0 is perfect, .25 a shrug, 1 the certainty of the opposite.
///
/// ```
/// use twain::analysis::score::brier_score;
/// assert_eq!(brier_score(100, 100), 0.0);
/// assert!((brier_score(50, 100) - 0.25).abs() < 0.01);
/// ```
pub fn brier_score(hits: u64, runs: u64) -> f64 {
    let (n, misses) = (runs as f64, (runs - hits.min(runs)) as f64);
    if runs < 2 {
        return misses / n.max(1.0);
    }
    misses * (misses - 1.0) / (n * (n - 1.0))
}

/// Kind of a population and its number of free parameters.
pub fn kind(population: &Population) -> (&'static str, usize) {
    let label = population.label.as_str();
    let of = |s: usize| Roster::parameters(s).len();
    if crate::scenario::NULLS.iter().any(|n| n.0 == label) {
        return ("null", 0);
    }
    if let Some(s) = SCHOOLS.iter().position(|s| *s == label) {
        return ("school", of(s));
    }
    if crate::scenario::ablations().iter().any(|a| a.0 == label) {
        let s = SCHOOLS.iter().position(|s| label.starts_with(s)).unwrap_or(0);
        return ("ablation", of(s) - 1);
    }
    let used = (0..3).filter(|&s| population.weights.iter().any(|w| w[s] > 0.0));
    ("mix", used.map(of).sum())
}

/// What runs answer to the question itself: whether the blocs form a framework, and who refuses.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// Runs.
    pub runs: u64,
    /// Runs in which a framework between the blocs was formed.
    pub formed: u64,
    /// Votes on a framework by voter: votes against, and votes.
    pub votes: BTreeMap<String, (u64, u64)>,
    /// Terms that decided the votes against, with their number.
    pub reasons: BTreeMap<&'static str, u64>,
    /// Proposals of a framework put to the vote, and those of them that a side refused on principle.
    pub proposals: (u64, u64),
}

impl Answers {
    fn count(&mut self, world: &World, record: &Record) {
        self.runs += 1;
        self.formed += u64::from(record.outcome().framework.is_some());
        let framework = |p: &ProposalRecord| p.kind == ProposalKind::Framework;
        for p in record.proposals.iter().filter(|p| framework(p)) {
            self.proposals.0 += 1;
            self.proposals.1 += u64::from(p.on_principle.contains(&true));
        }
        for vote in record.votes.iter().filter(|v| framework(&record.proposals[v.proposal])) {
            let own = self.votes.entry(world.states[vote.state].name.clone()).or_default();
            *own = (own.0 + u64::from(!vote.yes), own.1 + 1);
            if !vote.yes {
                *self.reasons.entry(vote.reason_word()).or_default() += 1;
            }
        }
    }

    /// Voters by the share of their votes that were against, most first.
    pub fn refusers(&self) -> Vec<(&str, f64)> {
        let mut list: Vec<(&str, f64)> = self
            .votes
            .iter()
            .filter(|(_, (no, _))| *no > 0)
            .map(|(name, (no, all))| (name.as_str(), *no as f64 / *all as f64))
            .collect();
        list.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
        list
    }

    /// The term that decided most votes against.
    pub fn reason(&self) -> &'static str {
        self.reasons.iter().max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0))).map_or("", |r| r.0)
    }
}

/// A population on trial: its world and those of the what-ifs its facts ask for.
#[derive(Debug)]
pub struct Trial {
    // the scenario itself, then the what-ifs asked for, by position
    worlds: Vec<(World, Population)>,
    asked: Vec<usize>,
    watched: Vec<usize>,
    // for each metric watched and each step, the sum of its values and their number
    sums: Vec<Vec<(f64, u64)>>,
    hits: Hits,
    answers: Answers,
}

impl Trial {
    /// Prepares the trial of the population called `label`. Facts that ask for a what-if get its paired run: same seed,
    /// same replication.
    ///
    /// # Errors
    /// An unknown population, or a what-if that does not pass the scenario's checks.
    pub fn new(
        scenario: &Scenario,
        facts: &[Fact],
        whatifs: &[WhatIf],
        label: &str,
    ) -> Result<Self, Mistake> {
        let population = scenario.population(label)?;
        let (kind, parameters) = kind(&population);
        let mut asked: Vec<usize> = facts.iter().filter_map(|f| f.whatif).collect();
        asked.sort_unstable();
        asked.dedup();
        let mut worlds = vec![(scenario.world.clone(), population)];
        for &which in &asked {
            let other = whatifs[which].pair(scenario)?;
            let population = other.population(label)?;
            worlds.push((other.world, population));
        }
        let (hits, missing) = (vec![0; facts.len()], vec![0; facts.len()]);
        let hits = Hits { theory: label.to_string(), kind, parameters, runs: 0, hits, missing };
        let answers = Answers::default();
        Ok(Trial { worlds, asked, watched: Vec::new(), sums: Vec::new(), hits, answers })
    }

    /// Has the means of the metrics in these columns taken as well, from the replications still to come.
    #[must_use]
    pub fn watch(mut self, columns: &[usize]) -> Self {
        self.watched = columns.to_vec();
        self.sums = vec![vec![(0.0, 0); self.worlds[0].0.calendar.steps]; columns.len()];
        self
    }

    /// The worlds to be run side by side, replication by replication.
    pub fn cases(&self) -> Vec<(&World, &Population)> {
        self.worlds.iter().map(|(world, population)| (world, population)).collect()
    }

    /// Counts what the runs of one replication show, one record for each of [`Trial::cases`].
    pub fn count(&mut self, facts: &[Fact], records: &[Record]) {
        let (asked, world) = (&self.asked, &self.worlds[0].0);
        self.hits.runs += 1;
        self.answers.count(world, &records[0]);
        let Hits { hits, missing, .. } = &mut self.hits;
        for ((fact, hit), missing) in facts.iter().zip(hits).zip(missing) {
            let place = fact.whatif.and_then(|w| asked.iter().position(|n| *n == w));
            let alternative = place.map(|k| &records[k + 1]);
            match fact.expression.holds(world, &records[0], alternative) {
                Some(holds) => *hit += u64::from(holds),
                None => *missing += 1,
            }
        }
        for (sums, &metric) in self.sums.iter_mut().zip(&self.watched) {
            for (step, sum) in sums.iter_mut().enumerate() {
                let x = records[0].value(step, metric);
                if x.is_finite() {
                    *sum = (sum.0 + x, sum.1 + 1);
                }
            }
        }
    }

    /// What the runs answered to the question itself.
    pub fn answers(&self) -> &Answers {
        &self.answers
    }

    /// What was counted so far.
    pub fn hits(&self) -> &Hits {
        &self.hits
    }

    /// Means over the runs of the metrics watched, step by step; NaN where no run has a value.
    pub fn means(&self) -> Vec<Vec<f64>> {
        let mean = |&(sum, count): &(f64, u64)| if count > 0 { sum / count as f64 } else { f64::NAN };
        self.sums.iter().map(|sums| sums.iter().map(mean).collect()).collect()
    }

    /// Runs the replications of the trial. `tick` is called once a replication.
    ///
    /// # Errors
    /// A run that fails.
    pub fn run(&mut self, facts: &[Fact], replications: u64, mut tick: impl FnMut()) -> Result<(), Mistake> {
        // the worlds are lent to the runs while hits are counted
        let worlds = self.worlds.clone();
        let cases: Vec<_> = worlds.iter().map(|(world, population)| (world, population)).collect();
        paired(&cases, replications, |_, records| {
            tick();
            self.count(facts, records);
            Ok(())
        })
        .map_err(|error| Mistake::general(format!("{error:#}")))
    }
}

/// Runs a population and counts hits.
///
/// # Errors
/// Those of [`Trial::new`].
pub fn hits(
    scenario: &Scenario,
    facts: &[Fact],
    whatifs: &[WhatIf],
    label: &str,
    replications: u64,
    tick: impl FnMut(),
) -> Result<Hits, Mistake> {
    let mut trial = Trial::new(scenario, facts, whatifs, label)?;
    trial.run(facts, replications, tick)?;
    Ok(trial.hits)
}

/// Mean over blocks of weighted block means, from (block, weight, value); NaN of nothing.
fn blocks_mean(scored: &[(&str, f64, f64)]) -> (f64, Vec<(String, f64)>) {
    let mut names: Vec<&str> = scored.iter().map(|s| s.0).collect();
    names.sort_unstable();
    names.dedup();
    let blocks: Vec<(String, f64)> = names
        .into_iter()
        .map(|name| {
            let (mut sum, mut weight) = (0.0, 0.0);
            for s in scored.iter().filter(|s| s.0 == name) {
                sum += s.1 * s.2;
                weight += s.1;
            }
            (name.to_string(), sum / weight.max(1e-12))
        })
        .collect();
    let mean = blocks.iter().map(|b| b.1).sum::<f64>() / blocks.len() as f64;
    (mean, blocks)
}

/// Share of the facts of a part that one run shows: mean over blocks of weighted shares, facts that ask for a paired run left
/// out; a fact without an answer is not shown. NaN without facts.
pub fn shown(facts: &[Fact], part: Part, world: &World, record: &Record) -> f64 {
    let scored: Vec<(&str, f64, f64)> = facts
        .iter()
        .filter(|f| f.whatif.is_none() && part.holds(f))
        .map(|f| {
            let holds = f.expression.holds(world, record, None) == Some(true);
            (f.block.as_str(), f.weight, f64::from(u8::from(holds)))
        })
        .collect();
    blocks_mean(&scored).0
}

/// Mean over blocks of the weighted mean log scores of `facts`, from their hits in `runs` runs; 0 is perfect.
pub fn plain_score(hits: &[u64], runs: u64, facts: &[Fact]) -> f64 {
    let scored: Vec<(&str, f64, f64)> =
        facts.iter().zip(hits).map(|(f, &h)| (f.block.as_str(), f.weight, log_score(h, runs))).collect();
    blocks_mean(&scored).0
}

/// Draws of the bootstrap.
const DRAWS: u64 = 1000;

/// Scores of all populations on one part of the facts.
#[derive(Clone, Debug)]
pub struct Board {
    /// The part.
    pub part: Part,
    /// One score a population, in their order.
    pub scores: Vec<Score>,
    /// Share of bootstrap samples, over facts within blocks and over runs, in which a school comes first among the schools;
    /// 0 for others.
    pub first: Vec<f64>,
}

impl Board {
    /// The greatest mean log score of a null model, with its place among the populations; none without null models.
    pub fn best_null(&self, all: &[Hits]) -> Option<(usize, f64)> {
        let nulls = (0..all.len()).filter(|&k| all[k].kind == "null").map(|k| (k, self.scores[k].mean));
        nulls.max_by(|a, b| a.1.total_cmp(&b.1))
    }

    /// Score of a population over the best null model; NaN without one.
    pub fn skill(&self, all: &[Hits], population: usize) -> f64 {
        self.best_null(all).map_or(f64::NAN, |null| self.scores[population].mean - null.1)
    }
}

/// Scores all populations on every part of the facts, in the order of [`Part::ALL`].
pub fn boards(all: &[Hits], facts: &[Fact], seed: u64) -> Vec<Board> {
    Part::ALL.iter().map(|part| score(all, facts, *part, seed)).collect()
}

/// Scores all populations on one part of the facts.
pub fn score(all: &[Hits], facts: &[Fact], part: Part, seed: u64) -> Board {
    let chosen: Vec<usize> = (0..facts.len()).filter(|&f| part.holds(&facts[f])).collect();
    let mut scores = Vec::new();
    for h in all {
        let with = |value: fn(u64, u64) -> f64| -> Vec<(&str, f64, f64)> {
            let one = |&f: &usize| (facts[f].block.as_str(), facts[f].weight, value(h.hits[f], h.runs));
            chosen.iter().map(one).collect()
        };
        let (mean, logs) = blocks_mean(&with(log_score));
        let (brier, squares) = blocks_mean(&with(brier_score));
        scores.push(Score {
            mean,
            interval: (f64::NAN, f64::NAN),
            brier,
            blocks: logs.into_iter().zip(squares).map(|((name, l), (_, b))| (name, l, b)).collect(),
            plain_hits: chosen.iter().filter(|&&f| 2 * h.hits[f] > h.runs).count(),
            facts: chosen.len(),
        });
    }
    let mut first = vec![0.0; all.len()];
    if chosen.is_empty() {
        return Board { part, scores, first };
    }
    let mut samples: Vec<Vec<f64>> = vec![Vec::new(); all.len()];
    let which = Part::ALL.iter().position(|p| *p == part).unwrap_or(0);
    let mut rng = random::stream(seed, Purpose::Design, which as u64);
    let mut by_block: Vec<(&str, Vec<usize>)> = Vec::new();
    for &f in &chosen {
        match by_block.iter_mut().find(|b| b.0 == facts[f].block) {
            Some(b) => b.1.push(f),
            None => by_block.push((&facts[f].block, vec![f])),
        }
    }
    for _ in 0..DRAWS {
        let mut sample: Vec<usize> = Vec::new();
        for (_, members) in &by_block {
            for _ in members {
                sample.push(members[(rng.next_u64() % members.len() as u64) as usize]);
            }
        }
        let mut best: Option<(usize, f64)> = None;
        for (k, h) in all.iter().enumerate() {
            let scored: Vec<(&str, f64, f64)> = sample
                .iter()
                .map(|&f| {
                    // runs resampled: a binomial draw by its normal approximation, kept within bounds
                    let (n, p) = (h.runs as f64, h.hits[f] as f64 / h.runs.max(1) as f64);
                    let uniform = |x: u64| (x >> 11) as f64 / (1u64 << 53) as f64;
                    let (u, v) = (uniform(rng.next_u64()).max(1e-300), uniform(rng.next_u64()));
                    let z = (-2.0 * libm::log(u)).sqrt() * libm::cos(std::f64::consts::TAU * v);
                    let drawn = (n * p + z * (n * p * (1.0 - p)).sqrt()).round().clamp(0.0, n);
                    (facts[f].block.as_str(), facts[f].weight, log_score(drawn as u64, h.runs))
                })
                .collect();
            let mean = blocks_mean(&scored).0;
            samples[k].push(mean);
            if h.kind == "school" && best.is_none_or(|b| mean > b.1) {
                best = Some((k, mean));
            }
        }
        if let Some((k, _)) = best {
            first[k] += 1.0 / DRAWS as f64;
        }
    }
    for (score, sample) in scores.iter_mut().zip(&mut samples) {
        sample.sort_by(f64::total_cmp);
        score.interval = (sample[(DRAWS as usize) / 40], sample[DRAWS as usize - 1 - DRAWS as usize / 40]);
    }
    Board { part, scores, first }
}

/// One bin of a reliability diagram.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bin {
    /// Least forecast of the bin.
    pub low: f64,
    /// Greatest forecast of the bin.
    pub high: f64,
    /// Statements in the bin: facts with such a share, and denials of facts whose share is its complement.
    pub statements: usize,
    /// Mean forecast of these statements.
    pub forecast: f64,
    /// Share of them that are facts, that is, came true.
    pub happened: f64,
}

/// Edges of the bins.
const EDGES: [f64; 6] = [0.0, 0.1, 0.35, 0.65, 0.9, 1.0];

/// The reliability diagram of a population (Murphy 1973). Every fact is a statement that came true, so its denial is one that
/// did not: each fact counts once at its share and once, denied, at the complement. A population whose shares are
/// chances has its bins on the diagonal; one that is sure and wrong lies below it on the right.
pub fn reliability(h: &Hits, facts: &[Fact], part: Part) -> Vec<Bin> {
    let shares: Vec<f64> = (0..facts.len())
        .filter(|&f| part.holds(&facts[f]))
        .map(|f| h.hits[f] as f64 / h.runs.max(1) as f64)
        .collect();
    let statements = || shares.iter().flat_map(|&p| [(p, true), (1.0 - p, false)]);
    let last = EDGES.len() - 2;
    let bin = |p: f64| EDGES[1..=last].iter().filter(|&&edge| p > edge || (edge > 0.5 && p >= edge)).count();
    (0..=last)
        .map(|b| {
            let mine: Vec<(f64, bool)> = statements().filter(|s| bin(s.0) == b).collect();
            let count = mine.len() as f64;
            Bin {
                low: EDGES[b],
                high: EDGES[b + 1],
                statements: mine.len(),
                forecast: mine.iter().map(|s| s.0).sum::<f64>() / count,
                happened: mine.iter().filter(|s| s.1).count() as f64 / count,
            }
        })
        .collect()
}

/// Share of runs that show a fact, with its 95% interval.
pub fn share(hits: u64, runs: u64) -> (f64, f64, f64) {
    let (low, high) = wilson(hits, runs);
    (hits as f64 / runs.max(1) as f64, low, high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::expression::Expression;

    #[test]
    fn log_scores_lie_between_laplace_s_bounds() {
        for runs in [20, 21, 100, 100_000] {
            assert!((log_score(0, runs) - (1.0f64 / 22.0).ln()).abs() < 1e-12, "{runs}");
            assert!((log_score(runs, runs) - (21.0f64 / 22.0).ln()).abs() < 1e-12, "{runs}");
        }
        assert!((log_score(13, 20) - (14.0f64 / 22.0).ln()).abs() < 1e-12, "twenty runs have all been seen");
        assert!((log_score(1, 1) - (2.0f64 / 3.0).ln()).abs() < 1e-12);
    }

    /// Both scores are unbiased: weighted by the binomial chances of their hits they give the same whatever the runs.
    #[test]
    fn scores_estimate_one_quantity_whatever_the_number_of_runs() {
        let expected = |runs: u64, p: f64, score: fn(u64, u64) -> f64| -> f64 {
            let mut chance = (1.0 - p).powf(runs as f64);
            let mut sum = 0.0;
            for h in 0..=runs {
                sum += chance * score(h, runs);
                chance *= (runs - h) as f64 / (h + 1) as f64 * p / (1.0 - p);
            }
            sum
        };
        for p in [0.02, 0.3, 0.75] {
            let at = expected(20, p, log_score);
            for runs in [21, 35, 100, 150] {
                assert!((expected(runs, p, log_score) - at).abs() < 1e-9, "p {p}, {runs} runs");
            }
            for runs in [2, 5, 100] {
                assert!((expected(runs, p, brier_score) - (1.0 - p).powi(2)).abs() < 1e-9);
            }
        }
    }

    fn fact(claims: &str, block: &str, holdout: bool) -> Fact {
        let claims: Vec<char> = claims.chars().collect();
        Fact {
            id: "F".into(),
            claim: String::new(),
            page: String::new(),
            source: String::new(),
            coder: String::new(),
            block: block.into(),
            holdout,
            weight: 1.0,
            measure: "1 > 0".into(),
            expression: Expression::Number(1.0),
            claims: [claims[0], claims[1], claims[2]],
            whatif: None,
            period: String::new(),
        }
    }

    fn hits(hits: &[u64], runs: u64) -> Hits {
        Hits {
            theory: "x".into(),
            kind: "school",
            parameters: 0,
            runs,
            hits: hits.to_vec(),
            missing: vec![0; hits.len()],
        }
    }

    #[test]
    fn parts_take_the_facts_they_name() {
        let facts =
            [fact("+-0", "a", false), fact("++0", "bloc to bloc", true), fact("0-+", "bloc to bloc", false)];
        let of = |part: Part| facts.iter().filter(|f| part.holds(f)).count();
        let counts: Vec<usize> = Part::ALL.iter().map(|p| of(*p)).collect();
        assert_eq!(counts, [2, 1, 3, 2, 2]);
    }

    /// A sure and right school stands at the corners of the diagonal; a shrug in the middle of it; a sure and wrong one
    /// has everything it calls impossible come true.
    #[test]
    fn reliability_of_the_right_the_wrong_and_the_shrug() {
        let facts = [fact("000", "a", false), fact("000", "a", false)];
        let right = reliability(&hits(&[10, 10], 10), &facts, Part::All);
        assert_eq!((right[0].statements, right[0].happened), (2, 0.0));
        assert_eq!((right[4].statements, right[4].happened), (2, 1.0));
        let wrong = reliability(&hits(&[0, 0], 10), &facts, Part::All);
        assert_eq!((wrong[0].happened, wrong[4].happened), (1.0, 0.0));
        let shrug = reliability(&hits(&[5, 5], 10), &facts, Part::All);
        assert_eq!((shrug[2].statements, shrug[2].happened, shrug[2].forecast), (4, 0.5, 0.5));
        for edges in [[1, 9], [2, 8], [3, 7]] {
            let both = reliability(&hits(&edges, 10), &facts, Part::All);
            let counts: Vec<usize> = both.iter().map(|b| b.statements).collect();
            let mirrored: Vec<usize> = counts.iter().rev().copied().collect();
            assert_eq!(counts, mirrored, "a statement and its denial lie in mirrored bins: {edges:?}");
        }
    }

    #[test]
    fn blocks_are_averaged_before_the_whole() {
        let scored = [("a", 1.0, -1.0), ("a", 1.0, -3.0), ("b", 1.0, -4.0)];
        assert!((blocks_mean(&scored).0 + 3.0).abs() < 1e-12, "(-2 - 4)/2, not (-1 - 3 - 4)/3");
    }
}
