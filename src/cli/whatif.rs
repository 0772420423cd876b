//! `twain whatif`: one thing changed, everything else and all random numbers the same.

use super::common::{OutArgs, ScenarioArgs, progress};
use crate::analysis::whatif::{Difference, WhatIf, differences, found, measure, outcomes, whatifs};
use crate::analysis::window::{self, Window, places, watched};
use crate::experiment::replicate::{pool, replicate};
use crate::output::{Provenance, Tables, rows};
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
    /// Metric to follow in a window of time, for instance cooperation_RUS_NATO (may be repeated) [default: cooperation of
    /// every watched pair and group]
    #[arg(long = "metric", value_name = "METRIC")]
    metric: Vec<String>,
    /// First date of the window [default: where an event is dropped, its date, else the start of the run]
    #[arg(long, value_name = "DATE")]
    from: Option<String>,
    /// Last date of the window [default: a year from --from or from a dropped event, else the end of the run]
    #[arg(long, value_name = "DATE")]
    to: Option<String>,
}

/// Metrics and steps to follow around a date.
struct Around {
    names: Vec<String>,
    windows: Vec<Option<Window>>,
}

impl Around {
    fn new(args: &Args, scenario: &Scenario, asked: &[WhatIf]) -> Result<Self, Mistake> {
        let world = &scenario.world;
        let typed = args.from.is_some() || args.to.is_some() || !args.metric.is_empty();
        let window = |w: &WhatIf| {
            let given = Window::after_event(w, world);
            if typed {
                Window::between(args.from.as_deref(), args.to.as_deref(), given, world).map(Some)
            } else {
                Ok(given)
            }
        };
        let windows = asked.iter().map(window).collect::<Result<_, _>>()?;
        Ok(Around { names: watched(world, &args.metric)?, windows })
    }

    /// The three metrics that move most beyond their intervals under any population.
    fn leading(&self, found: &[(&str, Vec<Option<Difference>>)]) -> Vec<usize> {
        let size = |k: &usize| {
            let clear = |d: Difference| d.difference.abs() - if d.half.is_nan() { 0.0 } else { d.half };
            found.iter().filter_map(|(_, list)| list[*k].map(clear)).fold(f64::NEG_INFINITY, f64::max)
        };
        let mut order: Vec<usize> = (0..self.names.len()).collect();
        order.sort_by(|a, b| size(b).total_cmp(&size(a)));
        order.truncate(3);
        order
    }

    /// What a change did in its window, in words.
    fn words(&self, scenario: &Scenario, k: usize, found: &[(&str, Vec<Option<Difference>>)]) -> String {
        let Some(window) = self.windows[k] else { return String::new() };
        let calendar = &scenario.world.calendar;
        let leading = self.leading(found);
        let names = leading.iter().map(|&m| format!("{:28}", self.names[m].replace('_', " ")));
        let when = format!("{} to {}", calendar.label(window.first), calendar.label(window.last));
        let mut text = format!("  {when:18}{}\n", names.collect::<String>().trim_end());
        for (label, list) in found {
            let cells =
                leading.iter().map(|&m| format!("{:28}", list[m].as_ref().map(cell).unwrap_or_default()));
            text += &format!("  {label:18}{}\n", cells.collect::<String>().trim_end());
        }
        text
    }
}

/// Outcomes of every run, and means in each of the windows.
type Runs = (Vec<Vec<f64>>, Vec<Vec<Vec<f64>>>);

fn collect(
    scenario: &Scenario,
    label: &str,
    wanted: &[(String, Option<usize>)],
    (names, windows): (&[String], &[Option<Window>]),
    mut tick: impl FnMut(),
) -> anyhow::Result<Runs> {
    let population = scenario.population(label)?;
    let wanted = found(&scenario.world, wanted);
    let followed = places(&scenario.world, names);
    let (mut all, mut inside) = (Vec::new(), vec![Vec::new(); windows.len()]);
    replicate(&scenario.world, &population, scenario.replications, |_, record| {
        tick();
        all.push(measure(&scenario.world, record, &wanted));
        for (window, runs) in windows.iter().zip(&mut inside) {
            runs.extend(window.map(|w| w.means(record, &followed)));
        }
        Ok(())
    })?;
    Ok((all, inside))
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
    let around = Around::new(args, &scenario, &asked)?;
    let mut folder = args.out.create(&format!("{}-whatif", scenario.name))?;
    let wanted = outcomes(&scenario.world);
    let runs = scenario.theories.len() as u64 * scenario.replications * (1 + asked.len() as u64);
    let bar = progress(runs, "what if");
    let pool = pool(args.scenario.threads)?;
    let mut table = folder.open::<rows::Change>()?;
    let mut dated = match around.windows.iter().any(Option::is_some) {
        true => Some(folder.open::<rows::WindowChange>()?),
        false => None,
    };
    let mut words = format!(
        "{}: what if?\n{} pairs of runs with the same seeds for each school: base > changed, difference ±95%. `~`: the interval holds nought. Metrics\nare means over the last five years; below, where dates are given, over the steps between them.\n\n  {:18}{}\n",
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
        let windows = (&around.names[..], &around.windows[..]);
        bases.push(pool.install(|| collect(&scenario, label, &wanted, windows, || bar.inc(1)))?);
    }
    let followed: Vec<(String, Option<usize>)> = around.names.iter().map(|n| (n.clone(), None)).collect();
    for (k, (w, other)) in asked.iter().zip(&changed).enumerate() {
        words += &format!("\n{} ({})\n", w.label, w.id);
        let mut moved = Vec::new();
        for (label, (base, inside)) in scenario.theories.iter().zip(&bases) {
            let windows = (&around.names[..], &around.windows[k..=k]);
            let (alternative, other) =
                pool.install(|| collect(other, label, &wanted, windows, || bar.inc(1)))?;
            if let (Some(table), Some(window)) = (&mut dated, around.windows[k]) {
                let list = differences(&followed, &inside[k], &other[0]);
                for (name, d) in around.names.iter().zip(&list) {
                    let Some(d) = d else { continue };
                    table.write(&window::row(label, w, name, (&scenario.world, window), d))?;
                }
                moved.push((label.as_str(), list));
            }
            let mut cells = Vec::new();
            for (k, difference) in differences(&wanted, base, &alternative).into_iter().enumerate() {
                let Some(d) = difference else { continue };
                table.write(&d.row(label, w, &wanted[k].0))?;
                if k < 3 {
                    cells.push(cell(&d));
                }
            }
            words += &format!(
                "  {label:18}{}\n",
                cells.iter().map(|c| format!("{c:28}")).collect::<String>().trim_end()
            );
        }
        words += &around.words(&scenario, k, &moved);
    }
    bar.finish_and_clear();
    folder.close(table)?;
    if let Some(table) = dated {
        folder.close(table)?;
    }
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
