//! Two results side by side: what differs in their inputs, and what in their outcomes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, ensure};
use serde_json::Value;

use super::whatif::{self, Difference};
use crate::interval::t95;
use crate::output::read::{columns, each};
use crate::output::rows::{Row as _, Series};
use crate::output::show;

/// A result that can be compared: every run's outcomes.
#[derive(Debug)]
pub struct Outcome {
    /// Its manifest.
    pub manifest: Value,
    /// Names of the outcomes.
    pub names: Vec<String>,
    /// Outcomes by population and by (seed, replication).
    pub runs: BTreeMap<String, BTreeMap<(u64, u64), Vec<f64>>>,
}

impl Outcome {
    /// Reads what `twain run` wrote: the framework and the exits of each run and, where the long table of series is there,
    /// every metric's mean over the last five years.
    ///
    /// # Errors
    /// A folder that `twain run` did not write, or a damaged table.
    pub fn read(folder: &Path) -> anyhow::Result<Self> {
        let shown = folder.display();
        let text = std::fs::read_to_string(folder.join("manifest.json")).with_context(|| {
            format!("{shown} holds no manifest.json, so it is no (whole) result of twain")
        })?;
        let manifest: Value = serde_json::from_str(&text)
            .with_context(|| format!("{shown}/manifest.json is not JSON: the result is damaged"))?;
        ensure!(
            manifest["files"]["runs.csv"].is_object() && manifest["resolved"].is_object(),
            "{shown} is not a result of `twain run`; diff compares two of those"
        );
        let mut names = vec!["framework formed".to_string(), "exits".to_string()];
        let mut runs: BTreeMap<String, BTreeMap<(u64, u64), Vec<f64>>> = BTreeMap::new();
        let mut keys: BTreeMap<(String, u64), u64> = BTreeMap::new();
        each(&folder.join("runs.csv"), |row| {
            let (theory, replication) = (row.text("theory")?.to_string(), row.whole("replication")?);
            let seed = row.whole("seed")?;
            keys.insert((theory.clone(), replication), seed);
            let outcomes = vec![row.number("framework")?, row.number("exits")?];
            runs.entry(theory).or_default().insert((seed, replication), outcomes);
            Ok(())
        })?;
        let path = folder.join("series.csv");
        if manifest["files"]["series.csv"].is_object() {
            let mut metrics = columns(&path)?;
            metrics.retain(|name| Series::SPEC.column(name).is_none());
            let mut last = f64::NEG_INFINITY;
            each(&path, |row| {
                last = last.max(row.number("time")?);
                Ok(())
            })?;
            let mut sums: BTreeMap<(String, u64), Vec<(f64, f64)>> = BTreeMap::new();
            each(&path, |row| {
                if row.number("time")? <= last - 5.0 {
                    return Ok(());
                }
                let key = (row.text("theory")?.to_string(), row.whole("replication")?);
                let own = sums.entry(key).or_insert_with(|| vec![(0.0, 0.0); metrics.len()]);
                for (name, (sum, count)) in metrics.iter().zip(own) {
                    let x = row.number(name)?;
                    if !x.is_nan() {
                        (*sum, *count) = (*sum + x, *count + 1.0);
                    }
                }
                Ok(())
            })?;
            for ((theory, replication), own) in sums {
                let seed = keys.get(&(theory.clone(), replication)).copied();
                let row = seed.and_then(|s| runs.get_mut(&theory)?.get_mut(&(s, replication)));
                row.with_context(|| format!("{}: a run that runs.csv does not know", path.display()))?
                    .extend(own.iter().map(|(sum, count)| sum / count));
            }
            names.extend(metrics);
            // a run whose series was cut away has no value, not another run's
            for row in runs.values_mut().flat_map(BTreeMap::values_mut) {
                row.resize(names.len(), f64::NAN);
            }
        }
        Ok(Outcome { manifest, names, runs })
    }
}

/// A difference of one outcome under one population.
#[derive(Debug)]
pub struct Row {
    /// Population.
    pub theory: String,
    /// Outcome.
    pub outcome: String,
    /// Whether runs of the same seed and replication were paired.
    pub paired: bool,
    /// Runs that only one of the two results has, left out of a paired comparison.
    pub alone: usize,
    /// The figures.
    pub difference: Difference,
}

