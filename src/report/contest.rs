//! The page of a tournament, an evolving population or a match: the summary in words, live charts, the players and
//! rules, limits and provenance.

use anyhow::Context as _;
use serde_json::{Map, Value, json};

use crate::chart::DRAW;
use crate::chart::engine::ECHARTS;
use crate::chart::source::strings;
use crate::chart::texts::{figure, list, percent, phrase, text, words};
use crate::chart::{Chart, Source};
use crate::game::strategy::Strategy;
use crate::output::VERSION;
use crate::output::rows::Ranking;

/// Whether the folder is of one of these verbs.
pub(super) fn is_one(source: &Source) -> bool {
    source.manifest["match"].is_object()
}

/// The page around charts already gathered.
pub(super) fn render(source: &Source, charts: &[Chart]) -> anyhow::Result<String> {
    let m = &source.manifest;
    let data: Map<String, Value> = charts
        .iter()
        .map(|c| {
            let mut data = c.json();
            data["draw"] = c.draw.into();
            (c.name.to_string(), data)
        })
        .collect();
    // `</script>` in a name must not end the script
    let data = Value::Object(data).to_string().replace('<', "\\u003c");
    let players = strings(&m["players"]);
    let verb = m["details"]["verb"].as_str().unwrap_or("tournament");
    let values = [
        ("players", players.len().to_string()),
        ("repetitions", m["repetitions"].to_string()),
        ("seed", m["seed"].to_string()),
    ];
    let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let summary = std::fs::read_to_string(source.folder.join("summary.txt")).unwrap_or_default();
    // the paragraphs after the table of the summary, to be read as text
    let paragraphs: Vec<String> = summary
        .trim()
        .split("\n\n")
        .skip(2)
        .map(|p| p.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    let ranking: Vec<Ranking> = if source.has("ranking.csv") { source.rows()? } else { Vec::new() };
    let known: Vec<Value> = players
        .iter()
        .filter_map(|name| Some((name, Strategy::named(name)?)))
        .map(|(name, s)| json!({ "name": name, "meaning": s.meaning, "source": s.source }))
        .collect();
    let rules: Vec<(String, String)> = m["match"]
        .as_object()
        .into_iter()
        .flatten()
        .chain(m["details"].as_object().into_iter().flatten())
        .filter(|(_, v)| !v.is_null())
        .map(|(k, v)| (k.replace('_', " "), v.as_str().map_or_else(|| v.to_string(), str::to_string)))
        .collect();
    let provenance = json!([
        [phrase("command"), m["command"]],
        [phrase("file"), m["scenario"]["file"]],
        ["twain", format!("{} ({})", source.text(&["twain"]), source.text(&["commit"]))],
        [phrase("sha256 of the resolved input"), m["scenario"]["sha256"]],
        [phrase("random numbers"), m["rng"]],
    ]);
    let environment = super::environment();
    let template = environment.template_from_named_str("contest.html", include_str!("contest.html"))?;
    let shown = template.render(minijinja::Value::from(minijinja::value::Serde(json!({
        "version": VERSION,
        "title": match source.text(&["scenario", "title"]) {
            "" => text(if verb == "evolve" { "evolution" } else { verb }, "short", &[]),
            title => title.to_string(),
        },
        "description": source.text(&["scenario", "description"]),
        "lead": text("contest", &format!("lead_{verb}"), &values),
        "texts": words("contest"),
        "paragraphs": paragraphs,
        "remarks": source.remarks,
        "charts": charts.iter().map(|c| json!({ "name": c.name, "short": text(c.name, "short", &[]), "title": c.title,
            "subtitle": c.subtitle, "caption": c.caption, "alt": c.alt })).collect::<Vec<_>>(),
        "ranking": ranking.iter().map(|r| json!({ "rank": r.rank, "player": r.player, "score": three(r.score.0),
            "low": three(r.ci_low.0), "high": three(r.ci_high.0), "cooperation": percent(r.cooperation.0, 0),
            "wins": figure(r.wins.0, 1) })).collect::<Vec<_>>(),
        "players": known,
        "rules": rules,
        "limits": list("contest", &format!("limits_{verb}")),
        "provenance": provenance,
        "css": include_str!("page.css"),
        "data": data,
        "echarts": ECHARTS,
        "draw": DRAW.join("\n"),
        "script": include_str!("contest.js"),
    }))));
    shown.context("cannot make the page")
}

fn three(x: f64) -> String {
    if x.is_nan() { "–".into() } else { figure(x, 3) }
}
