//! What each change did at the time: paired differences in a window of each row.

use super::source::grouped;
use super::texts::text;
use super::whatif::{Shown, panels};
use super::{Chart, Source, caption};
use crate::output::rows::WindowChange;

/// What dropped events did in the year from their dates: the metrics that they move most.
pub(super) fn gather(source: &Source) -> anyhow::Result<Option<Chart>> {
    if !source.has("windows.csv") {
        return Ok(None);
    }
    let rows: Vec<Shown> = source.rows::<WindowChange>()?.into_iter().map(Shown::from).collect();
    let (mut outcomes, by_outcome) = grouped(&rows, |r| r.outcome.clone());
    if outcomes.is_empty() {
        return Ok(None);
    }
    let moved = |outcome: &String| -> f64 {
        by_outcome[outcome].iter().filter_map(|r| r.difference).map(f64::abs).sum()
    };
    outcomes.sort_by(|a, b| moved(b).total_cmp(&moved(a)));
    outcomes.truncate(3);
    let (data, alt) = panels(source, &rows, &outcomes);
    Ok(Some(Chart {
        title: text("shocks", "title", &[]),
        subtitle: text("shocks", "subtitle", &[]),
        caption: caption(source, &text("shocks", "about", &[])),
        alt,
        data,
        ..Chart::default()
    }))
}
