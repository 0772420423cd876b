//! A tournament: ranking with intervals, cooperation, and the matrix of payoffs.

use serde_json::{Value, json};

use super::source::number;
use super::texts::{figure, text, words, written};
use super::{Chart, Source};
use crate::output::rows::{Payoff, Ranking};

/// Most players drawn: more names cannot be read.
const MOST: usize = 30;

/// Caption of a tournament or of evolution: match, repetitions, provenance.
pub(super) fn caption(source: &Source, section: &str) -> String {
    let m = &source.manifest;
    let payoffs: Vec<String> =
        m["match"]["payoffs"].as_array().into_iter().flatten().map(ToString::to_string).collect();
    let mut line = text(
        section,
        "caption",
        &[
            ("payoffs", &payoffs.join(", ").replace(".0", "")),
            ("noise", &percent(&m["match"]["noise"])),
            ("misperception", &percent(&m["match"]["misperception"])),
            ("repetitions", &m["repetitions"].to_string()),
            ("seed", &m["seed"].to_string()),
            ("version", source.text(&["twain"])),
            ("hash", source.text(&["scenario", "sha256"]).get(..8).unwrap_or("")),
        ],
    );
    for remark in &source.remarks {
        line += &format!(" {remark}.");
    }
    line
}

fn percent(share: &Value) -> String {
    text("locale", "percent", &[("n", &written((share.as_f64().unwrap_or(0.0) * 1e4).round() / 100.0))])
}

/// The school a player follows, for its colour; any other name stands for no school.
pub(super) fn look(name: &str) -> &'static str {
    let stem = |school: &str| school.trim_end_matches("ism").trim_end_matches("al").to_string();
    crate::theory::SCHOOLS.iter().find(|s| name.contains(&stem(s))).copied().unwrap_or("null-player")
}

pub(super) fn gather(source: &Source) -> anyhow::Result<Option<Chart>> {
    if !source.has("ranking.csv") || !source.has("payoffs.csv") {
        return Ok(None);
    }
    let mut ranking: Vec<Ranking> = source.rows()?;
    let all = ranking.len();
    ranking.truncate(MOST);
    let payoffs: Vec<Payoff> = source.rows()?;
    let score = |a: &str, b: &str| {
        payoffs.iter().find(|p| p.player == a && p.opponent == b).map_or(f64::NAN, |p| p.score.0)
    };
    let matrix: Vec<Vec<f64>> =
        ranking.iter().map(|a| ranking.iter().map(|b| score(&a.player, &b.player)).collect()).collect();
    let flat = || matrix.iter().flatten().copied().filter(|x| x.is_finite());
    let (low, high) = (flat().fold(f64::INFINITY, f64::min), flat().fold(f64::NEG_INFINITY, f64::max));
    let edge = |x: f64, f: fn(f64) -> f64| f(x * 5.0) / 5.0;
    let or = |x: f64, score: f64| if x.is_nan() { score } else { x };
    let ends = ranking.iter().flat_map(|r| [or(r.ci_low.0, r.score.0), or(r.ci_high.0, r.score.0)]);
    let (least, most) = ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), x| (l.min(x), h.max(x)));
    let alt: Vec<String> = ranking.iter().take(5).map(|r| format!("{} {}", r.player, figure(r.score.0, 2))).collect();
    let title = source.text(&["scenario", "title"]);
    Ok(Some(Chart {
        title: if title.is_empty() { text("tournament", "title", &[]) } else { title.to_string() },
        subtitle: match all > MOST {
            true => format!(
                "{} {}",
                text("tournament", "some", &[("n", &MOST.to_string()), ("all", &all.to_string())]),
                text("tournament", "subtitle", &[])
            ),
            false => text("tournament", "subtitle", &[]),
        },
        caption: caption(source, "tournament"),
        alt: text("tournament", "alt", &[("list", &alt.join(", "))]),
        data: json!({
            "players": ranking.iter().map(|r| json!({ "name": r.player, "look": look(&r.player), "score": number(r.score.0),
                "low": number(r.ci_low.0), "high": number(r.ci_high.0),
                "cooperation": number(r.cooperation.0) })).collect::<Vec<_>>(),
            "matrix": matrix.iter().map(|r| r.iter().map(|x| number(*x)).collect::<Vec<_>>()).collect::<Vec<_>>(),
            "low": low, "high": high, "scale": [edge(least, f64::floor), edge(most, f64::ceil)],
            "words": words("tournament"),
        }),
        ..Chart::default()
    }))
}
