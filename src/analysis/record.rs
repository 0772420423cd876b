//! Runs beside the record: yearly series from elsewhere and the coded dots, compared by their changes.
//!
//! Dated acts are input and carry every reading up and down with them, so that a correlation praises no school by itself:
//! its null distribution and the null models' own correlations stand beside it.

use rand_chacha::rand_core::Rng;

use crate::model::World;
use crate::model::date::Date;
use crate::random::{self, Purpose};
use crate::scenario::document::suggestion;
use crate::scenario::{Mistake, Node, Scenario};

/// A series to hold runs against.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// What is measured.
    pub name: String,
    /// Name of the metric it is held against.
    pub metric: String,
    /// Column of that metric.
    pub column: usize,
    /// 1, or -1 if more of it means worse relations.
    pub sign: f64,
    /// First and last step of the run each value speaks of, and the value; in order.
    pub points: Vec<(usize, usize, f64)>,
    /// Where it comes from.
    pub source: String,
}

/// A correlation of changes, with what chance alone would give.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Correlation {
    /// Changes from one value to the next that both sides have.
    pub changes: usize,
    /// Pearson's correlation of them; NaN with fewer than [`LEAST`], or if one side never changes.
    pub value: f64,
    /// Middle 95% of the correlations when the series' changes are shuffled.
    pub null: (f64, f64),
    /// Share of shuffles that correlate at least as highly (one-sided, the order that happened counted among them).
    pub p: f64,
}

/// Least number of changes that are correlated.
pub const LEAST: usize = 5;

/// Shuffles of the permutation null.
const SHUFFLES: usize = 2000;

/// The series of a scenario: each `[[series]]`, then the coded `[[record]]` of each metric.
///
/// # Errors
/// An unknown metric, a year that is no year, a year without a value between two that have one, two values for a
/// year, or a series that does not touch the run.
pub fn series(scenario: &Scenario) -> Result<Vec<Series>, Mistake> {
    let world = &scenario.world;
    let metrics: Vec<String> = crate::model::metrics::metrics(world).into_iter().map(|m| m.name).collect();
    let column = |node: &Node| -> Result<(String, usize), Mistake> {
        let name = node.text().unwrap_or_default();
        let place = metrics.iter().position(|m| *m == name);
        place.map(|place| (name.clone(), place)).ok_or_else(|| {
            let known: Vec<&str> = metrics.iter().map(String::as_str).collect();
            let mistake = Mistake::at(&node.origin, format!("unknown metric `{name}`"));
            match suggestion(&name, &known) {
                Some(help) => mistake.help(help),
                None => mistake,
            }
        })
    };
    let mut out: Vec<Series> = Vec::new();
    for block in scenario.tree.get("series").map(Node::items).unwrap_or(&[]) {
        let text = |key: &str| block.get(key).and_then(Node::text).unwrap_or_default();
        let (metric, column) = column(block.get("metric").unwrap_or(block))?;
        let turned = text("turned") == "true";
        let mut values: Vec<(i32, f64)> = Vec::new();
        for (typed, entry) in block.get("values").into_iter().flat_map(Node::entries) {
            let Some(year) = typed.parse::<i32>().ok().filter(|y| (1000..=9999).contains(y)) else {
                // a quarter or a month of a year that stands there already is a second value for it
                let again = Date::parse(typed).is_some_and(|d| values.iter().any(|v| v.0 == d.year()));
                let message = match again {
                    true => format!("two values for a year: `{typed}` beside its year"),
                    false => format!("`{typed}` is not a year"),
                };
                return Err(
                    Mistake::at(&entry.key, message).help("one value a year, for instance 1999 = 0.4")
                );
            };
            if let Some(last) = values.last().filter(|last| year != last.0 + 1) {
                return Err(Mistake::at(
                    &entry.key,
                    format!("the series `{}` has a gap: {} is followed by {year}", text("name"), last.0),
                )
                .help("yearly changes need every year, in order: cut the series to one stretch, or split it in two"));
            }
            values.push((year, entry.node.number().unwrap_or(f64::NAN)));
        }
        let points: Vec<(usize, usize, f64)> = values
            .into_iter()
            .filter_map(|(year, value)| years(world, year).map(|(first, last)| (first, last, value)))
            .collect();
        if points.is_empty() {
            let calendar = world.calendar;
            return Err(Mistake::at(
                &block.origin,
                format!(
                    "the series `{}` has no year of the run, {} to {}",
                    text("name"),
                    calendar.label(0),
                    calendar.label(calendar.steps - 1)
                ),
            ));
        }
        let sign = if turned { -1.0 } else { 1.0 };
        out.push(Series { name: text("name"), metric, column, sign, points, source: text("source") });
    }
    let mut coded: Vec<Series> = Vec::new();
    for block in scenario.tree.get("record").map(Node::items).unwrap_or(&[]) {
        let (metric, column) = column(block.get("metric").unwrap_or(block))?;
        let date = block.get("date").and_then(Node::text).and_then(|t| Date::parse(&t));
        let Some(step) = date.and_then(|d| world.calendar.step_of(d)) else { continue };
        let value = block.get("value").and_then(Node::number).unwrap_or(f64::NAN);
        let slot = match coded.iter().position(|s| s.column == column) {
            Some(slot) => slot,
            None => {
                let source = "[[record]] of the scenario".to_string();
                coded.push(Series {
                    name: "coded record".into(),
                    metric,
                    column,
                    sign: 1.0,
                    points: Vec::new(),
                    source,
                });
                coded.len() - 1
            }
        };
        coded[slot].points.push((step, step, value));
    }
    for one in &mut coded {
        one.points.sort_by_key(|p| p.0);
    }
    out.extend(coded);
    Ok(out)
}

