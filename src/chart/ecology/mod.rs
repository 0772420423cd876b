//! The ecological variant of a tournament: shares of the players over the generations.

use std::collections::BTreeMap;

use serde_json::json;

use super::source::{grouped, number};
use super::texts::{percent, text, words};
use super::{Chart, Source};
use crate::output::rows::Ecology;

/// Players with a colour of their own.
const NAMED: usize = 5;

pub(super) fn gather(source: &Source) -> anyhow::Result<Option<Chart>> {
    if !source.has("ecology.csv") {
        return Ok(None);
    }
    let rows: Vec<Ecology> = source.rows()?;
    let (players, by_player) = grouped(&rows, |r| r.player.clone());
    let (times, _) = grouped(&rows, |r| r.generation);
    let end = |p: &String| by_player[p].last().map_or(0.0, |r| r.share.0);
    let mut order: Vec<&String> = players.iter().collect();
    order.sort_by(|a, b| end(b).total_cmp(&end(a)));
    // those that were ever great have a colour, in the order of the end
    let peak = |p: &String| by_player[p].iter().map(|r| r.share.0).fold(0.0, f64::max);
    let mut great: Vec<&String> = order.clone();
    great.sort_by(|a, b| peak(b).total_cmp(&peak(a)));
    great.truncate(NAMED);
    let (named, others): (Vec<&String>, Vec<&String>) = order.iter().partition(|p| great.contains(p));
    let course = |p: &String| -> BTreeMap<u64, f64> {
        by_player[p].iter().map(|r| (r.generation, r.share.0)).collect()
    };
    let mut series: Vec<(String, String, Vec<f64>)> = named
        .iter()
        .map(|p| {
            let own = course(p);
            (
                (*p).clone(),
                (*p).clone(),
                times.iter().map(|t| own.get(t).copied().unwrap_or(f64::NAN)).collect(),
            )
        })
        .collect();
    if !others.is_empty() {
        let all: Vec<BTreeMap<u64, f64>> = others.iter().map(|p| course(p)).collect();
        let sum = times.iter().map(|t| all.iter().map(|c| c.get(t).copied().unwrap_or(0.0)).sum()).collect();
        let label = text("ecology", "others", &[("n", &others.len().to_string())]);
        series.push(("null-others".into(), label, sum));
    }
    let list: Vec<String> = order.iter().take(3).map(|p| format!("{p} {}", percent(end(p), 0))).collect();
    let mut words = words("ecology");
    words["stationary"] = "".into();
    let first = order.first().map_or("", |p| p.as_str());
    let last = times.last().copied().unwrap_or(0).to_string();
    let share = percent(order.first().map_or(0.0, |p| end(p)), 0);
    Ok(Some(Chart {
        title: text("ecology", "title", &[("player", first), ("share", &share), ("n", &last)]),
        subtitle: text("ecology", "subtitle", &[]),
        caption: super::tournament::caption(source, "ecology"),
        alt: text("evolution", "alt", &[("list", &list.join(", "))]),
        data: json!({
            "strategies": series.iter().map(|s| json!({ "name": s.0, "label": s.1 })).collect::<Vec<_>>(),
            "panels": [{ "label": text("ecology", "panel", &[]), "times": times, "unit": text("evolution", "generations", &[]),
                "series": series.iter().map(|s| json!({ "name": s.0,
                    "share": s.2.iter().map(|x| number(*x)).collect::<Vec<_>>() })).collect::<Vec<_>>() }],
            "stationary": [],
            "words": words,
        }),
        ..Chart::default()
    }))
}
