//! One self-contained page that opens offline: findings in words, live charts, facts, votes, inputs, limits and
//! provenance, all from the tables of one or more results folders of the same scenario.
//!
//! The page runs the chart functions of [`crate::chart`] in the reader's browser. Words from files reach it only
//! through the template's escaping or as JSON, never as markup.

mod contest;

use std::collections::BTreeMap;

use anyhow::{Context, bail};
use minijinja::Environment;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::chart::engine::{DRAW, ECHARTS};
use crate::chart::source::{Vote, grouped, strings};
use crate::chart::texts::{list, text, words};
use crate::chart::{CHARTS, Chart, Source, Style, Theme, gather, label};
use crate::interval::wilson;
use crate::output::VERSION;
use crate::theory::{Parameter, Roster, SCHOOLS};

/// Leaves charts (as slides) and a page beside the tables of a result that is being written. A picture that fails
/// costs no results: it is said on standard error and the tables stay.
pub fn leave(folder: &std::path::Path) {
    let made = Source::open(folder).and_then(|source| {
        let charts = gather(&source, &[])?;
        if charts.is_empty() {
            let names: Vec<&str> = CHARTS.iter().map(|k| k.name).collect();
            eprintln!(
                "note: no chart fits these tables (there are {}); the tables are whole",
                names.join(", ")
            );
        }
        crate::chart::write(&charts, &folder.join("charts"), &[("", Style::slide(Theme::Light))])?;
        let text = if contest::is_one(&source) {
            contest::render(&source, &charts)?
        } else if charts.is_empty() || !source.manifest["states"].is_object() {
            return Ok(());
        } else {
            render(&[source], &charts)?
        };
        let path = folder.join("report.html");
        std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
    });
    if let Err(error) = made {
        eprintln!("note: no charts, the tables are whole: {error:#}");
    }
}

/// The page of one or more results folders; the first gives title, schools and inputs.
///
/// # Errors
/// If a table cannot be read, the folders are of different scenarios, or the template fails.
pub fn page(sources: &[Source]) -> anyhow::Result<String> {
    let Some(first) = sources.first() else { bail!("a report needs a results folder") };
    for other in &sources[1..] {
        let hash = |s: &Source| s.text(&["scenario", "sha256"]).to_string();
        if hash(other) != hash(first) {
            bail!(
                "{} and {} come from different scenarios or changes ({} and {}); a report is about one",
                first.folder.display(),
                other.folder.display(),
                hash(first).get(..8).unwrap_or("none"),
                hash(other).get(..8).unwrap_or("none")
            );
        }
    }
    let mut charts: Vec<Chart> = Vec::new();
    for source in sources {
        for chart in gather(source, &[])? {
            if !charts.iter().any(|c| c.name == chart.name) {
                charts.push(chart);
            }
        }
    }
    charts.sort_by_key(|c| CHARTS.iter().position(|k| k.name == c.name));
    if contest::is_one(first) {
        return contest::render(first, &charts);
    }
    render(sources, &charts)
}

