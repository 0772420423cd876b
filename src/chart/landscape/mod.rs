//! Where cooperation lives: an outcome over two factors of a sweep.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::source::{number, strings};
use super::texts::{figure, percent, text, words};
use super::{Chart, Source, caption, label};
use crate::output::read::each;
use crate::payoffs::Payoffs;
use crate::theory::frame::{fog, future};

/// A design point's figures for one population and outcome.
struct Point {
    theory: String,
    outcome: String,
    at: Vec<f64>,
    mean: f64,
    low: f64,
    high: f64,
}

/// Factors of a sweep as columns and as words: those that vary, and those held at one value with it.
pub(super) fn factors(source: &Source) -> (Vec<(String, String)>, Vec<String>) {
    let all = source.manifest["sweep"]["factor"].as_array().cloned().unwrap_or_default();
    let name = |f: &Value| {
        let named = |key: &str| f[key].as_str().filter(|l| !l.is_empty()).map(str::to_string);
        named("label").or_else(|| named("path")).unwrap_or_default()
    };
    let fixed = |f: &Value| f["values"].as_array().is_some_and(|v| v.len() == 1);
    let held = all.iter().filter(|f| fixed(f)).map(|f| format!("{} = {}", name(f), plain(&f["values"][0])));
    let free =
        all.iter().filter(|f| !fixed(f)).map(|f| (f["path"].as_str().unwrap_or("").to_string(), name(f)));
    (free.collect(), held.collect())
}

/// Reads the rows of a sweep's summary.csv that are about `outcome`.
fn points(source: &Source, factors: &[String], outcome: &str) -> anyhow::Result<Vec<Point>> {
    let mut all = Vec::new();
    each(&source.folder.join("summary.csv"), |row| {
        if row.text("outcome")? == outcome {
            // a factor may hold words
            let value = |f: &String| row.text(f).map(|x| x.parse().unwrap_or(f64::NAN));
            all.push(Point {
                outcome: outcome.to_string(),
                theory: row.text("theory")?.to_string(),
                at: factors.iter().map(value).collect::<anyhow::Result<_>>()?,
                mean: row.number("mean")?,
                low: row.number("ci_low")?,
                high: row.number("ci_high")?,
            });
        }
        Ok(())
    })?;
    Ok(all)
}

/// The critical sensitivity to relative gains: with `K* = [(R-T) + H]/[(R-S) + G]`, H and G the future to me and to a grim
/// partner in the fog `e`, a realist all of whose fear is of one sure reciprocator defects above `k* = K*/(1-K*)` (Grieco
/// 1988; Snidal 1991; Powell 1991). Payoffs 5, 3, 1, 0.
fn threshold(w: f64, e: f64) -> f64 {
    let p = Payoffs::axelrod();
    let own = (p.reward - p.temptation) + future(&p, p.sucker, w, e, 0.0);
    let theirs = (p.reward - p.sucker) + future(&p, p.temptation, w, e, 0.0);
    let least = own / theirs;
    least / (1.0 - least)
}

/// The everyday cooperation that is drawn beside the framework: of the second bloc's leader with the first bloc, where
/// fear is greatest; between the blocs if nobody measured that.
fn everyday(source: &Source, present: &[String]) -> Option<String> {
    let blocs = strings(&source.manifest["blocs"]);
    let leader = |bloc: &String| source.manifest["organisations"][bloc]["leader"].as_str();
    let pair = match &blocs[..] {
        [first, second] => leader(second).map(|l| format!("cooperation_{l}_{first}")),
        _ => None,
    };
    pair.into_iter().chain(["cooperation_between".into()]).find(|o| present[1..].contains(o))
}

/// A value of the design as it was typed, without quotes.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_string)
}

