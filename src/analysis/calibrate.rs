//! Calibration: each school's free parameters fitted to the calibration facts, and to nothing else.
//!
//! Every school gets the same number of evaluations and the same random numbers. The search is a designed one: the
//! shipped defaults, then Sobol' points over the whole box (Sobol' 1967; Joe & Kuo 2008), then the simplex of Nelder &
//! Mead (1965) from the best point, with the coefficients of Gao & Han (2012) for many dimensions.
//!
//! Hold-out facts cannot leak: [`Calibration`] keeps the facts of the calibration split only, and its runs stop at the
//! last step those facts speak of.

use super::facts::Fact;
use super::score::{Hits, hits, plain_score};
use super::whatif::{WhatIf, whatifs};
use crate::experiment::replicate::paired;
use crate::experiment::sequence::{SOBOL_DIMENSIONS, sobol};
use crate::model::World;
use crate::model::world::Population;
use crate::scenario::{Change, Mistake, Scenario, from_tree};
use crate::theory::{Parameter, Roster, SCHOOLS};

/// What a fit may see: the calibration facts and worlds cut off after the last step these speak of.
pub struct Calibration {
    facts: Vec<Fact>,
    /// The base and the what-ifs that calibration facts ask for.
    worlds: Vec<World>,
    /// For each fact, the place of its what-if among `worlds`.
    paired_with: Vec<Option<usize>>,
    replications: u64,
}

/// One evaluation of the score.
#[derive(Clone, Debug, PartialEq)]
pub struct Trial {
    /// Number, from 0: the shipped values.
    pub evaluation: usize,
    /// How the point was chosen: `default`, `sobol` or `simplex`.
    pub phase: &'static str,
    /// Values of the fitted parameters.
    pub values: Vec<f64>,
    /// Score on the calibration facts; 0 is perfect.
    pub score: f64,
}

/// The fit of one school.
#[derive(Clone, Debug)]
pub struct Fit {
    /// School, by its place among [`SCHOOLS`].
    pub school: usize,
    /// The parameters fitted.
    pub parameters: Vec<&'static Parameter>,
    /// Every evaluation in order.
    pub path: Vec<Trial>,
    /// Place of the best one; the earliest if several are as good.
    pub best: usize,
}

impl Fit {
    /// The evaluation at the values of the scenario.
    pub fn default(&self) -> &Trial {
        &self.path[0]
    }

    /// The best evaluation.
    pub fn fitted(&self) -> &Trial {
        &self.path[self.best]
    }
}

