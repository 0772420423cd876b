//! One-line counterfactuals: the same world with one thing changed, under the same random numbers.

use std::path::{Path, PathBuf};

use crate::interval::t95;
use crate::model::metrics::metrics;
use crate::model::{Change as Standing, Record, World};
use crate::output::rows::{self, Figure};
use crate::scenario::document::{Entry, Origin, Value, read};
use crate::scenario::{Change, Mistake, Node, Scenario, from_tree, idle};

/// A counterfactual.
#[derive(Clone, Debug)]
pub struct WhatIf {
    /// Short name.
    pub id: String,
    /// What changes, in words.
    pub label: String,
    /// Changes of values.
    pub changes: Vec<Change>,
    /// Where each change stands in the file; none for one typed on the command line.
    pub typed: Vec<Node>,
    /// Labels of events that do not happen, with their places.
    pub dropped: Vec<Node>,
    /// Decisions given from outside, as typed.
    pub decisions: Vec<Node>,
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
        if out.iter().any(|w: &WhatIf| w.id == text("id")) {
            let place = block.get("id").unwrap_or(block);
            return Err(Mistake::at(&place.origin, format!("two what-ifs are called {}", text("id"))));
        }
        let (mut changes, mut nodes) = (Vec::new(), Vec::new());
        for node in block.get("set").map(Node::items).unwrap_or(&[]) {
            let typed = node.text().unwrap_or_default();
            changes
                .push(Change::parse(&typed).map_err(|m| Mistake { origin: Some(node.origin.clone()), ..m })?);
        }
        for (node, change) in block.get("set").map(Node::items).unwrap_or(&[]).iter().zip(&changes) {
            if let Some(why) = idle(&change.path) {
                let message = format!("`{}` cannot matter in a what-if: {why}", change.path);
                return Err(Mistake::at(&node.origin, message));
            }
            nodes.push(node.clone());
        }
        let dropped = block.get("drop_events").map(Node::items).unwrap_or(&[]).to_vec();
        let scenario = block.get("scenario").cloned();
        let decisions = block.get("decide").map(Node::items).unwrap_or(&[]).to_vec();
        if nodes.is_empty() && dropped.is_empty() && decisions.is_empty() && scenario.is_none() {
            return Err(Mistake::at(&block.origin, format!("the what-if {} changes nothing", text("id")))
                .help("give it `set`, `drop_events`, `decide` or `scenario`"));
        }
        out.push(WhatIf {
            id: text("id"),
            label: text("label"),
            changes,
            typed: nodes,
            dropped,
            decisions,
            scenario,
        });
    }
    Ok(out)
}

impl WhatIf {
    /// A counterfactual typed on the command line: changes separated by `;`.
    ///
    /// ```
    /// use twain::analysis::whatif::WhatIf;
    /// let both = WhatIf::typed("world.shadow=0.9; theory.realism.k0=0").expect("two changes");
    /// assert_eq!(both.said(), "world.shadow = 0.9; theory.realism.k0 = 0");
    /// assert!(WhatIf::typed("a longer shadow").is_err());
    /// ```
    ///
    /// # Errors
    /// A part that is not `path=value`.
    pub fn typed(text: &str) -> Result<Self, Mistake> {
        let changes = text.split(';').map(Change::parse).collect::<Result<Vec<_>, _>>()?;
        Ok(WhatIf {
            id: text.to_string(),
            label: text.to_string(),
            changes,
            typed: Vec::new(),
            dropped: Vec::new(),
            decisions: Vec::new(),
            scenario: None,
        })
    }

    /// What changes, as it would be typed.
    pub fn said(&self) -> String {
        let dropped = self.dropped.iter().filter_map(Node::text).map(|e| format!("without {e}"));
        let values = self.changes.iter().map(|c| format!("{} = {}", c.path, c.value));
        let given = self.decisions.iter().filter_map(|d| {
            Some(format!("{} decides to {}", d.get("who")?.text()?, d.get("choose")?.text()?))
        });
        let other = self.scenario.iter().filter_map(Node::text);
        dropped.chain(values).chain(given).chain(other).collect::<Vec<_>>().join("; ")
    }