pub(super) fn gather(source: &Source) -> anyhow::Result<Option<Chart>> {
    if !source.has("points.csv") || !source.has("summary.csv") {
        return Ok(None);
    }
    // factors held at one value are said, those that vary make the axes
    let (factors, held) = factors(source);
    if factors.len() != 2 {
        return Ok(None);
    }
    let paths: Vec<String> = factors.iter().map(|f| f.0.clone()).collect();
    // the framework, and everyday cooperation where the sweep has it
    let present = strings(&source.manifest["outcomes"]);
    let mut outcomes: Vec<String> = present.iter().take(1).cloned().collect();
    outcomes.extend(everyday(source, &present));
    let mut all = Vec::new();
    for outcome in &outcomes {
        all.extend(points(source, &paths, outcome)?);
    }
    let values = |k: usize| {
        let mut list: Vec<f64> = all.iter().map(|p| p.at[k]).collect();
        list.sort_by(f64::total_cmp);
        list.dedup();
        list
    };
    let (x, y) = (values(0), values(1));
    // only a full grid of numbers makes a map
    if x.iter().chain(&y).any(|v| v.is_nan())
        || x.len() < 2
        || y.len() < 2
        || x.len() * y.len() > 2 * all.len()
    {
        return Ok(None);
    }
    let mut panels: BTreeMap<(&str, &str), Vec<Value>> = BTreeMap::new();
    for p in &all {
        let place = |list: &[f64], v: f64| list.iter().position(|x| *x == v);
        panels.entry((&p.theory, &p.outcome)).or_default().push(json!([
            place(&x, p.at[0]),
            place(&y, p.at[1]),
            number(p.mean),
            number(p.low),
            number(p.high)
        ]));
    }
    let share = |outcome: &str| {
        outcome == "framework" || source.manifest["metrics"][outcome]["unit"].as_str() == Some("share")
    };
    let shares = outcomes.iter().all(|o| share(o));
    let (low, high) = if shares {
        (0.0, 1.0)
    } else {
        all.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), p| (l.min(p.mean), h.max(p.mean)))
    };
    let named = |outcome: &str| match outcome {
        "framework" => text("landscape", "framework", &[]),
        other => super::ride::heading(source, other),
    };
    let analytic = paths[0] == "world.shadow" && paths[1] == "theory.realism.k0";
    let world = &source.manifest["parameters"]["world"];
    let chance = |name: &str| world[name].as_f64().unwrap_or(0.0);
    let fog = fog(chance("misperception"), chance("error"));
    let curve: Vec<Value> = if analytic {
        (0..=200)
            .map(|i| 0.5 + 0.5 * f64::from(i) / 201.0)
            .map(|w| (w, threshold(w, fog)))
            .filter(|(w, k)| *w <= x[x.len() - 1] + 0.1 && *k >= 0.0 && *k <= 2.0 * y[y.len() - 1])
            .map(|(w, k)| json!([number(w), number(k)]))
            .collect()
    } else {
        Vec::new()
    };
    // a second outcome that stays where it is would be a panel of one colour: it is said, not drawn
    let reach = |outcome: &str| {
        let mine = all.iter().filter(|p| p.outcome == outcome).map(|p| p.mean);
        mine.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), m| (l.min(m), h.max(m)))
    };
    let mut steady = Vec::new();
    if let Some(second) = outcomes.get(1).cloned() {
        let (l, h) = reach(&second);
        if shares && h - l < 0.15 {
            let (l, h) = (percent(l, 0), percent(h, 0));
            let named = super::capital(&named(&second));
            steady.push(text("landscape", "steady", &[("outcome", &named), ("low", &l), ("high", &h)]));
            outcomes.truncate(1);
        }
    }
    let mut drawn: Vec<Value> = Vec::new();
    let mut alt = String::new();
    for outcome in &outcomes {
        for theory in source.theories() {
            let Some(cells) = panels.get(&(theory.as_str(), outcome.as_str())) else { continue };
            let panel =
                text("landscape", "panel", &[("theory", &label(&theory)), ("outcome", &named(outcome))]);
            let mine = all.iter().filter(|p| p.theory == theory && p.outcome == *outcome).map(|p| p.mean);
            let (l, h) = mine.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), m| (l.min(m), h.max(m)));
            let (l, h) = (figure(l, 2), figure(h, 2));
            alt += &text("landscape", "alt", &[("panel", &panel), ("low", &l), ("high", &h)]);
            alt.push(' ');
            drawn.push(json!({ "label": panel, "cells": cells, "threshold": theory.starts_with("realism") }));
        }
    }
    let axis = |k: usize, values: &[f64]| json!({ "label": factors[k].1, "values": values });
    let show = |v: f64| if shares { percent(v, 0) } else { figure(v, 2) };
    let mut vocabulary = words("landscape");
    vocabulary["outcome"] = if shares { text("landscape", "scale", &[]) } else { String::new() }.into();
    vocabulary["low"] = show(low).into();
    vocabulary["high"] = show(high).into();
    let mut about = text("landscape", "about", &[]);
    for words in &steady {
        about += &format!(" {words}");
    }
    if !held.is_empty() {
        about += &format!(" {}", text("landscape", "held", &[("list", &held.join(", "))]));
    }
    Ok(Some(Chart {
        title: text(
            "landscape",
            "title",
            &[
                ("x", axis(0, &x)["label"].as_str().unwrap_or("")),
                ("y", axis(1, &y)["label"].as_str().unwrap_or("")),
            ],
        ),
        subtitle: text("landscape", "subtitle", &[]),
        caption: caption(source, &about),
        alt: alt.trim().to_string(),
        data: json!({
            "x": axis(0, &x), "y": axis(1, &y), "share": shares, "bottom": low, "top": high,
            "panels": drawn,
            "threshold": curve,
            "words": vocabulary,
        }),
..Chart::default()
}))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::frame::{others_gain, surplus};

    /// At the threshold the realist's own gain and his weight on the other's cancel; without fog at w = .7 it is 8/15.
    #[test]
    fn the_line_is_where_a_realist_is_indifferent() {
        assert!((threshold(0.7, 0.0) - 8.0 / 15.0).abs() < 1e-12);
        let p = Payoffs::axelrod();
        for (w, e) in [(0.65, 0.05), (0.7, fog(0.08, 0.02)), (0.9, 0.1)] {
            let k = threshold(w, e);
            let own = surplus(&p, 1.0, future(&p, p.sucker, w, e, 0.0));
            let theirs = others_gain(&p, 1.0, future(&p, p.temptation, w, e, 0.0));
            assert!((own - k / (1.0 + k) * theirs).abs() < 1e-12);
        }
    }
}
