//! The network of states: who cooperates with whom, who belongs where, year by year.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

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

/// Ties of each population, a text a date, a character a pair; `"` where there is no figure.
type Coded<'s> = BTreeMap<&'s str, Vec<Vec<char>>>;

/// Where everything stands: states by bloc and size, dates in order.
struct Frame<'s> {
    blocs: Option<[String; 2]>,
    theories: Vec<String>,
    states: Vec<&'s str>,
    place: BTreeMap<&'s str, usize>,
    dates: Vec<&'s str>,
    when: BTreeMap<&'s str, usize>,
}

impl<'s> Frame<'s> {
    fn new(source: &'s Source, rows: &'s [Tie]) -> Self {
        let blocs = source.blocs();
        let all = source.manifest["states"].as_object();
        let size = |code: &str| all.and_then(|s| s[code]["gdp"].as_f64()).unwrap_or(1.0).max(0.0);
        let mut states: Vec<&str> = all.into_iter().flatten().map(|s| s.0.as_str()).collect();
        states.sort_by(|a, b| {
            let group = |code| group(source, &blocs, code);
            group(a).cmp(&group(b)).then(size(b).total_cmp(&size(a))).then(a.cmp(b))
        });
        let mut dates: Vec<&str> = rows.iter().map(|r| r.date.as_str()).collect();
        dates.sort_unstable();
        dates.dedup();
        dates.sort_by(|a, b| year(a).total_cmp(&year(b)));
        let numbered = |list: &[&'s str]| list.iter().enumerate().map(|(i, s)| (*s, i)).collect();
        let (place, when) = (numbered(&states), numbered(&dates));
        Frame { blocs, theories: source.theories(), states, place, dates, when }
    }

    /// Where the tie of two states stands in a text.
    fn pair(&self, i: usize, j: usize) -> usize {
        let (n, i, j) = (self.states.len(), i.min(j), i.max(j));
        i * (2 * n - i - 1) / 2 + (j - i - 1)
    }

    /// The ties of all populations; `value` is what a tie is coded by.
    fn ties<'r>(&self, rows: &'r [Tie], value: impl Fn(&Tie) -> Option<f64>) -> Coded<'r> {
        let n = self.states.len();
        let blank = vec![vec!['"'; n * (n - 1) / 2]; self.dates.len()];
        let mut out = Coded::new();
        for r in rows {
            let all = out.entry(&r.theory).or_insert_with(|| blank.clone());
            let at = |state: &String| self.place.get(state.as_str());
            if let (Some(&i), Some(&j), Some(&d)) = (at(&r.a), at(&r.b), self.when.get(r.date.as_str())) {
                all[d][self.pair(i, j)] = coded(value(r));
            }
        }
        out
    }

    /// The bloc of each state at each date, the one it is a member of in most runs: `0`, `1`, or `2` for neither.
    fn membership(&self, paths: &[Belonging]) -> Coded<'_> {
        let blank = vec![vec!['2'; self.states.len()]; self.dates.len()];
        let mut out: Coded<'_> = self.theories.iter().map(|t| (t.as_str(), blank.clone())).collect();
        for p in paths.iter().filter(|p| p.share_member.0 >= 0.5) {
            let bloc = self.blocs.as_ref().and_then(|b| b.iter().position(|o| *o == p.organisation));
            let (d, i) = (self.when.get(p.date.as_str()), self.place.get(p.state.as_str()));
            if let (Some(bloc), Some(all), Some(&d), Some(&i)) = (bloc, out.get_mut(p.theory.as_str()), d, i) {
                all[d][i] = if bloc == 0 { '0' } else { '1' };
            }
        }
        out
    }

    /// Population, mean tie across the blocs, and inside them, at the last date.
    fn told(&self, ties: &Coded<'_>, member: &Coded<'_>) -> Vec<(String, String, String)> {
        let last = self.dates.len() - 1;
        let one = |theory: &String| {
            let (ties, groups) = (&ties.get(theory.as_str())?[last], &member.get(theory.as_str())?[last]);
            let (mut across, mut inside) = (Count::default(), Count::default());
            for i in 0..groups.len() {
                for j in i + 1..groups.len() {
                    let tie = ties[self.pair(i, j)];
                    if tie == '"' {
                        continue;
                    }
                    let value = f64::from(tie as u32 - 35) / 90.0;
                    match (groups[i], groups[j]) {
                        ('0', '1') | ('1', '0') => across.add(value),
                        (a, b) if a == b && (a != '2' || self.blocs.is_none()) => inside.add(value),
                        _ => {}
                    }
                }
            }
            Some((theory.clone(), across.mean(), inside.mean()))
        };
        self.theories.iter().filter_map(one).collect()
    }
}

