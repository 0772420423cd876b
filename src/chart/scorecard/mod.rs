//! The scorecard: facts by schools, mixes, ablations and null models; calibration and hold-out apart.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::source::{grouped, number};
use super::texts::{figure, text, words};
use super::{Chart, Source, caption, label};
use crate::output::rows::{BoardScore, Fact, FactScore};
use crate::theory::SCHOOLS;

/// Facts on the slide: more cannot be read from the back of a room.
const TOP: usize = 10;

pub(super) fn gather(source: &Source) -> anyhow::Result<Option<Chart>> {
    if !source.has("scores.csv") || !source.has("scoreboard.csv") || !source.has("facts.csv") {
        return Ok(None);
    }
    let scores: Vec<FactScore> = source.rows()?;
    let board: Vec<BoardScore> = source.rows()?;
    let facts: Vec<Fact> = source.rows()?;
    let (names, by_theory) = grouped(&scores, |s| s.theory.clone());
    let kind = |name: &String| by_theory[name].first().map_or("", |s| s.kind.as_str());
    let mut columns = names.clone();
    columns.sort_by_key(|n| match kind(n) {
        "school" => 0,
        "null" => 3,
        "ablation" => 2,
        _ => 1,
    });
    let shares: BTreeMap<(&str, &str), f64> = scores
        .iter()
        .filter_map(|s| Some(((s.theory.as_str(), s.fact.as_str()), s.share.known()?)))
        .collect();
    let share = |theory: &str, fact: &str| shares.get(&(theory, fact)).copied().unwrap_or(f64::NAN);
    let divides = |f: &Fact| {
        let all: Vec<f64> = SCHOOLS.iter().map(|s| share(s, &f.fact)).filter(|x| !x.is_nan()).collect();
        all.iter().copied().fold(0.0, f64::max) - all.iter().copied().fold(1.0, f64::min)
    };
    let scored = |n: &str, split: &str| {
        board.iter().find(|b| b.theory == n && b.split == split).map_or(f64::NAN, |b| b.score.0)
    };
    // the slide: the facts that divide the schools most, and who shows them; schools, mixes and null models only
    let mut top: Vec<&Fact> = facts.iter().collect();
    top.sort_by(|a, b| divides(b).total_cmp(&divides(a)).then(a.fact.cmp(&b.fact)));
    top.truncate(TOP);
    let slide: Vec<&String> = columns.iter().filter(|n| kind(n) != "ablation").collect();
    let mut alt = String::new();
    let parts: Vec<Value> = ["calibration", "holdout"]
        .iter()
        .map(|split| {
            let mut mine: Vec<&Fact> = facts.iter().filter(|f| f.split == *split).collect();
            mine.sort_by(|a, b| divides(b).total_cmp(&divides(a)).then(a.fact.cmp(&b.fact)));
            let score = |n: &String| scored(n, split);
            let list: Vec<String> = columns.iter().map(|n| format!("{} {}", label(n), figure(score(n), 2))).collect();
            alt += &text("scorecard", "alt", &[("split", &text("scorecard", split, &[])), ("list", &list.join(", "))]);
            alt.push(' ');
            json!({
                "label": text("scorecard", split, &[]),
                "scores": columns.iter().map(|n| number(score(n))).collect::<Vec<_>>(),
                "facts": mine.iter().map(|f| json!({ "id": f.fact, "claim": f.claim, "page": if f.page.is_empty() { &f.source } else { &f.page }, "block": f.block,
                    "shares": columns.iter().map(|n| number(share(n, &f.fact))).collect::<Vec<_>>() })).collect::<Vec<_>>(),
            })
        })
        .collect();
    let slide_columns: Vec<Value> =
        slide.iter().map(|n| json!({ "name": n, "label": label(n), "kind": kind(n) })).collect();
    let slide_facts: Vec<Value> = top
        .iter()
        .map(|f| {
            let shares: Vec<Value> = slide.iter().map(|n| number(share(n, &f.fact))).collect();
            json!({ "id": f.fact, "claim": f.claim, "shares": shares })
        })
        .collect();
    let slide_scores: Vec<Value> = ["calibration", "holdout"]
        .iter()
        .map(|split| {
            let values: Vec<Value> = slide.iter().map(|n| number(scored(n, split))).collect();
            json!({ "label": text("scorecard", split, &[]), "values": values })
        })
        .collect();
    Ok(Some(Chart {
        title: text(
            "scorecard",
            if facts.len() > TOP { "title" } else { "title_few" },
            &[("n", &facts.len().to_string())],
        ),
        subtitle: text("scorecard", "subtitle", &[]),
        caption: caption(source, &text("scorecard", "about", &[])),
        alt: alt.trim().to_string(),
        data: json!({
            "columns": columns.iter().map(|n| json!({ "name": n, "label": label(n), "kind": kind(n) })).collect::<Vec<_>>(),
            "parts": parts,
            // a page draws every fact, a slide the ten that divide
            "all": { "title": text("scorecard", "title_few", &[("n", &facts.len().to_string())]), "subtitle": text("scorecard", "subtitle_all", &[]) },
            "top": { "columns": slide_columns, "facts": slide_facts, "scores": slide_scores },
            "words": words("scorecard"),
        }),
        ..Chart::default()
    }))
}
