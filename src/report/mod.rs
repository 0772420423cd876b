//! One self-contained page that opens offline: findings in words, live charts, facts, votes, inputs, limits and
//! provenance, all from the tables of one or more results folders of the same scenario.
//!
//! The page runs the chart functions of [`crate::chart`] in the reader's browser. Words from files reach it only
//! through the template's escaping or as JSON, never as markup.

mod contest;
pub mod reference;
pub mod verdict;

use anyhow::{Context, bail};
use minijinja::Environment;
use minijinja::value::Kwargs;
use serde_json::{Value, json};

use crate::chart::DRAW;
use crate::chart::engine::ECHARTS;
use crate::chart::findings::{findings, percent};
use crate::chart::source::{grouped, strings};
use crate::chart::texts::{figure, language, list, name, named, phrase, term, text, words};
use crate::chart::{CHARTS, Chart, Source, Style, Theme, gather, label};
use crate::output::VERSION;
use crate::output::rows::{Claim, Fact, FactScore, Pivotality};
use crate::output::screen::note;
use crate::output::whole;
use crate::theory::{Parameter, Roster, SCHOOLS};

/// Charts on a page: what the report and the laboratory share.
pub const VIEW: &str = include_str!("view.js");

/// The place of one chart.
const CHART: &str = include_str!("chart.html");

/// Their common style.
pub const STYLE: &str = include_str!("page.css");

/// Leaves charts (as slides) and a page beside the tables of a result that is being written. A picture that fails
/// costs no results: it is said on standard error and the tables stay.
///
/// # Errors
/// If a chart or the page cannot be made or written; what was torn is removed.
pub fn leave(folder: &std::path::Path) -> anyhow::Result<()> {
    let source = Source::open(folder)?;
    let charts = gather(&source, &[])?;
    if charts.is_empty() {
        let names: Vec<&str> = CHARTS.iter().map(|k| k.name).collect();
        note!("no chart fits these tables (there are {}); the tables are whole", names.join(", "));
    }
    crate::chart::write(&charts, &folder.join("charts"), &[("", Style::slide(Theme::Light))])?;
    let text = if contest::is_one(&source) {
        contest::render(&source, &charts)?
    } else if charts.is_empty() || !source.manifest["states"].is_object() {
        return Ok(());
    } else {
        render(&[source], &charts)?
    };
    whole(&folder.join("report.html"), text.as_bytes())
}

/// A phrase of a page with its values.
fn told(english: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(phrase(english), |t, (key, value)| t.replace(&format!("{{{key}}}"), value))
}

/// An interval as people read it.
fn span(low: &str, high: &str) -> String {
    told("{low} to {high}", &[("low", low), ("high", high)])
}

/// What every page is made with: words from files are escaped, `_("...")` is a phrase in the language chosen, with the
/// values it is given, and `chart.html` is the place of a chart.
pub fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::Html);
    let phrase = |english: String, values: Kwargs| -> Result<minijinja::Value, minijinja::Error> {
        let mut shown: Vec<(&str, String)> = Vec::new();
        for key in values.args() {
            let value = name(&values.get::<minijinja::Value>(key)?.to_string());
            shown.push((key, minijinja::HtmlEscape(&value).to_string()));
        }
        let values: Vec<(&str, &str)> = shown.iter().map(|(key, value)| (*key, value.as_str())).collect();
        Ok(minijinja::Value::from_safe_string(told(&english, &values)))
    };
    environment.add_function("_", phrase);
    environment.add_global("language", language().code);
    environment.add_global("view_words", words("view").to_string());
    environment.add_template("chart.html", CHART).expect("the place of a chart is a template");
    environment
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
    let title = first.text(&["scenario", "name"]);
    let variant = first.text(&["variant"]);
    let with = |title: &str| match variant {
        "" => title.to_string(),
        _ => text("common", "variant", &[("title", title), ("variant", variant)]),
    };
    let titled = with(title);
    let mut environment = environment();
    environment.add_template("page.html", include_str!("page.html"))?;
    let template = environment.get_template("page.html")?;
    let shown = template.render(minijinja::Value::from(minijinja::value::Serde(json!({
        "version": VERSION,
        "title": with(first.text(&["scenario", "title"])),
        "description": first.text(&["scenario", "description"]),
        "lead": lead(first, &titled),
        "charts": charts.iter().map(|c| json!({
            "name": c.name, "short": short(c.name), "title": c.title, "subtitle": c.subtitle, "caption": c.caption, "alt": c.alt,
        })).collect::<Vec<_>>(),
        "theories": theories.iter().map(|t| json!({ "name": t, "label": label(t) })).collect::<Vec<_>>(),
        "texts": words("report"),
        "findings": findings(first, compared)?,
        "remarks": sources.iter().flat_map(|s| s.remarks.clone()).collect::<Vec<_>>(),
        "propositions": sources.iter().find(|s| s.has("contract.csv")).map(propositions).transpose()?,
        "fact_columns": facts.as_ref().map(|f| f.0.clone()),
        "facts": facts.as_ref().map(|f| f.1.clone()),
        "votes": voted.map(|s| votes(s, &theories)).transpose()?.filter(|v| !v.is_empty()).map(|v| named(v.into())),
        "parameters": parameters(first),
        "shocks": first.manifest["shocks"].as_array().map(|s| named(s.clone().into())),
        "organisations": named(organisations(first).into()),
        "states": named(states(first).into()),
        "limits": list("report", "limits"),
        "provenance": sources.iter().map(provenance).collect::<Vec<_>>(),
        "css": STYLE,
        "data": data,
        "echarts": ECHARTS,
        "draw": DRAW.join("\n"),
        "view": VIEW,
        "script": include_str!("page.js"),
    }))));
    shown.context("cannot make the page")
}

