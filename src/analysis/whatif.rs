//! One-line counterfactuals: the same world with one thing changed, under the same random numbers.

use std::path::{Path, PathBuf};

use crate::model::metrics::metrics;
use crate::scenario::document::{Origin, Value, read};
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
    /// Another scenario file that takes the place of this one, with the place where it is named.
    pub scenario: Option<Node>,
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
        let scenario = block.get("scenario").cloned();
        out.push(WhatIf { id: text("id"), label: text("label"), changes, dropped, scenario });
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
        Ok(WhatIf {
            id: text.to_string(),
            label: text.to_string(),
            changes,
            dropped: Vec::new(),
            scenario: None,
        })
    }

    /// The changed scenario, checked like any other.
    ///
    /// # Errors
    /// An unknown event, a change that does not pass the scenario's checks, or another scenario with another period or
    /// seed.
    pub fn apply(&self, scenario: &Scenario) -> Result<Scenario, Mistake> {
        let mut tree = match &self.scenario {
            None => scenario.tree.clone(),
            Some(node) => read(&self.place(node, scenario))?,
        };
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
        let Some(node) = &self.scenario else { return from_tree(&scenario.path, tree, &self.changes) };
        // what was changed on the command line holds in the other file too
        let changes: Vec<Change> = scenario.changes.iter().chain(&self.changes).cloned().collect();
        let other = from_tree(&self.place(node, scenario), tree, &changes)?;
        let (a, b) = (&scenario.world, &other.world);
        if (a.calendar.steps, a.calendar.label(0), a.seed) != (b.calendar.steps, b.calendar.label(0), b.seed)
        {
            return Err(Mistake::at(&node.origin, "the two scenarios have different periods or seeds"));
        }
        Ok(other)
    }

    /// Like [`WhatIf::apply`], for facts: their expressions read both runs, so both must have the same metrics.
    ///
    /// # Errors
    /// Those of [`WhatIf::apply`], or other metrics.
    pub fn pair(&self, scenario: &Scenario) -> Result<Scenario, Mistake> {
        let other = self.apply(scenario)?;
        let names = |s: &Scenario| metrics(&s.world).into_iter().map(|m| m.name).collect::<Vec<_>>();
        if names(scenario) != names(&other) {
            return Err(Mistake::general(format!(
                "a fact asks for the what-if {}, whose scenario has other metrics",
                self.id
            )));
        }
        Ok(other)
    }

    /// Path of the other scenario: relative to the file that names it.
    fn place(&self, node: &Node, scenario: &Scenario) -> PathBuf {
        let file = match &node.origin {
            Origin::File(source, _) => source.path.as_path(),
            Origin::Change(_) => scenario.path.as_path(),
        };
        file.parent().unwrap_or(Path::new(".")).join(node.text().unwrap_or_default())
    }
}
