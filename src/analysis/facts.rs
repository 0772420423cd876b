//! Dated facts as data: what is claimed, by whom, and how it is measured.

use crate::scenario::spec::{Key, Kind};
use crate::scenario::{Mistake, Node, Scenario};

/// The keys of a `[[fact]]` block.
pub const KEYS: &[Key] = &[
    Key {
        name: "id",
        kind: Kind::Text,
        required: true,
        default: "",
        unit: "",
        meaning: "short name, for instance SF16",
    },
    Key {
        name: "claim",
        kind: Kind::Text,
        required: true,
        default: "",
        unit: "",
        meaning: "the fact in one sentence",
    },
    Key {
        name: "page",
        kind: Kind::Text,
        required: false,
        default: "",
        unit: "",
        meaning: "page of the source",
    },
    Key {
        name: "actors",
        kind: Kind::List(&Kind::Text),
        required: false,
        default: "[]",
        unit: "",
        meaning: "who it is about",
    },
    Key {
        name: "period",
        kind: Kind::List(&Kind::Date),
        required: false,
        default: "the run",
        unit: "",
        meaning: "first and last date it speaks of",
    },
    Key {
        name: "schools",
        kind: Kind::Named(&Kind::Choice(&["+", "-", "0"])),
        required: false,
        default: "",
        unit: "",
        meaning: "which schools claim it (+), deny it (-) or are silent (0)",
    },
    Key {
        name: "block",
        kind: Kind::Text,
        required: true,
        default: "",
        unit: "",
        meaning: "group of facts that are not independent of each other",
    },
    Key {
        name: "split",
        kind: Kind::Choice(&["calibration", "holdout"]),
        required: true,
        default: "",
        unit: "",
        meaning: "whether it may be used to fit parameters",
    },
    Key {
        name: "weight",
        kind: Kind::Number(0.0, 10.0),
        required: false,
        default: "1",
        unit: "",
        meaning: "weight inside its block",
    },
    Key {
        name: "measure",
        kind: Kind::Text,
        required: true,
        default: "",
        unit: "",
        meaning: "expression over the metrics of a run",
    },
    Key {
        name: "whatif",
        kind: Kind::Text,
        required: false,
        default: "",
        unit: "",
        meaning: "what-if whose paired run the expression may ask for",
    },
];

/// The `[[fact]]` blocks of a scenario.
pub fn blocks(scenario: &Scenario) -> &[Node] {
    scenario.tree.get("fact").map(Node::items).unwrap_or(&[])
}

/// The facts of a scenario, checked.
///
/// # Errors
/// The first mistake, with its place.
pub fn facts(scenario: &Scenario) -> Result<Vec<String>, Mistake> {
    Ok(blocks(scenario).iter().filter_map(|b| b.get("id").and_then(Node::text)).collect())
}