fn lead(source: &Source, name: &str) -> String {
    let runs = source.replications().to_string();
    if source.has("contract.csv") {
        let seeds: Vec<String> =
            source.manifest["seeds"].as_array().into_iter().flatten().map(Value::to_string).collect();
        return text("contract", "lead", &[("runs", &runs), ("seeds", &seeds.join(", "))]);
    }
    text(
        "report",
        "lead",
        &[
            ("title", name),
            ("start", source.text(&["start"])),
            ("end", source.text(&["end"])),
            ("states", &source.manifest["states"].as_object().map_or(0, serde_json::Map::len).to_string()),
            ("runs", &runs),
            ("seed", &source.manifest["seed"].to_string()),
        ],
    )
}

/// The rows of a contract, school by school.
fn propositions(source: &Source) -> anyhow::Result<Vec<Value>> {
    let rows: Vec<Claim> = source.rows()?;
    let figure = |x: Option<f64>| {
        x.map_or("–".into(), |x| {
            if x != 0.0 && x.abs() < 5e-4 { format!("{x:.0e}") } else { format!("{x:.3}") }
        })
    };
    let (schools, by_school) = grouped(&rows, |r| r.school.clone());
    let one = |r: &&Claim| {
        let interval = match (r.ci_low.known(), r.ci_high.known()) {
            (Some(low), Some(high)) if low != high => span(&figure(Some(low)), &figure(Some(high))),
            _ => String::new(),
        };
        json!({ "id": r.proposition, "claim": r.claim, "source": r.source, "world": r.world, "change": r.change,
            "measure": r.measure, "bound": format!("{} {}", r.direction, figure(Some(r.bound.0))), "value": figure(r.value.known()),
            "interval": interval, "neutral": figure(r.neutral.known()), "verdict": r.verdict, "declared": r.declared,
            "why": r.why, "note": r.note })
    };
    let group = |school: &String| json!({ "label": label(school), "rows": by_school[school].iter().map(one).collect::<Vec<_>>() });
    Ok(schools.iter().map(group).collect())
}

fn short(chart: &str) -> String {
    text(chart, "short", &[])
}

/// Columns and rows of the table of facts.
fn facts(source: &Source) -> anyhow::Result<(Vec<String>, Vec<Value>)> {
    let facts: Vec<Fact> = source.rows()?;
    let scores: Vec<FactScore> = source.rows()?;
    let (columns, by_theory) = grouped(&scores, |s| s.theory.clone());
    let rows = facts
        .iter()
        .map(|f| {
            let shares: Vec<String> = columns
                .iter()
                .map(|c| {
                    by_theory[c].iter().find(|s| s.fact == f.fact).map_or(String::new(), |s| {
                        let sign = match s.claims {
                            Some('+') => " +",
                            Some('-') => " −",
                            _ => "",
                        };
                        format!("{}{sign}", percent(s.share.0))
                    })
                })
                .collect();
            json!({ "id": f.fact, "claim": f.claim, "page": if f.page.is_empty() { &f.source } else { &f.page }, "split": f.split, "measure": f.measure, "shares": shares })
        })
        .collect();
    Ok((columns.iter().map(|c| label(c)).collect(), rows))
}

