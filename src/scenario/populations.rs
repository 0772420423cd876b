//! Populations: pure schools, mixed ones from the scenario, null models and ablations.

use super::Scenario;
use super::document::{Mistake, Node};
use crate::model::world::{Conviction, Population};
use crate::theory::{Roster, SCHOOLS};

/// The null models and what they do.
pub const NULLS: [(&str, &str, Conviction); 3] = [
    ("null-random", "every choice by a fair coin", Conviction::Random),
    ("null-refuse", "never cooperate, never agree, never move", Conviction::Refuse),
    ("null-repeat", "repeat last year's moves; the first year follows trust", Conviction::Repeat),
];

/// The three common ablations and what they switch off.
pub const ABLATIONS: [(&str, &str); 3] = [
    ("realism-without-relative-gains", "realism with k0 = 0"),
    ("institutionalism-without-institutions", "institutionalism with every institution at nought"),
    ("constructivism-without-learning", "constructivism with a learning rate of 0"),
];

/// Resolves a population by label.
pub fn population(scenario: &Scenario, label: &str) -> Result<Population, Mistake> {
    let world = &scenario.world;
    let n = world.n();
    let pure = |school: usize| {
        let mut own = [0.0; 3];
        own[school] = 1.0;
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
        out.weights = pure(0);
        return Ok(out);
    }
    if let Some(which) = ABLATIONS.iter().position(|(name, _)| *name == label) {
        let mut roster = world.roster;
        match which {
            0 => roster.realism.k0 = 0.0,
            1 => out.institutions = false,
            _ => roster.constructivism.rate = 0.0,
        }
        out.weights = pure(which);
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
            .chain(ABLATIONS.iter().map(|a| a.0));
        return Err(Mistake::general(format!("unknown theory or population `{label}`")).suggest(label, known));
    };
    let mut weights: Vec<Option<[f64; 3]>> = vec![None; n];
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
fn read_weights(node: &Node) -> Result<[f64; 3], Mistake> {
    let mut out = [0.0; 3];
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

/// Parameters of a roster with everything neutral: used to show that the schools then agree (test T23).
pub fn neutral_roster() -> Roster {
    Roster {
        realism: crate::theory::realism::Realism::neutral(),
        institutionalism: crate::theory::institutionalism::Institutionalism::neutral(),
        constructivism: crate::theory::constructivism::Constructivism::neutral(),
    }
}
