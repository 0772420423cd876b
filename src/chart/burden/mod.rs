//! Who pays in each body: shares of spending against shares of GDP, with the curves of the theory of public goods.

use serde_json::{Value, json};

use super::source::year;
use super::texts::{self, text, words};
use super::{Chart, Source, caption, is_null, populations};
use crate::organisation::burden::equilibrium;
use crate::output::rows::{Belonging, StateSummary};

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
    let parameter = |name: &str| source.manifest["parameters"]["world"][name].as_f64().unwrap_or(0.0);
    let (weight, delta) = (parameter("security"), parameter("private"));
    let figure = |theory: &str, state: &str, metric: &str| {
        rows.iter()
            .find(|r| r.date == last && r.theory == theory && r.state == state && r.metric == metric)
            .and_then(|r| r.mean.known())
            .unwrap_or(f64::NAN)
    };
    let mut alt = String::new();
    let mut told = Vec::new();
    let mut bodies = Vec::new();
    let Some(first) = theories.first() else { return Ok(None) };
    for body in &blocs {
        // whoever belongs in most runs of some school at the last date
        let mut members: Vec<&str> = paths
            .iter()
            .filter(|p| p.date == last && p.organisation == *body && p.share_member.0 >= 0.5)
            .map(|p| p.state.as_str())
            .collect();
        members.sort_unstable();
        members.dedup();
        members.retain(|s| figure(first, s, "gdp_share") > 0.0);
        if members.len() < 2 {
            return Ok(None);
        }
        let incomes: Vec<f64> = members.iter().map(|s| figure(first, s, "gdp_share")).collect();
        let whole: f64 = incomes.iter().sum();
        let spending: Vec<Vec<f64>> = theories
            .iter()
            .map(|t| {
                let spent: Vec<f64> = members
                    .iter()
                    .zip(&incomes)
                    .map(|(s, y)| figure(t, s, "contribution_share_of_gdp") * y)
                    .collect();
                let all: f64 = spent.iter().filter(|x| !x.is_nan()).sum();
                spent.iter().map(|x| x / all).collect()
            })
            .collect();
        let curve = |delta: f64| {
            let q = equilibrium(&incomes, weight, delta);
            let all: f64 = q.iter().sum();
            let mut points: Vec<(f64, f64)> =
                incomes.iter().zip(&q).map(|(y, q)| (y / whole, q / all)).collect();
            points.sort_by(|a, b| a.0.total_cmp(&b.0));
            points
        };
        let mut largest: Vec<usize> = (0..members.len()).collect();
        largest.sort_by(|&a, &b| incomes[b].total_cmp(&incomes[a]));
        let top = largest[0];
        alt += &text(
            "burden",
            "alt",
            &[
                ("body", body),
                ("state", source.state(members[top])),
                ("share", &texts::percent(spending[0][top], 0)),
                ("gdp", &texts::percent(incomes[top] / whole, 0)),
            ],
        );
        alt.push(' ');
        // the finding: what the largest pays under the school that asks most and least of it
        let of_top = || spending.iter().zip(&theories).filter(|(_, t)| !is_null(t)).map(|(s, _)| s[top]);
        let (low, high) = of_top().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), x| (l.min(x), h.max(x)));
        let range = match (format!("{:.0}", 100.0 * low), format!("{:.0}", 100.0 * high)) {
            (l, h) if l == h => texts::percent(high, 0),
            (l, h) => text("locale", "percent", &[("n", &format!("{l}–{h}"))]),
        };
        let gdp = texts::percent(incomes[top] / whole, 0);
        let told_of =
            [("state", source.state(members[top])), ("body", body), ("range", &range), ("gdp", &gdp)];
        if low.is_finite() {
            told.push(text("burden", "told", &told_of));
        }
        let least =
            incomes.iter().map(|y| y / whole).chain(spending.iter().flatten().copied()).filter(|x| *x > 0.0);
        let low = 10f64.powf(least.fold(1.0, f64::min).log10().floor());
        // who gives nothing stands on the floor of a logarithmic scale
        let mut curves = [vec![(low, low), (1.0, 1.0)], curve(0.0), curve(delta)];
        curves.iter_mut().flatten().for_each(|p| p.1 = p.1.max(low));
        let labelled: Vec<&str> =
            largest.iter().take(if members.len() > 12 { 5 } else { 2 }).map(|&i| members[i]).collect();
        let fine = |x: f64| if x.is_finite() { Value::from((x * 1e7).round() / 1e7) } else { Value::Null };
        bodies.push(json!({
            "label": body, "low": low, "labelled": labelled,
            "curves": curves.iter().map(|c| c.iter().map(|p| json!([fine(p.0), fine(p.1)])).collect::<Vec<_>>()).collect::<Vec<_>>(),
            "points": members.iter().enumerate().map(|(i, s)| json!({ "state": s, "gdp": fine(incomes[i] / whole),
                "burden": spending.iter().map(|t| fine(t[i])).collect::<Vec<_>>() })).collect::<Vec<_>>(),
        }));
    }
    let names = ["proportional", "pure", "joint"].map(|c| text("burden", c, &[]));
    Ok(Some(Chart {
        title: text("burden", "title", &[("list", &told.join("; "))]),
        subtitle: text("burden", "subtitle", &[("date", last)]),
        caption: caption(source, &text("burden", "about", &[("delta", &texts::written(delta))])),
        alt: alt.trim().to_string(),
        data: json!({
            "theories": populations(&theories),
            "bodies": bodies,
            "curves": names,
            "words": words("burden"),
        }),
..Chart::default()
}))
}
