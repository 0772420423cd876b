//! The theory contract: what each school claims of the world, as paired experiments that anybody can repeat.
//!
//! A proposition is a block of TOML: a claim and its source, a world, what is changed, a measure over the runs, and how large
//! the measure must at least (or may at most) be. The runs of a proposition share their random numbers, replication by
//! replication. Every proposition is measured twice: under its school, and with every school's own terms switched off. An
//! effect that the neutral egoist shows too belongs to the frame or to the inputs, not to the school.
//!
//! Functions over a run are averaged over replications and seeds first; the measure is made from these means. Its interval
//! is the jackknife's over the pairs, which is Student's wherever the measure is linear (Tukey 1958; Efron & Tibshirani 1993).

mod closed;
mod operation;
mod read;

use crate::experiment::replicate::paired;
use crate::interval::t95;
use crate::model::World;
use crate::model::world::Population;
use crate::output::Tables;
use crate::output::rows::{self, Figure, Small};
use crate::scenario::{Mistake, NEUTRAL, Scenario};

use super::expression::Expression;
pub use closed::{CLOSED, ClosedForm};
pub use operation::{FORMS, Operation};
pub use read::{CONTRACT, Contract, Wanted, read};

/// A claim of a school that the simulated school must keep.
#[derive(Clone, Debug)]
pub struct Proposition {
    /// Short name, for instance `R01`.
    pub id: String,
    /// Whose claim it is: a school, `across` for an order among schools, or `frame`.
    pub school: String,
    /// The claim in one sentence.
    pub claim: String,
    /// Who argued it.
    pub source: String,
    /// The world's file as typed.
    pub world: String,
    /// What is changed, in the words of the file.
    pub change: String,
    /// The runs side by side; the first is the one the measure speaks of.
    pub runs: Vec<Run>,
    /// What is measured.
    pub measure: Measure,
    /// The measure as typed.
    pub typed: String,
    /// Whether the bound is a floor or a ceiling.
    pub direction: Direction,
    /// The bound.
    pub bound: f64,
    /// Master seeds.
    pub seeds: Vec<u64>,
    /// Replications for each seed.
    pub replications: u64,
    /// Whether the rules are held to keep it.
    pub holds: bool,
    /// Why it does not hold, if so.
    pub why: String,
    /// Remark.
    pub note: String,
}

/// One of the paired runs of a proposition.
#[derive(Clone, Debug)]
pub struct Run {
    /// Name by which the measure asks for it.
    pub name: String,
    /// The changed scenario.
    pub scenario: Scenario,
    /// Who decides.
    pub population: Population,
}

/// What is measured in the runs of a proposition.
#[derive(Clone, Debug)]
pub enum Measure {
    /// An expression over the runs.
    Expression(Expression),
    /// A closed form of the rules; nothing is drawn.
    Closed(&'static ClosedForm),
}

/// Which side of its bound a value must be on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The bound or more.
    AtLeast,
    /// The bound or less.
    AtMost,
}

impl Direction {
    /// The word of the file.
    pub fn name(self) -> &'static str {
        match self {
            Direction::AtLeast => "at least",
            Direction::AtMost => "at most",
        }
    }

    /// How far `value` is on the good side of `bound`; negative on the other.
    pub fn slack(self, value: f64, bound: f64) -> f64 {
        match self {
            Direction::AtLeast => value - bound,
            Direction::AtMost => bound - value,
        }
    }
}

/// What a contract's runs say of a measure.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    /// Pairs of runs, over all seeds; 0 for a closed form.
    pub n: u64,
    /// The measure of the means over all pairs.
    pub value: f64,
    /// Lower end of the 95% interval; the value itself for a closed form, NaN for a single pair.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// The measure by master seed.
    pub seeds: Vec<(u64, f64)>,
}

/// What became of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The whole interval is on the good side of the bound.
    Shown,
    /// The interval holds the bound: a matter of seeds.
    Near,
    /// The whole interval is on the wrong side, or there is no value.
    NotShown,
}

impl Verdict {
    /// The word used in tables.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Shown => "shown",
            Verdict::Near => "near its bound",
            Verdict::NotShown => "not shown",
        }
    }
}

/// A proposition with what the runs say.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Under its school.
    pub school: Estimate,
    /// With every school's terms switched off.
    pub neutral: Estimate,
    /// What became of it.
    pub verdict: Verdict,
}

