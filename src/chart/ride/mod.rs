//! Cooperation over time under each school, with bands, dated shocks and the coded record.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::source::{grouped, number, year};
use super::texts::{self, text, words};
use super::{Chart, Source, caption, is_null, label, populations};
use crate::output::rows::{Figure, Summary};

/// What a metric of cooperation is about, as a heading.
pub(super) fn heading(source: &Source, metric: &str) -> String {
    if let (Some([a, b]), "cooperation_between") = (source.blocs(), metric) {
        return text("ride", "between", &[("a", &a), ("b", &b)]);
    }
    if let Some(body) = metric.strip_prefix("cooperation_within_") {
        return text("ride", "within", &[("a", body)]);
    }
    match metric.strip_prefix("cooperation_").and_then(|pair| pair.split_once('_')) {
        Some((a, b)) => text("ride", "pair", &[("a", source.state(a)), ("b", source.state(b))]),
        None => metric.replace('_', " "),
    }
}

/// Metrics worth a ride: the one the record is coded in, between the blocs, inside them, then pairs.
fn metrics(source: &Source, present: &[String]) -> Vec<String> {
    let mut list = Vec::new();
    for entry in source.manifest["record"].as_array().into_iter().flatten() {
        list.extend(entry["metric"].as_str().map(str::to_string));
    }
    list.push("cooperation_between".into());
    for bloc in source.blocs().into_iter().flatten() {
        list.push(format!("cooperation_within_{bloc}"));
    }
    list.extend(present.iter().filter(|m| m.starts_with("cooperation_within_")).cloned());
    list.extend(present.iter().filter(|m| m.starts_with("cooperation_")).cloned());
    let mut unique: Vec<String> = Vec::new();
    for metric in list {
        let issue = source.manifest["organisations"]
            .as_object()
            .is_some_and(|o| o.keys().any(|code| metric.ends_with(&format!("_{code}"))))
            && !metric.starts_with("cooperation_within_")
            && source.manifest["states"][metric.split('_').nth(1).unwrap_or("")].is_null();
        if !issue && present.contains(&metric) && !unique.contains(&metric) {
            unique.push(metric);
        }
    }
    unique
}

/// The yearly series held against a metric whose values lie on its scale: they speak of the same from elsewhere, not of the same
/// thing. A value of a year stands in its middle.
fn measured(source: &Source, metric: &str, low: Option<f64>, high: Option<f64>) -> Vec<Value> {
    let (low, high) = (low.unwrap_or(f64::NEG_INFINITY), high.unwrap_or(f64::INFINITY));
    let all = source.manifest["resolved"]["series"].as_array();
    all.into_iter()
        .flatten()
        .filter(|s| s["metric"].as_str() == Some(metric))
        .filter_map(|s| {
            let values = s["values"].as_object()?;
            let points: Vec<(f64, f64)> = values
                .iter()
                .filter_map(|(year, x)| Some((year.parse::<i32>().ok()?, x.as_f64()?)))
                .map(|(year, x)| (f64::from(year) + 0.5, x))
                .collect();
            let fits = !points.is_empty() && points.iter().all(|p| (low..=high).contains(&p.1));
            fits.then(|| json!({ "name": s["name"], "source": s["source"], "points": points }))
        })
        .collect()
}

/// A value of a panel as people read it.
fn share(x: f64, panel: &Value) -> String {
    if panel["share"] == true { texts::percent(x, 0) } else { texts::figure(x, 2) }
}

