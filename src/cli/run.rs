//! `twain run`: the main job. Every population, many replications, tables and a summary in words.

use std::io::Write;

use super::common::{OutArgs, ScenarioArgs, progress};
use crate::experiment::replicate::{pool, replicate};
use crate::output::results::{Detail, Digest, Results};
use crate::output::{Folder, Provenance};
use crate::scenario::Scenario;

/// What `twain run` accepts.
#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    scenario: ScenarioArgs,
    #[command(flatten)]
    out: OutArgs,
    /// Also write dyads.csv, one row per run, year and directed dyad (large)
    #[arg(long)]
    dyads: bool,
    /// Leave out the large tables (series.csv, states.csv, votes.csv): summaries only
    #[arg(long, conflicts_with = "dyads")]
    brief: bool,
}

/// Runs the scenario and writes its results.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let scenario = args.scenario.load()?;
    let mut folder = Folder::create(&args.out.folder(&scenario.name), args.out.force)?;
    let detail = match (args.dyads, args.brief) {
        (true, _) => Detail::Dyads,
        (_, true) => Detail::Brief,
        _ => Detail::Full,
    };
    let mut results = Results::create(&folder, &scenario, detail)?;
    let populations =
        scenario.theories.iter().map(|t| scenario.population(t)).collect::<Result<Vec<_>, _>>()?;
    let bar = progress(scenario.replications * populations.len() as u64, &scenario.name);
    let pool = pool(args.scenario.threads)?;
    let mut digests = Vec::new();
    for population in &populations {
        let mut tally = results.tally(population);
        pool.install(|| {
            replicate(&scenario.world, population, scenario.replications, |r, record| {
                bar.inc(1);
                results.add(&mut tally, r, record)
            })
        })?;
        digests.push(results.close_population(&tally)?);
    }
    bar.finish_and_clear();
    results.close(&mut folder)?;
    let provenance = Provenance {
        command: Provenance::command_line(),
        replications: scenario.replications,
        theories: scenario.theories.clone(),
    };
    let manifest = provenance.manifest(&scenario, folder.files());
    folder.text("manifest.json", &format!("{manifest:#}\n"))?;
    for line in crate::output::unmet(&scenario.world, &digests) {
        eprintln!("note: {line}");
    }
    let words = summary(&scenario, &digests);
    folder.text("summary.txt", &words)?;
    let place = args.out.finish(folder)?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{words}\n{}", args.out.where_to_look(&place))?;
    Ok(())
}

fn percent(x: f64) -> String {
    format!("{:.0}%", 100.0 * x)
}

