//! The reliability diagram: what the shares of runs are worth as forecasts, school by school.

use serde::Deserialize;
use serde_json::{Value, json};

use super::source::{grouped, number};
use super::texts::{text, words};
use super::{Chart, Source, caption, label};

#[derive(Deserialize)]
struct Bin {
    theory: String,
    kind: String,
    statements: u64,
    forecast: Option<f64>,
    happened: Option<f64>,
}

pub(super) fn gather(source: &Source) -> anyhow::Result<Option<Chart>> {
    if !source.has("reliability.csv") {
        return Ok(None);
    }
    let mut bins: Vec<Bin> = source.rows("reliability.csv")?;
    bins.retain(|b| b.kind == "school");
    if bins.is_empty() {
        return Ok(None);
    }
    let (names, by_theory) = grouped(&bins, |b| b.theory.clone());
    let mut alt = Vec::new();
    let panels: Vec<Value> = names
        .iter()
        .map(|name| {
            let filled = || by_theory[name].iter().filter(|b| b.statements > 0);
            let sure = filled().next_back().and_then(|b| b.happened).unwrap_or(f64::NAN);
            let percent = format!("{:.0}%", 100.0 * sure);
            alt.push(text("reliability", "alt", &[("theory", &label(name)), ("sure", &percent)]));
            json!({
                "name": name,
                "label": label(name),
                "points": filled().map(|b| json!({ "n": b.statements,
                    "forecast": number(b.forecast.unwrap_or(f64::NAN)),
                    "happened": number(b.happened.unwrap_or(f64::NAN)) })).collect::<Vec<_>>(),
            })
        })
        .collect();
    Ok(Some(Chart {
        name: "reliability",
        draw: "reliability",
        title: text("reliability", "title", &[]),
        subtitle: text("reliability", "subtitle", &[]),
        caption: caption(source, &text("reliability", "about", &[])),
        alt: alt.join(" "),
        data: json!({ "panels": panels, "words": words("reliability") }),
    }))
}
