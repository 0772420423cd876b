//! Bets of people beside those of the schools: a sheet of `twain bet`, filled in.

use std::path::Path;

use anyhow::{Context, bail};

use super::facts::Fact;
use crate::scenario::Mistake;

/// A bettor's name, and a probability for each fact on which a bet was made.
pub type Bettor = (String, Vec<Option<f64>>);

/// Reads a sheet of bets: one row a fact, one column a bettor, cells empty or a probability.
///
/// # Errors
/// A file that cannot be read, an unknown or repeated fact, a cell that is no probability, or no bets at all.
pub fn read(path: &Path, facts: &[&Fact]) -> anyhow::Result<Vec<Bettor>> {
    let shown = path.display();
    let text = crate::scenario::document::text_of(path)
        .map_err(|why| Mistake::general(format!("cannot read {shown}: {why}")))?;
    // spreadsheets of many countries write semicolons between cells and decimal commas in them
    let first = text.lines().next().unwrap_or("");
    let semicolons = first.matches(';').count() > first.matches(',').count();
    let delimiter = if semicolons { b';' } else { b',' };
    let text = text.trim_start_matches('\u{feff}');
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).trim(csv::Trim::All).from_reader(text.as_bytes());
    let header = reader.headers().with_context(|| format!("cannot read {shown}"))?.clone();
    let known = ["fact", "question", "date", "page"];
    let columns: Vec<usize> = (0..header.len()).filter(|&c| !known.contains(&&header[c])).collect();
    let Some(key) = header.iter().position(|h| h == "fact") else {
        bail!("{shown} has no column `fact`; make a sheet with twain bet");
    };
    let mut out: Vec<Bettor> =
        columns.iter().map(|&c| (header[c].to_string(), vec![None; facts.len()])).collect();
    for (line, row) in reader.records().enumerate() {
        let row = row.with_context(|| format!("cannot read {shown}"))?;
        let id = &row[key];
        let Some(f) = facts.iter().position(|f| f.id == id) else {
            bail!("{shown}:{}: unknown fact `{id}`", line + 2);
        };
        for (slot, &c) in out.iter_mut().zip(&columns) {
            let typed = row.get(c).unwrap_or("").trim();
            if typed.is_empty() {
                continue;
            }
            if slot.1[f].is_some() {
                bail!("{shown}:{}: `{id}` stands twice", line + 2);
            }
            let cell = if semicolons { typed.replace(',', ".") } else { typed.to_string() };
            match cell.parse::<f64>() {
                Ok(p) if (0.0..=1.0).contains(&p) => slot.1[f] = Some(p),
                _ => bail!("{shown}:{}: `{typed}` is not a probability between 0 and 1", line + 2),
            }
        }
    }
    out.retain(|(_, sheet)| sheet.iter().any(Option::is_some));
    if out.is_empty() {
        bail!("{shown} holds no bets");
    }
    Ok(out)
}

/// The bets on some of the facts of a sheet, by id.
pub fn of(own: &[Fact], facts: &[&Fact], sheet: &[Option<f64>]) -> Vec<Option<f64>> {
    let bet = |id: &str| facts.iter().position(|f| f.id == id).and_then(|f| sheet[f]);
    own.iter().map(|f| bet(&f.id)).collect()
}
