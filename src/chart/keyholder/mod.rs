//! Who holds the key: breaking of silence and pivotality by member, and the paths of members that move.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::source::{grouped, number, year};
use super::texts::{self, percent, term, text, words};
use super::{Chart, Source, caption, is_null, label, populations};
use crate::output::rows::{Belonging, Pivotality};

pub(super) fn gather(source: &Source) -> anyhow::Result<Option<Chart>> {
    if !source.has("pivotality.csv") {
        return Ok(None);
    }
    let votes: Vec<Pivotality> = source.rows()?;
    if votes.is_empty() {
        return Ok(None);
    }
    let theories = source.theories();
    // dated proposals first, most voters first
    let (mut proposals, by_proposal) =
        grouped(&votes, |v| (v.date.clone(), v.proposal.clone(), v.organisation.clone()));
    let dated = |k: &(String, String, String)| (k.0.is_empty(), !k.1.starts_with("framework"));
    proposals.sort_by_key(|k| {
        let states = grouped(&votes, |v| v.state.clone()).0.len();
        let voters =
            by_proposal[k].iter().map(|v| v.state.as_str()).collect::<std::collections::BTreeSet<_>>().len();
        (dated(k), states - voters, k.0.clone(), k.1.clone())
    });
    let listed: Vec<Value> = proposals
        .iter()
        .map(|key| {
            let mut members: BTreeMap<&str, Vec<Option<&Pivotality>>> = BTreeMap::new();
            for v in &by_proposal[key] {
                let slot = members.entry(&v.state).or_insert_with(|| vec![None; theories.len()]);
                if let Some(t) = theories.iter().position(|t| *t == v.theory) {
                    slot[t] = Some(v);
                }
            }
            let weight = |votes: &[Option<&Pivotality>]| {
                let all: Vec<f64> = votes.iter().flatten().filter_map(|v| v.share_no.known()).collect();
                let utility: f64 = votes.iter().flatten().filter_map(|v| v.mean_utility.known()).sum();
                (all.iter().copied().fold(0.0, f64::max), all.iter().sum::<f64>(), -utility)
            };
            let mut order: Vec<(&str, Vec<Option<&Pivotality>>)> = members.into_iter().collect();
            order.sort_by(|a, b| {
                let (x, y) = (weight(&a.1), weight(&b.1));
                y.0.total_cmp(&x.0).then(y.1.total_cmp(&x.1)).then(y.2.total_cmp(&x.2)).then(a.0.cmp(b.0))
            });
            let list: Vec<String> = order
                .iter()
                .take(5)
                .map(|(s, v)| text("keyholder", "up_to", &[("state", source.state(s)), ("share", &percent(weight(v).0, 0))]))
                .collect();
            let alt = text("keyholder", "alt", &[("list", &list.join(", "))]);
            let most = by_proposal[key].iter().filter_map(|v| v.mean_pivotality.known()).fold(0.0, f64::max);
            let (date, name, body) = key;
            let label = [texts::name(name), texts::name(body), date.clone()]
                .into_iter()
                .filter(|s| !s.is_empty())
                .collect::<Vec<_>>()
                .join(", ");
            let about = caption(source, &text("keyholder", "about", &[("body", body)]));
            let title = title(&by_proposal[key], &label, &theories);
            json!({ "label": label, "body": body, "pivotal": most >= PIVOTAL, "most": most,
                "about": { "title": title, "caption": about, "alt": alt },
                "members": order.iter().map(|(s, v)| json!({ "state": s, "name": source.state(s),
                    "votes": v.iter().map(|v| v.map_or(Value::Null, |v| json!({ "no": number(v.share_no.0),
                        "pivotality": number(v.mean_pivotality.0), "utility": number(v.mean_utility.0),
                        "term": term(&v.main_term), "n": v.n }))).collect::<Vec<_>>() })).collect::<Vec<_>>() })
        })
        .collect();
    let title = title(&by_proposal[&proposals[0]], listed[0]["label"].as_str().unwrap_or(""), &theories);
    let paths = paths(source, &theories)?;
    let subtitle = subtitle(&by_proposal[&proposals[0]], &listed[0], &theories, !paths.is_empty());
    let body = proposals[0].2.clone();
    Ok(Some(Chart {
        title,
        subtitle,
        caption: caption(source, &text("keyholder", "about", &[("body", &body)])),
        alt: listed[0]["about"]["alt"].as_str().unwrap_or("").to_string(),
        data: json!({
            "theories": populations(&theories),
            "proposals": listed,
            "paths": paths,
            "start": number(year(source.text(&["start"])).floor()),
            "end": number(year(source.text(&["end"])).ceil()),
            "words": words("keyholder"),
        }),
        ..Chart::default()
    }))
}

/// The least pivotality, a difference of probabilities, that is drawn: below it there is nothing to see but noise.
const PIVOTAL: f64 = 0.01;

