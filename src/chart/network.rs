//! The network of states: who cooperates with whom, who belongs where, year by year.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::source::{Belonging, number, strings, year};
use super::texts::{text, words};
use super::{Chart, Source, caption, label, populations};

#[derive(Deserialize)]
struct Row {
    theory: String,
    date: String,
    a: String,
    b: String,
    cooperation: Option<f64>,
    image: Option<f64>,
}

/// Ties at least this strong are drawn.
const THRESHOLD: f64 = 0.7;

/// Ties of one sort: how many are strong, and their mean.
#[derive(Default)]
struct Count {
    strong: usize,
    all: usize,
    sum: f64,
}

impl Count {
    fn add(&mut self, value: f64) {
        self.strong += usize::from(value >= THRESHOLD);
        self.all += 1;
        self.sum += value;
    }

    fn words(&self) -> [String; 2] {
        let mean = if self.all == 0 { "–".into() } else { format!("{:.2}", self.sum / self.all as f64) };
        [self.strong.to_string(), mean]
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
    let rows: Vec<Row> = source.rows("network.csv")?;
    let paths: Vec<Belonging> =
        if source.has("membership_paths.csv") { source.rows("membership_paths.csv")? } else { Vec::new() };
    if rows.is_empty() {
        return Ok(None);
    }
    let theories = source.theories();
    let blocs = source.blocs();
    let states = source.manifest["states"].as_object().cloned().unwrap_or_default();
    // neighbours on the circle: the first bloc, those in neither, the second bloc; each by size
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
    // inside a group the largest stands in the middle of the arc
    let spread = |group: Vec<&'_ str>| -> Vec<String> {
        let (odd, even): (Vec<_>, Vec<_>) = group.iter().enumerate().partition(|(i, _)| i % 2 == 1);
        let first = odd.into_iter().rev().map(|(_, s)| s.to_string());
        first.chain(even.into_iter().map(|(_, s)| s.to_string())).collect()
    };
    let groups: Vec<Vec<String>> =
        (0..3).map(|g| spread(order.iter().copied().filter(|s| ever(s) == g).collect())).collect();
    let n = order.len();
    let largest = order.iter().map(|s| size(s)).fold(1e-9, f64::max);
    // a gap between groups; the first bloc on the left, the second on the right
    let gaps = groups.iter().filter(|g| !g.is_empty()).count() as f64;
    let step = std::f64::consts::TAU / (n as f64 + 1.6 * gaps);
    let mut angle = std::f64::consts::FRAC_PI_2 + step * 1.3;
    let mut angles: BTreeMap<&str, f64> = BTreeMap::new();
    for group in [0, 1, 2] {
        for state in &groups[group] {
            angles.insert(state, angle);
            angle += step;
        }
        if !groups[group].is_empty() {
            angle += 1.6 * step;
        }
    }
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
        slot(&mut cooperation, r.cooperation, &r.theory);
        slot(&mut image, r.image, &r.theory);
    }
    // at each date a state belongs to the bloc it is a member of in most runs
    let mut member: BTreeMap<&str, Vec<Vec<char>>> =
        theories.iter().map(|t| (t.as_str(), vec![vec!['2'; n]; dates.len()])).collect();
    for p in &paths {
        let Some(g) = blocs.as_ref().and_then(|b| b.iter().position(|o| *o == p.organisation)) else {
            continue;
        };
        if p.share_member < 0.5 {
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
    let counts: Vec<String> = theories
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
                        (a, b) if a == b && a != '2' => inside.add(value),
                        _ => {}
                    }
                }
            }
            let ([n, a], [m, b]) = (across.words(), inside.words());
            let words = text("network", "count", &[("n", &n), ("a", &a), ("m", &m), ("b", &b)]);
            Some(format!("{}: {words}", label(t)))
        })
        .collect();
    let names: Vec<String> = match &blocs {
        Some([a, b]) => vec![a.clone(), b.clone(), text("network", "outside", &[])],
        None => vec![String::new(), String::new(), text("network", "outside", &[])],
    };
    let subtitle = text("network", "subtitle", &[("threshold", &format!("{THRESHOLD}"))]);
    Ok(Some(Chart {
        name: "network",
        draw: "network",
        title: text("network", "title", &[]),
        subtitle: subtitle.clone(),
        caption: caption(source, &text("network", "about", &[])),
        alt: text("network", "alt", &[("date", &dates[last]), ("list", &counts.join("; "))]),
        data: json!({
            "theories": populations(&theories),
            "groups": names,
            "threshold": THRESHOLD,
            "years": dates,
            "states": order.iter().map(|s| json!({ "code": s, "name": source.state(s), "angle": number(angles[s]),
                "size": number(size(s) / largest) })).collect::<Vec<_>>(),
            "ties": { "cooperation": text_of(cooperation), "image": text_of(image) },
            "member": text_of(member),
            "about": {
                "cooperation": { "title": text("network", "title", &[]), "subtitle": subtitle },
                "image": { "title": text("network", "title_image", &[]),
                    "subtitle": text("network", "subtitle_image", &[("threshold", &format!("{THRESHOLD}"))]) },
            },
            "words": words("network"),
        }),
    }))
}
