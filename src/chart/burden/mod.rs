//! Who pays in each body: shares of spending against shares of GDP, with the curves of the theory of public goods.

use serde_json::{Value, json};

use super::source::year;
use super::texts::{self, text, words};
use super::{Chart, Source, caption, is_null, populations};
use crate::organisation::burden::equilibrium;
use crate::output::rows::{Belonging, StateSummary};

/// The members of one body at the last date: their incomes, and what each gives under each population.
struct Body<'s> {
    code: &'s str,
    members: Vec<&'s str>,
    /// Shares of GDP, as they are in the tables.
    incomes: Vec<f64>,
    /// Shares of the body's spending, by population and member.
    spending: Vec<Vec<f64>>,
    /// Members, the largest first.
    largest: Vec<usize>,
}

impl<'s> Body<'s> {
    /// None if fewer than two belong. Whoever belongs in most runs of some school is a member.
    fn new(code: &'s str, date: &str, theories: &[String], rows: &[StateSummary], paths: &'s [Belonging]) -> Option<Self> {
        let figure = |theory: &str, state: &str, metric: &str| {
            rows.iter()
                .find(|r| r.date == date && r.theory == theory && r.state == state && r.metric == metric)
                .and_then(|r| r.mean.known())
                .unwrap_or(f64::NAN)
        };
        let first = theories.first()?;
        let mut members: Vec<&str> = paths
            .iter()
            .filter(|p| p.date == date && p.organisation == code && p.share_member.0 >= 0.5)
            .map(|p| p.state.as_str())
            .collect();
        members.sort_unstable();
        members.dedup();
        members.retain(|s| figure(first, s, "gdp_share") > 0.0);
        if members.len() < 2 {
            return None;
        }
        let incomes: Vec<f64> = members.iter().map(|s| figure(first, s, "gdp_share")).collect();
        let spent = |t: &String| {
            let own = members.iter().zip(&incomes);
            let spent: Vec<f64> = own.map(|(s, y)| figure(t, s, "contribution_share_of_gdp") * y).collect();
            let all: f64 = spent.iter().filter(|x| !x.is_nan()).sum();
            spent.iter().map(|x| x / all).collect()
        };
        let spending: Vec<Vec<f64>> = theories.iter().map(spent).collect();
        let mut largest: Vec<usize> = (0..members.len()).collect();
        largest.sort_by(|&a, &b| incomes[b].total_cmp(&incomes[a]));
        Some(Body { code, members, incomes, spending, largest })
    }

    /// A member's share of the body's GDP.
    fn share(&self, member: usize) -> f64 {
        self.incomes[member] / self.incomes.iter().sum::<f64>()
    }

    /// What the largest gives under the first population, for who cannot see the chart.
    fn alt(&self, source: &Source) -> String {
        let top = self.largest[0];
        let values = [
            ("body", self.code),
            ("state", source.state(self.members[top])),
            ("share", &texts::percent(self.spending[0][top], 0)),
            ("gdp", &texts::percent(self.share(top), 0)),
        ];
        text("burden", "alt", &values)
    }

