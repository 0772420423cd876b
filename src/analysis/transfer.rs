//! What a fit is worth beyond what it was fitted on: scores with the shipped and the fitted values on facts that took no part.

use super::calibrate::{Fit, with_values};
use super::compare::Case;
use super::facts::Fact;
use super::score::{Hits, Part, hits, plain_score, score};
use crate::output::rows::{self, Figure};
use crate::scenario::{Mistake, NULLS};
use crate::theory::SCHOOLS;

/// Which values a school was run with.
pub const VALUES: [&str; 2] = ["default", "fitted"];

/// Scores of a fit on the hold-out facts of its own case, with the values of [`VALUES`]; NaN if there are none.
///
/// # Errors
/// A value that does not pass the scenario's checks, or a run that fails.
pub fn held_out(case: &Case, held: &[Fact], fit: &Fit, replications: u64) -> Result<[f64; 2], Mistake> {
    let mut scores = [f64::NAN; 2];
    if !held.is_empty() {
        for (slot, values) in scores.iter_mut().zip([&fit.default().values, &fit.fitted().values]) {
            let counted =
                with_values(&case.scenario, held, fit.school, &fit.parameters, values, replications)?;
            *slot = plain_score(&counted.hits, replications, held);
        }
    }
    Ok(scores)
}

/// A fit on one case.
#[derive(Clone, Copy, Debug)]
pub struct Passed {
    /// Scores with the values of [`VALUES`].
    pub scores: [f64; 2],
    /// Mean Brier scores.
    pub briers: [f64; 2],
    /// Score of the best null model.
    pub null: f64,
    /// Facts.
    pub facts: usize,
}

/// Every fit on every case, fits first: `on` is the case they were made on, the others took no part.
///
/// # Errors
/// A value that does not pass a case's checks, or a run that fails.
pub fn transfer(cases: &[Case], fits: &[Fit], replications: u64) -> Result<Vec<Vec<Passed>>, Mistake> {
    let null = |case: &Case| {
        let all =
            NULLS.iter().map(|n| hits(&case.scenario, &case.facts, &case.whatifs, n.0, replications, || ()));
        let all = all.collect::<Result<Vec<Hits>, Mistake>>()?;
        Ok(all.iter().map(|h| plain_score(&h.hits, h.runs, &case.facts)).fold(f64::NEG_INFINITY, f64::max))
    };
    let nulls = cases.iter().map(null).collect::<Result<Vec<f64>, Mistake>>()?;
    let one = |fit: &Fit, case: &Case, null: f64| {
        let mut passed = Passed { scores: [0.0; 2], briers: [0.0; 2], null, facts: 0 };
        for (k, values) in [&fit.default().values, &fit.fitted().values].into_iter().enumerate() {
            let scenario = &case.scenario;
            let counted =
                with_values(scenario, &case.facts, fit.school, &fit.parameters, values, replications)?;
            let board = score(&[counted], &case.facts, Part::All, scenario.world.seed);
            let found = &board.scores[0];
            (passed.scores[k], passed.briers[k], passed.facts) = (found.mean, found.brier, found.facts);
        }
        Ok(passed)
    };
    let on_cases = |fit: &Fit| cases.iter().zip(&nulls).map(|(case, null)| one(fit, case, *null)).collect();
    fits.iter().map(on_cases).collect()
}

/// The rows of transfer.csv.
pub fn table(cases: &[Case], on: usize, fits: &[Fit], passed: &[Vec<Passed>]) -> Vec<rows::Transfer> {
    let mut out = Vec::new();
    for (fit, passed) in fits.iter().zip(passed) {
        for (c, (case, p)) in cases.iter().zip(passed).enumerate() {
            out.extend((0..2).map(|k| rows::Transfer {
                theory: SCHOOLS[fit.school].into(),
                case: (&case.scenario.name).into(),
                fitted_on: u8::from(c == on),
                values: VALUES[k].into(),
                score: Figure(p.scores[k]),
                brier: Figure(p.briers[k]),
                skill: Figure(p.scores[k] - p.null),
                facts: p.facts,
            }));
        }
    }
    out
}
