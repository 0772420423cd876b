//! Populations: pure schools, mixed ones from the scenario, null models and ablations.

use super::Scenario;
use super::document::{Mistake, Node};
use crate::model::world::{Conviction, Population};
use crate::theory::{COUNT, Roster, SCHOOLS, Weights};

/// The null model in which every school's own terms are switched off.
pub const NEUTRAL: &str = "neutral";

/// The null models and what they do.
pub const NULLS: [(&str, &str, Conviction); 4] = [
    (NEUTRAL, "the neutral egoist: the frame alone, every school's terms switched off", Conviction::Schools),
    ("null-random", "every choice by a fair coin", Conviction::Random),
    ("null-refuse", "never cooperate, never agree, never move", Conviction::Refuse),
    ("null-repeat", "repeat last year's moves; the first year follows trust", Conviction::Repeat),
];

/// Labels of the ablations and what they switch off.
pub fn ablations() -> Vec<(&'static str, &'static str)> {
    Roster::ablations().into_iter().map(|(label, words, _)| (label, words)).collect()
}

/// Resolves a population by label.
pub fn population(scenario: &Scenario, label: &str) -> Result<Population, Mistake> {
    let world = &scenario.world;
    let n = world.n();
    let pure = |school: usize| {
        let own = pure_weights(school);
        (0..n).map(|i| world.states[i].theory.unwrap_or(own)).collect::<Vec<_>>()
    };
    let mut out = Population {
        label: label.to_string(),
        conviction: Conviction::Schools,
        weights: Vec::new(),
        roster: None,
        institutions: true,
    };
    if let Some(school) = SCHOOLS.iter().position(|s| *s == label) {
        out.weights = pure(school);
        return Ok(out);
    }
    if let Some((_, _, conviction)) = NULLS.iter().find(|(name, _, _)| *name == label) {
        out.conviction = *conviction;
        out.weights = vec![pure_weights(0); n];
        out.roster = (label == NEUTRAL).then(Roster::neutral);
        return Ok(out);
    }
    if let Some((_, _, school)) = Roster::ablations().into_iter().find(|a| a.0 == label) {
        let mut roster = world.roster;
        out.institutions = roster.ablate(label).unwrap_or(true);
        out.weights = pure(school);
        out.roster = Some(roster);
        return Ok(out);
    }
    let node = scenario.tree.get("population").and_then(|p| p.get(label));
    let Some(node) = node else {
        let named: Vec<&str> =
            scenario.tree.get("population").into_iter().flat_map(|p| p.entries().map(|e| e.0)).collect();
        let known = SCHOOLS
            .iter()
            .copied()
            .chain(named)
            .chain(NULLS.iter().map(|n| n.0))
            .chain(ablations().into_iter().map(|a| a.0));
        return Err(Mistake::general(format!("unknown theory or population `{label}`")).suggest(label, known));
    };
    let mut weights: Vec<Option<Weights>> = vec![None; n];
    let mut default = None;
    for (who, entry) in node.entries() {
        let w = read_weights(&entry.node)?;
        if who == "default" {
            default = Some(w);
        } else if let Some(i) = world.state(who) {
            weights[i] = Some(w);
        } else {
            return Err(Mistake::at(&entry.key, format!("unknown state `{who}` in population `{label}`"))
                .suggest(who, world.states.iter().map(|s| s.code.as_str())));
        }
    }
    for (i, w) in weights.into_iter().enumerate() {
        match w.or(world.states[i].theory).or(default) {
            Some(w) => out.weights.push(w),
            None => {
                let code = &world.states[i].code;
                return Err(Mistake::at(
                    &node.origin,
                    format!("population `{label}` gives {code} no school"),
                )
                .help("add a `default` line"));
            }
        }
    }
    Ok(out)
}

/// Reads `{ realism = 0.5, institutionalism = 0.5 }`; weights must sum to 1.
fn read_weights(node: &Node) -> Result<Weights, Mistake> {
    let mut out = [0.0; COUNT];
    for (name, entry) in node.entries() {
        let Some(school) = SCHOOLS.iter().position(|s| *s == name) else {
            return Err(Mistake::at(&entry.key, format!("unknown school `{name}`")).suggest(name, SCHOOLS));
        };
        out[school] = entry.node.number().unwrap_or(0.0);
    }
    let sum: f64 = out.iter().sum();
    if (sum - 1.0).abs() > 1e-6 {
        return Err(Mistake::at(&node.origin, format!("weights sum to {sum}, not to 1")));
    }
    Ok(out)
}

/// All weight on one school.
pub fn pure_weights(school: usize) -> Weights {
    let mut own = [0.0; COUNT];
    own[school] = 1.0;
    own
}
