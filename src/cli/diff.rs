//! `twain diff`: two results of `twain run` side by side.

use std::path::PathBuf;

use super::common::OutArgs;
use crate::analysis::diff::{Outcome, Row, inputs, outcomes};
use crate::analysis::whatif::WhatIf;
use crate::output::{Provenance, Tables, rows};

/// Differences named aloud for each population, and inputs.
const NAMED: usize = 6;
const INPUTS: usize = 12;
/// Fewer runs than this are called few.
const FEW: usize = 10;

/// What `twain diff` accepts.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// Folder that `twain run` wrote
    first: PathBuf,
    /// Another one; differences are second less first
    second: PathBuf,
    #[command(flatten)]
    out: OutArgs,
}

/// Compares the two.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let (first, second) = (Outcome::read(&args.first)?, Outcome::read(&args.second)?);
    let found = outcomes(&first, &second)?;
    let changed = inputs(&first.manifest, &second.manifest);
    let mut folder = args.out.create("diff")?;
    folder.rows(changed.iter().map(|[path, first, second]| rows::Input {
        path: path.into(),
        first: first.into(),
        second: second.into(),
    }))?;
    let (a, b) = (args.first.display(), args.second.display());
    let label = format!("{b} against {a}");
    let told = WhatIf { id: "diff".into(), label, ..WhatIf::typed("world.shadow=0")? };
    let mut order: Vec<&Row> = found.iter().collect();
    // the chart shows the first three outcomes: the framework, between the blocs, and what comes next
    let rank = |row: &Row| match row.outcome.as_str() {
        "framework formed" => 0,
        "cooperation_between" => 1,
        // of two parties, not on one issue
        name if name.strip_prefix("cooperation_").is_some_and(|rest| !rest.contains(char::is_lowercase)) => 2,
        _ => 3,
    };
    order.sort_by_key(|row| rank(row));
    folder.rows(order.into_iter().map(|row| row.difference.row(&row.theory, &told, &row.outcome)))?;
    let words = words(args, &found, &changed);
    let mut manifest = first.manifest.clone();
    // in the order of the first result
    let shared = |t: &serde_json::Value| {
        t.as_str().is_some_and(|t| first.runs.contains_key(t) && second.runs.contains_key(t))
    };
    let theories = first.manifest["theories"].as_array().cloned().unwrap_or_default();
    let theories: Vec<serde_json::Value> = theories.into_iter().filter(shared).collect();
    manifest["command"] = Provenance::command_line().into();
    manifest["theories"] = theories.into();
    manifest["files"] = folder.files();
    manifest["compared"] =
        serde_json::json!({ "first": first.manifest["files"], "second": second.manifest["files"] });
    folder.text("manifest.json", &format!("{manifest:#}\n"))?;
    folder.text("diff.txt", &words)?;
    let place = args.out.finish(folder)?;
    args.out.tell(&words, &place)
}

fn words(args: &Args, rows: &[Row], changed: &[[String; 3]]) -> String {
    let mut out = format!("{} against {}.\n\nWhat went in:\n", args.second.display(), args.first.display());
    if changed.is_empty() {
        out += "  The same inputs and the same version.\n";
    }
    for [path, a, b] in changed.iter().take(INPUTS) {
        let short = |x: &str| {
            if x.chars().count() > 40 {
                format!("{}...", x.chars().take(40).collect::<String>())
            } else {
                x.to_string()
            }
        };
        out += &match (a.is_empty(), b.is_empty()) {
            (true, _) => format!("  {path} is new: {}\n", short(b)),
            (_, true) => format!("  {path} is gone (it was {})\n", short(a)),
            _ => format!("  {path}: {} became {}\n", short(a), short(b)),
        };
    }
    if changed.len() > INPUTS {
        out += &format!("  and {} more, in inputs.csv\n", changed.len() - INPUTS);
    }
    out += "\nWhat came out, second less first with its 95% interval; metrics are means over the last five years.\n";
    let mut theories: Vec<&str> = rows.iter().map(|r| r.theory.as_str()).collect();
    theories.dedup();
    for theory in theories {
        let own: Vec<&Row> = rows.iter().filter(|r| r.theory == theory).collect();
        let how = if own[0].paired {
            "runs paired by seed and replication"
        } else {
            "two samples, Welch's interval"
        };
        let alone = match own[0].alone {
            0 => String::new(),
            n => format!("; {n} that only one result has are left out"),
        };
        let runs = own[0].difference.n;
        out += &format!("\n{theory} ({how}, {runs} run{}{alone}):\n", if runs == 1 { "" } else { "s" });
        if runs < FEW {
            out += "  so few runs tell little: intervals are wide, and a difference may be luck\n";
        }
        let mut clear: Vec<&&Row> =
            own.iter().filter(|r| r.difference.difference.abs() > r.difference.half.max(1e-9)).collect();
        clear.sort_by(|x, y| y.difference.difference.abs().total_cmp(&x.difference.difference.abs()));
        if clear.is_empty() {
            out += "  no outcome differs by more than its interval\n";
        }
        for row in clear.iter().take(NAMED) {
            let d = &row.difference;
            out += &format!(
                "  {}: {:.3} and {:.3}, {:+.3} ±{:.3}\n",
                row.outcome.replace('_', " "),
                d.base,
                d.alternative,
                d.difference,
                d.half
            );
        }
        if clear.len() > NAMED {
            out += &format!(
                "  and {} more of {} outcomes; of so many, one in twenty would by chance\n",
                clear.len() - NAMED,
                own.len()
            );
        }
    }
    out
}