/// Hits of a school on the facts of a scenario, with these values of its parameters: for a fit that is over, on facts that took no
/// part in it or on another case.
///
/// # Errors
/// A value that does not pass the scenario's checks, or a run that fails.
pub fn with_values(
    scenario: &Scenario,
    facts: &[Fact],
    school: usize,
    parameters: &[&'static Parameter],
    values: &[f64],
    replications: u64,
) -> Result<Hits, Mistake> {
    let mut changes: Vec<Change> = scenario.changes.clone();
    for (p, value) in parameters.iter().zip(values) {
        let path = format!("theory.{}.{}", SCHOOLS[school], p.name);
        changes.push(Change { path, value: format!("{value:?}") });
    }
    let changed = from_tree(&scenario.path, scenario.tree.clone(), &changes)?;
    hits(&changed, facts, &whatifs(&changed)?, SCHOOLS[school], replications, || ())
}

impl Calibration {
    /// Takes what a fit may see out of a scenario.
    ///
    /// # Errors
    /// No calibration fact, or a what-if that does not pass the scenario's checks.
    pub fn new(
        scenario: &Scenario,
        facts: &[Fact],
        whatifs: &[WhatIf],
        replications: u64,
    ) -> Result<Self, Mistake> {
        let facts: Vec<Fact> = facts.iter().filter(|f| !f.holdout).cloned().collect();
        if facts.is_empty() {
            return Err(Mistake::general(format!("{} has no fact to calibrate on", scenario.path.display()))
                .help("a [[fact]] with split = \"calibration\" is one"));
        }
        let mut needed: Vec<usize> = facts.iter().filter_map(|f| f.whatif).collect();
        needed.sort_unstable();
        needed.dedup();
        let mut worlds = vec![scenario.world.clone()];
        for &which in &needed {
            worlds.push(whatifs[which].pair(scenario)?.world);
        }
        let last = facts.iter().map(|f| f.expression.last_step()).max().unwrap_or(0);
        for world in &mut worlds {
            world.calendar.steps = world.calendar.steps.min(last + 1);
        }
        let paired_with =
            facts.iter().map(|f| f.whatif.and_then(|w| needed.iter().position(|n| *n == w))).collect();
        Ok(Calibration { facts, worlds, paired_with, replications })
    }

    /// Number of calibration facts.
    pub fn facts(&self) -> usize {
        self.facts.len()
    }

    /// Runs one evaluation takes.
    pub fn runs(&self) -> u64 {
        self.replications * self.worlds.len() as u64
    }

    /// Label of the last step that is simulated.
    pub fn horizon(&self) -> String {
        let calendar = self.worlds[0].calendar;
        calendar.label(calendar.steps - 1)
    }

    /// The score of a roster. A what-if that changes a parameter itself keeps its change.
    fn score(&self, population: &Population, roster: &Roster) -> Result<f64, Mistake> {
        let base = self.worlds[0].roster;
        let worlds: Vec<World> = self
            .worlds
            .iter()
            .map(|world| {
                let mut own = *roster;
                for school in 0..SCHOOLS.len() {
                    for p in Roster::parameters(school) {
                        let (was, is) = (base.get(school, p.name), world.roster.get(school, p.name));
                        if let Some(value) = is.filter(|_| was != is) {
                            own.set(school, p.name, value);
                        }
                    }
                }
                World { roster: own, ..world.clone() }
            })
            .collect();
        let cases: Vec<(&World, &Population)> = worlds.iter().map(|w| (w, population)).collect();
        let mut hits = vec![0; self.facts.len()];
        paired(&cases, self.replications, |_, records| {
            for ((fact, place), hit) in self.facts.iter().zip(&self.paired_with).zip(&mut hits) {
                let alternative = place.map(|k| &records[k + 1]);
                *hit += u64::from(fact.expression.evaluate(&worlds[0], &records[0], alternative) == 1.0);
            }
            Ok(())
        })
        .map_err(|error| Mistake::general(format!("{error:#}")))?;
        Ok(plain_score(&hits, self.replications, &self.facts))
    }

    /// Fits the named parameters of a school (all of them if `names` is empty) in `budget` evaluations.
    ///
    /// # Errors
    /// A label that is no school, an unknown parameter, more parameters than Sobol' dimensions, or a run that fails.
    pub fn fit(
        &self,
        scenario: &Scenario,
        label: &str,
        names: &[String],
        budget: usize,
        mut tick: impl FnMut(),
    ) -> Result<Fit, Mistake> {
        let Some(school) = SCHOOLS.iter().position(|s| *s == label) else {
            return Err(Mistake::general(format!("`{label}` is no school: it has no parameters of its own"))
                .suggest(label, SCHOOLS));
        };
        let population = scenario.population(label)?;
        let all = Roster::parameters(school);
        let parameters: Vec<&'static Parameter> = match names {
            [] => all.iter().collect(),
            names => {
                let own: Vec<&str> =
                    names.iter().filter_map(|n| n.strip_prefix(label)?.strip_prefix('.')).collect();
                all.iter().filter(|p| own.contains(&p.name)).collect()
            }
        };
        if parameters.len() > SOBOL_DIMENSIONS {
            return Err(Mistake::general(format!(
                "{label} has {} parameters to fit; at most {SOBOL_DIMENSIONS} at once",
                parameters.len()
            ))
            .help("choose some with --parameters"));
        }
        let start = self.worlds[0].roster;
        let mut path: Vec<Trial> = Vec::new();
        let mut evaluate = |phase: &'static str, values: Vec<f64>| -> Result<f64, Mistake> {
            let mut roster = start;
            for (p, &value) in parameters.iter().zip(&values) {
                roster.set(school, p.name, value);
            }
            let score = self.score(&population, &roster)?;
            path.push(Trial { evaluation: path.len(), phase, values, score });
            tick();
            Ok(score)
        };
        let unit = |values: &[f64]| -> Vec<f64> {
            parameters
                .iter()
                .zip(values)
                .map(|(p, v)| ((v - p.low) / (p.high - p.low)).clamp(0.0, 1.0))
                .collect()
        };
        let value = |point: &[f64]| -> Vec<f64> {
            // six decimals, so that the fitted file says exactly what was run
            let round = |x: f64| (x * 1e6).round() / 1e6;
            parameters.iter().zip(point).map(|(p, x)| round(p.low + x * (p.high - p.low))).collect()
        };
        let shipped: Vec<f64> =
            parameters.iter().map(|p| start.get(school, p.name).unwrap_or(p.default)).collect();
        let mut best = (evaluate("default", shipped.clone())?, unit(&shipped));
        let dimensions = parameters.len();
        if dimensions > 0 {
            let designed = (budget.saturating_sub(1) / 3).max(1).min(budget.saturating_sub(1));
            // the first Sobol' point is the corner of all zeros: left out
            for point in sobol(designed, dimensions, 1) {
                let score = evaluate("sobol", value(&point))?;
                if score > best.0 {
                    best = (score, point);
                }
            }
            let left = budget.saturating_sub(1 + designed);
            nelder_mead(best, left, |point| evaluate("simplex", value(point)))?;
        }
        let mut best = 0;
        for (k, trial) in path.iter().enumerate() {
            if trial.score > path[best].score {
                best = k;
            }
        }
        Ok(Fit { school, parameters, path, best })
    }
}

