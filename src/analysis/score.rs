//! Theories on trial: how often the runs of a population show what happened.

use rand_chacha::rand_core::Rng;

use super::facts::Fact;
use super::whatif::WhatIf;
use crate::experiment::replicate::paired;
use crate::interval::wilson;
use crate::model::world::{Conviction, Population};
use crate::model::{Record, World};
use crate::random::{self, Purpose};
use crate::scenario::{Mistake, Scenario};
use crate::theory::{Roster, SCHOOLS};

/// Hits of one population: for each fact, the runs that show it.
#[derive(Clone, Debug)]
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

/// Score of a population on one part of the facts.
#[derive(Clone, Debug)]
pub struct Score {
    /// Mean over blocks of the blocks' weighted mean log scores; nearer 0 is better.
    pub mean: f64,
    /// 95% interval over bootstrap samples of facts and runs.
    pub interval: (f64, f64),
    /// Mean log score per block.
    pub blocks: Vec<(String, f64)>,
    /// Facts that most runs show.
    pub plain_hits: usize,
    /// Facts counted.
    pub facts: usize,
}

/// The log score of a share: `log p`, with p clipped to [1/(n+2), 1 - 1/(n+2)].
pub fn log_score(hits: u64, runs: u64) -> f64 {
    let n = runs as f64;
    let clip = 1.0 / (n + 2.0);
    (hits as f64 / n.max(1.0)).clamp(clip, 1.0 - clip).ln()
}

/// Kind of a population and its number of free parameters.
pub fn kind(population: &Population) -> (&'static str, usize) {
    let label = population.label.as_str();
    let of = |s: usize| Roster::parameters(s).len();
    if population.conviction != Conviction::Schools {
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

/// A population on trial: its world and those of the what-ifs its facts ask for.
#[derive(Debug)]
pub struct Trial {
    // the scenario itself, then the what-ifs asked for, by position
    worlds: Vec<(World, Population)>,
    asked: Vec<usize>,
    hits: Hits,
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
        Ok(Trial { worlds, asked, hits })
    }

    /// The worlds to be run side by side, replication by replication.
    pub fn cases(&self) -> Vec<(&World, &Population)> {
        self.worlds.iter().map(|(world, population)| (world, population)).collect()
    }

    /// Counts what the runs of one replication show, one record for each of [`Trial::cases`].
    pub fn count(&mut self, facts: &[Fact], records: &[Record]) {
        let (asked, world) = (&self.asked, &self.worlds[0].0);
        self.hits.runs += 1;
        let Hits { hits, missing, .. } = &mut self.hits;
        for ((fact, hit), missing) in facts.iter().zip(hits).zip(missing) {
            let place = fact.whatif.and_then(|w| asked.iter().position(|n| *n == w));
            let alternative = place.map(|k| &records[k + 1]);
            match fact.expression.holds(world, &records[0], alternative) {
                Some(holds) => *hit += u64::from(holds),
                None => *missing += 1,
            }
        }
    }

    /// What was counted so far.
    pub fn hits(&self) -> &Hits {
        &self.hits
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
    mut tick: impl FnMut(),
) -> Result<Hits, Mistake> {
    let mut trial = Trial::new(scenario, facts, whatifs, label)?;
    // the worlds are lent to the runs while hits are counted
    let worlds = trial.worlds.clone();
    let cases: Vec<_> = worlds.iter().map(|(world, population)| (world, population)).collect();
    paired(&cases, replications, |_, records| {
        tick();
        trial.count(facts, records);
        Ok(())
    })
    .map_err(|error| Mistake::general(format!("{error:#}")))?;
    Ok(trial.hits)
}

/// Mean over blocks of weighted block means.
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
    let mean = blocks.iter().map(|b| b.1).sum::<f64>() / blocks.len().max(1) as f64;
    (mean, blocks)
}

/// Mean over blocks of the weighted mean log scores of `facts`, from their hits in `runs` runs; 0 is perfect.
pub fn plain_score(hits: &[u64], runs: u64, facts: &[Fact]) -> f64 {
    let scored: Vec<(&str, f64, f64)> =
        facts.iter().zip(hits).map(|(f, &h)| (f.block.as_str(), f.weight, log_score(h, runs))).collect();
    blocks_mean(&scored).0
}

/// Draws of the bootstrap.
const DRAWS: u64 = 1000;

/// Scores all populations on the facts of one split, and says in which share of bootstrap samples (over facts within
/// blocks, and over runs) each school comes first among schools.
pub fn score(all: &[Hits], facts: &[Fact], holdout: bool, seed: u64) -> (Vec<Score>, Vec<f64>) {
    let chosen: Vec<usize> = (0..facts.len()).filter(|&f| facts[f].holdout == holdout).collect();
    let mut scores = Vec::new();
    for h in all {
        let scored: Vec<(&str, f64, f64)> = chosen
            .iter()
            .map(|&f| (facts[f].block.as_str(), facts[f].weight, log_score(h.hits[f], h.runs)))
            .collect();
        let (mean, blocks) = blocks_mean(&scored);
        scores.push(Score {
            mean,
            interval: (f64::NAN, f64::NAN),
            blocks,
            plain_hits: chosen.iter().filter(|&&f| 2 * h.hits[f] > h.runs).count(),
            facts: chosen.len(),
        });
    }
    let mut first = vec![0.0; all.len()];
    if chosen.is_empty() {
        return (scores, first);
    }
    let mut samples: Vec<Vec<f64>> = vec![Vec::new(); all.len()];
    let mut rng = random::stream(seed, Purpose::Design, u64::from(holdout));
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
                    let z = (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos();
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
    (scores, first)
}

/// Share of runs that show a fact, with its 95% interval.
pub fn share(hits: u64, runs: u64) -> (f64, f64, f64) {
    let (low, high) = wilson(hits, runs);
    (hits as f64 / runs.max(1) as f64, low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_scores_are_clipped() {
        assert!((log_score(0, 98) - (0.01f64).ln()).abs() < 1e-12);
        assert!((log_score(98, 98) - (0.99f64).ln()).abs() < 1e-12);
        assert!((log_score(49, 98) - (0.5f64).ln()).abs() < 1e-12);
    }

    #[test]
    fn blocks_are_averaged_before_the_whole() {
        let scored = [("a", 1.0, -1.0), ("a", 1.0, -3.0), ("b", 1.0, -4.0)];
        assert!((blocks_mean(&scored).0 + 3.0).abs() < 1e-12, "(-2 - 4)/2, not (-1 - 3 - 4)/3");
    }
}
