//! Evolution: shares of strategies over time, and where the population spends its time in the long run.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::source::{grouped, number};
use super::texts::{find, percent, text, words};
use super::{Chart, Source};
use crate::output::rows::{Stationary, Trajectory};

pub(super) fn gather(source: &Source) -> anyhow::Result<Option<Chart>> {
    if !source.has("trajectory.csv") {
        return Ok(None);
    }
    let rows: Vec<Trajectory> = source.rows()?;
    let stays: Vec<Stationary> = if source.has("stationary.csv") { source.rows()? } else { Vec::new() };
    let (dynamics, by_dynamics) = grouped(&rows, |r| r.dynamics.clone());
    let strategies = grouped(&rows, |r| r.strategy.clone()).0;
    let mut ends: Vec<(String, f64)> = Vec::new();
    let panels: Vec<Value> = dynamics
        .iter()
        .map(|d| {
            let mine = &by_dynamics[d];
            let mut times: Vec<f64> = mine.iter().map(|r| r.time.0).collect();
            times.sort_by(f64::total_cmp);
            times.dedup();
            let mut places: BTreeMap<(&str, u64), &Trajectory> = BTreeMap::new();
            for r in mine {
                places.insert((&r.strategy, r.time.0.to_bits()), r);
            }
                        let series: Vec<Value> = strategies
                .iter()
                .map(|s| {
                    let column = |f: fn(&Trajectory) -> f64| -> Vec<f64> {
                        times
                            .iter()
                            .map(|t| places.get(&(s.as_str(), t.to_bits())).map_or(f64::NAN, |r| f(r)))
                            .collect()
                    };
                    let share = column(|r| r.share.0);
                    if *d == dynamics[0] {
                        ends.push((s.clone(), share.last().copied().unwrap_or(f64::NAN)));
                    }
                    json!({ "name": s, "share": share.iter().map(|v| number(*v)).collect::<Vec<_>>() })
                })
                .collect();
            json!({ "label": find("evolution", d).unwrap_or_else(|| d.clone()), "times": times, "series": series,
                "unit": text("evolution", "generations", &[]) })
        })
        .collect();
    ends.sort_by(|a, b| b.1.total_cmp(&a.1));
    let list: Vec<String> = ends.iter().map(|(s, x)| format!("{s} {}", percent(*x, 0))).collect();
    let title = source.text(&["scenario", "title"]);
    Ok(Some(Chart {
        title: if title.is_empty() { text("evolution", "title", &[]) } else { title.to_string() },
        subtitle: text("evolution", "subtitle", &[]),
        caption: super::tournament::caption(source, "evolution"),
        alt: text("evolution", "alt", &[("list", &list.join(", "))]),
        data: json!({
            "strategies": strategies.iter().map(|s| json!({ "name": s, "label": s })).collect::<Vec<_>>(),
            "panels": panels,
            "stationary": stays.iter().map(|s| json!({ "name": s.strategy, "rare": number(s.rare_mutation.0),
                "simulated": number(s.simulated.0), "low": number(s.ci_low.0),
                "high": number(s.ci_high.0) })).collect::<Vec<_>>(),
            "words": words("evolution"),
        }),
        ..Chart::default()
    }))
}
