//! What matters: sensitivity indices as bars.

use serde_json::{Value, json};

use super::source::{estimate, grouped};
use super::texts::{self, text};
use super::{Chart, Source, caption, label, populations};
use crate::output::rows::Sensitivity;
use crate::theory::SCHOOLS;

/// The rows about the outcome to draw: the one that was asked for, else a framework where it varies, else the first.
pub(super) fn rows(source: &Source) -> anyhow::Result<Vec<Sensitivity>> {
    if !source.has("sensitivity.csv") {
        return Ok(Vec::new());
    }
    let mut rows: Vec<Sensitivity> = source.rows()?;
    let asked = source.text(&["outcome"]);
    let named = |name: &str| rows.iter().find(|r| r.outcome == name);
    let wanted = named(asked).or_else(|| named("framework")).or(rows.first()).map(|r| r.outcome.clone());
    rows.retain(|r| Some(&r.outcome) == wanted.as_ref());
    Ok(rows)
}

/// Populations of the rows, schools first in their usual order.
pub(super) fn order(rows: &[Sensitivity]) -> Vec<String> {
    let mut theories = grouped(rows, |r| r.theory.clone()).0;
    theories.sort_by_key(|t| SCHOOLS.iter().position(|s| s == t).unwrap_or(SCHOOLS.len()));
    theories
}

/// A factor as people read it.
pub(super) fn factor(path: &str) -> String {
    path.trim_start_matches("theory.").trim_start_matches("world.").replace('_', " ")
}

pub(super) fn gather(source: &Source) -> anyhow::Result<Option<Chart>> {
    let rows = rows(source)?;
    if rows.is_empty() {
        return Ok(None);
    }
    let sobol = rows.iter().any(|r| r.index == "ST");
    let [first, second] = if sobol { ["S1", "ST"] } else { ["mu_star", "sigma"] };
    let rank = if sobol { second } else { first };
    let theories = order(&rows);
    let figure = |t: &str, f: &str, index: &str| {
        rows.iter().find(|r| r.theory == t && r.factor == f && r.index == index)
    };
    let mut factors = grouped(&rows, |r| r.factor.clone()).0;
    let weight = |f: &String| {
        theories.iter().filter_map(|t| figure(t, f, rank)?.value.known()).fold(0.0f64, |m, v| m.max(v.abs()))
    };
    factors.sort_by(|a, b| weight(b).total_cmp(&weight(a)));
    factors.truncate(24);
    let high = rows
        .iter()
        .filter(|r| r.index == first || r.index == second)
        .filter_map(|r| r.ci_high.known().or(r.value.known()))
        .fold(0.0, f64::max);
    let high = nice(high);
    // an interval of an index may reach below nought
    let low = rows
        .iter()
        .filter(|r| r.index == first || r.index == second)
        .filter_map(|r| r.ci_low.known())
        .fold(0.0, f64::min);
    let panel = |index: &str| {
        let values: Vec<Vec<Value>> = theories
            .iter()
            .map(|t| {
                factors
                    .iter()
                    .map(|f| match figure(t, f, index).and_then(|r| Some((r, r.value.known()?))) {
                        Some((r, v)) => estimate(v, r.ci_low.known(), r.ci_high.known()),
                        None => Value::Null,
                    })
                    .collect()
            })
            .collect();
        json!({ "label": text("sensitivity", index, &[]), "unit": "", "low": low, "high": high, "zero": true, "bars": true, "values": values })
    };
    let alt: Vec<String> = theories
        .iter()
        .map(|t| {
            let mut own: Vec<(&String, f64)> =
                factors.iter().filter_map(|f| Some((f, figure(t, f, rank)?.value.known()?))).collect();
            own.sort_by(|a, b| b.1.total_cmp(&a.1));
            let list: Vec<String> =
                own.iter().take(3).map(|(f, v)| format!("{} {}", factor(f), texts::figure(*v, 2))).collect();
            text("sensitivity", "alt", &[("theory", &label(t)), ("list", &list.join(", "))])
        })
        .collect();
    Ok(Some(Chart {
        title: text("sensitivity", "title", &[("outcome", &rows[0].outcome.replace('_', " "))]),
        subtitle: text("sensitivity", if sobol { "subtitle_sobol" } else { "subtitle_morris" }, &[]),
        caption: caption(source, &about(source)),
        alt: alt.join(" "),
        data: json!({ "theories": populations(&theories), "rows": factors.iter().map(|f| factor(f)).collect::<Vec<_>>(),
            "panels": [panel(first), panel(second)] }),
        ..Chart::default()
    }))
}

/// What the intervals are, with a warning where they come from few runs.
fn about(source: &Source) -> String {
    let mut words = text("sensitivity", "about", &[]);
    let n = source.replications();
    if (1..FEW).contains(&n) {
        words += &format!(" {}", text("sensitivity", "few", &[("n", &n.to_string())]));
    }
    words
}

/// Replications at a point below which an index is a sketch.
const FEW: u64 = 20;

/// The least round number that is not below `x` and whose quarters are round too.
pub(super) fn nice(x: f64) -> f64 {
    if x.is_nan() || x <= 0.0 {
        return 1.0;
    }
    let ten = 10f64.powf(x.log10().floor());
    [1.0, 1.2, 1.6, 2.0, 2.4, 3.2, 4.0, 6.0, 8.0, 10.0]
        .iter()
        .map(|m| m * ten)
        .find(|v| *v >= x * 0.999)
        .unwrap_or(x)
}