/// The finding: how many members break silence in most runs under each school.
fn title(votes: &[&Pivotality], proposal: &str, theories: &[String]) -> String {
    let told: Vec<String> = theories
        .iter()
        .filter(|t| !is_null(t) || theories.len() == 1)
        .filter_map(|t| {
            let mine: Vec<&&Pivotality> = votes.iter().filter(|v| v.theory == *t).collect();
            let n = mine.iter().filter(|v| v.share_no.known().unwrap_or(0.0) > 0.5).count().to_string();
            let (all, theory) = (mine.len().to_string(), label(t));
            let words = text("keyholder", "title_some", &[("n", &n), ("all", &all), ("theory", &theory)]);
            (!mine.is_empty()).then_some(words)
        })
        .collect();
    let any = votes.iter().any(|v| !is_null(&v.theory) && v.share_no.known().unwrap_or(0.0) > 0.5);
    let key = if any { "title" } else { "title_none" };
    text("keyholder", key, &[("proposal", &super::capital(proposal)), ("list", &told.join(", "))])
}

/// How to read it, and the reasons: by far the most frequent ones of each school.
fn subtitle(votes: &[&Pivotality], proposal: &Value, theories: &[String], paths: bool) -> String {
    let reasons: Vec<String> = theories
        .iter()
        .filter(|t| !is_null(t))
        .filter_map(|t| {
            let mut terms: BTreeMap<&str, f64> = BTreeMap::new();
            for v in votes.iter().filter(|v| v.theory == *t && !v.main_term.is_empty()) {
                *terms.entry(&v.main_term).or_default() += v.share_no.known().unwrap_or(0.0) * v.n as f64;
            }
            let main = terms.into_iter().max_by(|a, b| a.1.total_cmp(&b.1)).filter(|x| x.1 > 0.0)?.0;
            Some(text("keyholder", "reason", &[("term", &term(main)), ("theory", &label(t))]))
        })
        .collect();
    let pivotal = proposal["pivotal"] == true;
    let mut out = text("keyholder", if pivotal { "subtitle_pivotal" } else { "subtitle" }, &[]);
    if !pivotal {
        let most = proposal["most"].as_f64().unwrap_or(0.0);
        let most = percent(most.max(0.001), 1);
        out += &format!(" {}", text("keyholder", "pivotal", &[("most", &most)]));
    }
    if paths {
        out += &format!(" {}", text("keyholder", "subtitle_paths", &[]));
    }
    if !reasons.is_empty() {
        out += &format!(" {}", text("keyholder", "reasons", &[("list", &reasons.join("; "))]));
    }
    out
}

/// The paths of the members whose belonging changes most over time and between schools: at most three.
fn paths(source: &Source, theories: &[String]) -> anyhow::Result<Vec<Value>> {
    if !source.has("membership_paths.csv") {
        return Ok(Vec::new());
    }
    let rows: Vec<Belonging> = source.rows()?;
    let body = source.blocs().map(|b| b[1].clone());
    let (mut keys, by_key) = grouped(&rows, |r| (r.organisation.clone(), r.state.clone()));
    keys.retain(|k| body.as_ref().is_none_or(|b| *b == k.0));
    let dates = grouped(&rows, |r| r.date.clone()).0;
    let mut dates: Vec<(f64, String)> = dates.into_iter().map(|d| (year(&d), d)).collect();
    dates.sort_by(|a, b| a.0.total_cmp(&b.0));
    let path = |key: &(String, String), theory: &str| -> Vec<f64> {
        dates
            .iter()
            .map(|d| {
                by_key[key]
                    .iter()
                    .find(|r| r.theory == theory && r.date == d.1)
                    .map_or(0.0, |r| r.share_member.0)
            })
            .collect()
    };
    let moves = |key: &(String, String)| -> f64 {
        let all = theories.iter().map(|t| path(key, t).windows(2).map(|w| (w[1] - w[0]).abs()).sum::<f64>());
        all.sum()
    };
    let mut ranked: Vec<((String, String), f64)> = keys
        .into_iter()
        .map(|k| {
            let m = moves(&k);
            (k, m)
        })
        .collect();
    // a path that rises once, alike under every school, is a dated entry: nothing to see
    ranked.retain(|(key, _)| {
        let all: Vec<Vec<f64>> = theories.iter().filter(|t| !is_null(t)).map(|t| path(key, t)).collect();
        let falls = all.iter().any(|p| p.windows(2).any(|w| w[0] - w[1] > 0.05));
        let differ = all.iter().flat_map(|p| p.iter().zip(&all[0])).any(|(x, y)| (x - y).abs() > 0.1);
        falls || differ
    });
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    Ok(ranked
        .iter()
        .take(3)
        .map(|(key, _)| {
            json!({ "label": text("keyholder", "path", &[("state", source.state(&key.1)), ("body", &key.0)]),
                "times": dates.iter().map(|d| number(d.0)).collect::<Vec<_>>(),
                "series": theories.iter().map(|t| json!({ "theory": t,
                    "share": path(key, t).into_iter().map(number).collect::<Vec<_>>() })).collect::<Vec<_>>() })
        })
        .collect())
}
