//! What if: paired differences with their intervals.

use serde::Deserialize;
use serde_json::{Value, json};

use super::source::{estimate, grouped};
use super::texts::{text, words};
use super::{Chart, Source, caption, is_null, label, populations};

#[derive(Deserialize)]
struct Row {
    theory: String,
    whatif: String,
    label: String,
    outcome: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    difference: Option<f64>,
    ci_low: Option<f64>,
    ci_high: Option<f64>,
}

pub(super) fn gather(source: &Source) -> anyhow::Result<Option<Chart>> {
    if !source.has("whatif.csv") {
        return Ok(None);
    }
    let rows: Vec<Row> = source.rows("whatif.csv")?;
    if rows.is_empty() {
        return Ok(None);
    }
    let theories = source.theories();
    let (order, by_whatif) = grouped(&rows, |r| (r.whatif.clone(), r.label.clone()));
    // outcomes that every what-if has: the pair the question is about first, then the blocs, then the framework
    let coded = source.manifest["record"][0]["metric"].as_str().unwrap_or("");
    let mut outcomes: Vec<String> = grouped(&rows, |r| r.outcome.clone()).0;
    outcomes.retain(|o| order.iter().all(|key| by_whatif[key].iter().any(|r| r.outcome == *o)));
    outcomes.sort_by_key(|o| match o.as_str() {
        "framework formed" => 2,
        "cooperation_between" => 1,
        other if other == coded => 0,
        _ => 3,
    });
    outcomes.truncate(3);
    if outcomes.is_empty() {
        return Ok(None);
    }
    let find = |key: &(String, String), t: &str, outcome: &str| {
        by_whatif[key].iter().find(|r| r.theory == t && r.outcome == outcome).copied()
    };
    let heading = |outcome: &str| match outcome {
        "framework formed" => text("whatif", "framework", &[]),
        "pass_chance" => text("whatif", "pass", &[]),
        "exits" => text("whatif", "exits", &[]),
        other => super::ride::heading(source, other),
    };
    let panels: Vec<Value> = outcomes
        .iter()
        .map(|outcome| {
            let reach = rows
                .iter()
                .filter(|r| r.outcome == *outcome)
                .flat_map(|r| [r.difference, r.ci_low, r.ci_high])
                .flatten()
                .filter(|x| x.is_finite())
                .fold(0.0f64, |m, x| m.max(x.abs()));
            let limit = super::sensitivity::nice(reach.max(0.05)).min(1.0);
            let values: Vec<Vec<Value>> = theories
                .iter()
                .map(|t| {
                    order
                        .iter()
                        .map(|key| match find(key, t, outcome).and_then(|r| Some((r, r.difference?))) {
                            Some((r, d)) => estimate(d, r.ci_low, r.ci_high),
                            None => Value::Null,
                        })
                        .collect()
                })
                .collect();
            let name = super::capital(&heading(outcome));
            json!({ "label": name, "unit": text("whatif", "unit", &[]), "low": -limit, "high": limit, "zero": true, "signed": true, "values": values })
        })
        .collect();
    // over which steps the first outcome is taken, where what-ifs differ in it
    let spans: Vec<String> = order
        .iter()
        .map(|key| {
            find(key, &theories[0], &outcomes[0]).map_or(String::new(), |r| format!("{}–{}", r.from, r.to))
        })
        .collect();
    let differ = spans.windows(2).any(|w| w[0] != w[1]);
    let row = |(key, span): (&(String, String), &String)| match differ {
        true => text("whatif", "row", &[("label", &key.1), ("span", span)]),
        false => key.1.clone(),
    };
    let alt: Vec<String> = order
        .iter()
        .map(|key| {
            let list: Vec<String> = theories
                .iter()
                .filter_map(|t| Some(format!("{} {:+.2}", label(t), find(key, t, &outcomes[0])?.difference?)))
                .collect();
            text("whatif", "alt", &[("label", &key.1), ("list", &list.join(", "))])
        })
        .collect();
    Ok(Some(Chart {
        name: "whatif",
        draw: "effects",
        title: finding(&rows, &outcomes[0], &theories).map_or_else(
            || text("whatif", "title", &[]),
            |(l, t, d)| {
                let name = super::capital(&heading(&outcomes[0]));
                let (theory, d) = (label(&t), format!("{:+.0}", 100.0 * d).replace('-', "−"));
                text(
                    "whatif",
                    "title_most",
                    &[("outcome", &name), ("label", &l), ("theory", &theory), ("points", &d)],
                )
            },
        ),
        subtitle: text("whatif", "subtitle", &[]),
        caption: caption(source, &text("whatif", "about", &[])),
        alt: alt.join(" "),
        data: json!({ "theories": populations(&theories), "rows": order.iter().zip(&spans).map(row).collect::<Vec<_>>(),
            "panels": panels, "words": words("whatif") }),
    }))
}

/// The largest change of an outcome that is clear of the noise: what changed, under whom, by how much.
fn finding(rows: &[Row], outcome: &str, theories: &[String]) -> Option<(String, String, f64)> {
    let clear = |r: &&Row| {
        let (Some(low), Some(high)) = (r.ci_low, r.ci_high) else { return false };
        r.outcome == outcome && !is_null(&r.theory) && theories.contains(&r.theory) && low * high > 0.0
    };
    let size = |r: &Row| r.difference.unwrap_or(0.0).abs();
    let most = rows.iter().filter(clear).max_by(|a, b| size(a).total_cmp(&size(b)))?;
    (size(most) >= 0.02).then(|| (most.label.clone(), most.theory.clone(), most.difference.unwrap_or(0.0)))
}