/// The summary a teacher can read aloud.
fn summary(scenario: &Scenario, digests: &[Digest]) -> String {
    let world = &scenario.world;
    let calendar = world.calendar;
    let metrics = crate::model::metrics::metrics(world);
    let find = |name: &str| metrics.iter().position(|m| m.name == name);
    let mut text = format!(
        "{}\n{} to {}, {} states, {} replications for each population, seed {}.\n",
        scenario.title,
        calendar.label(0),
        calendar.label(calendar.steps - 1),
        world.n(),
        scenario.replications,
        world.seed
    );
    let width = digests.iter().map(|d| d.theory.len()).max().unwrap_or(0).max(12);
    if let Some([a, b]) = world.blocs {
        let (x, y) = (&world.organisations[a].code, &world.organisations[b].code);
        text += &format!("\nDid a framework between {x} and {y} form?\n");
        for d in digests {
            let share = d.framework.0 as f64 / d.runs.max(1) as f64;
            let when = d.framework_date.as_ref().map_or(String::new(), |w| format!(", half of them by {w}"));
            text += &format!(
                "  {:width$}  in {} of runs (95% interval {} to {}){when}; {:.1} proposals a run.\n",
                d.theory,
                percent(share),
                percent(d.framework.1.0),
                percent(d.framework.1.1),
                d.proposals
            );
        }
        text += "\nWho broke silence, and over what?\n";
        for d in digests {
            let list: Vec<String> = d
                .blockers
                .iter()
                .take(4)
                .map(|(who, share, term)| format!("{who} {} ({term})", percent(*share)))
                .collect();
            let words = if list.is_empty() { "nobody".to_string() } else { list.join(", ") };
            text += &format!("  {:width$}  {words}\n", d.theory);
        }
    }
    let shown: Vec<usize> = metrics
        .iter()
        .enumerate()
        .filter(|(_, m)| m.name == "cooperation_between" || m.name.starts_with("cooperation_within_"))
        .filter(|(_, m)| {
            world.blocs.is_none_or(|blocs| {
                m.name == "cooperation_between"
                    || blocs.iter().any(|&o| m.name.ends_with(&world.organisations[o].code))
            })
        })
        .map(|(k, _)| k)
        .take(3)
        .collect();
    // without bodies to speak of, the pairs that are watched
    let shown: Vec<usize> = if shown.is_empty() {
        (0..metrics.len()).filter(|&m| metrics[m].name.starts_with("cooperation_")).take(3).collect()
    } else {
        shown
    };
    if !shown.is_empty() {
        text += "\nCooperation a year after each shock (mean share of cooperative moves):\n";
        let names: Vec<String> =
            shown.iter().map(|&m| metrics[m].name.replace("cooperation_", "").replace('_', " ")).collect();
        text += &format!("  {:34}", "");
        for d in digests {
            text += &format!(" {:>width$}", d.theory, width = (names.len() * 7).max(d.theory.len() + 1));
        }
        text += &format!("\n  {:34}", format!("({})", names.join(" / ")));
        text.push('\n');
        let year = calendar.per_year().round() as usize;
        let line = |text: &mut String, label: &str, step: usize| {
            let short: String = label.chars().take(34).collect();
            text.push_str(&format!("  {short:34}"));
            for d in digests {
                let cells: Vec<String> = shown
                    .iter()
                    .map(|&m| {
                        let x = d.means[step][m];
                        if x.is_nan() { "  - ".into() } else { format!("{x:.2}") }
                    })
                    .collect();
                let wide = (names.len() * 7).max(d.theory.len() + 1);
                text.push_str(&format!(" {:>wide$}", cells.join(" / ")));
            }
            text.push('\n');
        };
        line(&mut text, "at the start", 0);
        for event in world.events.iter().filter(|e| e.chart) {
            let label = format!("{} {}", calendar.label(event.step), event.label);
            line(&mut text, &label, (event.step + year).min(calendar.steps - 1));
        }
        line(&mut text, "at the end", calendar.steps - 1);
    }
    if world.organisations.iter().any(|o| !o.renewals.is_empty() || o.voluntary_entry) {
        text += "\nWho left, and who came back?\n";
        for d in digests {
            let list: Vec<String> = d
                .movers
                .iter()
                .take(5)
                .map(|(body, who, left, back, term)| {
                    let back =
                        if *back > 0.0 { format!(", back in {}", percent(*back)) } else { String::new() };
                    let why = if term.is_empty() { "against the balance of its terms" } else { term };
                    format!("{who} left {body} in {}{back} ({why})", percent(*left))
                })
                .collect();
            let words = if list.is_empty() { "nobody".to_string() } else { list.join("; ") };
            text += &format!("  {:width$}  {words}\n", d.theory);
        }
    }
    let end = calendar.steps - 1;
    let stocks: Vec<usize> = world
        .blocs
        .iter()
        .flatten()
        .filter_map(|&o| find(&format!("institution_{}", world.organisations[o].code)))
        .collect();
    if !stocks.is_empty() {
        text += "\nInstitutional stock at the end: ";
        let parts: Vec<String> = digests
            .iter()
            .map(|d| {
                let cells: Vec<String> = stocks
                    .iter()
                    .map(|&m| {
                        format!(
                            "{} {:.2}",
                            metrics[m].name.trim_start_matches("institution_"),
                            d.means[end][m]
                        )
                    })
                    .collect();
                format!("{} under {}", cells.join(", "), d.theory)
            })
            .collect();
        text += &format!("{}.\n", parts.join("; "));
    }
    text += "\nThis is a model, not a forecast: it shows what follows from each school's rules and these inputs.\n";
    text
}
