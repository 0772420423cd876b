//! The codebook beside every result: what each column of each table means, as a Frictionless Data Package, so that R, Python
//! and repositories of data read types and keys instead of guessing them.

use std::collections::BTreeMap;

use anyhow::Context;
use serde_json::{Value, json};

use super::list::TABLES;
use crate::model::World;
use crate::model::metrics::metrics;
use crate::output::results::COLUMNS;
use crate::output::{Folder, VERSION};

/// Name of the file.
pub const CODEBOOK: &str = "datapackage.json";

/// Columns that hold words: names, dates, codes, expressions.
const WORDS: &[&str] = &[
    "a",
    "against",
    "b",
    "block",
    "case",
    "change",
    "claim",
    "claims",
    "coder",
    "date",
    "deciding_term",
    "declared",
    "direction",
    "dynamics",
    "fact",
    "factor",
    "first",
    "fitted_on",
    "forgiving",
    "framework_date",
    "index",
    "kind",
    "label",
    "lever",
    "main_term",
    "measure",
    "metric",
    "mistakes",
    "mutant",
    "nice",
    "note",
    "opponent",
    "opponent_move",
    "opponent_moves",
    "organisation",
    "other",
    "ours",
    "outcome",
    "page",
    "parameter",
    "parameters",
    "path",
    "period",
    "phase",
    "plausible",
    "player",
    "player_move",
    "player_moves",
    "population",
    "proposal",
    "proposer",
    "proposition",
    "reason",
    "resident",
    "retaliating",
    "school",
    "second",
    "series",
    "source",
    "split",
    "start",
    "state",
    "strategy",
    "target",
    "theory",
    "values",
    "verdict",
    "vote",
    "whatif",
    "why",
    "world",
    "refused_on_principle",
];

/// Columns that hold whole numbers.
const WHOLE: &[&str] = &[
    "changes",
    "count",
    "evaluation",
    "exits",
    "facts",
    "framework",
    "free_parameters",
    "generation",
    "n",
    "of",
    "point",
    "points",
    "proposals",
    "proposals_passed",
    "rank",
    "rejoins",
    "repetition",
    "replication",
    "replications",
    "resamples",
    "seed",
    "separating",
    "statements",
    "turn",
    "turns",
    "unfinished",
    "missing",
    "number",
    "passed",
];

/// What tells the rows of a table apart.
const KEYS: &[(&str, &[&str])] = &[
    ("runs.csv", &["theory", "replication"]),
    ("series.csv", &["theory", "replication", "date"]),
    ("summary.csv", &["theory", "date", "metric"]),
    ("states.csv", &["theory", "replication", "date", "state"]),
    ("states_summary.csv", &["theory", "date", "state", "metric"]),
    ("membership_paths.csv", &["theory", "date", "organisation", "state"]),
    ("network.csv", &["theory", "date", "a", "b"]),
    ("dyads.csv", &["theory", "replication", "date", "from", "to"]),
    ("proposals.csv", &["theory", "replication", "number"]),
    ("scores.csv", &["theory", "fact"]),
    ("scoreboard.csv", &["theory", "split"]),
    ("blocks.csv", &["theory", "split", "block"]),
    ("facts.csv", &["fact"]),
    ("reliability.csv", &["theory", "low"]),
    ("record.csv", &["theory", "series", "metric"]),
    ("cases.csv", &["case", "theory", "split"]),
    ("whatif.csv", &["theory", "whatif", "outcome"]),
    ("windows.csv", &["theory", "whatif", "metric"]),
    ("takes.csv", &["theory", "lever"]),
    ("inputs.csv", &["path"]),
    ("contract.csv", &["proposition"]),
    ("contract_seeds.csv", &["proposition", "population", "seed"]),
    ("sensitivity.csv", &["theory", "outcome", "factor", "index"]),
    ("leads.csv", &["outcome", "theory"]),
    ("points.csv", &["point"]),
];

/// Tables of a sweep, whose other columns are factors and outcomes: their fixed columns and what tells rows apart.
const SWEEP: &[(&str, &[&str])] = &[
    ("points.csv", &["point"]),
    ("runs.csv", &["point", "replication", "theory"]),
    ("summary.csv", &["point", "theory", "outcome"]),
    ("failures.csv", &["point", "replication", "theory"]),
];

/// Fixed columns of a sweep.
const POINTS: &[(&str, &str)] = &[
    ("point", "point of the design, from 0"),
    ("replication", "number of the run at that point, from 0"),
    ("theory", "population that decided"),
    ("outcome", "what is summarised"),
    ("n", "runs with a value"),
    ("mean", "mean over these runs"),
    ("sd", "sample standard deviation over them"),
    ("ci_low", "lower end of the 95% interval of the mean (Student's t; Wilson's for framework)"),
    ("ci_high", "upper end of that interval"),
    ("reason", "why the run failed"),
];

