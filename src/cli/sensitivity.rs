//! `twain sensitivity`: which factors matter, from a Morris or Saltelli sweep.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, ensure};

use super::common::OutArgs;
use crate::analysis::sensitivity::{morris, sobol};
use crate::experiment::design::{Kind, Sweep};
use crate::output::{Folder, show};

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

/// Computes the indices and writes sensitivity.csv.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let place = args.sweep.display();
    let text = std::fs::read_to_string(args.sweep.join("manifest.json"))
        .with_context(|| format!("{place} holds no manifest.json; give the folder of a sweep"))?;
    let mut manifest: serde_json::Value =
        serde_json::from_str(&text).with_context(|| format!("{place}/manifest.json is not JSON"))?;
    let sweep: Sweep = serde_json::from_value(manifest["sweep"].clone())
        .with_context(|| format!("{place} is not the result of a sweep"))?;
    ensure!(
        matches!(sweep.design, Kind::Morris | Kind::Saltelli),
        "indices need a sweep with design = \"morris\" or \"saltelli\", not {:?}",
        sweep.design
    );
    let seed = manifest["seed"].as_u64().unwrap_or(0);
    let (unit, k) = (sweep.unit(seed), sweep.factor.len());
    let mut reader = csv::Reader::from_path(args.sweep.join("summary.csv"))
        .with_context(|| format!("cannot read {place}/summary.csv"))?;
    let mut values: BTreeMap<(String, String), Vec<f64>> = BTreeMap::new();
    let mut widest: BTreeMap<String, f64> = BTreeMap::new();
    for row in reader.records() {
        let row = row?;
        let cell = |i: usize| row.get(i).unwrap_or("").parse::<f64>().unwrap_or(f64::NAN);
        let point = cell(0) as usize;
        let outcome = row.get(2 + k).unwrap_or("").to_string();
        let key = (row.get(1).unwrap_or("").to_string(), outcome.clone());
        if let Some(slot) = values.entry(key).or_insert_with(|| vec![f64::NAN; unit.len()]).get_mut(point) {
            *slot = cell(4 + k);
        }
        let width = widest.entry(outcome).or_insert(0.0);
        *width = width.max((cell(7 + k) - cell(6 + k)) / 2.0);
    }
    let target = args.out.out.clone().unwrap_or_else(|| args.sweep.with_extension("sensitivity"));
    let mut folder = Folder::create(&target, args.out.force)?;
    let header = ["theory", "outcome", "factor", "index", "value", "ci_low", "ci_high"];
    let mut table = folder.table("sensitivity.csv", &header)?;
    let mut words = String::new();
    for ((theory, outcome), y) in &values {
        let constant = y.iter().all(|v| *v == y[0]);
        if constant || y.iter().any(|v| v.is_nan()) {
            if *outcome == args.outcome {
                words += &format!("{theory}: {outcome} does not vary, or is missing at some points.\n");
            }
            continue;
        }
        let indices: Vec<Vec<(&str, crate::analysis::sensitivity::Index)>> = match sweep.design {
            Kind::Morris => morris(&unit, y, seed)
                .into_iter()
                .map(|[mu, star, sigma]| vec![("mu", mu), ("mu_star", star), ("sigma", sigma)])
                .collect(),
            _ => sobol(y, k, seed).into_iter().map(|[s1, st]| vec![("S1", s1), ("ST", st)]).collect(),
        };
        for (factor, list) in sweep.factor.iter().zip(indices) {
            for (name, x) in list {
                table.row([
                    theory,
                    outcome,
                    &factor.path,
                    name,
                    &show(x.value),
                    &show(x.low),
                    &show(x.high),
                ])?;
                if *outcome == args.outcome {
                    words += &format!(
                        "{theory:16} {:32} {name:8} {:8.3}  [{:.3}, {:.3}]\n",
                        factor.path, x.value, x.low, x.high
                    );
                }
            }
        }
    }
    folder.close(table)?;
    manifest["files"] = folder.files();
    folder.text("manifest.json", &format!("{manifest:#}\n"))?;
    let target = folder.finish()?;
    let mut out = std::io::stdout().lock();
    write!(out, "{words}")?;
    if let Some(half) = widest.get(&args.outcome) {
        writeln!(out, "Replications leave at most ±{half:.3} on {} at a point.", args.outcome)?;
    }
    writeln!(out, "The table is in {}/.", target.display())?;
    Ok(())
}
