//! Where cooperation lives: an outcome over two factors of a sweep.

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

/// A full grid of two factors, and the outcomes at its points.
struct Map {
    /// Paths and words of the factors.
    factors: Vec<(String, String)>,
    /// Values of the two factors, in order.
    axes: [Vec<f64>; 2],
    outcomes: Vec<String>,
    points: Vec<Point>,
}

impl Map {
    /// None if the points are no full grid of numbers.
    fn read(source: &Source, factors: Vec<(String, String)>) -> anyhow::Result<Option<Map>> {
        let paths: Vec<String> = factors.iter().map(|f| f.0.clone()).collect();
        // the framework, and everyday cooperation where the sweep has it
        let present = strings(&source.manifest["outcomes"]);
        let mut outcomes: Vec<String> = present.iter().take(1).cloned().collect();
        outcomes.extend(everyday(source, &present));
        let mut all = Vec::new();
        for outcome in &outcomes {
            all.extend(points(source, &paths, outcome)?);
        }
        let axes = [0, 1].map(|k| {
            let mut list: Vec<f64> = all.iter().map(|p| p.at[k]).collect();
            list.sort_by(f64::total_cmp);
            list.dedup();
            list
        });
        let [x, y] = &axes;
        let full = x.len() >= 2 && y.len() >= 2 && x.len() * y.len() <= 2 * all.len();
        let numbers = x.iter().chain(y).all(|v| !v.is_nan());
        Ok((full && numbers).then_some(Map { factors, axes, outcomes, points: all }))
    }

    /// Least and greatest mean of an outcome, under one population or all.
    fn reach(&self, outcome: &str, theory: Option<&str>) -> (f64, f64) {
        let mine = self.points.iter().filter(|p| p.outcome == outcome && theory.is_none_or(|t| p.theory == t));
        mine.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), p| (l.min(p.mean), h.max(p.mean)))
    }

    /// Place, mean and interval of every point of one population and outcome.
    fn cells(&self, outcome: &str, theory: &str) -> Vec<Value> {
        let place = |k: usize, v: f64| self.axes[k].iter().position(|x| *x == v);
        let mine = self.points.iter().filter(|p| p.outcome == outcome && p.theory == theory);
        mine.map(|p| {
            json!([place(0, p.at[0]), place(1, p.at[1]), number(p.mean), number(p.low), number(p.high)])
        })
        .collect()
    }

    /// The analytic threshold over the map, where its axes are those of the closed form.
    fn curve(&self, source: &Source) -> Vec<Value> {
        if self.factors[0].0 != "world.shadow" || self.factors[1].0 != "theory.realism.k0" {
            return Vec::new();
        }
        let world = &source.manifest["parameters"]["world"];
        let chance = |name: &str| world[name].as_f64().unwrap_or(0.0);
        let fog = fog(chance("misperception"), chance("error"));
        let [last, most] = [0, 1].map(|k| self.axes[k][self.axes[k].len() - 1]);
        (0..=200)
            .map(|i| 0.5 + 0.5 * f64::from(i) / 201.0)
            .map(|w| (w, threshold(w, fog)))
            .filter(|(w, k)| *w <= last + 0.1 && *k >= 0.0 && *k <= 2.0 * most)
            .map(|(w, k)| json!([number(w), number(k)]))
            .collect()
    }
}

/// An outcome as a heading.
fn named(source: &Source, outcome: &str) -> String {
    match outcome {
        "framework" => text("landscape", "framework", &[]),
        other => super::ride::heading(source, other),
    }
}

/// A second outcome that stays where it is would be a panel of one colour: it is said, not drawn.
fn steady(source: &Source, map: &mut Map) -> Option<String> {
    let second = map.outcomes.get(1)?;
    let (low, high) = map.reach(second, None);
    let words = (high - low < 0.15).then(|| {
        let outcome = super::capital(&named(source, second));
        let values = [("outcome", outcome), ("low", percent(low, 0)), ("high", percent(high, 0))];
        text("landscape", "steady", &values.each_ref().map(|(name, value)| (*name, value.as_str())))
    })?;
    map.outcomes.truncate(1);
    Some(words)
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
    let Some(mut map) = Map::read(source, factors)? else { return Ok(None) };
    let share = |outcome: &String| {
        outcome == "framework" || source.manifest["metrics"][outcome]["unit"].as_str() == Some("share")
    };
    let shares = map.outcomes.iter().all(share);
    let whole = map.outcomes.iter().map(|o| map.reach(o, None));
    let all = whole.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), (low, high)| (l.min(low), h.max(high)));
    let (low, high) = if shares { (0.0, 1.0) } else { all };
    let mut about = text("landscape", "about", &[]);
    if let Some(words) = shares.then(|| steady(source, &mut map)).flatten() {
        about += &format!(" {words}");
    }
    if !held.is_empty() {
        about += &format!(" {}", text("landscape", "held", &[("list", &held.join(", "))]));
    }
    let (mut panels, mut alt): (Vec<Value>, Vec<String>) = (Vec::new(), Vec::new());
    for outcome in &map.outcomes {
        for theory in source.theories() {
            let cells = map.cells(outcome, &theory);
            if cells.is_empty() {
                continue;
            }
            let values = [("theory", label(&theory)), ("outcome", named(source, outcome))];
            let panel = text("landscape", "panel", &values.each_ref().map(|(name, v)| (*name, v.as_str())));
            let (l, h) = map.reach(outcome, Some(&theory));
            let values = [("panel", panel.as_str()), ("low", &figure(l, 2)), ("high", &figure(h, 2))];
            alt.push(text("landscape", "alt", &values));
            panels.push(json!({ "label": panel, "cells": cells, "threshold": theory.starts_with("realism") }));
        }
    }
    let show = |v: f64| if shares { percent(v, 0) } else { figure(v, 2) };
    let mut vocabulary = words("landscape");
    vocabulary["outcome"] = if shares { text("landscape", "scale", &[]) } else { String::new() }.into();
    vocabulary["low"] = show(low).into();
    vocabulary["high"] = show(high).into();
    let axis = |k: usize| json!({ "label": map.factors[k].1, "values": map.axes[k] });
    Ok(Some(Chart {
        title: text("landscape", "title", &[("x", &map.factors[0].1), ("y", &map.factors[1].1)]),
        subtitle: text("landscape", "subtitle", &[]),
        caption: caption(source, &about),
        alt: alt.join(" "),
        data: json!({
            "x": axis(0), "y": axis(1), "share": shares, "bottom": low, "top": high,
            "panels": panels,
            "threshold": map.curve(source),
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
