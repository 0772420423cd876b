//! States.

use super::super::block::Block;
use super::super::document::{Mistake, Node};
use super::super::spec::STATE;
use super::{Names, dated, point};
use crate::model::date::Calendar;
use crate::model::world::State;
use crate::theory::{COUNT, SCHOOLS};

/// A state from its table.
pub(super) fn state(code: &str, node: &Node, calendar: &Calendar, names: &Names) -> Result<State, Mistake> {
    let block = Block::new(node, STATE);
    let series = |key: &str| block.get(key).map_or_else(Vec::new, |v| dated(v, calendar));
    let theory = match block.get("theory") {
        None => None,
        Some(label) => {
            let name = label.text().unwrap_or_default();
            let Some(school) = SCHOOLS.iter().position(|s| *s == name) else {
                return Err(
                    Mistake::at(&label.origin, format!("unknown school `{name}`")).suggest(&name, SCHOOLS)
                );
            };
            let mut weights = [0.0; COUNT];
            weights[school] = 1.0;
            Some(weights)
        }
    };
    let mut borders = Vec::new();
    for b in block.list("borders") {
        borders.push(names.state(b)?);
    }
    Ok(State {
        code: code.to_string(),
        name: block.text("name"),
        capital: block.get("capital").map(point).unwrap_or_default(),
        capability: series("capability"),
        gdp: series("gdp"),
        burden: series("burden").into_iter().map(|x| x / 100.0).collect(),
        regime: series("regime"),
        alignment: series("alignment"),
        habit: block.number("habit"),
        great_power: block.flag("great_power"),
        borders,
        theory,
        from: block.date("from").map_or(0, |d| calendar.index(d).max(0) as usize),
        until: block.date("until").map_or(calendar.steps, |d| calendar.index(d).max(0) as usize),
        source: block.text("source"),
    })
}
