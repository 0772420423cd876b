//! The gradient of selection between two strategies, and the chance to take over from every share.

use serde_json::{Value, json};

use super::source::{grouped, number};
use super::texts::{text, words};
use super::{Chart, Source};
use crate::output::rows::Gradient;

/// Most pairs drawn: more colours cannot be told apart.
const PAIRS: usize = 5;

pub(super) fn gather(source: &Source) -> anyhow::Result<Option<Chart>> {
    if !source.has("gradient.csv") {
        return Ok(None);
    }
    let rows: Vec<Gradient> = source.rows()?;
    let (pairs, by_pair) = grouped(&rows, |r| (r.strategy.clone(), r.against.clone()));
    let strength =
        |pair: &(String, String)| by_pair[pair].iter().map(|r| r.gradient.0.abs()).fold(0.0, f64::max);
    let mut order: Vec<usize> = (0..pairs.len()).collect();
    order.sort_by(|&a, &b| strength(&pairs[b]).total_cmp(&strength(&pairs[a])).then(a.cmp(&b)));
    order.truncate(PAIRS);
    order.sort_unstable();
    let mut told = Vec::new();
    let lines: Vec<Value> = order
        .iter()
        .map(|&k| {
            let pair = &pairs[k];
            let mine = &by_pair[pair];
            let rests = rests(mine);
            let label = text("gradient", "pair", &[("a", &pair.0), ("b", &pair.1)]);
            told.push(match mine.get(mine.len() / 2) {
                Some(middle) => text(
                    "gradient",
                    "told",
                    &[("pair", &label), ("share", &format!("{:.0}", 100.0 * middle.takeover.0))],
                ),
                None => label.clone(),
            });
            json!({
                "label": label,
                "share": mine.iter().map(|r| number(r.share.0)).collect::<Vec<_>>(),
                "gradient": mine.iter().map(|r| fine(r.gradient.0)).collect::<Vec<_>>(),
                "takeover": mine.iter().map(|r| number(r.takeover.0)).collect::<Vec<_>>(),
                "rests": rests.iter().map(|(x, stable)| json!([number(*x), stable])).collect::<Vec<_>>(),
            })
        })
        .collect();
    let strongest = pairs.iter().max_by(|a, b| strength(a).total_cmp(&strength(b)));
    let title = strongest.map_or_else(String::new, |pair| {
        let mine = &by_pair[pair];
        let inner = mine.get(1..mine.len().saturating_sub(1)).unwrap_or_default();
        let (a, b) = (pair.0.as_str(), pair.1.as_str());
        let key = |k: &str, a: &str, b: &str| text("gradient", k, &[("a", a), ("b", b)]);
        match (inner.iter().all(|r| r.gradient.0 > 0.0), inner.iter().all(|r| r.gradient.0 < 0.0)) {
            (true, _) => key("always", a, b),
            (_, true) => key("always", b, a),
            _ if inner.iter().all(|r| r.gradient.0.abs() < 1e-12) => key("drift", a, b),
            _ => key("depends", a, b),
        }
    });
    let (shown, all) = (lines.len().to_string(), pairs.len().to_string());
    let some = if pairs.len() > PAIRS {
        text("gradient", "some", &[("n", &shown), ("all", &all)])
    } else {
        String::new()
    };
    Ok(Some(Chart {
        title,
        subtitle: format!("{} {some}", text("gradient", "subtitle", &[])).trim().to_string(),
        caption: super::tournament::caption(source, "evolution"),
        alt: told.join(" "),
        data: json!({ "lines": lines, "words": words("gradient") }),
        ..Chart::default()
    }))
}

/// Shares between the ends at which the gradient changes its sign, and whether selection leads there.
fn rests(rows: &[&Gradient]) -> Vec<(f64, bool)> {
    let inner = rows.get(1..rows.len().saturating_sub(1)).unwrap_or_default();
    inner
        .windows(2)
        .filter(|w| w[0].gradient.0 * w[1].gradient.0 < 0.0)
        .map(|w| {
            let (a, b) = (w[0].gradient.0, w[1].gradient.0);
            (w[0].share.0 + (w[1].share.0 - w[0].share.0) * a / (a - b), a > 0.0)
        })
        .collect()
}

fn fine(x: f64) -> Value {
    if x.is_finite() { ((x * 1e7).round() / 1e7).into() } else { Value::Null }
}