/// The bloc a state was ever a member of by input: the first, the second, or neither.
fn group(source: &Source, blocs: &Option<[String; 2]>, code: &str) -> usize {
    let listed =
        |b: &String| strings(&source.manifest["organisations"][b]["members"]).iter().any(|m| m == code);
    match blocs {
        Some([a, _]) if listed(a) => 0,
        Some([_, b]) if listed(b) => 1,
        _ => 2,
    }
}

/// The finding about ties of one sort: how much is across the blocs and how much inside them. `sort` begins the keys of its
/// texts.
fn title(sort: &str, date: &str, counts: &[(String, String, String)], blocs: bool) -> String {
    let mean = |t: &str, mean: &str| text("network", "mean", &[("theory", &label(t)), ("mean", mean)]);
    let schools = || counts.iter().filter(|c| !is_null(&c.0) || counts.len() == 1);
    let across: Vec<String> = schools().map(|(t, a, _)| mean(t, a)).collect();
    let inside: Vec<String> = schools().map(|(t, _, b)| mean(t, b)).collect();
    let (across, inside) = (across.join(", "), inside.join(", "));
    match blocs {
        true => text("network", &format!("{sort}title"), &[("date", date), ("across", &across), ("inside", &inside)]),
        false => text("network", &format!("{sort}title_plain"), &[("date", date), ("list", &inside)]),
    }
}

fn texts_of(coded: Coded<'_>) -> Value {
    let text = |all: Vec<Vec<char>>| all.into_iter().map(String::from_iter).collect::<Vec<String>>();
    coded.into_iter().map(|(t, all)| (t.to_string(), text(all).into())).collect::<Map<_, _>>().into()
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
    let frame = Frame::new(source, &rows);
    let cooperation = frame.ties(&rows, |r| r.cooperation.known());
    let image = frame.ties(&rows, |r| r.image.known().map(|x| 0.5 + 0.5 * x));
    let member = frame.membership(&paths);
    let date = frame.dates[frame.dates.len() - 1];
    // what is said of the ties of one sort: title, how to read them, what they are, and what a reader who sees nothing should hear
    let said = |sort: &str, ties: &Coded<'_>| {
        let counts = frame.told(ties, &member);
        let told = counts
            .iter()
            .map(|(t, a, b)| format!("{}: {}", label(t), text("network", "count", &[("a", a), ("b", b)])));
        let words = |key: &str| text("network", &format!("{sort}{key}"), &[]);
        let list = told.collect::<Vec<_>>().join("; ");
        [
            title(sort, date, &counts, frame.blocs.is_some()),
            words("subtitle"),
            caption(source, &words("about")),
            text("network", "alt", &[("date", date), ("list", &list)]),
        ]
    };
    let ([title, subtitle, caption, alt], images) = (said("", &cooperation), said("image_", &image));
    let about = |[title, subtitle, caption, alt]: &[String; 4]| {
        json!({ "title": title, "subtitle": subtitle, "caption": caption, "alt": alt })
    };
    let about = json!({ "cooperation": about(&[title.clone(), subtitle.clone(), caption.clone(), alt.clone()]), "image": about(&images) });
    let [first, second] = frame.blocs.clone().unwrap_or_default();
    Ok(Some(Chart {
        title,
        subtitle,
        caption,
        alt,
        data: json!({
            "theories": populations(&frame.theories),
            "about": about,
            "groups": [first, second, text("network", "outside", &[])],
            "years": frame.dates,
            "states": frame.states.iter().map(|s| json!({ "code": s, "name": source.state(s),
                "group": group(source, &frame.blocs, s) })).collect::<Vec<_>>(),
            "ties": { "cooperation": texts_of(cooperation), "image": texts_of(image) },
            "member": texts_of(member),
            "words": words("network"),
        }),
        ..Chart::default()
    }))
}