/// The downhill simplex (Nelder & Mead 1965) in the unit cube, to the greatest value, in at most `budget` evaluations
/// beyond the start. Points outside are moved to the nearest face. Reflection 1, expansion `1 + 2/n`, contraction
/// `3/4 - 1/(2n)`, shrinkage `1 - 1/n` (Gao & Han 2012). Returns the best value and point.
///
/// # Errors
/// Whatever `f` reports.
pub fn nelder_mead<E>(
    start: (f64, Vec<f64>),
    budget: usize,
    mut f: impl FnMut(&[f64]) -> Result<f64, E>,
) -> Result<(f64, Vec<f64>), E> {
    let n = start.1.len();
    let size = n.max(2) as f64;
    let (expansion, contraction, shrinkage) = (1.0 + 2.0 / size, 0.75 - 0.5 / size, 1.0 - 1.0 / size);
    let mut left = budget;
    let mut simplex = vec![start.clone()];
    for d in 0..n {
        if left == 0 {
            break;
        }
        let mut point = start.1.clone();
        point[d] += if point[d] > 0.5 { -0.2 } else { 0.2 };
        left -= 1;
        simplex.push((f(&point)?, point));
    }
    // stable: among equals the older stays ahead
    let order = |s: &mut Vec<(f64, Vec<f64>)>| s.sort_by(|a, b| b.0.total_cmp(&a.0));
    order(&mut simplex);
    while left > 0 && simplex.len() == n + 1 && n > 0 {
        let centre: Vec<f64> =
            (0..n).map(|d| simplex[..n].iter().map(|s| s.1[d]).sum::<f64>() / n as f64).collect();
        let worst = simplex[n].clone();
        let along = |t: f64| -> Vec<f64> {
            centre.iter().zip(&worst.1).map(|(c, w)| (c + t * (c - w)).clamp(0.0, 1.0)).collect()
        };
        let reflected = along(1.0);
        left -= 1;
        let value = f(&reflected)?;
        if value > simplex[0].0 && left > 0 {
            let further = along(expansion);
            left -= 1;
            let more = f(&further)?;
            simplex[n] = if more > value { (more, further) } else { (value, reflected) };
        } else if value > simplex[n - 1].0 || left == 0 {
            if value > worst.0 {
                simplex[n] = (value, reflected);
            }
        } else {
            let inside = along(if value > worst.0 { contraction } else { -contraction });
            left -= 1;
            let nearer = f(&inside)?;
            if nearer > worst.0.max(value) {
                simplex[n] = (nearer, inside);
            } else {
                let best = simplex[0].1.clone();
                for vertex in simplex.iter_mut().skip(1) {
                    if left == 0 {
                        break;
                    }
                    let point: Vec<f64> =
                        best.iter().zip(&vertex.1).map(|(b, x)| b + shrinkage * (x - b)).collect();
                    left -= 1;
                    *vertex = (f(&point)?, point);
                }
            }
        }
        order(&mut simplex);
    }
    Ok(simplex.swap_remove(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The simplex climbs a tilted paraboloid whose top is known, and never spends more than it may.
    #[test]
    fn the_simplex_finds_the_top_of_a_hill() {
        let top = [0.3, 0.8, 0.55];
        let mut count = 0;
        let mut hill = |x: &[f64]| {
            count += 1;
            Ok::<f64, ()>(-x.iter().zip(top).map(|(x, t)| (x - t).powi(2)).sum::<f64>())
        };
        let start = vec![0.9, 0.1, 0.1];
        let at = hill(&start).expect("a value");
        let (value, point) = nelder_mead((at, start), 200, &mut hill).expect("a top");
        assert!(value > -1e-6, "{value} at {point:?}");
        assert!(count <= 201, "{count} evaluations");
    }

    /// A top beyond the face is sought on the face.
    #[test]
    fn the_simplex_stays_in_the_cube() {
        let mut outside = false;
        let (_, point) = nelder_mead((-4.0, vec![0.5, 0.5]), 80, |x: &[f64]| {
            outside |= x.iter().any(|v| !(0.0..=1.0).contains(v));
            Ok::<f64, ()>(-(x[0] - 2.0).powi(2) - (x[1] - 0.4).powi(2))
        })
        .expect("a top");
        assert!(!outside && point[0] > 0.99 && (point[1] - 0.4).abs() < 0.05, "{point:?}");
    }
}
