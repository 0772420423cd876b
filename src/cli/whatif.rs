//! `twain whatif`: one thing changed, everything else and all random numbers the same.

use std::io::Write;

use super::common::{OutArgs, ScenarioArgs, header, progress};
use crate::analysis::whatif::{
    COLUMNS, Difference, Outcome, WhatIf, Wish, differences, measure, outcomes, whatifs,
};
use crate::experiment::replicate::{pool, replicate};
use crate::model::date::Calendar;
use crate::output::{Folder, Provenance, Tables};
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
    /// A counterfactual in which the event with this label does not happen (may be repeated): see twain list events
    #[arg(long, value_name = "LABEL")]
    drop: Vec<String>,
    /// Metrics to compare, separated by commas (default: frameworks, cooperation and exits): see twain list metrics
    #[arg(long, value_name = "METRICS", value_delimiter = ',')]
    metric: Vec<String>,
    /// First date of what is compared (default: the date of a dropped event, else five years before the end)
    #[arg(long, value_name = "DATE")]
    from: Option<String>,
    /// Last date of what is compared (default: a year from a dropped event, else the end)
    #[arg(long, value_name = "DATE")]
    to: Option<String>,
}

fn collect(
    scenario: &Scenario,
    label: &str,
    wanted: &[Outcome],
    mut tick: impl FnMut(),
) -> anyhow::Result<Vec<Vec<f64>>> {
    let population = scenario.population(label)?;
    let mut all = Vec::new();
    replicate(&scenario.world, &population, scenario.replications, |_, record| {
        tick();
        all.push(measure(record, wanted));
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

/// What the figures are.
fn about(pairs: u64) -> String {
    format!(
        "{pairs} pairs of runs with the same seeds for each school: without the change > with it, then the\n\
         difference ±95%; `~` where the interval holds nought, so that it may be luck.\n"
    )
}

/// Which outcomes fit on a line: of a shock the pairs around its date, of any other change the first three.
fn shown(wanted: &[Outcome]) -> Vec<usize> {
    let dated = |o: &Outcome| o.steps != wanted[0].steps && o.name().starts_with("cooperation_");
    let aligned: Vec<usize> = (0..wanted.len()).filter(|&k| dated(&wanted[k])).take(3).collect();
    match wanted.get(2) {
        Some(third) if third.steps.1 < wanted[0].steps.1 && aligned.len() == 3 => aligned,
        _ => (0..wanted.len().min(3)).collect(),
    }
}

/// Width of a column of the words.
const WIDE: usize = 26;

/// The lines above the figures of one what-if: what changes, over which dates, and the columns.
fn head(w: &WhatIf, wanted: &[Outcome], shown: &[usize], calendar: &Calendar) -> String {
    let steps = shown.last().map_or((0, 0), |&k| wanted[k].steps);
    let columns: Vec<String> = shown.iter().map(|&k| wanted[k].name().replace('_', " ")).collect();
    let dates = format!("{} to {}", calendar.label(steps.0), calendar.label(steps.1));
    format!("\n{} ({}), {dates}\n{}", w.label, w.id, row("", &columns))
}

/// A line of the words, at most 98 characters long.
fn row(label: &str, cells: &[String]) -> String {
    let line: String = cells.iter().map(|c| format!("{c:WIDE$}")).collect();
    format!("{}\n", format!("  {label:18}{line}").trim_end())
}

/// Runs the counterfactuals.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let scenario = args.scenario.load_beside_neutral()?;
    let mut asked = args.what_if.iter().map(|t| WhatIf::typed(t)).collect::<Result<Vec<_>, _>>()?;
    for event in &args.drop {
        asked.push(WhatIf::without(&scenario, event)?);
    }
    if asked.is_empty() || !args.only.is_empty() {
        asked.extend(chosen(whatifs(&scenario)?, &args.only)?);
    }
    if asked.is_empty() {
        anyhow::bail!("{} has no [[whatif]]; type one with --what-if or --drop", scenario.path.display());
    }
    let world = &scenario.world;
    let wish = Wish::typed(world, &args.metric, args.from.as_deref(), args.to.as_deref())?;
    let wanted: Vec<Vec<Outcome>> = asked.iter().map(|w| outcomes(world, w, &wish)).collect();
    let changed = asked.iter().map(|w| w.apply(&scenario)).collect::<Result<Vec<_>, _>>()?;
    let mut folder = Folder::create(&args.out.folder(&format!("{}-whatif", scenario.name)), args.out.force)?;
    let runs = scenario.theories.len() as u64 * scenario.replications * (1 + asked.len() as u64);
    let bar = progress(runs, "what if");
    let pool = pool(args.scenario.threads)?;
    let mut table = folder.table("whatif.csv", &header(COLUMNS, "whatif.csv"))?;
    let mut words = format!("{}: what if?\n{}", scenario.named(), about(scenario.replications));
    // the base is run once and measured by what any of them asks
    let every: Vec<Outcome> = wanted.iter().flatten().cloned().collect();
    let mut bases = Vec::new();
    for label in &scenario.theories {
        bases.push(pool.install(|| collect(&scenario, label, &every, || bar.inc(1)))?);
    }
    let mut first = 0;
    for ((w, other), wanted) in asked.iter().zip(&changed).zip(&wanted) {
        let shown = shown(wanted);
        words += &head(w, wanted, &shown, &world.calendar);
        for (label, base) in scenario.theories.iter().zip(&bases) {
            let base: Vec<Vec<f64>> =
                base.iter().map(|run| run[first..first + wanted.len()].to_vec()).collect();
            let alternative = pool.install(|| collect(other, label, wanted, || bar.inc(1)))?;
            let mut cells = vec![String::new(); shown.len()];
            for (k, difference) in differences(wanted, &base, &alternative).into_iter().enumerate() {
                let Some(d) = difference else { continue };
                d.write(&mut table, label, w, &wanted[k], &world.calendar)?;
                if let Some(c) = shown.iter().position(|&s| s == k) {
                    cells[c] = cell(&d);
                }
            }
            words += &row(label, &cells);
        }
        first += wanted.len();
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
