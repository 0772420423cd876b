//! `twain whatif`: one thing changed, everything else and all random numbers the same.

use std::io::Write;

use super::common::{Columns, OutArgs, ScenarioArgs, header, progress};
use crate::analysis::whatif::{WhatIf, whatifs};
use crate::experiment::replicate::{pool, replicate};
use crate::interval::t95;
use crate::model::{Change, Record, World};
use crate::output::{Folder, Provenance, show};
use crate::scenario::{Mistake, Scenario};

/// What `twain whatif` accepts.
#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    scenario: ScenarioArgs,
    #[command(flatten)]
    out: OutArgs,
    /// A counterfactual of your own, for instance "theory.realism.k0=0; world.shadow=0.9" (may be repeated)
    #[arg(long = "what-if", value_name = "CHANGES")]
    what_if: Vec<String>,
    /// Only the scenario's what-ifs whose id begins so, for instance OS (may be repeated, or separated by commas)
    #[arg(long, value_name = "IDS", value_delimiter = ',', conflicts_with = "what_if")]
    only: Vec<String>,
}

/// What the tables hold.
pub(super) const COLUMNS: Columns = &[(
    "whatif.csv",
    &[
        ("theory", "population that decided"),
        ("whatif", "id of the change"),
        ("label", "the change in words"),
        ("outcome", "what is compared; metrics are means over the last five years"),
        ("n", "pairs of runs with a value"),
        ("base", "mean without the change"),
        ("alternative", "mean with it"),
        ("difference", "mean of the paired differences"),
        ("ci_low", "lower end of the 95% interval of the paired difference (Student's t)"),
        ("ci_high", "upper end"),
    ],
)];

/// Outcomes compared, with their meaning.
fn outcomes(world: &World) -> Vec<(String, Option<usize>)> {
    let metrics = crate::model::metrics::metrics(world);
    let mut out: Vec<(String, Option<usize>)> = Vec::new();
    if world.blocs.is_some() {
        out.push(("framework formed".into(), None));
        // once most runs have a framework, the chance that one would pass still tells conditions apart
        out.push(("pass_chance".into(), metrics.iter().position(|m| m.name == "pass_chance")));
    }
    for (k, m) in metrics.iter().enumerate() {
        let leader = m.name.starts_with("cooperation_")
            && world.blocs.is_some_and(|[a, b]| {
                let name = |o: usize| &world.organisations[o].code;
                let lead = |o: usize| world.organisations[o].leader.map(|l| world.states[l].code.clone());
                lead(b).is_some_and(|l| m.name == format!("cooperation_{l}_{}", name(a)))
            });
        if m.name == "cooperation_between" || leader || m.name.starts_with("cooperation_within_") {
            out.push((m.name.clone(), Some(k)));
        }
    }
    out.push(("exits".into(), None));
    out
}

/// The outcomes of a run: metrics are means over the last five years.
fn measure(world: &World, record: &Record, wanted: &[(String, Option<usize>)]) -> Vec<f64> {
    let steps = world.calendar.steps;
    let first = steps.saturating_sub((5.0 * world.calendar.per_year()) as usize);
    wanted
        .iter()
        .map(|(name, metric)| match metric {
            Some(usize::MAX) => f64::NAN,
            Some(m) => {
                let values = (first..steps).map(|s| record.value(s, *m)).filter(|x| !x.is_nan());
                let (sum, count) = values.fold((0.0, 0.0), |(s, c), x| (s + x, c + 1.0));
                sum / count
            }
            None if name == "exits" => {
                record.memberships.iter().filter(|m| m.change == Change::Leave).count() as f64
            }
            None => f64::from(u8::from(record.outcome().framework.is_some())),
        })
        .collect()
}

fn collect(
    scenario: &Scenario,
    label: &str,
    wanted: &[(String, Option<usize>)],
    mut tick: impl FnMut(),
) -> anyhow::Result<Vec<Vec<f64>>> {
    let population = scenario.population(label)?;
    // another scenario may have more metrics: they are found by name
    let metrics = crate::model::metrics::metrics(&scenario.world);
    let wanted: Vec<(String, Option<usize>)> = wanted
        .iter()
        .map(|(name, metric)| {
            (name.clone(), metric.map(|_| metrics.iter().position(|m| m.name == *name).unwrap_or(usize::MAX)))
        })
        .collect();
    let mut all = Vec::new();
    replicate(&scenario.world, &population, scenario.replications, |_, record| {
        tick();
        all.push(measure(&scenario.world, record, &wanted));
        Ok(())
    })?;
    Ok(all)
}

/// The what-ifs whose id begins with one of `only`; all if there is none.
fn chosen(all: Vec<WhatIf>, only: &[String]) -> anyhow::Result<Vec<WhatIf>> {
    for id in only {
        if !all.iter().any(|w| w.id.starts_with(id.as_str())) {
            let known = all.iter().map(|w| w.id.as_str());
            anyhow::bail!(Mistake::general(format!("no what-if begins with `{id}`")).suggest(id, known));
        }
    }
    let wanted = |w: &WhatIf| only.is_empty() || only.iter().any(|id| w.id.starts_with(id.as_str()));
    Ok(all.into_iter().filter(wanted).collect())
}

