//! Two machines: who pays in each body, with the joint-product curves, and how consensus scales with size.

use serde::Deserialize;
use serde_json::{Value, json};

use super::source::{Belonging, number, year};
use super::texts::{text, words};
use super::{Chart, Source, caption, populations};
use crate::organisation::burden::equilibrium;

#[derive(Deserialize)]
struct Row {
    theory: String,
    date: String,
    state: String,
    metric: String,
    mean: Option<f64>,
}

pub(super) fn gather(source: &Source) -> anyhow::Result<Option<Chart>> {
    let Some(blocs) = source.blocs() else { return Ok(None) };
    if !source.has("states_summary.csv") || !source.has("membership_paths.csv") {
        return Ok(None);
    }
    let rows: Vec<Row> = source.rows("states_summary.csv")?;
    let paths: Vec<Belonging> = source.rows("membership_paths.csv")?;
    let Some(last) = rows.iter().map(|r| r.date.as_str()).max_by(|a, b| year(a).total_cmp(&year(b))) else {
        return Ok(None);
    };
    let theories = source.theories();
    let parameter = |name: &str| source.manifest["parameters"]["world"][name].as_f64().unwrap_or(0.0);
    let (weight, delta) = (parameter("security"), parameter("private"));
    let figure = |theory: &str, state: &str, metric: &str| {
        rows.iter()
            .find(|r| r.date == last && r.theory == theory && r.state == state && r.metric == metric)
            .and_then(|r| r.mean)
            .unwrap_or(f64::NAN)
    };
    let mut alt = String::new();
    let mut sizes: Vec<(String, usize)> = Vec::new();
    let mut bodies = Vec::new();
    for body in &blocs {
        // whoever belongs in most runs of some school at the last date
        let mut members: Vec<&str> = paths
            .iter()
            .filter(|p| p.date == last && p.organisation == *body && p.share_member >= 0.5)
            .map(|p| p.state.as_str())
            .collect();
        members.sort_unstable();
        members.dedup();
        members.retain(|s| figure(&theories[0], s, "gdp_share") > 0.0);
        if members.len() < 2 {
            return Ok(None);
        }
        sizes.push((body.clone(), members.len()));
        let incomes: Vec<f64> = members.iter().map(|s| figure(&theories[0], s, "gdp_share")).collect();
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
            "machines",
            "alt",
            &[
                ("body", body),
                ("state", source.state(members[top])),
                ("share", &format!("{:.0}%", 100.0 * spending[0][top])),
                ("gdp", &format!("{:.0}%", 100.0 * incomes[top] / whole)),
            ],
        );
        alt.push(' ');
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
    let both = sizes.iter().map(|s| s.1).sum::<usize>();
    let mut named: Vec<(String, usize)> = sizes
        .iter()
        .map(|(b, n)| (text("machines", "size", &[("body", b), ("n", &n.to_string())]), *n))
        .collect();
    named.push((text("machines", "together", &[("n", &both.to_string())]), both));
    named.sort_by_key(|s| s.1);
    let least = 0.5;
    let curve = |n: usize| -> Vec<Value> {
        (0..=100)
            .map(|i| least + (1.0 - least) * f64::from(i) / 100.0)
            .map(|p| json!([number(p), number(p.powi(n as i32))]))
            .collect()
    };
    let names = ["proportional", "pure", "joint"].map(|c| text("machines", c, &[]));
    Ok(Some(Chart {
        name: "machines",
        draw: "machines",
        title: text("machines", "title", &[]),
        subtitle: text("machines", "subtitle", &[("date", last)]),
        caption: caption(source, &text("machines", "about", &[("delta", &format!("{delta}"))])),
        alt: alt.trim().to_string(),
        data: json!({
            "theories": populations(&theories),
            "bodies": bodies,
            "curves": names,
            "sizes": named.iter().map(|(l, n)| json!({ "label": l, "curve": curve(*n) })).collect::<Vec<_>>(),
            "least": least,
            "words": words("machines"),
        }),
    }))
}