/// What a blank says, in any table.
const BLANK: &str = "A blank cell has no value: nobody met, an empty body, a mean of nothing, or a column that does not apply to the row.";

/// Meaning, unit and range of the metrics of a world, by column.
pub fn meanings(world: &World) -> BTreeMap<String, String> {
    let told = |meaning: &str| meaning.trim_end_matches('.').to_string();
    metrics(world)
        .into_iter()
        .map(|m| (m.name, format!("{} ({}; {} to {})", told(&m.meaning), m.unit, m.low, m.high)))
        .collect()
}

/// Writes the codebook of the tables in a result that is not yet finished. `metrics` holds the meaning of metric columns.
///
/// # Errors
/// If a table cannot be read or the codebook cannot be written.
pub fn leave(folder: &Folder, metrics: &BTreeMap<String, String>) -> anyhow::Result<()> {
    let manifest: Value = std::fs::read_to_string(folder.path().join("manifest.json"))
        .ok()
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default();
    let sweep = manifest["sweep"].is_object();
    let mut names: Vec<String> = std::fs::read_dir(folder.path())?
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".csv"))
        .collect();
    names.sort();
    let mut resources = Vec::new();
    for name in &names {
        let path = folder.path().join(name);
        let mut reader =
            csv::Reader::from_path(&path).with_context(|| format!("cannot open {}", path.display()))?;
        let header = reader.headers().with_context(|| format!("cannot read {name}"))?.clone();
        // the indices of a sweep keep its manifest, and have tables of their own
        let own = sweep && SWEEP.iter().any(|t| t.0 == name);
        let fields: Vec<Value> = header.iter().map(|column| field(name, column, own, metrics)).collect();
        let keys = if own { SWEEP } else { KEYS };
        let mut schema = json!({ "fields": fields, "missingValues": [""] });
        if let Some((_, key)) = keys.iter().find(|k| k.0 == name) {
            schema["primaryKey"] = json!(key);
        }
        resources.push(json!({
            "name": name.trim_end_matches(".csv"), "path": name, "profile": "tabular-data-resource", "format": "csv",
            "mediatype": "text/csv", "encoding": "utf-8", "schema": schema,
        }));
    }
    if resources.is_empty() {
        return Ok(());
    }
    let package = json!({
        "profile": "tabular-data-package",
        "name": manifest["scenario"]["name"].as_str().unwrap_or("result").to_lowercase().replace('_', "-"),
        "title": manifest["scenario"]["title"],
        "description": BLANK,
        "version": VERSION,
        "resources": resources,
    });
    folder.text(CODEBOOK, &format!("{package:#}\n"))
}

/// A column: its type and meaning.
fn field(table: &str, column: &str, sweep: bool, metrics: &BTreeMap<String, String>) -> Value {
    let fixed = if sweep {
        POINTS.iter().find(|p| p.0 == column).map(|p| p.1)
    } else {
        let of_run = COLUMNS.iter().find(|c| c.table == table && c.name == column).map(|c| c.meaning);
        let of_verb = TABLES
            .iter()
            .flat_map(|t| t.1.iter())
            .filter(|t| t.0 == table)
            .find_map(|t| t.1.iter().find(|c| c.0 == column))
            .map(|c| c.1);
        of_run.or(of_verb)
    };
    let Some(meaning) = fixed else {
        return match (metrics.get(column), column.contains('.')) {
            (Some(meaning), _) => json!({ "name": column, "type": "number", "description": meaning }),
            // a factor is a path of the scenario, and may hold words
            (None, true) => {
                json!({ "name": column, "type": "any", "description": "value of the factor at the point" })
            }
            (None, false) => json!({ "name": column, "type": "number",
                "description": "outcome of the run: a metric in the last step (twain list metrics), the framework, its date, proposals, or a share of facts" }),
        };
    };
    json!({ "name": column, "type": kind(table, column), "description": meaning })
}

/// Type of a fixed column, in the words of Table Schema.
fn kind(table: &str, column: &str) -> &'static str {
    match (table, column) {
        // steps and states of a table of windows or ties are named, a lever's values are figures
        ("windows.csv" | "dyads.csv", "from" | "to") => "string",
        ("events.csv", "sign") => "string",
        ("stances.csv", "sign") => "string",
        ("scores.csv", "hits")
        | ("scores.csv" | "scoreboard.csv" | "stances.csv", "runs" | "shown" | "hits") => "integer",

        _ if WORDS.contains(&column) => "string",
        _ if WHOLE.contains(&column) => "integer",
        _ => "number",
    }
}
