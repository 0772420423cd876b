//! `twain check`: validates a scenario and prints what it resolves to.

use std::io::Write;
use std::path::PathBuf;

use super::common::ScenarioArgs;
use crate::analysis::sound;
use crate::experiment::design::Sweep;
use crate::scenario::{Scenario, contest, document, load_tree};

/// What `twain check` accepts.
#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    scenario: ScenarioArgs,
    /// Check a design for `twain sweep` as well: TOML with a [sweep] table, or a table of points
    #[arg(long, value_name = "FILE")]
    design: Option<PathBuf>,
    /// Print the whole resolved scenario as JSON
    #[arg(long)]
    json: bool,
}

/// Checks a scenario.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let file = &args.scenario.scenario;
    // read once: what a shell hands over cannot be read again
    let tree = document::read(file)?;
    if let Some(verb) = contest::verb(&tree) {
        let request = contest::Request { file: Some(file), changes: args.scenario.changes()?, only: None };
        let players = match verb {
            "evolve" => contest::evolution_of(tree, &request)?.1.names.len(),
            _ => contest::tournament_of(tree, &request)?.players.len(),
        };
        let shown = file.display();
        writeln!(std::io::stdout(), "{shown} is sound: {players} players. twain {verb} {shown}")?;
        return Ok(());
    }
    let scenario = sound::whole(load_tree(file, tree, &args.scenario.changes()?)?)?;
    let points = match &args.design {
        Some(path) => {
            let sweep = Sweep::read(path)?;
            let points = sweep.build(scenario.world.seed)?;
            sweep.meet(&scenario, &points)?;
            Some(points.len())
        }
        None => None,
    };
    let mut out = std::io::stdout().lock();
    if args.json {
        crate::analysis::facts::facts(&scenario)?;
        writeln!(out, "{:#}", scenario.tree.to_json())?;
        return Ok(());
    }
    print(&scenario, points, &mut out)
}

/// Checks the facts of a scenario and prints what the whole resolves to.
pub(super) fn print(scenario: &Scenario, points: Option<usize>, out: &mut impl Write) -> anyhow::Result<()> {
    let facts = crate::analysis::facts::facts(scenario)?;
    let world = &scenario.world;
    let calendar = world.calendar;
    writeln!(out, "{} is sound.\n\n{}", scenario.path.display(), scenario.title)?;
    if !scenario.description.is_empty() {
        writeln!(out, "{}", scenario.description.trim())?;
    }
    writeln!(
        out,
        "\n  period       {} to {}, {} steps of a {}",
        calendar.label(0),
        calendar.label(calendar.steps - 1),
        calendar.steps,
        calendar.step.name()
    )?;
    writeln!(out, "  populations  {}", scenario.theories.join(", "))?;
    writeln!(out, "  runs         {} for each population, seed {}", scenario.replications, world.seed)?;
    writeln!(out, "  states       {}", world.n())?;
    for body in &world.organisations {
        let leader =
            body.leader.map_or("no leader".to_string(), |l| format!("led by {}", world.states[l].code));
        writeln!(
            out,
            "  organisation {}: {} members by the end, {leader}, {}, stock {}",
            body.code,
            body.spells.iter().filter(|s| s.from < calendar.steps).count(),
            body.decision.name(),
            body.institution
        )?;
    }
    for issue in &world.issues {
        let p = issue.payoffs;
        writeln!(
            out,
            "  issue        {}: {} ({}, {}, {}, {})",
            issue.code,
            p.kind().name(),
            p.temptation,
            p.reward,
            p.punishment,
            p.sucker
        )?;
    }
    writeln!(out, "  events       {}", world.events.len())?;
    writeln!(out, "  proposals    {} dated", world.proposals.len())?;
    writeln!(out, "  facts        {}", facts.len())?;
    if let Some(points) = points {
        writeln!(out, "  design       {points} points")?;
    }
    writeln!(out, "  hash         {}", scenario.hash)?;
    Ok(())
}
