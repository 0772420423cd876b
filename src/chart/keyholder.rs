//! Who holds the key: breaking of silence and pivotality by member, and the paths of members that move.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::source::{Belonging, Vote, grouped, number, year};
use super::texts::{text, words};
use super::{Chart, Source, caption, populations};

pub(super) fn gather(source: &Source) -> anyhow::Result<Option<Chart>> {
    if !source.has("pivotality.csv") {
        return Ok(None);
    }
    let votes: Vec<Vote> = source.rows("pivotality.csv")?;
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
            let mut members: BTreeMap<&str, Vec<Option<&Vote>>> = BTreeMap::new();
            for v in &by_proposal[key] {
                let slot = members.entry(&v.state).or_insert_with(|| vec![None; theories.len()]);
                if let Some(t) = theories.iter().position(|t| *t == v.theory) {
                    slot[t] = Some(v);
                }
            }
            let weight = |votes: &[Option<&Vote>]| {
                let all: Vec<f64> = votes.iter().flatten().filter_map(|v| v.share_no).collect();
                let utility: f64 = votes.iter().flatten().filter_map(|v| v.mean_utility).sum();
                (all.iter().copied().fold(0.0, f64::max), all.iter().sum::<f64>(), -utility)
            };
            let mut order: Vec<(&str, Vec<Option<&Vote>>)> = members.into_iter().collect();
            order.sort_by(|a, b| {
                let (x, y) = (weight(&a.1), weight(&b.1));
                y.0.total_cmp(&x.0).then(y.1.total_cmp(&x.1)).then(y.2.total_cmp(&x.2)).then(a.0.cmp(b.0))
            });
            let list: Vec<String> = order
                .iter()
                .take(5)
                .map(|(s, v)| format!("{} up to {:.0}%", source.state(s), 100.0 * weight(v).0))
                .collect();
            let alt = text("keyholder", "alt", &[("list", &list.join(", "))]);
            let most = by_proposal[key].iter().filter_map(|v| v.mean_pivotality).fold(0.0, f64::max);
            let most = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0].into_iter().find(|m| *m >= most).unwrap_or(1.0);
            let (date, name, body) = key;
            let label = [name.as_str(), body, date].into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>().join(", ");
            let title = text("keyholder", "title", &[("proposal", &super::capital(&label))]);
            let about = caption(source, &text("keyholder", "about", &[("body", body)]));
            json!({ "label": label, "body": body, "most": most,
                "about": { "title": title, "caption": about, "alt": alt },
                "members": order.iter().map(|(s, v)| json!({ "state": s, "name": source.state(s),
                    "votes": v.iter().map(|v| v.map_or(Value::Null, |v| json!({ "no": number(v.share_no.unwrap_or(f64::NAN)),
                        "pivotality": number(v.mean_pivotality.unwrap_or(f64::NAN)), "utility": number(v.mean_utility.unwrap_or(f64::NAN)),
                        "term": v.main_term, "n": v.n }))).collect::<Vec<_>>() })).collect::<Vec<_>>() })
        })
        .collect();
    let said = |key: &str| listed[0]["about"][key].as_str().unwrap_or("").to_string();
    Ok(Some(Chart {
        name: "keyholder",
        draw: "keyholder",
        title: said("title"),
        subtitle: text("keyholder", "subtitle", &[]),
        caption: said("caption"),
        alt: said("alt"),
        data: json!({
            "theories": populations(&theories),
            "proposals": listed,
            "paths": paths(source, &theories)?,
            "start": number(year(source.text(&["start"])).floor()),
            "end": number(year(source.text(&["end"])).ceil()),
            "words": words("keyholder"),
        }),
    }))
}

/// The paths of the members whose belonging changes most over time and between schools: at most three.
fn paths(source: &Source, theories: &[String]) -> anyhow::Result<Vec<Value>> {
    if !source.has("membership_paths.csv") {
        return Ok(Vec::new());
    }
    let rows: Vec<Belonging> = source.rows("membership_paths.csv")?;
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
                    .map_or(0.0, |r| r.share_member)
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
    // the members the thesis follows come first where they are in the scenario
    let told = |state: &str| ["UZB", "KGZ", "BLR"].iter().position(|s| *s == state).unwrap_or(9);
    ranked.sort_by(|a, b| told(&a.0.1).cmp(&told(&b.0.1)).then(b.1.total_cmp(&a.1)).then(a.0.cmp(&b.0)));
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