/// First and last step of a year, if the run has any.
fn years(world: &World, year: i32) -> Option<(usize, usize)> {
    let calendar = world.calendar;
    let mut mine = (0..calendar.steps).filter(|&s| calendar.date(s).year() == year);
    let first = mine.next()?;
    Some((first, mine.next_back().unwrap_or(first)))
}

impl Series {
    /// Correlation of the changes of a population's means with those of the series. `means` are the means of the series' metric,
    /// step by step.
    pub fn correlation(&self, means: &[f64], seed: u64) -> Correlation {
        let level = |&(first, last, _): &(usize, usize, f64)| {
            let values: Vec<f64> = means[first..=last].iter().copied().filter(|x| x.is_finite()).collect();
            values.iter().sum::<f64>() / values.len() as f64
        };
        let pairs: Vec<(f64, f64)> = self
            .points
            .windows(2)
            .map(|w| (level(&w[1]) - level(&w[0]), self.sign * (w[1].2 - w[0].2)))
            .filter(|(x, y)| x.is_finite() && y.is_finite())
            .collect();
        let missing =
            Correlation { changes: pairs.len(), value: f64::NAN, null: (f64::NAN, f64::NAN), p: f64::NAN };
        if pairs.len() < LEAST {
            return missing;
        }
        let xs: Vec<f64> = pairs.iter().map(|p| p.0).collect();
        let mut ys: Vec<f64> = pairs.iter().map(|p| p.1).collect();
        let value = pearson(&xs, &ys);
        if !value.is_finite() {
            return missing;
        }
        let mut rng = random::stream(seed, Purpose::Design, 1 << 32);
        let mut shuffled = Vec::with_capacity(SHUFFLES);
        for _ in 0..SHUFFLES {
            for k in (1..ys.len()).rev() {
                ys.swap(k, (rng.next_u64() % (k as u64 + 1)) as usize);
            }
            shuffled.push(pearson(&xs, &ys));
        }
        let above = shuffled.iter().filter(|&&r| r >= value - 1e-12).count();
        shuffled.sort_by(f64::total_cmp);
        let tail = SHUFFLES / 40;
        Correlation {
            changes: pairs.len(),
            value,
            null: (shuffled[tail], shuffled[SHUFFLES - 1 - tail]),
            p: (above + 1) as f64 / (SHUFFLES + 1) as f64,
        }
    }
}

/// Pearson's correlation; NaN if one side does not vary.
fn pearson(xs: &[f64], ys: &[f64]) -> f64 {
    let n = xs.len() as f64;
    let (mx, my) = (xs.iter().sum::<f64>() / n, ys.iter().sum::<f64>() / n);
    let (mut xy, mut xx, mut yy) = (0.0, 0.0, 0.0);
    for (x, y) in xs.iter().zip(ys) {
        xy += (x - mx) * (y - my);
        xx += (x - mx).powi(2);
        yy += (y - my).powi(2);
    }
    // what does not vary but for the last digits does not vary
    if xx < 1e-24 || yy < 1e-24 { f64::NAN } else { xy / (xx * yy).sqrt() }
}

/// The columns that the series need, each once.
pub fn columns(series: &[Series]) -> Vec<usize> {
    let mut columns: Vec<usize> = series.iter().map(|s| s.column).collect();
    columns.sort_unstable();
    columns.dedup();
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    fn yearly(values: &[f64], sign: f64) -> Series {
        let points = values.iter().enumerate().map(|(k, &v)| (2 * k, 2 * k + 1, v)).collect();
        Series { name: "s".into(), metric: "m".into(), column: 0, sign, points, source: String::new() }
    }

    #[test]
    fn changes_are_correlated_not_levels() {
        // levels rise together, changes go against each other
        let (a, b) = ([0.0, 1.0, 3.0, 4.0, 6.0, 7.0, 9.0], [0.0, 2.0, 3.0, 5.0, 6.0, 8.0, 9.0]);
        let means: Vec<f64> = a.iter().flat_map(|&x| [x - 0.1, x + 0.1]).collect();
        let found = yearly(&b, 1.0).correlation(&means, 1);
        assert_eq!(found.changes, 6);
        assert!((found.value + 1.0).abs() < 1e-9, "{found:?}");
        assert!(found.p > 0.99 && found.null.0 < -0.9 && found.null.1 > 0.9, "{found:?}");
        let turned = yearly(&b, -1.0).correlation(&means, 1);
        assert!((turned.value - 1.0).abs() < 1e-9, "more of it means worse");
        // among twenty orders of three rises and three smaller ones two are perfect, one of them this one
        assert!((turned.p - 0.05).abs() < 0.02, "{turned:?}");
    }

    #[test]
    fn what_does_not_vary_has_no_correlation() {
        let series = yearly(&[1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0], 1.0);
        assert!(series.correlation(&[0.5; 14], 1).value.is_nan());
        assert!(yearly(&[1.0, 2.0, 1.0], 1.0).correlation(&[0.0, 0.1, 0.2, 0.3, 0.1, 0.2], 1).value.is_nan());
    }
}