/// The outcomes that both have, under the populations that both have: over the runs of the same seed and replication if
/// there are two or more (Student's t of the paired differences), otherwise as two samples (Welch 1947, Biometrika 34).
///
/// # Errors
/// If they share no population.
pub fn outcomes(first: &Outcome, second: &Outcome) -> anyhow::Result<Vec<Row>> {
    let shared: Vec<&String> = first.runs.keys().filter(|t| second.runs.contains_key(*t)).collect();
    ensure!(!shared.is_empty(), "the two results share no population, so nothing can be compared");
    let names: Vec<(usize, usize, &String)> = first
        .names
        .iter()
        .enumerate()
        .filter_map(|(k, name)| Some((k, second.names.iter().position(|n| n == name)?, name)))
        .collect();
    let mut rows = Vec::new();
    for theory in shared {
        let (a, b) = (&first.runs[theory], &second.runs[theory]);
        let both: Vec<&(u64, u64)> = a.keys().filter(|key| b.contains_key(*key)).collect();
        let paired = both.len() > 1 || a.keys().eq(b.keys());
        let alone = if paired { a.len() + b.len() - 2 * both.len() } else { 0 };
        for &(k, l, name) in &names {
            let of = |runs: &BTreeMap<(u64, u64), Vec<f64>>, k: usize| -> Vec<f64> {
                if paired {
                    both.iter().map(|key| runs[key][k]).collect()
                } else {
                    runs.values().map(|row| row[k]).collect()
                }
            };
            let (x, y) = (of(a, k), of(b, l));
            let found = if paired {
                let one = |values: &[f64]| values.iter().map(|&v| vec![v]).collect::<Vec<_>>();
                whatif::differences(&[(name.clone(), None)], &one(&x), &one(&y)).pop().flatten()
            } else {
                welch(&x, &y, if name == "framework formed" { 1.0 } else { f64::INFINITY })
            };
            let Some(difference) = found else { continue };
            rows.push(Row { theory: theory.clone(), outcome: name.clone(), paired, alone, difference });
        }
    }
    Ok(rows)
}

/// Two samples: the difference of means with Welch's interval.
fn welch(x: &[f64], y: &[f64], bound: f64) -> Option<Difference> {
    let sample = |values: &[f64]| {
        let known: Vec<f64> = values.iter().copied().filter(|v| !v.is_nan()).collect();
        let n = known.len() as f64;
        let mean = known.iter().sum::<f64>() / n;
        (n, mean, known.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (n - 1.0) / n)
    };
    let ((n, a, u), (m, b, v)) = (sample(x), sample(y));
    if n < 1.0 || m < 1.0 {
        return None;
    }
    let half = if n < 2.0 || m < 2.0 {
        f64::NAN
    } else if u + v == 0.0 {
        0.0
    } else {
        let freedom = (u + v) * (u + v) / (u * u / (n - 1.0) + v * v / (m - 1.0));
        t95(freedom.floor().max(1.0) as u64) * (u + v).sqrt()
    };
    Some(Difference { n: n.min(m) as usize, base: a, alternative: b, difference: b - a, half, bound })
}

/// Where two manifests differ in what went in: path, first, second.
pub fn inputs(first: &Value, second: &Value) -> Vec<[String; 3]> {
    let mut out = Vec::new();
    for key in ["twain", "commit"] {
        compare(key.to_string(), &first[key], &second[key], &mut out);
    }
    // parameters with their defaults: one that was not typed has a value all the same
    for (group, path) in
        first["parameters"].as_object().into_iter().flatten().map(|(group, _)| {
            (group, if group == "world" { group.clone() } else { format!("theory.{group}") })
        })
    {
        compare(path, &first["parameters"][group], &second["parameters"][group], &mut out);
    }
    let typed = |manifest: &Value| {
        let mut tree = manifest["resolved"].clone();
        if let (Some(table), true) = (tree.as_object_mut(), manifest["parameters"].is_object()) {
            table.retain(|key, _| key != "world" && key != "theory");
        }
        tree
    };
    compare(String::new(), &typed(first), &typed(second), &mut out);
    out
}

