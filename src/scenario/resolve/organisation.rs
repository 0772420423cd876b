//! Organisations and who belongs to them when.

use super::super::block::{Block, as_date};
use super::super::document::{Mistake, Node, Origin, Value};
use super::super::spec::ORGANISATION;
use super::Names;
use crate::model::date::{Calendar, Date};
use crate::model::world::{Organisation, Spell};
use crate::organisation::Decision;

/// An organisation from its table; its mandate and the threat it was founded against are filled in by the caller.
pub(super) fn organisation(
    code: &str,
    node: &Node,
    calendar: &Calendar,
    names: &Names,
) -> Result<Organisation, Mistake> {
    let block = Block::new(node, ORGANISATION);
    let clamp = |d: Date| calendar.index(d).max(0) as usize;
    let spells = spells(&block, "members", code, calendar, names)?;
    if spells.is_empty() {
        return Err(Mistake::at(&block.node.origin, format!("organisation {code} has no members")));
    }
    let leader = block.get("leader").map(|l| names.state(l)).transpose()?;
    if let (Some(l), Some(place)) = (leader, block.get("leader"))
        && !spells.iter().any(|s| s.state == l)
    {
        return Err(Mistake::at(&place.origin, format!("the leader of {code} is not one of its members")));
    }
    let share = block.number("majority");
    let rules = [
        ("consensus", Decision::Consensus),
        ("majority", Decision::Majority(share)),
        ("weighted", Decision::Weighted(share)),
        ("leader", Decision::Leader),
    ];
    let decision = block.choose("decision", &rules)?;
    if decision == Decision::Leader && leader.is_none() {
        let place = block.place("decision");
        return Err(Mistake::at(&place.origin, format!("{code} decides by its leader but has none")));
    }
    let indices = |key: &str| block.list(key).iter().map(|s| names.state(s)).collect::<Result<Vec<_>, _>>();
    let known = |state: &str, place: &Origin| {
        names.states.iter().position(|s| s == state).ok_or_else(|| {
            Mistake::at(place, format!("unknown state `{state}`"))
                .suggest(state, names.states.iter().map(String::as_str))
        })
    };
    let proposes_to =
        block.list("proposes_to").iter().map(|p| names.party(p)).collect::<Result<Vec<_>, _>>()?;
    Ok(Organisation {
        code: code.to_string(),
        name: block.text("name"),
        leader,
        outside_command: self::spells(&block, "outside_command", code, calendar, names)?,
        ends: block.date("ends").map(clamp),
        spells,
        decision,
        institution: block.number("institution"),
        general_assets: block.number("general_assets"),
        monitoring: block.number("monitoring"),
        sanctions: block.number("sanctions"),
        mandate: Vec::new(),
        founding_threat: None,
        military: block.number("military"),
        non_interference: block.number("norm_non_interference"),
        democracy: block.number("norm_democracy"),
        voluntary_entry: block.flag("voluntary_entry"),
        eligible: indices("eligible")?,
        accession: (block.text("admission") == "consent")
            .then(|| (block.number("accession") * calendar.per_year() / 4.0).round().max(1.0) as usize),
        renewals: block
            .list("renewals")
            .iter()
            .filter_map(as_date)
            .filter_map(|d| calendar.step_of(d))
            .collect(),
        partnership_opens: block.date("partnership_opens").map(clamp),
        partners: indices("partners")?,
        first_partners: indices("partners_at_start")?,
        first_councils: block
            .get("councils_at_start")
            .into_iter()
            .flat_map(|table| table.entries())
            .map(|(state, e)| Ok((known(state, &e.key)?, e.node.number().unwrap_or(0.0))))
            .collect::<Result<Vec<_>, Mistake>>()?,
        patronage: block.number("patronage"),
        proposes_to,
        proposes_from: block.date("proposes_from").map_or(0, clamp),
        source: block.text("source"),
    })
}

/// Dated spells of states in a body: a date, or a list of `[from, until]`.
fn spells(
    block: &Block<'_>,
    key: &str,
    code: &str,
    calendar: &Calendar,
    names: &Names,
) -> Result<Vec<Spell>, Mistake> {
    let step = |d: Date| calendar.index(d).max(0) as usize;
    let mut out = Vec::new();
    for (member, e) in block.get(key).into_iter().flat_map(|m| m.entries()) {
        let Some(state) = names.states.iter().position(|s| s == member) else {
            return Err(Mistake::at(&e.key, format!("unknown state `{member}` among the members of {code}"))
                .suggest(member, names.states.iter().map(String::as_str)));
        };
        if !matches!(e.node.value, Value::List(_)) {
            let from = as_date(&e.node).map_or(0, step);
            out.push(Spell { state, from, until: None });
            continue;
        }
        let mut last: Option<Date> = None;
        for spell in e.node.items() {
            let dates: Vec<Date> = spell.items().iter().filter_map(as_date).collect();
            let (from, until) = match dates[..] {
                [from] => (from, None),
                [from, until] if from < until => (from, Some(until)),
                _ => {
                    return Err(Mistake::at(
                        &spell.origin,
                        format!("a spell of {member} in {code} is not a from and an until"),
                    )
                    .help("write [[\"1952-02-18\", \"1974-08-14\"], [\"1980-10-20\"]]"));
                }
            };
            if last.is_some_and(|l| from < l) {
                return Err(Mistake::at(
                    &spell.origin,
                    format!("the spells of {member} in {code} overlap or run backwards"),
                ));
            }
            last = Some(until.unwrap_or(from));
            if until.is_none_or(|u| calendar.index(u) > 0) {
                out.push(Spell { state, from: step(from), until: until.map(step) });
            }
        }
    }
    Ok(out)
}