/// One comparison in words: base, changed, difference and half its interval.
fn cell(a: f64, b: f64, d: f64, half: f64) -> String {
    if d == 0.0 && (half == 0.0 || half.is_nan()) {
        return format!("{a:.2}, no effect");
    }
    let spread = if half.is_nan() { String::new() } else { format!(" ±{half:.2}") };
    let unclear = if d.abs() > half || half.is_nan() { "" } else { " ~" };
    // a difference too small for two decimals is not shown as nought
    let change = if d.abs() < 0.005 { format!("{d:+.4}") } else { format!("{d:+.2}{spread}") };
    format!("{a:.2} > {b:.2}  {change}{unclear}")
}

/// Runs the counterfactuals.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let scenario = args.scenario.load()?;
    let asked = if args.what_if.is_empty() {
        chosen(whatifs(&scenario)?, &args.only)?
    } else {
        args.what_if.iter().map(|t| WhatIf::typed(t)).collect::<Result<Vec<_>, _>>()?
    };
    if asked.is_empty() {
        anyhow::bail!("{} has no [[whatif]]; type one with --what-if", scenario.path.display());
    }
    let changed = asked.iter().map(|w| w.apply(&scenario)).collect::<Result<Vec<_>, _>>()?;
    let mut folder = Folder::create(&args.out.folder(&format!("{}-whatif", scenario.name)), args.out.force)?;
    let wanted = outcomes(&scenario.world);
    let runs = scenario.theories.len() as u64 * scenario.replications * (1 + asked.len() as u64);
    let bar = progress(runs, "what if");
    let pool = pool(args.scenario.threads)?;
    let mut table = folder.table("whatif.csv", &header(COLUMNS, "whatif.csv"))?;
    let mut words = format!(
        "{}: what if?\n{} pairs of runs with the same seeds for each school: base > changed, difference ±95%. `~`: the interval holds nought. Metrics\nare means over the last five years.\n\n  {:18}{}\n",
        scenario.title,
        scenario.replications,
        "",
        wanted
            .iter()
            .take(3)
            .map(|(n, _)| format!("{:28}", n.replace('_', " ")))
            .collect::<String>()
            .trim_end()
    );
    let mut bases = Vec::new();
    for label in &scenario.theories {
        bases.push(pool.install(|| collect(&scenario, label, &wanted, || bar.inc(1)))?);
    }
    for (w, other) in asked.iter().zip(&changed) {
        words += &format!("\n{} ({})\n", w.label, w.id);
        for (label, base) in scenario.theories.iter().zip(&bases) {
            let alternative = pool.install(|| collect(other, label, &wanted, || bar.inc(1)))?;
            let mut cells = Vec::new();
            for (k, (name, _)) in wanted.iter().enumerate() {
                let pairs: Vec<(f64, f64)> = base
                    .iter()
                    .zip(&alternative)
                    .map(|(a, b)| (a[k], b[k]))
                    .filter(|(a, b)| !a.is_nan() && !b.is_nan())
                    .collect();
                if pairs.is_empty() {
                    continue;
                }
                let n = pairs.len() as f64;
                let mean = |f: fn(&(f64, f64)) -> f64| pairs.iter().map(f).sum::<f64>() / n;
                let (a, b, d) = (mean(|p| p.0), mean(|p| p.1), mean(|p| p.1 - p.0));
                let half = if pairs.len() > 1 {
                    let squares: f64 = pairs.iter().map(|p| (p.1 - p.0 - d).powi(2)).sum();
                    t95(pairs.len() as u64 - 1) * (squares / (n - 1.0) / n).sqrt()
                } else {
                    f64::NAN
                };
                // a share cannot change by more than one
                let bound = if name == "framework formed" { 1.0 } else { f64::INFINITY };
                let (low, high) = ((d - half).max(-bound), (d + half).min(bound));
                table.row([
                    label.as_str(),
                    &w.id,
                    &w.label,
                    name,
                    &pairs.len().to_string(),
                    &show(a),
                    &show(b),
                    &show(d),
                    &show(if half.is_nan() { half } else { low }),
                    &show(if half.is_nan() { half } else { high }),
                ])?;
                if k < 3 {
                    cells.push(cell(a, b, d, half));
                }
            }
            words += &format!(
                "  {label:18}{}\n",
                cells.iter().map(|c| format!("{c:28}")).collect::<String>().trim_end()
            );
        }
    }
    bar.finish_and_clear();
    folder.close(table)?;
    let provenance = Provenance {
        command: Provenance::command_line(),
        replications: scenario.replications,
        theories: scenario.theories.clone(),
    };
    let manifest = provenance.manifest(&scenario, folder.files());
    folder.text("manifest.json", &format!("{manifest:#}\n"))?;
    let place = args.out.finish(folder)?;
    writeln!(std::io::stdout(), "{words}\n{}", args.out.where_to_look(&place))?;
    Ok(())
}