pub(super) fn gather(source: &Source) -> anyhow::Result<Option<Chart>> {
    if !source.has("summary.csv") || source.manifest["sweep"].is_object() {
        return Ok(None);
    }
    let rows: Vec<Summary> = source.rows()?;
    let (present, by_metric) = grouped(&rows, |r| r.metric.clone());
    let list = metrics(source, &present);
    if list.is_empty() {
        return Ok(None);
    }
    let theories = source.theories();
    let mut dates: Vec<(&str, f64)> = rows.iter().map(|r| (r.date.as_str(), r.time.0)).collect();
    dates.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(b.0)));
    dates.dedup();
    let record = source.manifest["record"].as_array().cloned().unwrap_or_default();
    let mut alt = String::new();
    let mut panels: Vec<Value> = list
        .iter()
        .map(|metric| {
            let meta = &source.manifest["metrics"][metric];
            let mut ends = Vec::new();
            let series: Vec<Value> = theories
                .iter()
                .map(|theory| {
                    // steps without a value have no row
                    let own: BTreeMap<&str, &&Summary> =
                        by_metric[metric].iter().filter(|r| r.theory == *theory).map(|r| (r.date.as_str(), r)).collect();
                    let mine: Vec<Option<&&&Summary>> = dates.iter().map(|d| own.get(d.0)).collect();
                    let column = |f: fn(&Summary) -> Figure| -> Value {
                        mine.iter().map(|r| number(r.map_or(f64::NAN, |r| f(r).0))).collect()
                    };
                    if let Some(last) = mine.iter().rev().find_map(|r| r.and_then(|r| r.mean.known())) {
                        ends.push(format!("{} {}", label(theory), texts::figure(last, 2)));
                    }
                    json!({ "theory": theory, "mean": column(|r| r.mean), "q10": column(|r| r.q10), "q90": column(|r| r.q90) })
                })
                .collect();
            let date = dates.last().map_or("", |d| d.0);
            let heading = heading(source, metric);
            let told = text("ride", "alt", &[("date", date), ("metric", &super::capital(&heading)), ("list", &ends.join(", "))]);
            if alt.len() < 700 {
                alt += &told;
                alt.push(' ');
            }
            let coded: Vec<Value> = record
                .iter()
                .filter(|r| r["metric"].as_str() == Some(metric))
                .map(|r| {
                    let date = r["date"].as_str().unwrap_or("");
                    json!({ "time": number(year(date)), "date": date, "value": r["value"], "source": r["source"] })
                })
                .collect();
            let measured = measured(source, metric, meta["low"].as_f64(), meta["high"].as_f64());
            json!({ "metric": metric, "measured": measured, "label": super::capital(&heading), "alt": told, "share": meta["unit"] == "share",
                "low": meta["low"], "high": meta["high"], "series": series, "record": coded })
        })
        .collect();
    let shocks: Vec<Value> = source.manifest["shocks"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|s| s["chart"] == true)
        .cloned()
        .collect();
    let coded = |panel: &Value| panel["record"].as_array().is_some_and(|r| !r.is_empty());
    let about = |panel: &Value| {
        let plain = text("ride", if coded(panel) { "about" } else { "about_plain" }, &[]);
        let list = panel["measured"].as_array().into_iter().flatten().filter_map(|m| m["name"].as_str());
        let list: Vec<&str> = list.collect();
        let more = match list.is_empty() {
            true => String::new(),
            false => format!(" {}", text("ride", "measured", &[("list", &list.join(", "))])),
        };
        caption(source, &(plain + &more))
    };
    let pair = list[0].strip_prefix("cooperation_").and_then(|p| p.split_once('_'));
    let subject = match pair {
        Some((a, b)) if coded(&panels[0]) => {
            text("ride", "subject", &[("a", source.state(a)), ("b", source.state(b))])
        }
        _ => panels[0]["label"].as_str().unwrap_or("").to_string(),
    };
    // the finding: where each population ends, beside the last coded value
    let ended: Vec<String> = theories
        .iter()
        .filter(|t| !is_null(t) || theories.len() == 1)
        .filter_map(|t| {
            let own = by_metric[&list[0]].iter().filter(|r| r.theory == *t);
            let last = own.max_by(|a, b| a.time.0.total_cmp(&b.time.0)).and_then(|r| r.mean.known())?;
            Some(text("ride", "ended", &[("theory", &label(t)), ("share", &share(last, &panels[0]))]))
        })
        .collect();
    let last_year = source.text(&["end"]).get(..4).unwrap_or("").to_string();
    let coded_last = panels[0]["record"].as_array().and_then(|r| {
        r.iter().rev().find(|c| c["date"].as_str().is_some_and(|d| d.starts_with(&last_year)))?["value"]
            .as_f64()
    });
    let recorded = coded_last.map(|v| share(v, &panels[0])).unwrap_or_default();
    let key = if coded_last.is_some() { "title" } else { "title_plain" };
    let title = text(
        "ride",
        key,
        &[
            ("subject", &super::capital(&subject)),
            ("year", &last_year),
            ("list", &ended.join(", ")),
            ("record", &recorded),
        ],
    );
    let words_of: Vec<(String, String)> = panels
        .iter()
        .enumerate()
        .map(|(k, panel)| {
            let plain = panel["label"].as_str().unwrap_or("").to_string();
            (if k == 0 { title.clone() } else { super::capital(&plain) }, about(panel))
        })
        .collect();
    for (panel, (title, about)) in panels.iter_mut().zip(&words_of) {
        panel["about"] = json!({ "title": title, "caption": about, "alt": panel["alt"] });
    }
    let about = words_of.into_iter().next().unwrap_or_default().1;
    Ok(Some(Chart {
        title,
        subtitle: text("ride", "subtitle", &[]),
        caption: about,
        alt: alt.trim().to_string(),
        data: json!({
            "theories": populations(&theories),
            "start": number(dates.first().map_or(f64::NAN, |d| d.1)),
            "end": number(dates.last().map_or(f64::NAN, |d| d.1)),
            "times": dates.iter().map(|d| number(d.1)).collect::<Vec<_>>(),
            "dates": dates.iter().map(|d| d.0).collect::<Vec<_>>(),
            "shocks": shocks,
            "panels": panels,
            "words": words("ride"),
        }),
..Chart::default()
}))
}