/// The page around charts already gathered from `sources`, of which there is at least one.
fn render(sources: &[Source], charts: &[Chart]) -> anyhow::Result<String> {
    let first = &sources[0];
    let data: serde_json::Map<String, Value> = charts
        .iter()
        .map(|c| {
            let mut data = c.json();
            data["draw"] = c.draw.into();
            (c.name.to_string(), data)
        })
        .collect();
    // `</script>` in a name must not end the script
    let data = Value::Object(data).to_string().replace('<', "\\u003c");

    let theories = first.theories();
    let compared = sources.iter().find(|s| s.has("scores.csv"));
    let voted = sources.iter().find(|s| s.has("pivotality.csv"));
    let facts = compared.map(facts).transpose()?;
    let name = first.text(&["scenario", "name"]);
    let variant = first.text(&["variant"]);
    let with = |title: &str| match variant {
        "" => title.to_string(),
        _ => text("common", "variant", &[("title", title), ("variant", variant)]),
    };
    let named = with(name);
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::Html);
    let template = environment.template_from_named_str("page.html", include_str!("page.html"))?;
    let shown = template.render(minijinja::Value::from(minijinja::value::Serde(json!({
        "version": VERSION,
        "title": with(first.text(&["scenario", "title"])),
        "description": first.text(&["scenario", "description"]),
        "lead": text("report", "lead", &[
            ("title", named.as_str()),
            ("start", first.text(&["start"])),
            ("end", first.text(&["end"])),
            ("states", &first.manifest["states"].as_object().map_or(0, serde_json::Map::len).to_string()),
            ("runs", &first.replications().to_string()),
            ("seed", &first.manifest["seed"].to_string()),
        ]),
        "charts": charts.iter().map(|c| json!({
            "name": c.name, "short": short(c.name), "title": c.title, "subtitle": c.subtitle, "caption": c.caption, "alt": c.alt,
        })).collect::<Vec<_>>(),
        "theories": theories.iter().map(|t| json!({ "name": t, "label": label(t) })).collect::<Vec<_>>(),
        "texts": words("report"),
        "findings": findings(first, compared)?,
        "remarks": sources.iter().flat_map(|s| s.remarks.clone()).collect::<Vec<_>>(),
        "fact_columns": facts.as_ref().map(|f| f.0.clone()),
        "facts": facts.as_ref().map(|f| f.1.clone()),
        "votes": voted.map(|s| votes(s, &theories)).transpose()?.filter(|v| !v.is_empty()),
        "explain": format!("twain explain {} --theory {} --who CODE --what vote --when DATE",
            first.text(&["scenario", "file"]), theories.first().map_or("realism", String::as_str)),
        "parameters": parameters(first),
        "shocks": first.manifest["shocks"].as_array(),
        "organisations": organisations(first),
        "states": states(first),
        "limits": list("report", "limits"),
        "provenance": sources.iter().map(provenance).collect::<Vec<_>>(),
        "css": include_str!("page.css"),
        "data": data,
        "echarts": ECHARTS,
        "draw": DRAW.join("\n"),
        "script": include_str!("page.js"),
    }))));
    shown.context("cannot make the page")
}

fn short(chart: &str) -> String {
    text("short", chart, &[])
}

fn percent(x: f64) -> String {
    if x.is_nan() { "–".into() } else { format!("{:.0}%", 100.0 * x) }
}

#[derive(Deserialize)]
struct Run {
    theory: String,
    framework: u8,
}

#[derive(Deserialize)]
struct Board {
    theory: String,
    kind: String,
    split: String,
    score: Option<f64>,
    facts: u64,
    skill: Option<f64>,
}