impl Proposition {
    /// How many runs its measurement takes.
    pub fn cost(&self) -> u64 {
        match self.measure {
            Measure::Expression(_) => {
                2 * self.runs.len() as u64 * self.seeds.len() as u64 * self.replications
            }
            Measure::Closed(_) => 0,
        }
    }

    /// Measures it under its school and with every school's terms switched off. `tick` is told of every run that ends.
    ///
    /// # Errors
    /// If a population of a run cannot be made neutral.
    pub fn measure(&self, mut tick: impl FnMut(u64)) -> anyhow::Result<Finding> {
        let own: Vec<Population> = self.runs.iter().map(|run| run.population.clone()).collect();
        let school = self.estimate(&own, &mut tick)?;
        let neutral: Vec<Population> =
            self.runs.iter().map(|run| run.scenario.population(NEUTRAL)).collect::<Result<_, _>>()?;
        let neutral = self.estimate(&neutral, &mut tick)?;
        let verdict = self.judge(&school);
        Ok(Finding { school, neutral, verdict })
    }

    /// What an estimate says of the claim.
    pub fn judge(&self, estimate: &Estimate) -> Verdict {
        let slack = |x: f64| self.direction.slack(x, self.bound);
        let ends = [estimate.low, estimate.high].map(slack);
        if estimate.value.is_nan() {
            Verdict::NotShown
        } else if ends.iter().any(|end| end.is_nan()) {
            // one pair has no interval
            if slack(estimate.value) >= 0.0 { Verdict::Shown } else { Verdict::NotShown }
        } else if ends.iter().all(|&end| end >= 0.0) {
            Verdict::Shown
        } else if ends.iter().any(|&end| end >= 0.0) {
            Verdict::Near
        } else {
            Verdict::NotShown
        }
    }

    /// Whether the declaration agrees with the finding: what holds must not fail, what does not must not start to hold unnoticed.
    pub fn kept(&self, verdict: Verdict) -> bool {
        verdict != if self.holds { Verdict::NotShown } else { Verdict::Shown }
    }

    fn estimate(&self, populations: &[Population], tick: &mut dyn FnMut(u64)) -> anyhow::Result<Estimate> {
        let expression = match &self.measure {
            Measure::Closed(form) => {
                let cases: Vec<(&World, &Population)> =
                    self.runs.iter().map(|run| &run.scenario.world).zip(populations).collect();
                let value = (form.value)(&cases);
                return Ok(Estimate { n: 0, value, low: value, high: value, seeds: Vec::new() });
            }
            Measure::Expression(expression) => expression,
        };
        let (mut rows, mut seeds) = (Vec::new(), Vec::new());
        for &seed in &self.seeds {
            let worlds: Vec<World> =
                self.runs.iter().map(|run| World { seed, ..run.scenario.world.clone() }).collect();
            let cases: Vec<(&World, &Population)> = worlds.iter().zip(populations).collect();
            let first = rows.len();
            paired(&cases, self.replications, |_, records| {
                let runs: Vec<_> = worlds.iter().zip(records).collect();
                let mut leaves = Vec::new();
                expression.combine(0, &mut |leaf, at| {
                    let value = leaf.read(&runs, at);
                    leaves.push(value);
                    value
                });
                rows.push(leaves);
                tick(cases.len() as u64);
                Ok(())
            })?;
            let own: Vec<&Vec<f64>> = rows[first..].iter().collect();
            seeds.push((seed, of_means(expression, &own)));
        }
        let all: Vec<&Vec<f64>> = rows.iter().collect();
        let value = of_means(expression, &all);
        let half = jackknife(expression, &all);
        Ok(Estimate { n: all.len() as u64, value, low: value - half, high: value + half, seeds })
    }
}

/// The expression made from the means of its functions over runs; missing values are left out of their mean.
fn of_means(expression: &Expression, rows: &[&Vec<f64>]) -> f64 {
    let mut place = 0;
    expression.combine(0, &mut |_, _| {
        let values = rows.iter().map(|row| row[place]).filter(|x| !x.is_nan());
        let (sum, count) = values.fold((0.0, 0.0), |(sum, count), x| (sum + x, count + 1.0));
        place += 1;
        sum / count
    })
}

