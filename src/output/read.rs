//! Tables whose columns a design chose, read row by row and by the names of their columns.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context;

/// A row of a table being read.
#[derive(Debug)]
pub struct Cells<'r> {
    places: &'r BTreeMap<String, usize>,
    row: &'r csv::StringRecord,
}

impl Cells<'_> {
    /// The text of a column.
    ///
    /// # Errors
    /// If the table has no such column.
    pub fn text(&self, column: &str) -> anyhow::Result<&str> {
        let at = self.places.get(column).with_context(|| format!("there is no column `{column}`"))?;
        Ok(self.row.get(*at).unwrap_or_default())
    }

    /// The number in a column; NaN for an empty cell.
    ///
    /// # Errors
    /// If the table has no such column, or it holds something else.
    pub fn number(&self, column: &str) -> anyhow::Result<f64> {
        match self.text(column)? {
            "" => Ok(f64::NAN),
            cell => cell.parse().with_context(|| format!("`{cell}` is not a number")),
        }
    }

    /// The whole number in a column.
    ///
    /// # Errors
    /// If the table has no such column, or it holds something else.
    pub fn whole(&self, column: &str) -> anyhow::Result<u64> {
        let cell = self.text(column)?;
        cell.parse().with_context(|| format!("`{cell}` is not a whole number"))
    }
}

/// The names of a table's columns.
///
/// # Errors
/// If the table cannot be read.
pub fn columns(path: &Path) -> anyhow::Result<Vec<String>> {
    let shown = path.display();
    let mut reader = csv::Reader::from_path(path).with_context(|| format!("cannot open {shown}"))?;
    let header = reader.headers().with_context(|| format!("cannot read {shown}"))?;
    Ok(header.iter().map(str::to_string).collect())
}

/// Calls `f` for every row of a table.
///
/// # Errors
/// If the table cannot be read, or `f` fails; the message names the file and the line.
pub fn each(path: &Path, mut f: impl FnMut(&Cells<'_>) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let shown = path.display();
    let mut reader = csv::Reader::from_path(path).with_context(|| format!("cannot open {shown}"))?;
    let header = reader.headers().with_context(|| format!("cannot read {shown}"))?;
    let places: BTreeMap<String, usize> =
        header.iter().enumerate().map(|(k, name)| (name.to_string(), k)).collect();
    let mut row = csv::StringRecord::new();
    while reader.read_record(&mut row).with_context(|| format!("cannot read {shown}"))? {
        let line = row.position().map_or(0, csv::Position::line);
        f(&Cells { places: &places, row: &row }).with_context(|| format!("{shown}:{line}"))?;
    }
    Ok(())
}