/// What the runs show, in sentences made from the tables.
fn findings(source: &Source, compared: Option<&Source>) -> anyhow::Result<Vec<String>> {
    let mut out = Vec::new();
    let theories = source.theories();
    if let (Some([a, b]), true) = (source.blocs(), source.has("runs.csv") && source.has("pivotality.csv")) {
        let runs: Vec<Run> = source.rows("runs.csv")?;
        let mut sentences = Vec::new();
        for theory in &theories {
            let mine: Vec<&Run> = runs.iter().filter(|r| r.theory == *theory).collect();
            let hits = mine.iter().filter(|r| r.framework == 1).count() as u64;
            let (low, high) = wilson(hits, mine.len() as u64);
            sentences.push(text(
                "report",
                "framework",
                &[
                    ("theory", &label(theory)),
                    ("a", &a),
                    ("b", &b),
                    ("hits", &hits.to_string()),
                    ("runs", &mine.len().to_string()),
                    ("low", &percent(low)),
                    ("high", &percent(high)),
                ],
            ));
        }
        out.push(sentences.join(" "));
        let votes: Vec<Vote> = source.rows("pivotality.csv")?;
        let mut sentences = Vec::new();
        for theory in &theories {
            let mut refusals: BTreeMap<&str, (f64, u64)> = BTreeMap::new();
            let mut terms: BTreeMap<&str, f64> = BTreeMap::new();
            for v in votes.iter().filter(|v| v.theory == *theory && v.proposal.starts_with("framework")) {
                let no = v.share_no.unwrap_or(0.0) * v.n as f64;
                let slot = refusals.entry(&v.state).or_default();
                *slot = (slot.0 + no, slot.1 + v.n);
                if !v.main_term.is_empty() {
                    *terms.entry(&v.main_term).or_default() += no;
                }
            }
            let mut order: Vec<(&str, f64)> =
                refusals.iter().filter(|r| r.1.1 > 0).map(|(s, (no, n))| (*s, no / *n as f64)).collect();
            order.sort_by(|x, y| y.1.total_cmp(&x.1).then(x.0.cmp(y.0)));
            let term = terms.iter().max_by(|x, y| x.1.total_cmp(y.1)).map(|t| *t.0);
            if let (Some(term), Some(top)) = (term, order.first())
                && top.1 > 0.0
            {
                let named: Vec<String> = order
                    .iter()
                    .take(3)
                    .map(|(s, x)| format!("{} ({})", source.state(s), percent(*x)))
                    .collect();
                sentences.push(text(
                    "report",
                    "blocker",
                    &[("theory", &label(theory)), ("list", &named.join(", ")), ("term", term)],
                ));
            }
        }
        out.push(sentences.join(" "));
    }
    if let Some(compared) = compared {
        let board: Vec<Board> = compared.rows("scoreboard.csv")?;
        for split in ["calibration", "holdout"] {
            let mut schools: Vec<(&Board, f64)> = board
                .iter()
                .filter(|b| b.split == split && b.kind == "school")
                .filter_map(|b| Some((b, b.score?)))
                .collect();
            schools.sort_by(|a, b| b.1.total_cmp(&a.1));
            let Some((best, _)) = schools.first() else { continue };
            let named: Vec<String> =
                schools.iter().map(|(b, s)| format!("{} {s:.2}", label(&b.theory))).collect();
            let beats = best.skill.is_some_and(|s| s > 0.0);
            out.push(text(
                "report",
                "score",
                &[
                    ("n", &best.facts.to_string()),
                    ("first", &label(&best.theory)),
                    ("split", &text("report", split, &[])),
                    ("list", &named.join(", ")),
                    ("null", &text("report", if beats { "beats" } else { "beaten" }, &[])),
                ],
            ));
        }
    }
    out.retain(|s| !s.is_empty());
    Ok(out)
}

/// Columns and rows of the table of facts.
fn facts(source: &Source) -> anyhow::Result<(Vec<String>, Vec<Value>)> {
    #[derive(Deserialize)]
    struct Fact {
        fact: String,
        claim: String,
        page: String,
        split: String,
        measure: String,
    }
    #[derive(Deserialize)]
    struct Score {
        theory: String,
        fact: String,
        claims: String,
        share: Option<f64>,
    }
    let facts: Vec<Fact> = source.rows("facts.csv")?;
    let scores: Vec<Score> = source.rows("scores.csv")?;
    let (columns, by_theory) = grouped(&scores, |s| s.theory.clone());
    let rows = facts
        .iter()
        .map(|f| {
            let shares: Vec<String> = columns
                .iter()
                .map(|c| {
                    by_theory[c].iter().find(|s| s.fact == f.fact).map_or(String::new(), |s| {
                        let sign = match s.claims.as_str() {
                            "+" => " +",
                            "-" => " −",
                            _ => "",
                        };
                        format!("{}{sign}", percent(s.share.unwrap_or(f64::NAN)))
                    })
                })
                .collect();
            json!({ "id": f.fact, "claim": f.claim, "page": f.page, "split": f.split, "measure": f.measure, "shares": shares })
        })
        .collect();
    Ok((columns.iter().map(|c| label(c)).collect(), rows))
}

