//! What-ifs around a date: what an event did while it was fresh, which a mean over the last years has forgotten.

use super::whatif::{Difference, WhatIf};
use crate::model::date::Date;
use crate::model::metrics::metrics;
use crate::model::{MetricKind, Record, Weighting, World};
use crate::output::rows::{self, Figure};
use crate::scenario::{Mistake, Node};

/// Steps over which metrics are averaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// First step.
    pub first: usize,
    /// Last step, included.
    pub last: usize,
}

impl Window {
    /// The year from the first of the events that a what-if drops; none if it drops none that happens in the run.
    pub fn after_event(whatif: &WhatIf, world: &World) -> Option<Self> {
        let dropped: Vec<String> = whatif.dropped.iter().filter_map(Node::text).collect();
        let first = world.events.iter().filter(|e| dropped.contains(&e.label)).map(|e| e.step).min()?;
        let year = (world.calendar.per_year() as usize).max(1);
        Some(Window { first, last: (first + year).min(world.calendar.steps) - 1 })
    }

    /// The steps from one date to another. Without a first date those of `given` begin, or the run; without a last one it is
    /// a year from the first date asked for, else where `given` or the run ends.
    ///
    /// # Errors
    /// Text that is not a date, a date outside the run, or an end before the start.
    pub fn between(
        from: Option<&str>,
        to: Option<&str>,
        given: Option<Self>,
        world: &World,
    ) -> Result<Self, Mistake> {
        let calendar = &world.calendar;
        let end = calendar.steps - 1;
        let step = |name: &str, text: &str| {
            let date = Date::parse(text).ok_or_else(|| {
                Mistake::general(format!("{name} {text}: not a date"))
                    .help("dates are 1999, 1999Q2, 1999-03 or 1999-03-24")
            })?;
            calendar.step_of(date).ok_or_else(|| {
                let (a, b) = (calendar.label(0), calendar.label(end));
                Mistake::general(format!("{name} {text} lies outside the run, which goes from {a} to {b}"))
            })
        };
        let first = match from {
            Some(text) => step("--from", text)?,
            // an event that comes after the last date says nothing about a window before it
            None => match (given, to) {
                (Some(w), Some(text)) if step("--to", text)? < w.first => 0,
                (given, _) => given.map_or(0, |w| w.first),
            },
        };
        let year = (calendar.per_year() as usize).max(1);
        let last = match to {
            // a plain year ends with its last step
            Some(text) => {
                let step = step("--to", text)?;
                let plain = text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
                if plain { (step + year).min(calendar.steps) - 1 } else { step }
            }
            None if from.is_some() => (first + year).min(calendar.steps) - 1,
            None => given.map_or(end, |w| w.last),
        };
        if last < first {
            let (a, b) = (calendar.label(first), calendar.label(last));
            return Err(Mistake::general(format!("the window from {a} to {b} is empty")));
        }
        Ok(Window { first, last })
    }

    /// Means of metrics over the window, NaN where no step has a value; a metric is known by its place.
    pub fn means(&self, record: &Record, places: &[Option<usize>]) -> Vec<f64> {
        let mean = |place: &Option<usize>| {
            let Some(metric) = *place else { return f64::NAN };
            let values = (self.first..=self.last).map(|s| record.value(s, metric)).filter(|x| !x.is_nan());
            let (sum, count) = values.fold((0.0, 0.0), |(s, c), x| (s + x, c + 1.0));
            sum / count
        };
        places.iter().map(mean).collect()
    }
}

/// The metrics a window shows: those asked for, otherwise cooperation of every pair and group that the scenario watches.
///
/// # Errors
/// A metric that the scenario does not have.
pub fn watched(world: &World, asked: &[String]) -> Result<Vec<String>, Mistake> {
    let all = metrics(world);
    for name in asked {
        if !all.iter().any(|m| m.name == *name) {
            return Err(Mistake::general(format!("no metric is called `{name}`"))
                .suggest(name, all.iter().map(|m| m.name.as_str())));
        }
    }
    if !asked.is_empty() {
        return Ok(asked.to_vec());
    }
    let cooperation = |kind: &MetricKind| matches!(kind, MetricKind::Cooperation(_, _, Weighting::Stake));
    Ok(all.into_iter().filter(|m| cooperation(&m.kind)).map(|m| m.name).collect())
}

/// Where the metrics stand in a world; another world may lack some.
pub fn places(world: &World, names: &[String]) -> Vec<Option<usize>> {
    let all = metrics(world);
    names.iter().map(|name| all.iter().position(|m| m.name == *name)).collect()
}

/// The row of windows.csv.
pub fn row(
    theory: &str,
    whatif: &WhatIf,
    metric: &str,
    (world, window): (&World, Window),
    found: &Difference,
) -> rows::WindowChange {
    let (ci_low, ci_high) = found.interval();
    rows::WindowChange {
        theory: theory.into(),
        whatif: (&whatif.id).into(),
        label: (&whatif.label).into(),
        metric: metric.into(),
        from: world.calendar.label(window.first),
        to: world.calendar.label(window.last),
        n: found.n,
        base: Figure(found.base),
        alternative: Figure(found.alternative),
        difference: Figure(found.difference),
        ci_low,
        ci_high,
    }
}
