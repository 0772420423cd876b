//! Issues: a game each, and what makes a state's stake in it.

use super::super::block::Block;
use super::super::document::{Mistake, Node};
use super::super::spec::ISSUE;
use super::{Names, dated, point};
use crate::game::{GameKind, Payoffs};
use crate::model::date::Calendar;
use crate::model::world::{Issue, State, great_circle_km};

/// An issue from its table.
pub(super) fn issue(
    code: &str,
    node: &Node,
    calendar: &Calendar,
    names: &Names,
    states: &[State],
) -> Result<Issue, Mistake> {
    let block = Block::new(node, ISSUE);
    let numbers: Vec<f64> = block.list("payoffs").iter().filter_map(Node::number).collect();
    let payoffs = match numbers[..] {
        [] if block.get("payoffs").is_none() => Payoffs::axelrod(),
        [t, r, p, s] => Payoffs::new(t, r, p, s),
        _ => {
            let place = block.place("payoffs");
            return Err(Mistake::at(
                &place.origin,
                format!("issue {code} has {} payoffs, not four", numbers.len()),
            )
            .help("temptation, reward, punishment, sucker's payoff"));
        }
    };
    if let Some(game) = block.get("game") {
        let wanted = game.text().unwrap_or_default();
        let kind = payoffs.kind();
        if GameKind::from_name(&wanted) != Some(kind) {
            return Err(Mistake::at(
                &game.origin,
                format!("the payoffs of issue {code} do not make a {wanted}: they make {}", kind.name()),
            )
            .help("a prisoners-dilemma needs T > R > P > S"));
        }
    }
    let mut exposure = vec![1.0; states.len()];
    let by_autocracy = block.text("exposure") == "autocracy";
    match block.text("exposure").as_str() {
        "distance" => {
            let Some(origin) = block.get("origin") else {
                return Err(Mistake::at(
                    &block.node.origin,
                    format!("issue {code} is by distance but has no `origin`"),
                ));
            };
            let (origin, reach) = (point(origin), block.number("reach_km"));
            for (x, s) in exposure.iter_mut().zip(states) {
                *x = libm::exp(-great_circle_km(s.capital, origin) / reach);
            }
        }
        "great-power" => {
            for (x, s) in exposure.iter_mut().zip(states) {
                *x = if s.great_power { 1.0 } else { 0.2 };
            }
        }
        _ => {}
    }
    for (who, e) in block.get("stakes").into_iter().flat_map(|s| s.entries()) {
        let Some(i) = names.states.iter().position(|s| s == who) else {
            return Err(Mistake::at(
                &e.key,
                format!("unknown state `{who}` among the stakes of issue {code}"),
            )
            .suggest(who, names.states.iter().map(String::as_str)));
        };
        exposure[i] = -e.node.number().unwrap_or(0.0);
    }
    Ok(Issue {
        code: code.to_string(),
        name: block.text("name"),
        payoffs,
        level: block.get("level").map_or_else(|| vec![0.5; calendar.steps], |l| dated(l, calendar)),
        exposure,
        by_autocracy,
        floor: block.number("floor"),
        common_threat: block.number("common_threat"),
        hard: block.number("hard"),
        from: block.date("from").map_or(0, |d| calendar.index(d).max(0) as usize),
        until: block.date("until").map_or(calendar.steps - 1, |d| {
            calendar.index(d).clamp(-1, calendar.steps as i64 - 1).max(0) as usize
        }),
        source: block.text("source"),
    })
}
