//! A folder of results, read back: its manifest and its tables, with what is wrong about them.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::output::VERSION;
use crate::output::rows::Row;

/// A results folder.
#[derive(Clone, Debug)]
pub struct Source {
    /// Where it is.
    pub folder: PathBuf,
    /// Its manifest.
    pub manifest: Value,
    /// What a reader of its charts should know: edited tables, another version.
    pub remarks: Vec<String>,
    /// Text of each table, if it is not in the folder but in memory.
    memory: BTreeMap<String, String>,
}

impl Source {
    /// Opens a results folder and checks its tables against the manifest.
    ///
    /// # Errors
    /// If the folder, its manifest, or a table named there is missing or unreadable.
    pub fn open(folder: &Path) -> anyhow::Result<Self> {
        let shown = folder.display();
        if !folder.is_dir() {
            bail!(
                "{shown} is not a folder; give a folder that twain wrote, for instance that of run, compare or tournament"
            );
        }
        let path = folder.join("manifest.json");
        let text = std::fs::read_to_string(&path).with_context(|| {
            format!("{shown} holds no manifest.json, so it is no (whole) result of twain")
        })?;
        let manifest: Value = serde_json::from_str(&text)
            .with_context(|| format!("{} is not JSON: the result is damaged", path.display()))?;
        let mut remarks = Vec::new();
        let version = manifest["twain"].as_str().unwrap_or("unknown");
        if version != VERSION {
            remarks.push(format!("made by twain {version}, drawn by {VERSION}"));
        }
        let Some(files) = manifest["files"].as_object() else {
            bail!("{} names no tables: it is no result of twain", path.display());
        };
        for (name, entry) in files {
            let bytes = std::fs::read(folder.join(name)).with_context(|| {
                format!("{shown} is not whole: {name}, named in its manifest, is missing")
            })?;
            let digest: String = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
            if entry["sha256"].as_str() != Some(digest.as_str()) {
                remarks.push(format!("{name} was edited after the run"));
            }
        }
        Ok(Source { folder: folder.to_path_buf(), manifest, remarks, memory: BTreeMap::new() })
    }

    /// Results that are not on a disk: a manifest and the tables it names, as text.
    pub fn memory(manifest: Value, tables: BTreeMap<String, String>) -> Self {
        Source { folder: PathBuf::new(), manifest, remarks: Vec::new(), memory: tables }
    }

    /// Whether the folder has a table.
    pub fn has(&self, table: &str) -> bool {
        self.manifest["files"].get(table).is_some()
    }

    /// The rows of a table with fixed columns.
    ///
    /// # Errors
    /// If a column is missing or a cell is not what it should be; the message names the table and the line.
    pub fn rows<R: Row + DeserializeOwned>(&self) -> anyhow::Result<Vec<R>> {
        self.records(R::SPEC.name)
    }

    /// The rows of a table whose columns a design chose.
    ///
    /// # Errors
    /// If a cell is not what it should be; the message names the table and the line.
    pub fn records<T: DeserializeOwned>(&self, table: &str) -> anyhow::Result<Vec<T>> {
        let path = self.folder.join(table);
        let shown = path.display();
        let bytes: Box<dyn Read + '_> = match self.memory.get(table) {
            Some(text) => Box::new(text.as_bytes()),
            None => Box::new(File::open(&path).with_context(|| format!("cannot read {shown}"))?),
        };
        let rows = csv::Reader::from_reader(bytes).into_deserialize().collect::<Result<_, _>>();
        rows.with_context(|| format!("cannot read {shown}"))
    }

    /// A text of the manifest, empty if it is not there.
    pub fn text(&self, path: &[&str]) -> &str {
        path.iter().fold(&self.manifest, |node, key| &node[*key]).as_str().unwrap_or("")
    }

    /// Labels of the populations, in their order.
    pub fn theories(&self) -> Vec<String> {
        strings(&self.manifest["theories"])
    }

    /// The two blocs, if the scenario names them.
    pub fn blocs(&self) -> Option<[String; 2]> {
        strings(&self.manifest["blocs"]).try_into().ok()
    }

    /// Replications for each population.
    pub fn replications(&self) -> u64 {
        self.manifest["replications"].as_u64().unwrap_or(0)
    }

    /// Name of a state by its code; the code if there is none.
    pub fn state<'s>(&'s self, code: &'s str) -> &'s str {
        self.manifest["states"][code]["name"].as_str().unwrap_or(code)
    }

    /// Members, ever, of an organisation.
    pub fn members(&self, organisation: &str) -> Vec<String> {
        let mut members = strings(&self.manifest["organisations"][organisation]["members"]);
        members.sort();
        members.dedup();
        members
    }
}

/// The texts of a JSON list.
pub fn strings(list: &Value) -> Vec<String> {
    list.as_array().into_iter().flatten().filter_map(|v| v.as_str().map(str::to_string)).collect()
}

/// Decimal year of a label such as 1999Q2, 1999-06 or 1999.
pub fn year(label: &str) -> f64 {
    let Some((whole, rest)) = label.split_at_checked(4) else { return f64::NAN };
    let base: f64 = whole.parse().unwrap_or(f64::NAN);
    if let Some(quarter) = rest.strip_prefix('Q').and_then(|q| q.parse::<f64>().ok()) {
        return base + (quarter - 1.0) / 4.0;
    }
    let mut parts = rest.trim_start_matches('-').split('-');
    let month = parts.next().and_then(|m| m.parse::<f64>().ok()).unwrap_or(1.0);
    let day = parts.next().and_then(|d| d.parse::<f64>().ok()).unwrap_or(1.0);
    base + (month - 1.0) / 12.0 + (day - 1.0) / 365.0
}

/// A JSON number, or null where there is none.
pub fn number(x: f64) -> Value {
    if x.is_finite() { ((x * 1e4).round() / 1e4).into() } else { Value::Null }
}

/// An estimate with its interval, as the drawing functions take them.
pub fn estimate(value: f64, low: Option<f64>, high: Option<f64>) -> Value {
    [value, low.unwrap_or(f64::NAN), high.unwrap_or(f64::NAN)].map(number).to_vec().into()
}

/// Groups rows by a key, keeping the order of first appearance.
pub fn grouped<'r, T, K: Ord + Clone>(
    rows: &'r [T],
    key: impl Fn(&T) -> K,
) -> (Vec<K>, BTreeMap<K, Vec<&'r T>>) {
    let mut order = Vec::new();
    let mut groups: BTreeMap<K, Vec<&'r T>> = BTreeMap::new();
    for row in rows {
        let k = key(row);
        if !groups.contains_key(&k) {
            order.push(k.clone());
        }
        groups.entry(k).or_default().push(row);
    }
    (order, groups)
}