/// Votes by proposal and body, with the term that decided most refusals.
fn votes(source: &Source, theories: &[String]) -> anyhow::Result<Vec<Value>> {
    let votes: Vec<Pivotality> = source.rows()?;
    let (mut keys, by_key) =
        grouped(&votes, |v| (v.date.clone(), v.proposal.clone(), v.organisation.clone()));
    keys.sort_by_key(|k| (k.0.is_empty(), k.0.clone(), k.1.clone(), k.2 != "NATO"));
    Ok(keys
        .iter()
        .map(|key| {
            let (states, by_state) = {
                let mut rows: Vec<&&Pivotality> = by_key[key].iter().collect();
                rows.sort_by(|a, b| {
                    b.share_no.known().unwrap_or(0.0).total_cmp(&a.share_no.known().unwrap_or(0.0)).then(a.state.cmp(&b.state))
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
                            Some(v) => json!({ "no": percent(v.share_no.0),
                                "trace": if key.0.is_empty() { Value::Null } else { trace(source, v).into() },
                                "utility": v.mean_utility.known().map_or(String::new(), |u| figure(u, 2)), "term": term(&v.main_term) }),
                            None => json!({ "no": "", "utility": "", "term": "" }),
                        })
                        .collect();
                    json!({ "name": source.state(s), "cells": cells })
                })
                .collect();
            let label = [name(&key.1), name(&key.2), key.0.clone()].into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>();
            json!({ "label": label.join(", "), "members": members })
        })
        .collect())
}

/// The command that takes one vote apart.
fn trace(source: &Source, vote: &Pivotality) -> String {
    format!(
        "twain explain {} --theory {} --who {} --what vote --when {}",
        scenario_path(source),
        vote.theory,
        vote.state,
        vote.date
    )
}

/// The scenario's file as it was named on the command line, with its folder.
fn scenario_path(source: &Source) -> &str {
    let file = source.text(&["scenario", "file"]);
    let words = source.text(&["command"]).split(' ');
    words.map(|w| w.trim_matches('\'')).find(|w| !file.is_empty() && w.ends_with(file)).unwrap_or(file)
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
    let mut groups = vec![json!({ "label": phrase("shared by all schools"),
        "rows": rows("world", crate::model::parameters::World::PARAMETERS) })];
    for (i, school) in SCHOOLS.iter().enumerate() {
        groups.push(json!({ "label": label(school), "rows": rows(school, Roster::parameters(i)) }));
    }
    groups
}

fn organisations(source: &Source) -> Vec<Value> {
    let bodies = source.manifest["organisations"].as_object().into_iter().flatten();
    bodies
        .map(|(code, o)| {
            let members = source.members(code).join(", ");
            json!({ "name": o["name"].as_str().unwrap_or(code), "decision": o["decision"], "members": members,
                "leader": o["leader"].as_str().map_or(phrase("none"), |l| source.state(l).to_string()), "source": o["source"] })
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

fn provenance(source: &Source) -> Vec<(String, String)> {
    let m = &source.manifest;
    vec![
        (phrase("Command"), source.text(&["command"]).to_string()),
        (
            phrase("Scenario"),
            format!(
                "{} (sha256 {})",
                source.text(&["scenario", "file"]),
                source.text(&["scenario", "sha256"])
            ),
        ),
        (phrase("Seed"), m["seed"].to_string()),
        (phrase("Replications"), m["replications"].to_string()),
        (phrase("Populations"), strings(&m["theories"]).join(", ")),
        (phrase("Random numbers"), source.text(&["rng"]).to_string()),
        (
            phrase("Version"),
            format!("twain {}, commit {}", source.text(&["twain"]), source.text(&["commit"])),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_phrase_of_a_page_is_told_in_every_language() {
        let pages = [
            CHART,
            include_str!("page.html"),
            include_str!("contest.html"),
            include_str!("verdict.html"),
            include_str!("../lab/page/page.html"),
        ];
        let mut phrases: Vec<String> = Vec::new();
        for page in pages {
            for rest in page.split("_(").skip(1) {
                let quote =
                    rest.chars().next().filter(|c| matches!(c, '"' | '\'')).expect("a phrase in quotes");
                phrases.extend(rest[1..].split_once(quote).map(|(phrase, _)| phrase.to_string()));
            }
        }
        assert!(phrases.len() > 150, "the pages are read");
        let told =
            include_str!("../chart/texts/fr.toml").split_once("\n[page]\n").expect("phrases of pages").1;
        let told: std::collections::BTreeMap<String, String> = toml::from_str(told).expect("phrases");
        for phrase in &phrases {
            let words = told.get(phrase).unwrap_or_else(|| panic!("not told in French: {phrase}"));
            for value in phrase.split('{').skip(1).filter_map(|rest| rest.split_once('}')) {
                assert!(words.contains(&format!("{{{}}}", value.0)), "{words} leaves out {}", value.0);
            }
        }
    }
}