    /// The finding: what the largest pays under the school that asks most and least of it.
    fn told(&self, source: &Source, theories: &[String]) -> Option<String> {
        let top = self.largest[0];
        let of_top = self.spending.iter().zip(theories).filter(|(_, t)| !is_null(t)).map(|(s, _)| s[top]);
        let (low, high) = of_top.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), x| (l.min(x), h.max(x)));
        let range = match (format!("{:.0}", 100.0 * low), format!("{:.0}", 100.0 * high)) {
            (l, h) if l == h => texts::percent(high, 0),
            (l, h) => text("locale", "percent", &[("n", &format!("{l}–{h}"))]),
        };
        let gdp = texts::percent(self.share(top), 0);
        let values =
            [("state", source.state(self.members[top])), ("body", self.code), ("range", &range), ("gdp", &gdp)];
        low.is_finite().then(|| text("burden", "told", &values))
    }

    /// Equilibrium shares of spending against shares of GDP, when `delta` of the good is private.
    fn curve(&self, weight: f64, delta: f64) -> Vec<(f64, f64)> {
        let q = equilibrium(&self.incomes, weight, delta);
        let all: f64 = q.iter().sum();
        let mut points: Vec<(f64, f64)> = q.iter().enumerate().map(|(i, q)| (self.share(i), q / all)).collect();
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        points
    }

    /// What the drawing function needs.
    fn json(&self, weight: f64, delta: f64) -> Value {
        let shares = (0..self.members.len()).map(|i| self.share(i));
        let least = shares.chain(self.spending.iter().flatten().copied()).filter(|x| *x > 0.0);
        let low = 10f64.powf(least.fold(1.0, f64::min).log10().floor());
        // who gives nothing stands on the floor of a logarithmic scale
        let mut curves = [vec![(low, low), (1.0, 1.0)], self.curve(weight, 0.0), self.curve(weight, delta)];
        curves.iter_mut().flatten().for_each(|p| p.1 = p.1.max(low));
        let few = if self.members.len() > 12 { 5 } else { 2 };
        let labelled: Vec<&str> = self.largest.iter().take(few).map(|&i| self.members[i]).collect();
        let fine = |x: f64| if x.is_finite() { Value::from((x * 1e7).round() / 1e7) } else { Value::Null };
        let point = |(i, s): (usize, &&str)| {
            let burden: Vec<Value> = self.spending.iter().map(|t| fine(t[i])).collect();
            json!({ "state": s, "gdp": fine(self.share(i)), "burden": burden })
        };
        let curve = |c: &Vec<(f64, f64)>| c.iter().map(|p| json!([fine(p.0), fine(p.1)])).collect::<Vec<_>>();
        json!({
            "label": self.code, "low": low, "labelled": labelled,
            "curves": curves.iter().map(curve).collect::<Vec<_>>(),
            "points": self.members.iter().enumerate().map(point).collect::<Vec<_>>(),
        })
    }
}

pub(super) fn gather(source: &Source) -> anyhow::Result<Option<Chart>> {
    let Some(blocs) = source.blocs() else { return Ok(None) };
    if !source.has("states_summary.csv") || !source.has("membership_paths.csv") {
        return Ok(None);
    }
    let rows: Vec<StateSummary> = source.rows()?;
    let paths: Vec<Belonging> = source.rows()?;
    let Some(last) = rows.iter().map(|r| r.date.as_str()).max_by(|a, b| year(a).total_cmp(&year(b))) else {
        return Ok(None);
    };
    let theories = source.theories();
    let each = blocs.iter().map(|body| Body::new(body, last, &theories, &rows, &paths));
    let Some(bodies) = each.collect::<Option<Vec<Body<'_>>>>() else { return Ok(None) };
    let parameter = |name: &str| source.manifest["parameters"]["world"][name].as_f64().unwrap_or(0.0);
    let (weight, delta) = (parameter("security"), parameter("private"));
    let told: Vec<String> = bodies.iter().filter_map(|b| b.told(source, &theories)).collect();
    let alt: Vec<String> = bodies.iter().map(|b| b.alt(source)).collect();
    let curves = ["proportional", "pure", "joint"].map(|c| text("burden", c, &[]));
    Ok(Some(Chart {
        title: text("burden", "title", &[("list", &told.join("; "))]),
        subtitle: text("burden", "subtitle", &[("date", last)]),
        caption: caption(source, &text("burden", "about", &[("delta", &texts::written(delta))])),
        alt: alt.join(" "),
        data: json!({
            "theories": populations(&theories),
            "bodies": bodies.iter().map(|b| b.json(weight, delta)).collect::<Vec<_>>(),
            "curves": curves,
            "words": words("burden"),
        }),
        ..Chart::default()
    }))
}
