//! A sweep that makes no map: what each value of each factor does to the outcomes, words and numbers alike.

use std::collections::BTreeMap;

use anyhow::Context;
use serde_json::{Value, json};

use super::landscape;
use super::source::{estimate, strings};
use super::texts::{figure, text, words};
use super::{Chart, Source, caption, label, populations};

/// Most values of a factor: a design that draws its points at random has no values to compare.
const MOST: usize = 12;
/// Most rows: more cannot be read.
const ROWS: usize = 30;

/// One cell of summary.csv: where, who, what, and the figures.
struct Cell {
    theory: String,
    outcome: String,
    at: Vec<String>,
    mean: f64,
    half: f64,
}

fn cells(source: &Source, paths: &[String]) -> anyhow::Result<Vec<Cell>> {
    let rows: Vec<BTreeMap<String, String>> = source.records("summary.csv")?;
    let get = |row: &BTreeMap<String, String>, name: &str| {
        row.get(name).cloned().with_context(|| format!("summary.csv lacks the column `{name}`"))
    };
    let number = |text: String| text.parse().unwrap_or(f64::NAN);
    rows.iter()
        .map(|row| {
            let (mean, high) = (number(get(row, "mean")?), number(get(row, "ci_high")?));
            Ok(Cell {
                theory: get(row, "theory")?,
                outcome: get(row, "outcome")?,
                at: paths.iter().map(|p| get(row, p)).collect::<anyhow::Result<_>>()?,
                mean,
                half: high - mean,
            })
        })
        .collect()
}

/// Mean of means of equal weight, with its interval: the halves are of independent means.
fn marginal(cells: &[&Cell]) -> (f64, f64) {
    let known: Vec<&&Cell> = cells.iter().filter(|c| c.mean.is_finite()).collect();
    let n = known.len() as f64;
    let mean = known.iter().map(|c| c.mean).sum::<f64>() / n;
    let half = known.iter().map(|c| c.half * c.half).sum::<f64>().sqrt() / n;
    (mean, half)
}

pub(super) fn gather(source: &Source) -> anyhow::Result<Option<Chart>> {
    if !source.has("points.csv") || !source.has("summary.csv") || landscape::gather(source)?.is_some() {
        return Ok(None);
    }
    let (factors, held) = landscape::factors(source);
    let paths: Vec<String> = factors.iter().map(|f| f.0.clone()).collect();
    if paths.is_empty() {
        return Ok(None);
    }
    let cells = cells(source, &paths)?;
    // the values of each factor, in the order of the table, which is that of the design
    let mut rows: Vec<(usize, String)> = Vec::new();
    for k in 0..paths.len() {
        let mut values: Vec<&String> = Vec::new();
        for cell in &cells {
            if !values.contains(&&cell.at[k]) {
                values.push(&cell.at[k]);
            }
        }
        if values.len() <= MOST {
            rows.extend(values.into_iter().map(|v| (k, v.clone())));
        }
    }
    if rows.is_empty() {
        return Ok(None);
    }
    rows.truncate(ROWS);
    let theories = source.theories();
    let present = strings(&source.manifest["outcomes"]);
    let mut outcomes: Vec<String> = present.iter().take(1).cloned().collect();
    outcomes.extend(present.iter().skip(1).find(|o| *o == "cooperation_between").or(present.get(1)).cloned());
    let named = |outcome: &str| match outcome {
        "framework" => text("landscape", "framework", &[]),
        other => super::ride::heading(source, other),
    };
    let value = |outcome: &str, theory: &str, (k, at): &(usize, String)| {
        let mine: Vec<&Cell> =
            cells.iter().filter(|c| c.outcome == outcome && c.theory == theory && c.at[*k] == *at).collect();
        marginal(&mine)
    };
    let panels: Vec<Value> = outcomes
        .iter()
        .map(|outcome| {
            let share = outcome == "framework" || source.manifest["metrics"][outcome]["unit"] == "share";
            let all: Vec<Vec<(f64, f64)>> =
                theories.iter().map(|t| rows.iter().map(|r| value(outcome, t, r)).collect()).collect();
            let ends = all.iter().flatten().filter(|v| v.0.is_finite()).flat_map(|(m, h)| [m - h.max(0.0), m + h.max(0.0)]);
            let (low, high) = ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), x| (l.min(x), h.max(x)));
            let (low, high) = if share { (0.0, 1.0) } else { (low, high) };
            let values: Vec<Vec<Value>> = all
                .iter()
                .map(|t| {
                    let cell = |&(m, h): &(f64, f64)| {
                        if m.is_finite() { estimate(m, Some(m - h), Some(m + h)) } else { Value::Null }
                    };
                    t.iter().map(cell).collect()
                })
                .collect();
            json!({ "label": super::capital(&named(outcome)), "unit": "", "low": low, "high": high, "values": values })
        })
        .collect();
    let words_of = |(k, at): &(usize, String)| match paths.len() {
        1 => at.clone(),
        _ => text("sweep", "row", &[("factor", &factors[*k].1), ("value", at)]),
    };
    let alt: Vec<String> = rows
        .iter()
        .map(|r| {
            let list: Vec<String> =
                theories.iter().map(|t| format!("{} {}", label(t), figure(value(&outcomes[0], t, r).0, 2))).collect();
            text("sweep", "alt", &[("row", &words_of(r)), ("list", &list.join(", "))])
        })
        .collect();
    let mut about = text("sweep", "about", &[]);
    if !held.is_empty() {
        about += &format!(" {}", text("landscape", "held", &[("list", &held.join(", "))]));
    }
    let one = paths.len() == 1;
    let names: Vec<&str> = factors.iter().map(|f| f.1.as_str()).collect();
    Ok(Some(Chart {
        title: text(
            "sweep",
            if one { "title_one" } else { "title" },
            &[("factors", &names.join(", ")), ("outcome", &named(&outcomes[0]))],
        ),
        subtitle: text("sweep", if one { "subtitle_one" } else { "subtitle" }, &[]),
        caption: caption(source, &about),
        alt: alt.join(" "),
        data: json!({ "theories": populations(&theories), "rows": rows.iter().map(words_of).collect::<Vec<_>>(),
            "panels": panels, "words": words("sweep") }),
        ..Chart::default()
    }))
}
