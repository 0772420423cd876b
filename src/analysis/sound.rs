//! The one validation: what any verb would refuse, all refuse before they begin, and `twain check` says it.

use std::collections::BTreeSet;
use std::path::Path;

use super::facts::{Fact, facts};
use super::whatif::whatifs;
use crate::experiment::design::Sweep;
use crate::model::date::Date;
use crate::model::metrics::metrics;
use crate::scenario::document::{Value, number_words};
use crate::scenario::{Change, Mistake, Node, Scenario, load_tree};

/// Reads, changes and checks a scenario with everything in it: populations, what-ifs, facts with their measures, the coded
/// record and the design of its own.
///
/// # Errors
/// The first mistake, with its place and a suggestion.
pub fn load(path: &Path, changes: &[Change]) -> Result<Scenario, Mistake> {
    whole(load_tree(path, crate::scenario::document::read(path)?, changes)?)
}

/// Like [`load`], from a scenario whose world is already resolved.
///
/// # Errors
/// The first mistake, with its place and a suggestion.
pub fn whole(scenario: Scenario) -> Result<Scenario, Mistake> {
    populations(&scenario)?;
    record(&scenario)?;
    let facts = facts(&scenario)?;
    counterfactuals(&scenario, &facts)?;
    if let Some(node) = scenario.tree.get("sweep") {
        let sweep = Sweep::from_node(node)?;
        let points = sweep.build(scenario.world.seed)?;
        sweep.meet(&scenario, &points)?;
    }
    Ok(scenario)
}

/// Every population the scenario names can be made, and none hides behind the name of another.
fn populations(scenario: &Scenario) -> Result<(), Mistake> {
    let mut bare = scenario.clone();
    if let Value::Table(table) = &mut bare.tree.value {
        table.remove("population");
    }
    for (label, entry) in scenario.tree.get("population").into_iter().flat_map(Node::entries) {
        if bare.population(label).is_ok() {
            return Err(Mistake::at(&entry.key, format!("`{label}` is already a population of its own"))
                .help("give the mixture another name"));
        }
        scenario.population(label).map_err(|m| placed(m, &entry.node))?;
    }
    Ok(())
}

/// The mistake at `node`, unless it has a place.
fn placed(mistake: Mistake, node: &Node) -> Mistake {
    Mistake { origin: mistake.origin.or_else(|| Some(node.origin.clone())), ..mistake }
}

/// The coded record is about metrics there are, at dates of the run, within the metric's range.
fn record(scenario: &Scenario) -> Result<(), Mistake> {
    let metrics = metrics(&scenario.world);
    let calendar = scenario.world.calendar;
    let mut seen = BTreeSet::new();
    for block in scenario.tree.get("record").map(Node::items).unwrap_or(&[]) {
        let at = |key: &str| block.get(key).unwrap_or(block);
        let name = at("metric").text().unwrap_or_default();
        let Some(metric) = metrics.iter().find(|m| m.name == name) else {
            return Err(Mistake::at(&at("metric").origin, format!("unknown metric `{name}`"))
                .suggest(&name, metrics.iter().map(|m| m.name.as_str())));
        };
        let date = match &at("date").value {
            Value::Integer(year) => i32::try_from(*year).ok().map(|y| Date::new(y, 1)),
            _ => at("date").text().and_then(|t| Date::parse(&t)),
        };
        let Some(step) = date.and_then(|d| calendar.step_of(d)) else {
            let shown = date.map_or_else(String::new, |d| d.to_string());
            let (first, last) = (calendar.label(0), calendar.label(calendar.steps - 1));
            let words = format!("the date {shown} lies outside the run, {first} to {last}");
            return Err(Mistake::at(&at("date").origin, words));
        };
        if !seen.insert((name.clone(), step)) {
            let words = format!("`{name}` has two values at {}", calendar.label(step));
            return Err(Mistake::at(&block.origin, words));
        }
        let x = at("value").number().unwrap_or(f64::NAN);
        if !(metric.low..=metric.high).contains(&x) {
            let shown = number_words(x);
            let words = format!("`{name}` is {shown}, outside {} to {}", metric.low, metric.high);
            return Err(Mistake::at(&at("value").origin, words));
        }
    }
    Ok(())
}

/// Every what-if can be run and paired; those that facts ask for have the same metrics.
fn counterfactuals(scenario: &Scenario, facts: &[Fact]) -> Result<(), Mistake> {
    let blocks = scenario.tree.get("whatif").map(Node::items).unwrap_or(&[]);
    for (k, (whatif, block)) in whatifs(scenario)?.iter().zip(blocks).enumerate() {
        let asked = facts.iter().any(|f| f.whatif == Some(k));
        let other = if asked { whatif.pair(scenario) } else { whatif.apply(scenario) };
        other.map_err(|m| placed(m, block))?;
    }
    Ok(())
}
