//! The plan of a sweep: which points, populations and replications of a scenario are run, and what is kept of each run.

use std::time::Instant;

use anyhow::ensure;

use super::facts::{Fact, facts};
use super::score::{Part, shown};
use crate::experiment::cells::SHARE;
use crate::experiment::design::Sweep;
use crate::experiment::sweep::{Judge, Model, Plan, Worlds, outcomes};
use crate::model::{Record, World};
use crate::output::{Provenance, VERSION};
use crate::scenario::Scenario;

/// Most replications of a point.
const MOST_REPLICATIONS: u64 = 1_000_000;

/// The plan of a design over a scenario, with its replications and populations; for one part of it, `(shard, shards)`.
///
/// # Errors
/// Mistakes in the design or in a value that a factor takes.
pub fn plan(
    scenario: &Scenario,
    sweep: Sweep,
    until_width: Option<f64>,
    (shard, shards): (u64, u64),
) -> anyhow::Result<Plan> {
    let (replications, theories) = (scenario.replications, scenario.theories.clone());
    ensure!(
        (1..=MOST_REPLICATIONS).contains(&replications),
        "a sweep has 1 to {MOST_REPLICATIONS} replications, not {replications}"
    );
    ensure!(!theories.is_empty(), "a sweep needs at least one theory");
    let points = sweep.build(scenario.world.seed)?;
    sweep.meet(scenario, &points)?;
    let mut outcomes = outcomes(scenario);
    outcomes.extend(judge(scenario, &sweep)?.into_iter().flat_map(|j| j.names));
    let outcomes = sweep.kept(outcomes)?;
    ensure!(
        until_width.is_none() || outcomes.iter().any(|o| o == SHARE),
        "--until-width looks at the outcome `{SHARE}`, which the design does not keep"
    );
    let provenance = Provenance { command: String::new(), replications, theories: theories.clone() };
    Ok(Plan {
        twain: VERSION.into(),
        manifest: provenance.manifest(scenario, serde_json::json!({})),
        scenario: scenario.hash.clone(),
        seed: scenario.world.seed,
        outcomes,
        sweep,
        points,
        theories,
        replications,
        until_width,
        shard,
        shards,
    })
}

/// Shares of the dated facts that a run shows, if the design asks for them.
///
/// # Errors
/// A mistake in a fact, or no facts to show.
pub fn judge(scenario: &Scenario, sweep: &Sweep) -> anyhow::Result<Option<Judge>> {
    if !sweep.facts {
        return Ok(None);
    }
    let facts: Vec<Fact> = facts(scenario)?.into_iter().filter(|f| f.whatif.is_none()).collect();
    let parts: Vec<(&str, Part)> = [
        ("facts_shown", Part::All),
        ("facts_shown_between", Part::BlocToBloc),
        ("facts_shown_separating", Part::Separating),
    ]
    .into_iter()
    .filter(|(_, part)| facts.iter().any(|f| part.holds(f)))
    .collect();
    ensure!(!parts.is_empty(), "the design asks for facts, and {} has none", scenario.path.display());
    let names = parts.iter().map(|(name, _)| (*name).to_string()).collect();
    let of = move |world: &World, record: &Record| {
        parts.iter().map(|(_, part)| shown(&facts, *part, world, record)).collect()
    };
    Ok(Some(Judge { names, of: Box::new(of) }))
}

/// Seconds that all runs take on one thread, from one run of each population at the first, middle and last point.
///
/// # Errors
/// A point that cannot run.
pub fn estimate(plan: &Plan, worlds: &Worlds<'_>) -> anyhow::Result<f64> {
    let mut some = vec![0, plan.points.len() / 2, plan.points.len() - 1];
    some.dedup();
    let start = Instant::now();
    for &point in &some {
        for theory in 0..plan.theories.len() {
            worlds.run(point, theory, 0).map_err(|e| anyhow::anyhow!("point {point}: {e}"))?;
        }
    }
    let one = start.elapsed().as_secs_f64() / (some.len() * plan.theories.len()) as f64;
    Ok(one * plan.runs() as f64)
}
