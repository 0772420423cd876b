//! What if: paired differences with their intervals.

use serde_json::{Value, json};

use super::source::{estimate, grouped};
use super::texts::{signed, text, words};
use super::{Chart, Source, caption, label, populations};
use crate::output::rows::{Change, WindowChange};

/// A row of either table, as a panel shows it.
pub(super) struct Shown {
    theory: String,
    whatif: String,
    label: String,
    pub(super) outcome: String,
    pub(super) difference: Option<f64>,
    ends: [Option<f64>; 2],
}

impl From<Change> for Shown {
    fn from(row: Change) -> Self {
        let Change { theory, whatif, label, outcome, difference, ci_low, ci_high, .. } = row;
        let ends = [ci_low.known(), ci_high.known()];
        Shown { theory, whatif, label, outcome, difference: difference.known(), ends }
    }
}

impl From<WindowChange> for Shown {
    fn from(row: WindowChange) -> Self {
        let WindowChange { theory, whatif, label, metric, difference, ci_low, ci_high, .. } = row;
        let ends = [ci_low.known(), ci_high.known()];
        Shown { theory, whatif, label, outcome: metric, difference: difference.known(), ends }
    }
}

pub(super) fn gather(source: &Source) -> anyhow::Result<Option<Chart>> {
    if !source.has("whatif.csv") {
        return Ok(None);
    }
    let rows: Vec<Shown> = source.rows::<Change>()?.into_iter().map(Shown::from).collect();
    if rows.is_empty() {
        return Ok(None);
    }
    let outcomes: Vec<String> = grouped(&rows, |r| r.outcome.clone()).0.into_iter().take(3).collect();
    let (data, alt) = panels(source, &rows, &outcomes);
    // two results need not have the same random numbers, nor one thing changed
    let [title, subtitle, about] = if source.manifest["compared"].is_object() {
        ["diff_title", "diff_subtitle", "diff_about"]
    } else {
        ["title", "subtitle", "about"]
    };
    Ok(Some(Chart {
        title: text("whatif", title, &[]),
        subtitle: text("whatif", subtitle, &[]),
        caption: caption(source, &text("whatif", about, &[])),
        alt,
        data,
        ..Chart::default()
    }))
}

/// A panel an outcome, a row a what-if, a mark a population; and the first panel in words.
pub(super) fn panels(source: &Source, rows: &[Shown], outcomes: &[String]) -> (Value, String) {
    let theories = source.theories();
    let (order, by_whatif) = grouped(rows, |r| (r.whatif.clone(), r.label.clone()));
    let find = |key: &(String, String), t: &str, outcome: &str| {
        by_whatif[key].iter().find(|r| r.theory == t && r.outcome == outcome).copied()
    };
    let panels: Vec<Value> = outcomes
        .iter()
        .map(|outcome| {
            let reach = rows
                .iter()
                .filter(|r| r.outcome == *outcome)
                .flat_map(|r| [r.difference, r.ends[0], r.ends[1]])
                .flatten()
                .filter(|x| x.is_finite())
                .fold(0.0f64, |m, x| m.max(x.abs()));
            let limit = super::sensitivity::nice(reach.max(0.05)).min(1.0);
            let values: Vec<Vec<Value>> = theories
                .iter()
                .map(|t| {
                    order
                        .iter()
                        .map(|key| match find(key, t, outcome).and_then(|r| Some((r, r.difference?))) {
                            Some((r, d)) => estimate(d, r.ends[0], r.ends[1]),
                            None => Value::Null,
                        })
                        .collect()
                })
                .collect();
            let name = if outcome == "framework formed" {
                text("whatif", "framework", &[])
            } else if outcome == "pass_chance" {
                text("whatif", "pass", &[])
            } else if outcome == "cooperation_between" {
                text("whatif", "between", &[])
            } else {
                // short, for three panels stand side by side
                let pair = outcome.strip_prefix("cooperation_").filter(|rest| !rest.starts_with("within_"));
                match pair.and_then(|pair| pair.split_once('_')) {
                    Some((a, b)) => text("whatif", "pair", &[("a", source.state(a)), ("b", source.state(b))]),
                    None => text("whatif", "difference", &[("outcome", &super::ride::heading(source, outcome))]),
                }
            };
            json!({ "label": name, "unit": text("whatif", "unit", &[]), "low": -limit, "high": limit, "zero": true, "signed": true, "values": values })
        })
        .collect();
    let alt: Vec<String> = order
        .iter()
        .map(|key| {
            let list: Vec<String> = theories
                .iter()
                .filter_map(|t| Some(format!("{} {}", label(t), signed(find(key, t, &outcomes[0])?.difference?))))
                .collect();
            text("whatif", "alt", &[("label", &key.1), ("list", &list.join(", "))])
        })
        .collect();
    let data = json!({ "theories": populations(&theories), "rows": order.iter().map(|k| &k.1).collect::<Vec<_>>(),
        "panels": panels, "words": words("whatif") });
    (data, alt.join(" "))
}
