//! Values that are each allowed, but make no sense together.

use super::document::{Mistake, Node, Value};
use crate::model::date::{Calendar, Date};

/// Checks what single keys cannot show: that an issue is active at some step, that a body has members in the run.
///
/// # Errors
/// The first mistake, with its place.
pub(super) fn check(root: &Node, calendar: &Calendar) -> Result<(), Mistake> {
    let (first, last) = (calendar.label(0), calendar.label(calendar.steps - 1));
    let end = calendar.date(calendar.steps);
    for (code, entry) in root.get("issue").into_iter().flat_map(Node::entries) {
        let ends = ["from", "until"].map(|key| entry.node.get(key));
        let [from, until] = ends.map(|node| node.and_then(date));
        let [from_place, until_place] = ends.map(|node| node.unwrap_or(&entry.node));
        if let (Some(a), Some(b)) = (from, until)
            && a > b
        {
            let message = format!("issue {code} ends before it begins: from {a} until {b}");
            return Err(Mistake::at(&until_place.origin, message));
        }
        let never = format!("issue {code} is never active in the run, {first} to {last}");
        if from.is_some_and(|d| d >= end) {
            return Err(Mistake::at(&from_place.origin, never));
        }
        if until.is_some_and(|d| d < calendar.date(0)) {
            return Err(Mistake::at(&until_place.origin, never));
        }
    }
    for (code, entry) in root.get("state").into_iter().flat_map(Node::entries) {
        let ends = ["from", "until"].map(|key| entry.node.get(key));
        if let ([Some(_), Some(place)], [Some(from), Some(until)]) =
            (ends, ends.map(|node| node.and_then(date)))
            && from >= until
        {
            let message = format!("state {code} ends before it begins: from {from} until {until}");
            return Err(Mistake::at(&place.origin, message));
        }
    }
    for (code, entry) in root.get("organisation").into_iter().flat_map(Node::entries) {
        let Some(members) = entry.node.get("members") else { continue };
        let entered = members.entries().filter_map(|(_, e)| earliest(&e.node)).min();
        if entered.is_some_and(|d| d >= end) {
            let message = format!("every member of {code} enters after the end of the run, {last}");
            return Err(Mistake::at(&members.origin, message));
        }
    }
    Ok(())
}

/// Why a change of the value at `path` can make no difference to a run, if so: names, words, and what says how often and
/// under which populations a scenario is run.
pub fn idle(path: &str) -> Option<&'static str> {
    let mut parts = path.split('.').map(str::trim);
    let (first, last) = (parts.next().unwrap_or(""), path.rsplit('.').next().unwrap_or("").trim());
    match (first, last) {
        ("run", "replications") => Some("it is the number of runs"),
        ("run", "theories") => Some("it says which populations are run"),
        ("name" | "title" | "description", _) => Some("it is a text"),
        ("include", _) => Some("files are included before anything changes"),
        ("record" | "fact" | "whatif" | "proposition" | "sweep", _) => Some("runs do not read it"),
        (_, "source" | "label" | "chart") => Some("it is for readers"),
        _ => None,
    }
}

fn date(node: &Node) -> Option<Date> {
    match &node.value {
        Value::Text(text) => Date::parse(text),
        Value::Integer(year) => Some(Date::new(i32::try_from(*year).ok()?, 1)),
        _ => None,
    }
}

/// The earliest date of a value that is one, or a list of them.
fn earliest(node: &Node) -> Option<Date> {
    match &node.value {
        Value::List(list) => list.iter().filter_map(earliest).min(),
        _ => date(node),
    }
}
