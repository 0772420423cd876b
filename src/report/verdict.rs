//! One page for a trial over cases: what each school says about the question, where it is right and wrong, and what it would
//! take.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context;
use serde_json::{Value, json};

use super::{STYLE, span, told};
use crate::analysis::compare::{Case, Verdict, over};
use crate::analysis::score::{Part, SEEN};
use crate::chart::findings::percent;
use crate::chart::label;
use crate::chart::texts::{figure, name, phrase, signed, term};
use crate::output::VERSION;
use crate::output::rows::{Figure, Lever};
use crate::theory::SCHOOLS;

/// Parts of the facts that the page shows, with their headings.
const PARTS: [(Part, &str); 4] = [
    (Part::All, "every fact"),
    (Part::Holdout, "held out"),
    (Part::BlocToBloc, "between the blocs"),
    (Part::Separating, "that separate the schools"),
];

/// A row of `takes.csv`.
/// What it would take in a case, by population.
pub type Takes = BTreeMap<String, Vec<Value>>;

/// Reads what it would take in each case: `folder` holds for each a result of `twain takes`, named like the case.
///
/// # Errors
/// A case without such a result, or a table that cannot be read.
pub fn takes(cases: &[Case], folder: &Path) -> anyhow::Result<Vec<Takes>> {
    cases.iter().map(|case| levers(&folder.join(&case.scenario.name))).collect()
}

/// The page, with what it would take in each case if that is known.
///
/// # Errors
/// A template that fails.
pub fn page(
    cases: &[Case],
    verdicts: &[Verdict],
    takes: Option<&[Takes]>,
    command: &str,
) -> anyhow::Result<String> {
    let told: Vec<Value> = cases
        .iter()
        .zip(verdicts)
        .enumerate()
        .map(|(k, (case, verdict))| one(case, verdict, takes.map(|t| &t[k])))
        .collect();
    let names: Vec<String> = cases.iter().map(|c| c.scenario.title.clone()).collect();
    let mut environment = super::environment();
    environment.add_template("verdict.html", include_str!("verdict.html"))?;
    let data = json!({
        "version": VERSION,
        "command": command,
        "css": STYLE,
        "names": names,
        "few": cases.iter().any(|c| c.scenario.replications < SEEN),
        "parts": PARTS.map(|p| phrase(p.1)),
        "cases": told,
        "over": (cases.len() > 1).then(|| scores_over(cases, verdicts)),
    });
    let page = environment
        .get_template("verdict.html")?
        .render(minijinja::Value::from(minijinja::value::Serde(data)));
    page.context("cannot make the page")
}

/// The levers that work, by population, nearest first.
fn levers(folder: &Path) -> anyhow::Result<Takes> {
    let path = folder.join("takes.csv");
    let shown = path.display();
    let mut reader = csv::Reader::from_path(&path).with_context(|| {
        format!("cannot open {shown}; twain takes writes it, in a folder named like the case")
    })?;
    let mut rows: Vec<Lever> =
        reader.deserialize().collect::<Result<_, _>>().with_context(|| format!("cannot read {shown}"))?;
    // a lever works if at least half of its runs form a framework
    rows.retain(|r| r.formed.0 >= 0.5);
    rows.sort_by(|a, b| {
        a.share_of_range.known().unwrap_or(1.0).total_cmp(&b.share_of_range.known().unwrap_or(1.0))
    });
    let mut out = Takes::new();
    for r in rows {
        let figure = |x: Figure| {
            x.known().map(|x| format!("{x:.3}").trim_end_matches('0').trim_end_matches('.').to_string())
        };
        out.entry(r.theory.clone()).or_default().push(json!({
            "lever": r.lever, "from": figure(r.from), "to": figure(r.to),
            "share": r.share_of_range.known().map(percent), "formed": r.formed.known().map(percent), "n": r.n, "plausible": r.plausible,
        }));
    }
    Ok(out)
}

/// Schools and the neutral egoist: those that speak to the question.
fn speakers(verdict: &Verdict) -> Vec<usize> {
    let speaks = |k: &usize| verdict.hits[*k].kind == "school" || verdict.hits[*k].theory == "neutral";
    let mut list: Vec<usize> = (0..verdict.hits.len()).filter(speaks).collect();
    list.sort_by_key(|&k| SCHOOLS.iter().position(|s| *s == verdict.hits[k].theory).unwrap_or(usize::MAX));
    list
}

