//! The page of the laboratory: one file with the engine, the scenario, the charts and the stations.

use std::collections::BTreeMap;

use anyhow::Context;
use base64::Engine as _;
use serde_json::json;

use crate::analysis::whatif::whatifs;
use crate::chart::DRAW;
use crate::chart::engine::ECHARTS;
use crate::chart::texts::{language, list, words};
use crate::output::VERSION;
use crate::report::{STYLE, VIEW, environment};
use crate::scenario::{Mistake, Scenario};
use crate::theory::{COUNT, Roster, SCHOOLS};

/// The engine, gzipped WebAssembly, built by `lab/build.sh` from the sources whose hash stands in [`SOURCES`].
pub const ENGINE: &[u8] = include_bytes!("engine/engine.wasm.gz");

/// What binds the engine to JavaScript.
pub const GLUE: &str = include_str!("engine/engine.js");

/// Hash of the sources that the engine was built from, as `lab/sources.sh` prints it.
pub const SOURCES: &str = include_str!("engine/sources.sha256");

/// The scenarios that what-ifs put in the place of this one, by the what-if's id: a page has no files to read them from.
///
/// # Errors
/// A file that cannot be read.
fn elsewhere(scenario: &Scenario) -> Result<BTreeMap<String, String>, Mistake> {
    let mut out = BTreeMap::new();
    for whatif in whatifs(scenario)? {
        if let Some(tree) = whatif.elsewhere(scenario)? {
            out.insert(whatif.id, tree.to_toml());
        }
    }
    Ok(out)
}

/// The laboratory of a scenario.
///
/// # Errors
/// A what-if's scenario that cannot be read, or a template that fails.
pub fn render(scenario: &Scenario) -> anyhow::Result<String> {
    let others = elsewhere(scenario)?;
    let worker = format!("{GLUE}\n{}", include_str!("page/worker.js"));
    let data = json!({
        "scenario": scenario.tree.to_toml(),
        "others": others,
        "worker": worker,
        "words": words("lab"),
        "terms": words("terms"),
        "names": words("names"),
        "locale": words("locale"),
        "language": language().code,
        "version": VERSION,
        "colours": (0..COUNT).map(|i| json!([SCHOOLS[i], Roster::colour(i)])).collect::<Vec<_>>(),
    });
    // `</script>` in a name must not end the script
    let data = data.to_string().replace('<', "\\u003c");
    let mut environment = environment();
    environment.add_template("page.html", include_str!("page/page.html"))?;
    let template = environment.get_template("page.html")?;
    let place = |name: &str| json!({ "name": format!("chart-{name}"), "title": "", "subtitle": "", "caption": "", "alt": "" });
    let places: BTreeMap<&str, serde_json::Value> =
        ["ride", "key", "lever", "effects", "whatif", "scorecard", "network", "burden"]
            .map(|name| (name, place(name)))
            .into();
    let shown = template.render(minijinja::Value::from(minijinja::value::Serde(json!({
        "version": VERSION,
        "title": scenario.title,
        "description": scenario.description,
        "texts": words("report"),
        "limits": list("report", "limits"),
        "places": places,
        "css": format!("{STYLE}\n{}", include_str!("page/lab.css")),
        "data": data,
        "engine": base64::engine::general_purpose::STANDARD.encode(ENGINE),
        "echarts": ECHARTS,
        "draw": DRAW.join("\n"),
        "view": VIEW,
        "pool": include_str!("page/pool.js"),
        "script": include_str!("page/lab.js"),
    }))));
    shown.context("cannot make the laboratory")
}
