//! The codebook beside every result: what each column of each table means, as a Frictionless Data Package, so that R, Python
//! and repositories of data read types and keys instead of guessing them.

use std::collections::BTreeMap;

use anyhow::Context;
use serde_json::{Value, json};

use super::rows::{Kind, SWEEP, Spec, TABLES};
use super::{Folder, VERSION};
use crate::model::World;
use crate::model::metrics::metrics;

/// Name of the file.
pub const CODEBOOK: &str = "datapackage.json";

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

/// A column as it stands in a file: name, type, meaning.
#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) kind: Kind,
    meaning: String,
}

/// A table as it stands in a folder.
#[derive(Clone, Debug)]
pub(super) struct Resource {
    pub(super) name: String,
    pub(super) fields: Vec<Field>,
    key: &'static [&'static str],
}

/// The tables of a result that is not yet finished. `metrics` holds the meaning of metric columns.
pub(super) fn resources(
    folder: &Folder,
    manifest: &Value,
    metrics: &BTreeMap<String, String>,
) -> anyhow::Result<Vec<Resource>> {
    let sweep = manifest["sweep"].is_object();
    let mut names: Vec<String> = std::fs::read_dir(folder.path())?
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".csv"))
        .collect();
    names.sort();
    let mut out = Vec::new();
    for name in names {
        let path = folder.path().join(&name);
        let mut reader =
            csv::Reader::from_path(&path).with_context(|| format!("cannot open {}", path.display()))?;
        let header = reader.headers().with_context(|| format!("cannot read {name}"))?.clone();
        let find = |list: &'static [Spec]| list.iter().find(|t| t.name == name);
        // the indices of a sweep keep its manifest, and have tables of their own
        let spec = find(SWEEP).filter(|_| sweep).or_else(|| find(TABLES));
        let fields = header.iter().map(|column| field(spec, column, metrics)).collect();
        out.push(Resource { fields, key: spec.map_or(&[], |s| s.key), name });
    }
    Ok(out)
}

/// The manifest of a result that is not yet finished; null if it has none.
pub(super) fn manifest(folder: &Folder) -> Value {
    let text = std::fs::read_to_string(folder.path().join("manifest.json")).ok();
    text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
}

/// Writes the tables in a result that is not yet finished as Parquet, beside their CSV.
///
/// # Errors
/// If a table cannot be read or written.
#[cfg(feature = "parquet")]
pub fn parquet(folder: &Folder, metrics: &BTreeMap<String, String>) -> anyhow::Result<()> {
    for table in resources(folder, &manifest(folder), metrics)? {
        super::parquet::leave(folder.path(), &table)?;
    }
    Ok(())
}

/// Writes the codebook of the tables in a result that is not yet finished. `metrics` holds the meaning of metric columns.
///
/// # Errors
/// If a table cannot be read or the codebook cannot be written.
pub fn leave(folder: &Folder, metrics: &BTreeMap<String, String>) -> anyhow::Result<()> {
    let manifest = manifest(folder);
    let tables = resources(folder, &manifest, metrics)?;
    if tables.is_empty() {
        return Ok(());
    }
    let told = |table: &Resource| {
        let column = |f: &Field| json!({ "name": f.name, "type": f.kind.name(), "description": f.meaning });
        let fields: Vec<Value> = table.fields.iter().map(column).collect();
        let mut schema = json!({ "fields": fields, "missingValues": [""] });
        if !table.key.is_empty() {
            schema["primaryKey"] = json!(table.key);
        }
        json!({
            "name": table.name.trim_end_matches(".csv"), "path": table.name, "profile": "tabular-data-resource",
            "format": "csv", "mediatype": "text/csv", "encoding": "utf-8", "schema": schema,
        })
    };
    let package = json!({
        "profile": "tabular-data-package",
        "name": manifest["scenario"]["name"].as_str().unwrap_or("result").to_lowercase().replace('_', "-"),
        "title": manifest["scenario"]["title"],
        "description": BLANK,
        "version": VERSION,
        "resources": tables.iter().map(told).collect::<Vec<_>>(),
    });
    folder.text(CODEBOOK, &format!("{package:#}\n"))
}

/// A column: its type and meaning.
fn field(table: Option<&Spec>, column: &str, metrics: &BTreeMap<String, String>) -> Field {
    let name = column.to_string();
    if let Some(fixed) = table.and_then(|t| t.column(column)) {
        return Field { name, kind: fixed.kind, meaning: fixed.meaning.to_string() };
    }
    match (metrics.get(column), column.contains('.')) {
        (Some(meaning), _) => Field { name, kind: Kind::Number, meaning: meaning.clone() },
        // a factor is a path of the scenario, and may hold words
        (None, true) => Field { name, kind: Kind::Any, meaning: "value of the factor at the point".into() },
        (None, false) => Field {
            name,
            kind: Kind::Number,
            meaning: "outcome of the run: a metric in the last step (twain list metrics), the framework, its date, proposals, or a share of facts".into(),
        },
    }
}
