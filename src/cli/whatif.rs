//! `twain whatif`: one thing changed, everything else and all random numbers the same.

use super::common::{OutArgs, ScenarioArgs, leave_manifest, progress};
use crate::analysis::counterfactual::{Answer, Follow, Inquiry};
use crate::analysis::whatif::{Difference, WhatIf, whatifs};
use crate::analysis::window::Window;
use crate::experiment::replicate::pool;
use crate::scenario::Mistake;

/// Columns that fit on a line.
const SHOWN: usize = 3;

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

/// The three metrics that move most beyond their intervals under any population.
fn leading(answers: &[Answer], metrics: usize) -> Vec<usize> {
    let size = |k: &usize| {
        let clear = |d: Difference| d.difference.abs() - if d.half.is_nan() { 0.0 } else { d.half };
        answers.iter().filter_map(|a| a.window[*k].map(clear)).fold(f64::NEG_INFINITY, f64::max)
    };
    let mut order: Vec<usize> = (0..metrics).collect();
    order.sort_by(|a, b| size(b).total_cmp(&size(a)));
    order.truncate(SHOWN);
    order
}

/// Cells under one another, without blanks at the end of the line.
fn line(head: &str, cells: impl Iterator<Item = String>) -> String {
    let cells: String = cells.map(|c| format!("{c:28}")).collect();
    format!("  {head:18}{}\n", cells.trim_end())
}

/// What a change did in its window, in words.
fn around(inquiry: &Inquiry<'_>, window: Window, answers: &[Answer]) -> String {
    let calendar = &inquiry.scenario.world.calendar;
    let leading = leading(answers, inquiry.metrics.len());
    let when = format!("{} to {}", calendar.label(window.first), calendar.label(window.last));
    let mut text = line(&when, leading.iter().map(|&m| inquiry.metrics[m].replace('_', " ")));
    for answer in answers {
        let cells = leading.iter().map(|&m| answer.window[m].as_ref().map(cell).unwrap_or_default());
        text += &line(&answer.theory, cells);
    }
    text
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
    let follow = Follow { metrics: args.metric.clone(), from: args.from.clone(), to: args.to.clone() };
    let inquiry = Inquiry::new(&scenario, asked, &follow)?;
    let mut folder = args.out.create(&format!("{}-whatif", scenario.name))?;
    let bar = progress(inquiry.runs(), "what if");
    let answers = pool(args.scenario.threads)?.install(|| inquiry.answer(|| bar.inc(1)))?;
    bar.finish_and_clear();
    inquiry.write(&mut folder, &answers)?;
    let words = words(&inquiry, &answers);
    leave_manifest(&folder, &scenario, scenario.replications, &scenario.theories)?;
    let place = args.out.finish(folder)?;
    args.out.tell(&words, &place)?;
    Ok(())
}

/// The first outcomes of every what-if, and the metrics that move most in its window, in words.
fn words(inquiry: &Inquiry<'_>, answers: &[Vec<Answer>]) -> String {
    let mut words = format!(
        "{}: what if?\n{} pairs of runs with the same seeds for each school: base > changed, difference ±95%. `~`: the interval holds nought. Metrics\nare means over the last five years; below, where dates are given, over the steps between them.\n\n",
        inquiry.scenario.title, inquiry.scenario.replications,
    );
    words += &line("", inquiry.outcomes.iter().take(SHOWN).map(|(name, _)| name.replace('_', " ")));
    for ((whatif, own), window) in inquiry.whatifs.iter().zip(answers).zip(&inquiry.windows) {
        words += &format!("\n{} ({})\n", whatif.label, whatif.id);
        for answer in own {
            words += &line(&answer.theory, answer.outcomes.iter().take(SHOWN).flatten().map(cell));
        }
        if let Some(window) = window {
            words += &around(inquiry, *window, own);
        }
    }
    words
}