fn compare(path: String, a: &Value, b: &Value, out: &mut Vec<[String; 3]>) {
    if a == b {
        return;
    }
    let below = |key: &str| if path.is_empty() { key.to_string() } else { format!("{path}.{key}") };
    match (a, b) {
        (Value::Object(x), Value::Object(y)) => {
            for key in x.keys().chain(y.keys()).collect::<BTreeSet<_>>() {
                let none = Value::Null;
                compare(below(key), x.get(key).unwrap_or(&none), y.get(key).unwrap_or(&none), out);
            }
        }
        // items of a list are known by name, not by place
        (Value::Array(x), Value::Array(y)) if x.iter().chain(y).all(|item| named(item).is_some()) => {
            let mut names = BTreeSet::new();
            for item in x.iter().chain(y).filter_map(named).filter(|name| names.insert(name.clone())) {
                let find = |list: &[Value]| list.iter().find(|i| named(i).as_ref() == Some(&item)).cloned();
                compare(below(&item), &find(x).unwrap_or_default(), &find(y).unwrap_or_default(), out);
            }
        }
        _ => out.push([path, text(a), text(b)]),
    }
}

fn named(item: &Value) -> Option<String> {
    ["label", "id"].iter().find_map(|key| item[*key].as_str()).map(str::to_string)
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(s) => s.clone(),
        Value::Number(n) => n.as_f64().map_or_else(|| n.to_string(), show),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn lists_are_compared_by_name() {
        let a = json!({ "resolved": { "world": { "shadow": 0.7 }, "event": [{ "label": "Iraq", "size": -0.3 }, { "label": "Kosovo", "size": -0.6 }] } });
        let b = json!({ "resolved": { "world": { "shadow": 0.8 }, "event": [{ "label": "Kosovo", "size": -0.5 }] } });
        let found = inputs(&a, &b);
        let paths: Vec<&str> = found.iter().map(|r| r[0].as_str()).collect();
        assert_eq!(paths, ["event.Iraq", "event.Kosovo.size", "world.shadow"]);
        assert_eq!(found[1][1..], ["-0.6", "-0.5"]);
        assert!(found[0][2].is_empty() && inputs(&a, &a).is_empty());
    }

    fn result(runs: std::ops::Range<u64>, value: impl Fn(u64) -> f64) -> Outcome {
        Outcome {
            manifest: json!({}),
            names: vec!["exits".into()],
            runs: BTreeMap::from([("realism".into(), runs.map(|r| ((1, r), vec![value(r)])).collect())]),
        }
    }

    /// The runs that both have are paired; those of one alone are left out and counted.
    #[test]
    fn shared_runs_are_paired() {
        let (a, b) = (result(0..4, |r| r as f64), result(2..8, |r| r as f64 + 1.0));
        let rows = outcomes(&a, &b).expect("rows");
        let row = &rows[0];
        assert!(row.paired && row.alone == 6 && row.difference.n == 2);
        assert!((row.difference.difference - 1.0).abs() < 1e-12 && row.difference.half.abs() < 1e-12);
        let apart = outcomes(&a, &result(10..14, |r| r as f64)).expect("rows");
        assert!(!apart[0].paired && apart[0].alone == 0);
    }

    /// Welch's example with unequal variances: by hand, t(5.9 -> 5) x .8062.
    #[test]
    fn two_samples_have_welchs_interval() {
        let d = welch(&[1.0, 2.0, 3.0, 4.0], &[5.0, 7.0, 6.0, 6.0], f64::INFINITY).expect("a difference");
        let spread = (5.0f64 / 3.0 / 4.0 + 2.0 / 3.0 / 4.0).sqrt();
        assert!((d.difference - 3.5).abs() < 1e-12);
        let freedom: f64 = {
            let (u, v) = (5.0f64 / 12.0, 2.0f64 / 12.0);
            (u + v) * (u + v) / (u * u / 3.0 + v * v / 3.0)
        };
        assert!((d.half - t95(freedom as u64) * spread).abs() < 1e-9);
    }
}
