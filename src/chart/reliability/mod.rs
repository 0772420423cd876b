//! The reliability diagram: what the shares of runs are worth as forecasts, school by school.

use serde_json::{Value, json};

use super::source::{grouped, number};
use super::texts::{self, text, words};
use super::{Chart, Source, caption, label};
use crate::output::rows::Bin;

pub(super) fn gather(source: &Source) -> anyhow::Result<Option<Chart>> {
    if !source.has("reliability.csv") {
        return Ok(None);
    }
    let mut bins: Vec<Bin> = source.rows()?;
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
            let sure = filled().next_back().map_or(f64::NAN, |b| b.happened.0);
            let percent = texts::percent(sure, 0);
            alt.push(text("reliability", "alt", &[("theory", &label(name)), ("sure", &percent)]));
            json!({
                "name": name,
                "label": label(name),
                "points": filled().map(|b| json!({ "n": b.statements,
                    "forecast": number(b.forecast.0),
                    "happened": number(b.happened.0) })).collect::<Vec<_>>(),
            })
        })
        .collect();
    Ok(Some(Chart {
        title: text("reliability", "title", &[]),
        subtitle: text("reliability", "subtitle", &[]),
        caption: caption(source, &text("reliability", "about", &[])),
        alt: alt.join(" "),
        data: json!({ "panels": panels, "words": words("reliability") }),
        ..Chart::default()
    }))
}
