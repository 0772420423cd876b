//! What the runs show, in sentences made from the tables: for the report and for the laboratory.

use std::collections::BTreeMap;

use super::texts::{self, figure, signed, text};
use super::{Source, label};
use crate::analysis::verdict::{SAME, SURE};
use crate::interval::wilson;
use crate::output::rows::{BoardScore, Change, Pivotality, Run};

/// A share as people read it; a dash for a missing one.
pub fn percent(x: f64) -> String {
    texts::percent(x, 0)
}

/// What the runs show, in sentences made from the tables of `source` and, if there is one, of a comparison.
///
/// # Errors
/// If a table cannot be read.
pub fn findings(source: &Source, compared: Option<&Source>) -> anyhow::Result<Vec<String>> {
    let mut out = Vec::new();
    let theories = source.theories();
    if let (Some([a, b]), true) = (source.blocs(), source.has("runs.csv") && source.has("pivotality.csv")) {
        let runs: Vec<Run> = source.rows()?;
        let mut sentences = Vec::new();
        for theory in &theories {
            let mine: Vec<&Run> = runs.iter().filter(|r| r.theory == *theory).collect();
            let hits = mine.iter().filter(|r| r.framework == 1).count() as u64;
            let (low, high) = wilson(hits, mine.len() as u64);
            sentences.push(text(
                "report",
                "framework",
                &[
                    ("theory", &label(theory)),
                    ("a", &a),
                    ("b", &b),
                    ("hits", &hits.to_string()),
                    ("runs", &mine.len().to_string()),
                    ("low", &percent(low)),
                    ("high", &percent(high)),
                ],
            ));
        }
        out.push(sentences.join(" "));
        let votes: Vec<Pivotality> = source.rows()?;
        let mut sentences = Vec::new();
        for theory in &theories {
            let mut refusals: BTreeMap<&str, (f64, u64)> = BTreeMap::new();
            let mut terms: BTreeMap<&str, f64> = BTreeMap::new();
            for v in votes.iter().filter(|v| v.theory == *theory && v.proposal.starts_with("framework")) {
                let no = v.share_no.known().unwrap_or(0.0) * v.n as f64;
                let slot = refusals.entry(&v.state).or_default();
                *slot = (slot.0 + no, slot.1 + v.n);
                if !v.main_term.is_empty() {
                    *terms.entry(&v.main_term).or_default() += no;
                }
            }
            let mut order: Vec<(&str, f64)> =
                refusals.iter().filter(|r| r.1.1 > 0).map(|(s, (no, n))| (*s, no / *n as f64)).collect();
            order.sort_by(|x, y| y.1.total_cmp(&x.1).then(x.0.cmp(y.0)));
            let term = terms.iter().max_by(|x, y| x.1.total_cmp(y.1)).map(|t| *t.0);
            if let (Some(term), Some(top)) = (term, order.first())
                && top.1 > 0.0
            {
                let named: Vec<String> = order
                    .iter()
                    .take(3)
                    .map(|(s, x)| format!("{} ({})", texts::name(source.state(s)), percent(*x)))
                    .collect();
                sentences.push(text(
                    "report",
                    "blocker",
                    &[("theory", &label(theory)), ("list", &named.join(", ")), ("term", &texts::term(term))],
                ));
            }
        }
        out.push(sentences.join(" "));
    }
    if let Some(compared) = compared {
        let board: Vec<BoardScore> = compared.rows()?;
        for split in ["calibration", "holdout"] {
            let mut schools: Vec<(&BoardScore, f64)> = board
                .iter()
                .filter(|b| b.split == split && b.kind == "school")
                .filter_map(|b| Some((b, b.score.known()?)))
                .collect();
            schools.sort_by(|a, b| b.1.total_cmp(&a.1));
            let Some((best, _)) = schools.first() else { continue };
            let named: Vec<String> =
                schools.iter().map(|(b, s)| format!("{} {}", label(&b.theory), figure(*s, 2))).collect();
            let beats = best.skill.known().is_some_and(|s| s > 0.0);
            let alike = schools.get(1).is_some_and(|next| schools[0].1 - next.1 < SAME);
            let unsure = best.first_among_schools.known().is_some_and(|x| x < SURE);
            let how = match (alike, unsure) {
                (true, _) => "score_alike",
                (false, true) => "score_unsure",
                (false, false) => "score",
            };
            out.push(text(
                "report",
                how,
                &[
                    ("n", &best.facts.to_string()),
                    ("first", &label(&best.theory)),
                    ("split", &text("report", split, &[])),
                    ("list", &named.join(", ")),
                    ("null", &text("report", if beats { "beats" } else { "beaten" }, &[])),
                ],
            ));
        }
    }
    out.push(changes(source)?);
    out.retain(|s| !s.is_empty());
    Ok(out)
}

/// How many changes move the first outcome of whatif.csv that any of them moves, school by school, and which most.
fn changes(source: &Source) -> anyhow::Result<String> {
    if !source.has("whatif.csv") {
        return Ok(String::new());
    }
    let rows: Vec<Change> = source.rows()?;
    let clear = |r: &&Change| match (r.ci_low.known(), r.ci_high.known()) {
        (Some(low), Some(high)) => low > 0.0 || high < 0.0,
        _ => false,
    };
    let moved =
        rows.iter().filter(|r| r.outcome.starts_with("cooperation")).find(clear).or_else(|| rows.first());
    let Some(outcome) = moved.map(|r| r.outcome.as_str()) else { return Ok(String::new()) };
    let sentences: Vec<String> = source
        .theories()
        .iter()
        .map(|theory| {
            let mine: Vec<&Change> =
                rows.iter().filter(|r| r.theory == *theory && r.outcome == outcome).collect();
            let mut beyond: Vec<&Change> = mine.iter().copied().filter(|r| clear(r)).collect();
            beyond.sort_by(|a, b| {
                let size = |r: &Change| r.difference.known().unwrap_or(0.0).abs();
                size(b).total_cmp(&size(a)).then_with(|| a.label.cmp(&b.label))
            });
            let most: Vec<String> = beyond
                .iter()
                .take(3)
                .map(|r| format!("{} ({})", r.label, signed(r.difference.known().unwrap_or(0.0))))
                .collect();
            let list = match most.is_empty() {
                true => String::new(),
                false => text("report", "changes_most", &[("list", &most.join(", "))]),
            };
            text(
                "report",
                "changes",
                &[
                    ("theory", &label(theory)),
                    ("n", &beyond.len().to_string()),
                    ("all", &mine.len().to_string()),
                    ("outcome", &super::ride::heading(source, outcome)),
                    ("list", &list),
                ],
            )
        })
        .collect();
    Ok(sentences.join(" "))
}
