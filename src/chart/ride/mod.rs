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

/// One metric over time under every population, with the coded record and what was measured elsewhere.
fn panel(source: &Source, metric: &str, rows: &[&Summary], dates: &[(&str, f64)]) -> Value {
    let meta = &source.manifest["metrics"][metric];
    let mut ends = Vec::new();
    let mut series = Vec::new();
    for theory in source.theories() {
        // steps without a value have no row
        let own: BTreeMap<&str, &Summary> =
            rows.iter().filter(|r| r.theory == theory).map(|r| (r.date.as_str(), *r)).collect();
        let mine: Vec<Option<&Summary>> = dates.iter().map(|d| own.get(d.0).copied()).collect();
        let column = |f: fn(&Summary) -> Figure| -> Value {
            mine.iter().map(|r| number(r.map_or(f64::NAN, |r| f(r).0))).collect()
        };
        if let Some(last) = mine.iter().rev().find_map(|r| r.and_then(|r| r.mean.known())) {
            ends.push(format!("{} {}", label(&theory), texts::figure(last, 2)));
        }
        series.push(json!({ "theory": theory, "mean": column(|r| r.mean), "q10": column(|r| r.q10), "q90": column(|r| r.q90) }));
    }
    let heading = super::capital(&heading(source, metric));
    let date = dates.last().map_or("", |d| d.0);
    let record = source.manifest["record"].as_array().into_iter().flatten();
    let coded: Vec<Value> = record
        .filter(|r| r["metric"].as_str() == Some(metric))
        .map(|r| {
            let date = r["date"].as_str().unwrap_or("");
            json!({ "time": number(year(date)), "date": date, "value": r["value"], "source": r["source"] })
        })
        .collect();
    json!({ "metric": metric, "measured": measured(source, metric, meta["low"].as_f64(), meta["high"].as_f64()),
        "label": heading, "share": meta["unit"] == "share", "low": meta["low"], "high": meta["high"],
        "alt": text("ride", "alt", &[("date", date), ("metric", &heading), ("list", &ends.join(", "))]),
        "series": series, "record": coded })
}

fn coded(panel: &Value) -> bool {
    panel["record"].as_array().is_some_and(|r| !r.is_empty())
}

/// What the lines, bands and marks of a panel are.
fn about(source: &Source, panel: &Value) -> String {
    let plain = text("ride", if coded(panel) { "about" } else { "about_plain" }, &[]);
    let list = panel["measured"].as_array().into_iter().flatten().filter_map(|m| m["name"].as_str());
    let list: Vec<String> = list.map(texts::name).collect();
    let more = match list.is_empty() {
        true => String::new(),
        false => format!(" {}", text("ride", "measured", &[("list", &list.join(", "))])),
    };
    caption(source, &(plain + &more))
}

/// The finding: where each population ends in the first panel, beside the last coded value.
fn title(source: &Source, panel: &Value, rows: &[&Summary]) -> String {
    let theories = source.theories();
    let metric = panel["metric"].as_str().unwrap_or_default();
    let pair = metric.strip_prefix("cooperation_").and_then(|p| p.split_once('_'));
    let subject = match pair {
        Some((a, b)) if coded(panel) => {
            text("ride", "subject", &[("a", source.state(a)), ("b", source.state(b))])
        }
        _ => panel["label"].as_str().unwrap_or("").to_string(),
    };
    let ended: Vec<String> = theories
        .iter()
        .filter(|t| !is_null(t) || theories.len() == 1)
        .filter_map(|t| {
            let own = rows.iter().filter(|r| r.theory == *t);
            let last = own.max_by(|a, b| a.time.0.total_cmp(&b.time.0)).and_then(|r| r.mean.known())?;
            Some(text("ride", "ended", &[("theory", &label(t)), ("share", &share(last, panel))]))
        })
        .collect();
    let last_year = source.text(&["end"]).get(..4).unwrap_or("");
    let coded_last = panel["record"].as_array().and_then(|r| {
        r.iter().rev().find(|c| c["date"].as_str().is_some_and(|d| d.starts_with(last_year)))?["value"]
            .as_f64()
    });
    let recorded = coded_last.map(|v| share(v, panel)).unwrap_or_default();
    let key = if coded_last.is_some() { "title" } else { "title_plain" };
    let values = [
        ("subject", super::capital(&subject)),
        ("year", last_year.to_string()),
        ("list", ended.join(", ")),
        ("record", recorded),
    ];
    text("ride", key, &values.each_ref().map(|(name, value)| (*name, value.as_str())))
}

pub(super) fn gather(source: &Source) -> anyhow::Result<Option<Chart>> {
    if !source.has("summary.csv") || source.manifest["sweep"].is_object() {
        return Ok(None);
    }
    let rows: Vec<Summary> = source.rows()?;
    let (present, by_metric) = grouped(&rows, |r| r.metric.clone());
    let list = metrics(source, &present);
    let Some(first) = list.first() else { return Ok(None) };
    let mut dates: Vec<(&str, f64)> = rows.iter().map(|r| (r.date.as_str(), r.time.0)).collect();
    dates.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(b.0)));
    dates.dedup();
    let mut panels: Vec<Value> = list.iter().map(|m| panel(source, m, &by_metric[m], &dates)).collect();
    let title = title(source, &panels[0], &by_metric[first]);
    let abouts: Vec<String> = panels.iter().map(|panel| about(source, panel)).collect();
    for (k, (panel, about)) in panels.iter_mut().zip(&abouts).enumerate() {
        let heading = if k == 0 { title.clone() } else { panel["label"].as_str().unwrap_or("").to_string() };
        panel["about"] = json!({ "title": heading, "caption": about, "alt": panel["alt"] });
    }
    // the first panels, as many as can be listened to
    let mut alt = String::new();
    for panel in panels.iter().filter_map(|p| p["alt"].as_str()) {
        if alt.len() < 700 {
            alt = format!("{alt} {panel}");
        }
    }
    let shocks = source.manifest["shocks"].as_array().into_iter().flatten();
    Ok(Some(Chart {
        title,
        subtitle: text("ride", "subtitle", &[]),
        caption: abouts[0].clone(),
        alt: alt.trim().to_string(),
        data: json!({
            "theories": populations(&source.theories()),
            "start": number(dates.first().map_or(f64::NAN, |d| d.1)),
            "end": number(dates.last().map_or(f64::NAN, |d| d.1)),
            "times": dates.iter().map(|d| number(d.1)).collect::<Vec<_>>(),
            "dates": dates.iter().map(|d| d.0).collect::<Vec<_>>(),
            "shocks": shocks.filter(|s| s["chart"] == true).collect::<Vec<_>>(),
            "panels": panels,
            "words": words("ride"),
        }),
        ..Chart::default()
    }))
}
