//! `twain whatif`: one thing changed, everything else and all random numbers the same.

use super::common::{OutArgs, ScenarioArgs, header, progress};
use crate::analysis::whatif::{COLUMNS, Difference, WhatIf, differences, found, measure, outcomes, whatifs};
use crate::experiment::replicate::{pool, replicate};
use crate::output::{Provenance, Tables};
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

fn collect(
    scenario: &Scenario,
    label: &str,
    wanted: &[(String, Option<usize>)],
    mut tick: impl FnMut(),
) -> anyhow::Result<Vec<Vec<f64>>> {
    let population = scenario.population(label)?;
    let wanted = found(&scenario.world, wanted);
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
fn cell(x: &Difference) -> String {
    let Difference { base, alternative, difference: d, half, .. } = *x;
    if d == 0.0 && (half == 0.0 || half.is_nan()) {
        return format!("{base:.2}, no effect");
    }
    let spread = if half.is_nan() { String::new() } else { format!(" ±{half:.2}") };
    let unclear = if d.abs() > half || half.is_nan() { "" } else { " ~" };
    // a difference too small for two decimals is not shown as nought
    let change = if d.abs() < 0.005 { format!("{d:+.4}") } else { format!("{d:+.2}{spread}") };
    format!("{base:.2} > {alternative:.2}  {change}{unclear}")
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
    let mut folder = args.out.create(&format!("{}-whatif", scenario.name))?;
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
            for (k, difference) in differences(&wanted, base, &alternative).into_iter().enumerate() {
                let Some(d) = difference else { continue };
                d.write(&mut table, label, w, &wanted[k].0)?;
                if k < 3 {
                    cells.push(cell(&d));
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
    args.out.tell(&words, &place)?;
    Ok(())
}