fn one(case: &Case, verdict: &Verdict, levers: Option<&Takes>) -> Value {
    let world = &case.scenario.world;
    let blocs = world.blocs.map(|pair| pair.map(|o| world.organisations[o].code.clone()));
    let schools: Vec<Value> = speakers(verdict)
        .into_iter()
        .map(|k| {
            let (hits, answers) = (&verdict.hits[k], &verdict.answers[k]);
            let refusers: Vec<String> =
                answers.refusers().iter().take(3).map(|(s, x)| format!("{} ({})", name(s), percent(*x))).collect();
            let place = SCHOOLS.iter().position(|s| *s == hits.theory);
            let list = |sign: char, shown: bool| -> Vec<Value> {
                let Some(school) = place else { return Vec::new() };
                case.facts
                    .iter()
                    .enumerate()
                    .filter(|(f, fact)| {
                        fact.claims[school] == sign && (2 * hits.hits[*f] > hits.runs) == shown
                    })
                    .map(|(f, fact)| {
                        let share = percent(hits.hits[f] as f64 / hits.runs as f64);
                        json!({ "id": fact.id, "claim": fact.claim, "place": if fact.page.is_empty() { fact.source.clone() } else { told("p. {page}", &[("page", &fact.page)]) }, "share": share })
                    })
                    .collect()
            };
            let (kept, missed, against) = (list('+', true), list('+', false), list('-', true));
            let silent = place.map(|s| case.facts.iter().filter(|f| f.claims[s] == '0').count());
            json!({
                "name": label(&hits.theory),
                "school": place.is_some(),
                "runs": answers.runs,
                "formed": answers.formed,
                "proposals": answers.proposals.0,
                "principle": answers.proposals.1,
                "refusers": refusers.join(", "),
                "reason": term(answers.reason()),
                "claimed": kept.len() + missed.len(), "shown": kept.len(),
                "denied": against.len() + list('-', false).len(), "contrary": against.len(),
                "kept": kept, "missed": missed, "against": against,
                "silent": silent,
                "takes": levers.map(|l| l.get(&hits.theory).cloned().unwrap_or_default()),
            })
        })
        .collect();
    let scores: Vec<Value> = PARTS
        .iter()
        .map(|(part, name)| {
            let board = verdict.board(*part);
            let facts = board.scores.first().map_or(0, |s| s.facts);
            let cells: Vec<Value> = speakers(verdict)
                .into_iter()
                .map(|k| match facts {
                    0 => Value::Null,
                    _ => json!({ "score": figure(board.scores[k].mean, 2),
                        "interval": span(&figure(board.scores[k].interval.0, 2), &figure(board.scores[k].interval.1, 2)),
                        "good": board.skill(&verdict.hits, k) > 0.0 }),
                })
                .collect();
            let null = board.best_null(&verdict.hits).filter(|_| facts > 0);
            let named = null.map(|(k, x)| format!("{}, {}", figure(x, 2), label(&verdict.hits[k].theory)));
            json!({ "part": phrase(name), "facts": facts, "cells": cells, "null": named })
        })
        .collect();
    json!({
        "name": case.scenario.name, "title": case.scenario.title, "facts": case.facts.len(), "blocs": blocs,
        "schools": schools, "scores": scores,
    })
}

/// Means over the cases, each of which weighs the same.
fn scores_over(cases: &[Case], verdicts: &[Verdict]) -> Value {
    let all = over(verdicts);
    let names: Vec<String> = verdicts
        .first()
        .map(|v| speakers(v).into_iter().map(|k| v.hits[k].theory.clone()).collect())
        .unwrap_or_default();
    let rows: Vec<Value> = PARTS
        .iter()
        .map(|(part, what)| {
            let cells: Vec<Value> = names
                .iter()
                .map(|name| {
                    let found = all.iter().find(|o| o.part == *part && o.theory == *name && o.cases > 0);
                    found.map_or(Value::Null, |o| {
                        json!({ "score": figure(o.score, 2), "skill": signed(o.skill), "good": o.skill > 0.0,
                            "first": o.first, "cases": o.cases })
                    })
                })
                .collect();
            json!({ "part": phrase(what), "cells": cells })
        })
        .collect();
    json!({ "names": names.iter().map(|n| label(n)).collect::<Vec<_>>(), "rows": rows, "cases": cases.len() })
}
