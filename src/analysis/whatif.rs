//! One-line counterfactuals: the same world with one thing changed, under the same random numbers.

use crate::scenario::document::Value;
use crate::scenario::{Change, Mistake, Node, Scenario, from_tree};

/// A counterfactual.
#[derive(Clone, Debug)]
pub struct WhatIf {
    /// Short name.
    pub id: String,
    /// What changes, in words.
    pub label: String,
    /// Changes of values.
    pub changes: Vec<Change>,
    /// Labels of events that do not happen, with their places.
    pub dropped: Vec<Node>,
}

/// The `[[whatif]]` blocks of a scenario.
///
/// # Errors
/// A change that is not `path = value`.
pub fn whatifs(scenario: &Scenario) -> Result<Vec<WhatIf>, Mistake> {
    let mut out = Vec::new();
    for block in scenario.tree.get("whatif").map(Node::items).unwrap_or(&[]) {
        let text = |key: &str| block.get(key).and_then(Node::text).unwrap_or_default();
        let mut changes = Vec::new();
        for node in block.get("set").map(Node::items).unwrap_or(&[]) {
            let typed = node.text().unwrap_or_default();
            changes
                .push(Change::parse(&typed).map_err(|m| Mistake { origin: Some(node.origin.clone()), ..m })?);
        }
        let dropped = block.get("drop_events").map(Node::items).unwrap_or(&[]).to_vec();
        out.push(WhatIf { id: text("id"), label: text("label"), changes, dropped });
    }
    Ok(out)
}

impl WhatIf {
    /// A counterfactual typed on the command line: changes separated by `;`.
    ///
    /// # Errors
    /// A part that is not `path=value`.
    pub fn typed(text: &str) -> Result<Self, Mistake> {
        let changes = text.split(';').map(Change::parse).collect::<Result<Vec<_>, _>>()?;
        Ok(WhatIf { id: text.to_string(), label: text.to_string(), changes, dropped: Vec::new() })
    }

    /// The changed scenario, checked like any other.
    ///
    /// # Errors
    /// An unknown event, or a change that does not pass the scenario's checks.
    pub fn apply(&self, scenario: &Scenario) -> Result<Scenario, Mistake> {
        let mut tree = scenario.tree.clone();
        for node in &self.dropped {
            let label = node.text().unwrap_or_default();
            let Value::Table(root) = &mut tree.value else { continue };
            let events = root.get_mut("event").map(|e| &mut e.node.value);
            let Some(Value::List(events)) = events else {
                return Err(Mistake::at(&node.origin, "the scenario has no events to drop"));
            };
            let labels: Vec<String> =
                events.iter().filter_map(|e| e.get("label").and_then(Node::text)).collect();
            if !labels.contains(&label) {
                return Err(Mistake::at(&node.origin, format!("no event is called `{label}`"))
                    .suggest(&label, labels.iter().map(String::as_str)));
            }
            events.retain(|e| e.get("label").and_then(Node::text).as_deref() != Some(label.as_str()));
        }
        from_tree(&scenario.path, tree, &self.changes)
    }
}