/// Half the 95% interval of [`of_means`] by the jackknife over rows; NaN for one row.
fn jackknife(expression: &Expression, rows: &[&Vec<f64>]) -> f64 {
    let n = rows.len();
    if n < 2 {
        return f64::NAN;
    }
    let without = |k: usize| -> f64 {
        let rest: Vec<&Vec<f64>> =
            rows.iter().enumerate().filter(|(r, _)| *r != k).map(|(_, row)| *row).collect();
        of_means(expression, &rest)
    };
    let values: Vec<f64> = (0..n).map(without).collect();
    let count = n as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares: f64 = values.iter().map(|x| (x - mean).powi(2)).sum();
    t95(n as u64 - 1) * (squares * (count - 1.0) / count).sqrt()
}

/// Writes the tables of a contract.
///
/// # Errors
/// If a table cannot be written.
pub fn write(tables: &mut impl Tables, found: &[(&Proposition, &Finding)]) -> anyhow::Result<()> {
    tables.rows(found.iter().map(|(p, finding)| {
        let (own, neutral) = (&finding.school, &finding.neutral);
        rows::Claim {
            proposition: (&p.id).into(),
            school: (&p.school).into(),
            claim: (&p.claim).into(),
            source: (&p.source).into(),
            world: (&p.world).into(),
            change: (&p.change).into(),
            measure: (&p.typed).into(),
            direction: p.direction.name().into(),
            bound: Small(p.bound),
            n: own.n,
            value: Small(own.value),
            ci_low: Small(own.low),
            ci_high: Small(own.high),
            neutral: Small(neutral.value),
            neutral_low: Small(neutral.low),
            neutral_high: Small(neutral.high),
            verdict: finding.verdict.name().into(),
            declared: if p.holds { "holds" } else { "does not hold" }.into(),
            why: (&p.why).into(),
            note: (&p.note).into(),
        }
    }))?;
    let mut table = tables.open::<rows::ClaimSeed>()?;
    for (p, finding) in found {
        for (population, estimate) in [("school", &finding.school), ("neutral", &finding.neutral)] {
            for &(seed, value) in &estimate.seeds {
                table.write(&rows::ClaimSeed {
                    proposition: (&p.id).into(),
                    population: population.into(),
                    seed,
                    value: Figure(value),
                })?;
            }
        }
    }
    tables.close(table)
}

/// A mistake about a proposition.
fn about(id: &str, mistake: Mistake) -> Mistake {
    Mistake { message: format!("in the proposition {id}: {}", mistake.message), ..mistake }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proposition(direction: Direction, bound: f64, holds: bool) -> Proposition {
        Proposition {
            id: "X".into(),
            school: "realism".into(),
            claim: String::new(),
            source: String::new(),
            world: String::new(),
            change: String::new(),
            runs: Vec::new(),
            measure: Measure::Closed(&CLOSED[0]),
            typed: String::new(),
            direction,
            bound,
            seeds: vec![1],
            replications: 2,
            holds,
            why: String::new(),
            note: String::new(),
        }
    }

    fn estimate(value: f64, low: f64, high: f64) -> Estimate {
        Estimate { n: 2, value, low, high, seeds: Vec::new() }
    }

    #[test]
    fn a_verdict_is_the_place_of_the_interval() {
        let floor = proposition(Direction::AtLeast, 0.1, true);
        assert_eq!(floor.judge(&estimate(0.3, 0.2, 0.4)), Verdict::Shown);
        assert_eq!(floor.judge(&estimate(0.12, 0.05, 0.2)), Verdict::Near);
        assert_eq!(floor.judge(&estimate(0.08, 0.05, 0.11)), Verdict::Near);
        assert_eq!(floor.judge(&estimate(0.0, -0.1, 0.05)), Verdict::NotShown);
        assert_eq!(floor.judge(&estimate(f64::NAN, f64::NAN, f64::NAN)), Verdict::NotShown);
        let ceiling = proposition(Direction::AtMost, 0.1, true);
        assert_eq!(ceiling.judge(&estimate(0.0, -0.1, 0.05)), Verdict::Shown);
        assert_eq!(ceiling.judge(&estimate(0.3, 0.2, 0.4)), Verdict::NotShown);
    }

    #[test]
    fn a_declaration_is_held_to_both_ways() {
        let (holds, not) =
            (proposition(Direction::AtLeast, 0.1, true), proposition(Direction::AtLeast, 0.1, false));
        for (verdict, expected) in [
            (Verdict::Shown, [true, false]),
            (Verdict::Near, [true, true]),
            (Verdict::NotShown, [false, true]),
        ] {
            assert_eq!([holds.kept(verdict), not.kept(verdict)], expected, "{verdict:?}");
        }
    }
}
