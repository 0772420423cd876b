//! `twain sensitivity`: which factors matter, from a Morris or Saltelli sweep.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};

use super::common::{OutArgs, beside};
use crate::analysis::sensitivity::{Index, RESAMPLES, morris, sobol};
use crate::experiment::cells::Cells;
use crate::experiment::design::{Kind, Sweep};
use crate::output::read::{columns, each};
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

/// At how many points the mean of each population lies above every other's, and of how many.
fn leads(values: &BTreeMap<(String, String), Vec<f64>>, outcome: &str) -> (Vec<(String, usize)>, usize) {
    let own: Vec<(&String, &Vec<f64>)> =
        values.iter().filter(|((_, o), _)| o == outcome).map(|((t, _), y)| (t, y)).collect();
    let points = own.iter().map(|(_, y)| y.len()).min().unwrap_or(0);
    let known: Vec<usize> = (0..points).filter(|&p| own.iter().all(|(_, y)| !y[p].is_nan())).collect();
    let above = |k: usize, p: usize| (0..own.len()).all(|j| j == k || own[k].1[p] > own[j].1[p]);
    let list =
        (0..own.len()).map(|k| (own[k].0.clone(), known.iter().filter(|&&p| above(k, p)).count())).collect();
    (list, known.len())
}

/// Computes the indices and writes sensitivity.csv and convergence.csv.
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
    let positions = sweep.positions(&unit);
    let mut values: BTreeMap<(String, String), Vec<f64>> = BTreeMap::new();
    each(&args.sweep.join("summary.csv"), |row| {
        let key = (row.text("theory")?.to_string(), row.text("outcome")?.to_string());
        let all = values.entry(key).or_insert_with(|| vec![f64::NAN; unit.len()]);
        let slot =
            all.get_mut(row.whole("point")? as usize).context("there is no such point in the design")?;
        *slot = row.number("mean")?;
        Ok(())
    })?;
    let outcomes: BTreeSet<&str> = values.keys().map(|(_, o)| o.as_str()).collect();
    if !outcomes.contains(args.outcome.as_str()) {
        let near = outcomes.iter().max_by(|a, b| {
            strsim::jaro_winkler(a, &args.outcome).total_cmp(&strsim::jaro_winkler(b, &args.outcome))
        });
        bail!("{place} has no outcome `{}`; did you mean `{}`?", args.outcome, near.unwrap_or(&"framework"));
    }
    let steps = convergence(&args.sweep, unit.len())?;
    let target = match &args.out.out {
        Some(out) => out.clone(),
        None => beside(&args.sweep, "sensitivity")?,
    };
    let mut folder = Folder::create(&target, args.out.place())?;
    let mut table = folder.open::<rows::Sensitivity>()?;
    let mut words = String::new();
    for ((theory, outcome), y) in &values {
        let constant = y.iter().all(|v| *v == y[0]);
        if constant || y.iter().any(|v| v.is_nan()) {
            if *outcome == args.outcome {
                words += &format!("{theory}: {outcome} does not vary, or is missing at some points.\n");
            }
            continue;
        }
        let indices: Vec<Vec<(&str, Index)>> = match sweep.design {
            Kind::Morris => morris(&unit, &positions, y, seed)
                .into_iter()
                .map(|[mu, star, sigma]| vec![("mu", mu), ("mu_star", star), ("sigma", sigma)])
                .collect(),
            _ => sobol(y, k, seed).into_iter().map(|[s1, st]| vec![("S1", s1), ("ST", st)]).collect(),
        };
        let mut lines: Vec<(f64, String)> = Vec::new();
        let mut fewest = RESAMPLES;
        for (factor, list) in sweep.factor.iter().zip(indices) {
            // the index that ranks: mu* or the total index
            let rank = list.iter().find(|(n, _)| ["mu_star", "ST"].contains(n)).map_or(0.0, |(_, x)| x.value);
            let mut cells = String::new();
            for (name, x) in list {
                table.write(&rows::Sensitivity {
                    theory: theory.into(),
                    outcome: outcome.into(),
                    factor: (&factor.path).into(),
                    index: name.into(),
                    value: Figure(x.value),
                    ci_low: Figure(x.low),
                    ci_high: Figure(x.high),
                    resamples: x.resamples as u64,
                })?;
                cells += &match (x.value.is_nan(), x.low.is_nan()) {
                    (true, _) => format!("  {name} none"),
                    (false, true) => format!("  {name} {:6.3} (no interval)", x.value),
                    (false, false) => format!("  {name} {:6.3} [{:.3}, {:.3}]", x.value, x.low, x.high),
                };
                if x.resamples > 0 {
                    fewest = fewest.min(x.resamples);
                }
            }
            lines.push((rank, format!("  {:36}{cells}\n", factor.path)));
        }
        if *outcome == args.outcome {
            lines.sort_by(|a, b| b.0.total_cmp(&a.0));
            let idle = lines.iter().filter(|l| l.0 == 0.0).count();
            words += &format!("{theory}, {outcome}:\n");
            words.extend(lines.into_iter().filter(|l| l.0 != 0.0).map(|l| l.1));
            if fewest < RESAMPLES {
                words += &format!(
                    "  {} of {RESAMPLES} bootstrap samples had no variance and were left out: the design is too small for firm intervals\n",
                    RESAMPLES - fewest
                );
            }
            if idle > 0 {
                words += &format!("  {idle} more without any effect\n");
            }
        }
    }
    folder.close(table)?;
    folder.rows(&steps)?;
    let mut table = folder.open::<rows::Lead>()?;
    for &outcome in &outcomes {
        let (list, of) = leads(&values, outcome);
        for (theory, points) in list {
            table.write(&rows::Lead { outcome: outcome.into(), theory, points, of })?;
        }
    }
    folder.close(table)?;
    manifest["files"] = folder.files();
    manifest["outcome"] = args.outcome.clone().into();
    folder.text("manifest.json", &format!("{manifest:#}\n"))?;
    let target = args.out.finish(folder)?;
    let mut out = std::io::stdout().lock();
    write!(out, "{words}")?;
    let theories: BTreeSet<&str> = values.keys().map(|(t, _)| t.as_str()).collect();
    for theory in theories {
        let list: Vec<String> = steps
            .iter()
            .filter(|s| s.theory == theory && s.outcome == args.outcome)
            .map(|s| format!("±{:.3} at {}", s.half_width.0, s.replications))
            .collect();
        if !list.is_empty() {
            writeln!(
                out,
                "{theory}: the widest interval of {} by replications: {}.",
                args.outcome,
                list.join(", ")
            )?;
        }
    }
    let (list, of) = leads(&values, &args.outcome);
    if list.len() > 1 {
        let ties = of - list.iter().map(|l| l.1).sum::<usize>();
        let mut list: Vec<String> = list.iter().map(|(t, n)| format!("{t} at {n}")).collect();
        if ties > 0 {
            list.push(format!("nobody alone at {ties}"));
        }
        writeln!(out, "Highest {} over {of} points: {}.", args.outcome, list.join(", "))?;
    }
    writeln!(out, "{}", args.out.where_to_look(&target))?;
    Ok(())
}