    /// The changed scenario, checked like any other.
    ///
    /// # Errors
    /// An unknown event, a change that does not pass the scenario's checks, or one of the period or the seed: such runs
    /// cannot be paired.
    pub fn apply(&self, scenario: &Scenario) -> Result<Scenario, Mistake> {
        self.changed(scenario).map_err(|mistake| {
            // a change that was typed in the file is shown there
            let Some(Origin::Change(text)) = &mistake.origin else { return mistake };
            let own = self.changes.iter().position(|c| text.starts_with(&format!("{}=", c.path)));
            match own.and_then(|k| self.typed.get(k)) {
                Some(node) => Mistake {
                    message: format!("in the what-if {}: {}", self.id, mistake.message),
                    origin: Some(node.origin.clone()),
                    help: mistake.help,
                },
                None => mistake,
            }
        })
    }

    /// Adds the decisions given from outside to those of the scenario.
    fn decide(&self, tree: &mut Node) {
        let (true, Value::Table(root)) = (!self.decisions.is_empty(), &mut tree.value) else { return };
        let place = self.decisions[0].origin.clone();
        let empty = Node { value: Value::List(Vec::new()), origin: place.clone() };
        let entry = root.entry("decision".into()).or_insert(Entry { node: empty, key: place });
        if let Value::List(list) = &mut entry.node.value {
            list.extend(self.decisions.iter().cloned());
        }
    }

    fn changed(&self, scenario: &Scenario) -> Result<Scenario, Mistake> {
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
        self.decide(&mut tree);
        let other = match &self.scenario {
            None => from_tree(&scenario.path, tree, &self.changes)?,
            // what was changed on the command line holds in the other file too
            Some(node) => {
                let changes: Vec<Change> = scenario.changes.iter().chain(&self.changes).cloned().collect();
                from_tree(&self.place(node, scenario), tree, &changes)?
            }
        };
        let (a, b) = (&scenario.world, &other.world);
        let differs = [
            ("step", a.calendar.step != b.calendar.step),
            ("start", a.calendar.start != b.calendar.start),
            ("end", a.calendar.steps != b.calendar.steps),
            ("seed", a.seed != b.seed),
        ];
        if let Some((what, _)) = differs.iter().find(|d| d.1) {
            let own = self.changes.iter().position(|c| c.path == format!("run.{what}"));
            let node = own.and_then(|k| self.typed.get(k)).or(self.scenario.as_ref());
            let words =
                format!("the what-if {} has another {what} of the run: its runs cannot be paired", self.id);
            return Err(match node {
                Some(node) => Mistake::at(&node.origin, words),
                None => Mistake::general(words),
            });
        }
        Ok(other)
    }

