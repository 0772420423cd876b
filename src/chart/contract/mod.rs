//! The theory contract: how far each proposition lies beyond its bound.

use serde_json::{Value, json};

use super::source::{grouped, number};
use super::texts::{text, words};
use super::{Chart, Source, label};
use crate::output::rows::Claim;

/// The least bound that serves as a unit: bounds of nought and of exactness have none of their own.
const UNIT: f64 = 0.02;

/// How far a value lies beyond the bound of a proposition, in units of the bound.
fn beyond(claim: &Claim, value: f64) -> Value {
    let sign = if claim.direction == "at least" { 1.0 } else { -1.0 };
    number(sign * (value - claim.bound.0) / claim.bound.0.abs().max(UNIT))
}

pub(super) fn gather(source: &Source) -> anyhow::Result<Option<Chart>> {
    if !source.has("contract.csv") {
        return Ok(None);
    }
    let rows: Vec<Claim> = source.rows()?;
    if rows.is_empty() {
        return Ok(None);
    }
    let (schools, by_school) = grouped(&rows, |r| r.school.clone());
    let panels: Vec<Value> = schools
        .iter()
        .map(|school| {
            let rows: Vec<Value> = by_school[school]
                .iter()
                .map(|r| {
                    json!({ "id": r.proposition, "claim": r.claim, "verdict": r.verdict, "shown": r.verdict == "shown",
                        "value": beyond(r, r.value.0), "ends": [beyond(r, r.ci_low.0), beyond(r, r.ci_high.0)],
                        "neutral": beyond(r, r.neutral.0) })
                })
                .collect();
            json!({ "school": school, "label": super::capital(&label(school)), "rows": rows })
        })
        .collect();
    let such = |verdict: &str| {
        rows.iter().filter(|r| r.verdict == verdict).map(|r| r.proposition.as_str()).collect::<Vec<_>>()
    };
    let missed = such("not shown");
    let list = if missed.is_empty() { text("contract", "none", &[]) } else { missed.join(", ") };
    Ok(Some(Chart {
        title: source.text(&["scenario", "title"]).to_string(),
        subtitle: text("contract", "subtitle", &[]),
        caption: text(
            "contract",
            "caption",
            &[
                ("replications", &source.replications().to_string()),
                ("seeds", &strings_of_numbers(&source.manifest["seeds"])),
                ("version", source.text(&["twain"])),
                ("hash", source.text(&["scenario", "sha256"]).get(..8).unwrap_or("")),
            ],
        ),
        alt: text(
            "contract",
            "alt",
            &[
                ("shown", &such("shown").len().to_string()),
                ("all", &rows.len().to_string()),
                ("near", &such("near its bound").len().to_string()),
                ("list", &list),
            ],
        ),
        data: json!({ "panels": panels, "words": words("contract") }),
        ..Chart::default()
    }))
}

fn strings_of_numbers(value: &Value) -> String {
    let numbers = value.as_array().into_iter().flatten().map(Value::to_string);
    numbers.collect::<Vec<_>>().join(", ")
}