/// Votes by proposal and body, with the term that decided most refusals.
fn votes(source: &Source, theories: &[String]) -> anyhow::Result<Vec<Value>> {
    let votes: Vec<Vote> = source.rows("pivotality.csv")?;
    let (mut keys, by_key) =
        grouped(&votes, |v| (v.date.clone(), v.proposal.clone(), v.organisation.clone()));
    keys.sort_by_key(|k| (k.0.is_empty(), k.0.clone(), k.1.clone(), k.2 != "NATO"));
    Ok(keys
        .iter()
        .map(|key| {
            let (states, by_state) = {
                let mut rows: Vec<&&Vote> = by_key[key].iter().collect();
                rows.sort_by(|a, b| {
                    b.share_no.unwrap_or(0.0).total_cmp(&a.share_no.unwrap_or(0.0)).then(a.state.cmp(&b.state))
                });
                let mut order: Vec<&str> = Vec::new();
                for r in &rows {
                    if !order.contains(&r.state.as_str()) {
                        order.push(&r.state);
                    }
                }
                (order, rows)
            };
            let members: Vec<Value> = states
                .iter()
                .map(|s| {
                    let cells: Vec<Value> = theories
                        .iter()
                        .map(|t| match by_state.iter().find(|v| v.state == *s && v.theory == *t) {
                            Some(v) => json!({ "no": percent(v.share_no.unwrap_or(f64::NAN)),
                                "utility": v.mean_utility.map_or(String::new(), |u| format!("{u:.2}")), "term": v.main_term }),
                            None => json!({ "no": "", "utility": "", "term": "" }),
                        })
                        .collect();
                    json!({ "name": source.state(s), "cells": cells })
                })
                .collect();
            let label = [key.1.as_str(), &key.2, &key.0].into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>();
            json!({ "label": label.join(", "), "members": members })
        })
        .collect())
}

/// Parameters by group: value in this run, default, meaning, source.
fn parameters(source: &Source) -> Vec<Value> {
    let rows = |group: &str, known: &[Parameter]| -> Vec<Value> {
        let used = &source.manifest["parameters"][group];
        known
            .iter()
            .filter_map(|p| Some((p, used[p.name].as_f64()?)))
            .map(|(p, value)| {
                json!({ "name": p.name, "value": value, "default": p.default, "changed": value != p.default,
                    "meaning": p.meaning, "unit": p.unit, "source": p.source })
            })
            .collect()
    };
    let mut groups = vec![json!({ "label": "shared by all schools",
        "rows": rows("world", crate::model::parameters::World::PARAMETERS) })];
    for (i, school) in SCHOOLS.iter().enumerate() {
        groups.push(json!({ "label": school, "rows": rows(school, Roster::parameters(i)) }));
    }
    groups
}

fn organisations(source: &Source) -> Vec<Value> {
    let bodies = source.manifest["organisations"].as_object().into_iter().flatten();
    bodies
        .map(|(code, o)| {
            let members = source.members(code).join(", ");
            json!({ "name": o["name"].as_str().unwrap_or(code), "decision": o["decision"], "members": members,
                "leader": o["leader"].as_str().map_or("none", |l| source.state(l)), "source": o["source"] })
        })
        .collect()
}

fn states(source: &Source) -> Vec<Value> {
    let figure = |x: &Value, digits: usize| x.as_f64().map_or(String::new(), |x| format!("{x:.digits$}"));
    let states = source.manifest["states"].as_object().into_iter().flatten();
    states
        .map(|(code, s)| {
            json!({ "name": s["name"].as_str().unwrap_or(code), "capability": figure(&s["capability"], 4),
                "gdp": figure(&s["gdp"], 1), "burden": figure(&s["burden"], 3), "regime": figure(&s["regime"], 2),
                "alignment": figure(&s["alignment"], 2), "source": s["source"] })
        })
        .collect()
}

fn provenance(source: &Source) -> Vec<(&'static str, String)> {
    let m = &source.manifest;
    vec![
        ("Command", source.text(&["command"]).to_string()),
        (
            "Scenario",
            format!(
                "{} (sha256 {})",
                source.text(&["scenario", "file"]),
                source.text(&["scenario", "sha256"])
            ),
        ),
        ("Seed", m["seed"].to_string()),
        ("Replications", m["replications"].to_string()),
        ("Populations", strings(&m["theories"]).join(", ")),
        ("Random numbers", source.text(&["rng"]).to_string()),
        ("Version", format!("twain {}, commit {}", source.text(&["twain"]), source.text(&["commit"]))),
    ]
}
