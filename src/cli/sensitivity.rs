//! `twain sensitivity`: which factors matter, from a Morris or Saltelli sweep.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;

use super::common::{OutArgs, beside};
use crate::analysis::sensitivity::{Index, RESAMPLES};
use crate::analysis::swept::{Indices, Swept};
use crate::output::rows::{self, Figure};
use crate::output::{Folder, Tables};

/// What `twain sensitivity` accepts.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// Result folder of a sweep with design = "morris" or "saltelli"
    sweep: PathBuf,
    /// Outcome to print (all are written)
    #[arg(long, default_value = "framework")]
    outcome: String,
    #[command(flatten)]
    out: OutArgs,
}

/// Computes the indices and writes sensitivity.csv, convergence.csv and leads.csv.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let swept = Swept::read(&args.sweep)?;
    swept.check(&args.outcome)?;
    let steps = swept.convergence()?;
    let target = match &args.out.out {
        Some(out) => out.clone(),
        None => beside(&args.sweep, "sensitivity")?,
    };
    let mut folder = Folder::create(&target, args.out.place())?;
    let mut table = folder.open::<rows::Sensitivity>()?;
    let mut words = String::new();
    for ((theory, outcome), indices) in swept.indices() {
        let asked = *outcome == args.outcome;
        let Some(indices) = indices else {
            if asked {
                words += &format!("{theory}: {outcome} does not vary, or is missing at some points.\n");
            }
            continue;
        };
        for (factor, list) in swept.design.factor.iter().zip(&indices) {
            for (name, x) in list {
                table.write(&rows::Sensitivity {
                    theory: theory.into(),
                    outcome: outcome.into(),
                    factor: (&factor.path).into(),
                    index: (*name).into(),
                    value: Figure(x.value),
                    ci_low: Figure(x.low),
                    ci_high: Figure(x.high),
                    resamples: x.resamples as u64,
                })?;
            }
        }
        if asked {
            words += &format!("{theory}, {outcome}:\n{}", ranked(&swept, &indices));
        }
    }
    folder.close(table)?;
    folder.rows(&steps)?;
    let mut table = folder.open::<rows::Lead>()?;
    for outcome in swept.outcomes() {
        let (list, of) = swept.leads(outcome);
        for (theory, points) in list {
            table.write(&rows::Lead { outcome: outcome.into(), theory: theory.into(), points, of })?;
        }
    }
    folder.close(table)?;
    let mut manifest = swept.manifest.clone();
    manifest["files"] = folder.files();
    manifest["outcome"] = args.outcome.clone().into();
    folder.text("manifest.json", &format!("{manifest:#}\n"))?;
    let target = args.out.finish(folder)?;
    words += &widths(&steps, &args.outcome);
    words += &leaders(&swept, &args.outcome);
    writeln!(std::io::stdout(), "{words}{}", args.out.where_to_look(&target))?;
    Ok(())
}

/// The factors of one population and outcome, those that matter most first.
fn ranked(swept: &Swept, indices: &[Indices]) -> String {
    let mut lines: Vec<(f64, String)> = Vec::new();
    for (factor, list) in swept.design.factor.iter().zip(indices) {
        // the index that ranks: mu* or the total index
        let rank = list.iter().find(|(n, _)| ["mu_star", "ST"].contains(n)).map_or(0.0, |(_, x)| x.value);
        let cell = |(name, x): &(&str, Index)| match (x.value.is_nan(), x.low.is_nan()) {
            (true, _) => format!("  {name} none"),
            (false, true) => format!("  {name} {:6.3} (no interval)", x.value),
            (false, false) => format!("  {name} {:6.3} [{:.3}, {:.3}]", x.value, x.low, x.high),
        };
        let cells: String = list.iter().map(cell).collect();
        lines.push((rank, format!("  {:36}{cells}\n", factor.path)));
    }
    lines.sort_by(|a, b| b.0.total_cmp(&a.0));
    let idle = lines.iter().filter(|l| l.0 == 0.0).count();
    let mut words: String = lines.into_iter().filter(|l| l.0 != 0.0).map(|l| l.1).collect();
    let behind = indices.iter().flatten().map(|(_, x)| x.resamples).filter(|n| *n > 0);
    let fewest = behind.min().unwrap_or(RESAMPLES);
    if fewest < RESAMPLES {
        words += &format!(
            "  {} of {RESAMPLES} bootstrap samples had no variance and were left out: the design is too small for firm intervals\n",
            RESAMPLES - fewest
        );
    }
    if idle > 0 {
        words += &format!("  {idle} more without any effect\n");
    }
    words
}

/// How wide the widest interval still is, by replications.
fn widths(steps: &[rows::Convergence], outcome: &str) -> String {
    let mut words = String::new();
    let theories: BTreeSet<&str> = steps.iter().map(|s| s.theory.as_str()).collect();
    for theory in theories {
        let own = steps.iter().filter(|s| s.theory == theory && s.outcome == outcome);
        let list: Vec<String> =
            own.map(|s| format!("±{:.3} at {}", s.half_width.0, s.replications)).collect();
        if !list.is_empty() {
            words += &format!(
                "{theory}: the widest interval of {outcome} by replications: {}.\n",
                list.join(", ")
            );
        }
    }
    words
}

/// Who is highest at how many points.
fn leaders(swept: &Swept, outcome: &str) -> String {
    let (list, of) = swept.leads(outcome);
    if list.len() < 2 {
        return String::new();
    }
    let ties = of - list.iter().map(|l| l.1).sum::<usize>();
    let mut list: Vec<String> = list.iter().map(|(t, n)| format!("{t} at {n}")).collect();
    if ties > 0 {
        list.push(format!("nobody alone at {ties}"));
    }
    format!("Highest {outcome} over {of} points: {}.\n", list.join(", "))
}