    /// The other scenario that takes the place of this one, as it is written, if there is one.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn elsewhere(&self, scenario: &Scenario) -> Result<Option<Node>, Mistake> {
        self.scenario.as_ref().map(|node| read(&self.place(node, scenario))).transpose()
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

/// Outcomes compared, with their meaning.
pub fn outcomes(world: &World) -> Vec<(String, Option<usize>)> {
    let metrics = metrics(world);
    let mut out: Vec<(String, Option<usize>)> = Vec::new();
    if world.blocs.is_some() {
        out.push(("framework formed".into(), None));
        // once most runs have a framework, the chance that one would pass still tells conditions apart
        out.push(("pass_chance".into(), metrics.iter().position(|m| m.name == "pass_chance")));
    }
    for (k, m) in metrics.iter().enumerate() {
        let leader = m.name.starts_with("cooperation_")
            && world.blocs.is_some_and(|[a, b]| {
                let name = |o: usize| &world.organisations[o].code;
                let lead = |o: usize| world.organisations[o].leader.map(|l| world.states[l].code.clone());
                lead(b).is_some_and(|l| m.name == format!("cooperation_{l}_{}", name(a)))
            });
        if m.name == "cooperation_between" || leader || m.name.starts_with("cooperation_within_") {
            out.push((m.name.clone(), Some(k)));
        }
    }
    out.push(("exits".into(), None));
    out
}

/// The outcomes of a run: metrics are means over the last five years.
pub fn measure(world: &World, record: &Record, wanted: &[(String, Option<usize>)]) -> Vec<f64> {
    let steps = world.calendar.steps;
    let first = steps.saturating_sub((5.0 * world.calendar.per_year()) as usize);
    wanted
        .iter()
        .map(|(name, metric)| match metric {
            Some(usize::MAX) => f64::NAN,
            Some(m) => {
                let values = (first..steps).map(|s| record.value(s, *m)).filter(|x| !x.is_nan());
                let (sum, count) = values.fold((0.0, 0.0), |(s, c), x| (s + x, c + 1.0));
                sum / count
            }
            None if name == "exits" => {
                record.memberships.iter().filter(|m| m.change == Standing::Leave).count() as f64
            }
            None => f64::from(u8::from(record.outcome().framework.is_some())),
        })
        .collect()
}

/// The same outcomes in another world, which may have more metrics: they are found by name.
pub fn found(world: &World, wanted: &[(String, Option<usize>)]) -> Vec<(String, Option<usize>)> {
    let metrics = metrics(world);
    let place = |name: &str| metrics.iter().position(|m| m.name == name).unwrap_or(usize::MAX);
    wanted.iter().map(|(name, metric)| (name.clone(), metric.map(|_| place(name)))).collect()
}

/// One outcome without and with a change, over pairs of runs.
#[derive(Clone, Copy, Debug)]
pub struct Difference {
    /// Pairs with a value.
    pub n: usize,
    /// Mean without the change.
    pub base: f64,
    /// Mean with it.
    pub alternative: f64,
    /// Mean of the paired differences.
    pub difference: f64,
    /// Half the 95% interval of the difference (Student's t); NaN for one pair.
    pub half: f64,
    pub(super) bound: f64,
}

impl Difference {
    /// The row of whatif.csv.
    pub fn row(&self, theory: &str, whatif: &WhatIf, outcome: &str) -> rows::Change {
        let (ci_low, ci_high) = self.interval();
        rows::Change {
            theory: theory.into(),
            whatif: (&whatif.id).into(),
            label: (&whatif.label).into(),
            outcome: outcome.into(),
            n: self.n,
            base: Figure(self.base),
            alternative: Figure(self.alternative),
            difference: Figure(self.difference),
            ci_low,
            ci_high,
        }
    }

    /// The ends of the interval.
    pub(super) fn interval(&self) -> (Figure, Figure) {
        let (d, half) = (self.difference, self.half);
        // a share cannot change by more than one
        let (low, high) = ((d - half).max(-self.bound), (d + half).min(self.bound));
        let end = |x: f64| Figure(if half.is_nan() { half } else { x });
        (end(low), end(high))
    }
}

/// Compares the outcomes of two series of runs with the same random numbers, outcome by outcome; `None` where no pair
/// has a value.
pub fn differences(
    wanted: &[(String, Option<usize>)],
    base: &[Vec<f64>],
    alternative: &[Vec<f64>],
) -> Vec<Option<Difference>> {
    let one = |(k, (name, _)): (usize, &(String, Option<usize>))| {
        let pairs: Vec<(f64, f64)> = base
            .iter()
            .zip(alternative)
            .map(|(a, b)| (a[k], b[k]))
            .filter(|(a, b)| !a.is_nan() && !b.is_nan())
            .collect();
        if pairs.is_empty() {
            return None;
        }
        let n = pairs.len() as f64;
        let mean = |f: fn(&(f64, f64)) -> f64| pairs.iter().map(f).sum::<f64>() / n;
        let (a, b, d) = (mean(|p| p.0), mean(|p| p.1), mean(|p| p.1 - p.0));
        let half = if pairs.len() > 1 {
            let squares: f64 = pairs.iter().map(|p| (p.1 - p.0 - d).powi(2)).sum();
            t95(pairs.len() as u64 - 1) * (squares / (n - 1.0) / n).sqrt()
        } else {
            f64::NAN
        };
        let bound = if name == "framework formed" { 1.0 } else { f64::INFINITY };
        Some(Difference { n: pairs.len(), base: a, alternative: b, difference: d, half, bound })
    };
    wanted.iter().enumerate().map(one).collect()
}