/// The widest interval of every outcome after 2, 4, 8, ... and all replications, from the runs of a sweep over `points`
/// points.
fn convergence(folder: &Path, points: usize) -> anyhow::Result<Vec<rows::Convergence>> {
    let place = folder.join("runs.csv");
    // outcomes stand after the population
    let outcomes: Vec<String> = columns(&place)?.into_iter().skip_while(|c| c != "theory").skip(1).collect();
    let mut cells: BTreeMap<String, Cells> = BTreeMap::new();
    let mut steps = Vec::new();
    let mut note = |cells: &BTreeMap<String, Cells>, replications: u64| {
        for (theory, cells) in cells {
            for (o, outcome) in outcomes.iter().enumerate() {
                steps.extend(cells.widest(o).map(|(point, half)| rows::Convergence {
                    theory: theory.clone(),
                    outcome: outcome.clone(),
                    replications,
                    point,
                    half_width: Figure(half),
                }));
            }
        }
    };
    let mut last = 0;
    each(&place, |row| {
        let (point, replication) = (row.whole("point")? as usize, row.whole("replication")?);
        ensure!(point < points, "there is no point {point} in the design");
        // runs are in the order of replications
        if replication > last {
            if replication >= 2 && replication.is_power_of_two() {
                note(&cells, replication);
            }
            last = replication;
        }
        let theory = row.text("theory")?;
        let values = outcomes.iter().map(|o| row.number(o)).collect::<anyhow::Result<Vec<f64>>>()?;
        if !cells.contains_key(theory) {
            cells.insert(theory.to_string(), Cells::new(points, &outcomes));
        }
        if let Some(cells) = cells.get_mut(theory) {
            cells.add(point, &values);
        }
        Ok(())
    })?;
    note(&cells, last + 1);
    steps.sort_by(|a, b| {
        (&a.theory, &a.outcome, a.replications).cmp(&(&b.theory, &b.outcome, b.replications))
    });
    Ok(steps)
}
