//! Morris's plane: mean effect against spread of effects.

use serde_json::{Value, json};

use super::sensitivity::{factor, nice, order, rows};
use super::source::{grouped, number};
use super::texts::{text, words};
use super::{Chart, Source, caption, label};

pub(super) fn gather(source: &Source) -> anyhow::Result<Option<Chart>> {
    let rows = rows(source)?;
    if !rows.iter().any(|r| r.index == "mu_star") {
        return Ok(None);
    }
    let theories = order(&rows);
    let value = |t: &str, f: &str, index: &str| {
        rows.iter().find(|r| r.theory == t && r.factor == f && r.index == index).and_then(|r| r.value.known())
    };
    let factors = grouped(&rows, |r| r.factor.clone()).0;
    let most = rows.iter().filter(|r| r.index != "mu").filter_map(|r| r.value.known()).fold(0.0, f64::max);
    let panels: Vec<Value> = theories
        .iter()
        .map(|t| {
            // factors in the same place share a label; those without effect are only counted
            let mut places: Vec<(f64, f64, Vec<String>)> = Vec::new();
            for f in &factors {
                let (Some(mu), Some(sigma)) = (value(t, f, "mu_star"), value(t, f, "sigma")) else {
                    continue;
                };
                match places.iter_mut().find(|p| (p.0 - mu).abs().max((p.1 - sigma).abs()) < 0.01 * most) {
                    Some(place) => place.2.push(factor(f)),
                    None => places.push((mu, sigma, vec![factor(f)])),
                }
            }
            let points: Vec<Value> = places
                .into_iter()
                .map(|(mu, sigma, names)| {
                    let named = if mu == 0.0 {
                        text("morris", "none", &[("n", &names.len().to_string())])
                    } else {
                        names.join(", ")
                    };
                    json!({ "factor": named, "mu": number(mu), "sigma": number(sigma) })
                })
                .collect();
            json!({ "name": t, "label": label(t), "points": points })
        })
        .collect();
    Ok(Some(Chart {
        title: format!("{}: {}", text("morris", "title", &[]), rows[0].outcome.replace('_', " ")),
        subtitle: text("morris", "subtitle", &[]),
        caption: caption(source, &text("morris", "about", &[])),
        alt: String::new(),
        data: json!({ "panels": panels, "most": nice(1.05 * most), "words": words("morris") }),
        ..Chart::default()
    }))
}
