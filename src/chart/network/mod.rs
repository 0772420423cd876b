//! The network of states: who cooperates with whom, who belongs where, year by year.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::source::{strings, year};
use super::texts::{self, text, words};
use super::{Chart, Source, caption, is_null, label, populations};
use crate::output::rows::{Belonging, Tie};

/// Ties of one sort: how many there are, and their sum.
#[derive(Default)]
struct Count {
    all: usize,
    sum: f64,
}

impl Count {
    fn add(&mut self, value: f64) {
        self.all += 1;
        self.sum += value;
    }

    fn mean(&self) -> String {
        texts::percent(self.sum / self.all as f64, 0)
    }
}

/// A share from 0 to 1 as one character: `#` is 0, each step a ninetieth; `"` where there is no figure. Characters
/// that JSON or HTML would escape are avoided by the reader adding 35.
fn coded(x: Option<f64>) -> char {
    match x {
        Some(x) if x.is_finite() => char::from(35 + (x.clamp(0.0, 1.0) * 90.0).round() as u8),
        _ => '"',
    }
}

pub(super) fn gather(source: &Source) -> anyhow::Result<Option<Chart>> {
    if !source.has("network.csv") {
        return Ok(None);
    }
    let rows: Vec<Tie> = source.rows()?;
    let paths: Vec<Belonging> = if source.has("membership_paths.csv") { source.rows()? } else { Vec::new() };
    if rows.is_empty() {
        return Ok(None);
    }
    let theories = source.theories();
    let blocs = source.blocs();
    let states = source.manifest["states"].as_object().cloned().unwrap_or_default();
    // the first bloc, the second, those in neither; each by size
    let ever = |code: &str| -> usize {
        let listed =
            |b: &String| strings(&source.manifest["organisations"][b]["members"]).iter().any(|m| m == code);
        match &blocs {
            Some([a, _]) if listed(a) => 0,
            Some([_, b]) if listed(b) => 1,
            _ => 2,
        }
    };
    let size = |code: &str| states[code]["gdp"].as_f64().unwrap_or(1.0).max(0.0);
    let mut order: Vec<&str> = states.keys().map(String::as_str).collect();
    order.sort_by(|a, b| ever(a).cmp(&ever(b)).then(size(b).total_cmp(&size(a))).then(a.cmp(b)));
    let n = order.len();
    let mut dates: Vec<String> = rows.iter().map(|r| r.date.clone()).collect();
    dates.sort();
    dates.dedup();
    dates.sort_by(|a, b| year(a).total_cmp(&year(b)));
    let place: BTreeMap<&str, usize> = order.iter().enumerate().map(|(i, s)| (*s, i)).collect();
    let pair = |i: usize, j: usize| {
        let (i, j) = (i.min(j), i.max(j));
        i * (2 * n - i - 1) / 2 + (j - i - 1)
    };
    let when: BTreeMap<&str, usize> = dates.iter().enumerate().map(|(d, s)| (s.as_str(), d)).collect();
    let blank = vec![vec!['"'; n * (n - 1) / 2]; dates.len()];
    let mut cooperation: BTreeMap<&str, Vec<Vec<char>>> = BTreeMap::new();
    let mut image: BTreeMap<&str, Vec<Vec<char>>> = BTreeMap::new();
    for r in &rows {
        let (Some(&i), Some(&j), Some(&d)) =
            (place.get(r.a.as_str()), place.get(r.b.as_str()), when.get(r.date.as_str()))
        else {
            continue;
        };
        let slot = |map: &mut BTreeMap<&'_ str, Vec<Vec<char>>>, x: Option<f64>, key| {
            let _: &str = key;
            if let Some(all) = map.get_mut(key) {
                all[d][pair(i, j)] = coded(x);
            }
        };
        cooperation.entry(&r.theory).or_insert_with(|| blank.clone());
        image.entry(&r.theory).or_insert_with(|| blank.clone());
        slot(&mut cooperation, r.cooperation.known(), &r.theory);
        slot(&mut image, r.image.known().map(|x| 0.5 + 0.5 * x), &r.theory);
    }
    // at each date a state belongs to the bloc it is a member of in most runs
    let mut member: BTreeMap<&str, Vec<Vec<char>>> =
        theories.iter().map(|t| (t.as_str(), vec![vec!['2'; n]; dates.len()])).collect();
    for p in &paths {
        let Some(g) = blocs.as_ref().and_then(|b| b.iter().position(|o| *o == p.organisation)) else {
            continue;
        };
        if p.share_member.0 < 0.5 {
            continue;
        }
        let (Some(all), Some(&d), Some(&i)) =
            (member.get_mut(p.theory.as_str()), when.get(p.date.as_str()), place.get(p.state.as_str()))
        else {
            continue;
        };
        all[d][i] = if g == 0 { '0' } else { '1' };
    }
    let text_of = |map: BTreeMap<&str, Vec<Vec<char>>>| -> Value {
        map.into_iter()
            .map(|(t, all)| {
                (t.to_string(), all.into_iter().map(String::from_iter).collect::<Vec<String>>().into())
            })
            .collect::<serde_json::Map<_, Value>>()
            .into()
    };
    // what a reader who sees nothing should hear: ties across the blocs at the last date
    let last = dates.len() - 1;
    let counts: Vec<(String, String, String)> = theories
        .iter()
        .filter_map(|t| {
            let (ties, groups) = (cooperation.get(t.as_str())?, member.get(t.as_str())?);
            let (ties, groups) = (&ties[last], &groups[last]);
            let (mut across, mut inside) = (Count::default(), Count::default());
            for i in 0..n {
                for j in i + 1..n {
                    let tie = ties[pair(i, j)];
                    if tie == '"' {
                        continue;
                    }
                    let value = f64::from(tie as u32 - 35) / 90.0;
                    match (groups[i], groups[j]) {
                        ('0', '1') | ('1', '0') => across.add(value),
                        (a, b) if a == b && (a != '2' || blocs.is_none()) => inside.add(value),
                        _ => {}
                    }
                }
            }
            Some((t.clone(), across.mean(), inside.mean()))
        })
        .collect();
    let told: Vec<String> = counts
        .iter()
        .map(|(t, a, b)| format!("{}: {}", label(t), text("network", "count", &[("a", a), ("b", b)])))
        .collect();
    let mean = |t: &str, mean: &str| text("network", "mean", &[("theory", &label(t)), ("mean", mean)]);
    let schools = || counts.iter().filter(|c| !is_null(&c.0) || counts.len() == 1);
    let across: Vec<String> = schools().map(|(t, a, _)| mean(t, a)).collect();
    let inside: Vec<String> = schools().map(|(t, _, b)| mean(t, b)).collect();
    let title = match blocs {
        Some(_) => text(
            "network",
            "title",
            &[("date", &dates[last]), ("across", &across.join(", ")), ("inside", &inside.join(", "))],
        ),
        None => text("network", "title_plain", &[("date", &dates[last]), ("list", &inside.join(", "))]),
    };
    let names: Vec<String> = match &blocs {
        Some([a, b]) => vec![a.clone(), b.clone(), text("network", "outside", &[])],
        None => vec![String::new(), String::new(), text("network", "outside", &[])],
    };
    Ok(Some(Chart {
        title,
        subtitle: text("network", "subtitle", &[]),
        caption: caption(source, &text("network", "about", &[])),
        alt: text("network", "alt", &[("date", &dates[last]), ("list", &told.join("; "))]),
        data: json!({
            "theories": populations(&theories),
            "groups": names,
            "years": dates,
            "states": order.iter().map(|s| json!({ "code": s, "name": source.state(s),
                "group": ever(s) })).collect::<Vec<_>>(),
            "ties": { "cooperation": text_of(cooperation), "image": text_of(image) },
            "member": text_of(member),
            "words": words("network"),
        }),
..Chart::default()
}))
}
