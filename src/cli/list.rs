//! `twain list`: scenarios, theories, strategies, parameters, issues, metrics, events, proposals, what-ifs, columns,
//! keys and charts, with units and meaning.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;

use crate::game::roster;
use crate::game::strategy::Strategy;
use crate::report::reference;
use crate::scenario::{NULLS, Scenario, ablations, contest};
use crate::theory::{Roster, SCHOOLS};

/// The scenario whose issues and metrics are listed unless another is named.
const MAIN: &str = "scenarios/nato-csto.toml";

/// What `twain list` accepts.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// What to list
    #[arg(default_value = "scenarios", value_parser = ["scenarios", "theories", "strategies", "parameters", "issues", "metrics", "events", "proposals", "whatifs", "columns", "keys", "charts"])]
    what: String,
    /// Scenario whose issues, metrics, events, proposals or what-ifs to list
    #[arg(default_value = MAIN)]
    scenario: PathBuf,
}

/// Prints the list.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let text = match args.what.as_str() {
        "theories" => theories(),
        "strategies" => strategies(),
        "parameters" => reference::parameters(),
        "columns" => reference::columns(),
        "keys" => reference::keys(),
        "charts" => charts(),
        "issues" | "metrics" | "events" | "proposals" | "whatifs" => {
            if args.scenario.as_os_str() == MAIN && !args.scenario.exists() {
                format!("There is no {MAIN} here; name a scenario: `twain list {} mine.toml`.\n", args.what)
            } else {
                inside(&args.what, &crate::scenario::load(&args.scenario, &[])?)?
            }
        }
        _ => scenarios(),
    };
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(())
}

/// What a scenario holds, one line each.
fn inside(what: &str, scenario: &Scenario) -> anyhow::Result<String> {
    let world = &scenario.world;
    let date = |step: usize| world.calendar.label(step);
    Ok(match what {
        "issues" => {
            let line = |i: &crate::model::world::Issue| {
                format!("{:24} {} ({})\n", i.code, i.name, i.payoffs.kind().name())
            };
            world.issues.iter().map(line).collect()
        }
        "metrics" => crate::model::metrics::metrics(world)
            .iter()
            .map(|m| format!("{:34} {} [{}]\n", m.name, m.meaning, m.unit))
            .collect(),
        "events" => listed(
            world.events.iter().map(|e| {
                (
                    date(e.step),
                    e.label.clone(),
                    format!("{}, size {}", e.shock.name(), crate::output::show(e.size)),
                )
            }),
            "change one by its label, for instance --set 'event.LABEL.size=0', or drop it: twain whatif SCENARIO --drop LABEL",
            "the scenario has no [[event]]",
        ),
        "proposals" => listed(
            world.proposals.iter().map(|p| {
                let who =
                    format!("{}, {} to {}", p.kind.name(), world.party_code(p.from), world.party_code(p.to));
                (date(p.step), p.label.clone(), who)
            }),
            "change one by its label, for instance --set 'proposal.LABEL.date=\"1999Q1\"'",
            "the scenario has no dated [[proposal]]; leaders still make their own",
        ),
        _ => listed(
            crate::analysis::whatif::whatifs(scenario)?
                .into_iter()
                .map(|w| (w.id.clone(), w.label.clone(), w.said())),
            "run some of them: twain whatif SCENARIO --only ID,ID",
            "the scenario has no [[whatif]]; type one: twain whatif SCENARIO --what-if 'world.shadow=0.9'",
        ),
    })
}

/// A list of three columns with what can be done with it, or why there is none.
fn listed(rows: impl Iterator<Item = (String, String, String)>, help: &str, none: &str) -> String {
    let rows: Vec<(String, String, String)> = rows.collect();
    if rows.is_empty() {
        return format!("{none}.\n");
    }
    let wide = |f: fn(&(String, String, String)) -> &str| {
        rows.iter().map(|r| f(r).chars().count()).max().unwrap_or(0)
    };
    let (a, b) = (wide(|r| &r.0), wide(|r| &r.1));
    let lines: String = rows.iter().map(|(x, y, z)| format!("{x:a$}  {y:b$}  {z}\n")).collect();
    format!("{lines}\n{help}\n")
}

fn scenarios() -> String {
    let mut text = String::new();
    for folder in ["scenarios", "scenarios/futures"] {
        let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
            .into_iter()
            .flatten()
            .flatten()
            .map(|e| e.path())
            .filter(|p| p.extension().is_some_and(|e| e == "toml"))
            .collect();
        files.sort();
        for file in files {
            let words = match crate::scenario::load(&file, &[]) {
                Ok(s) => s.title,
                Err(m) => format!("not sound: {}", m.message),
            };
            text += &format!("{:44} {words}\n", file.display());
        }
    }
    for (folder, verb) in [("scenarios/tournaments", "tournament"), ("scenarios/evolution", "evolve")] {
        for file in std::fs::read_dir(folder)
            .into_iter()
            .flatten()
            .flatten()
            .map(|e| e.path())
            .collect::<BTreeSet<_>>()
        {
            let request = contest::Request { file: Some(&file), ..Default::default() };
            let contest = match verb {
                "evolve" => contest::evolution(&request).map(|c| c.0),
                _ => contest::tournament(&request),
            };
            let words = contest.map_or_else(|m| format!("not sound: {}", m.message), |c| c.title);
            text += &format!("{:44} {words} (twain {verb})\n", file.display());
        }
    }
    if text.is_empty() {
        text = "There is no scenarios/ folder here. Go to the folder that holds one, or write a starter with `twain new mine.toml`.\n".into();
    }
    text
}

fn theories() -> String {
    let mut text = String::new();
    for (i, s) in SCHOOLS.iter().enumerate() {
        text += &format!("{s:40} a school; {} free parameters\n", Roster::parameters(i).len());
    }
    for (name, words, _) in NULLS {
        text += &format!("{name:40} null model: {words}\n");
    }
    for (name, words) in ablations() {
        text += &format!("{name:40} ablation: {words}\n");
    }
    text
}

fn strategies() -> String {
    let line = |s: &Strategy| {
        let python = if s.python.is_empty() { String::new() } else { format!(" [{}]", s.python) };
        let mut text = format!("{:24} {} ({}){python}\n", s.name, s.meaning, s.source);
        for x in s.settings {
            let default = if x.default.is_nan() { "from the payoffs".into() } else { x.default.to_string() };
            text += &format!("{:26} {}: {}; default {default}\n", "", x.name, x.meaning);
        }
        text
    };
    let list: String = roster().map(line).collect();
    format!(
        "{list}\nIn square brackets: the class in Axelrod-Python, understood as well. Settings follow a colon or stand in brackets:\n\
         `davis: 20`, `ZDExtort2(phi=0.1, s=0.5)`; a label before an equals sign: `patient = davis: 20`.\n"
    )
}

fn charts() -> String {
    crate::chart::CHARTS.iter().map(|k| format!("{:14} {}\n", k.name, k.meaning)).collect()
}
