//! One-line counterfactuals: the same world with one thing changed, under the same random numbers.

use std::path::{Path, PathBuf};

use crate::interval::t95;
use crate::model::date::{Calendar, Date};
use crate::model::metrics::metrics;
use crate::model::world::{Event, Party};
use crate::model::{Change as Standing, MembershipChange, Metric, MetricKind, Record, Weighting, World};
use crate::output::{Columns, Table, show};
use crate::scenario::document::{Origin, Value, read};
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
        if nodes.is_empty() && dropped.is_empty() && scenario.is_none() {
            return Err(Mistake::at(&block.origin, format!("the what-if {} changes nothing", text("id")))
                .help("give it `set`, `drop_events` or `scenario`"));
        }
        out.push(WhatIf { id: text("id"), label: text("label"), changes, typed: nodes, dropped, scenario });
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
            typed: Vec::new(),
            dropped: Vec::new(),
            scenario: None,
        })
    }

    /// A counterfactual in which one event does not happen.
    ///
    /// # Errors
    /// If no event has this label.
    pub fn without(scenario: &Scenario, event: &str) -> Result<Self, Mistake> {
        let labels: Vec<&str> = scenario.world.events.iter().map(|e| e.label.as_str()).collect();
        if !labels.contains(&event) {
            return Err(Mistake::general(format!("no event is called `{event}`")).suggest(event, labels));
        }
        let origin = Origin::Change(format!("--drop {event}"));
        Ok(WhatIf {
            id: format!("no {event}"),
            label: format!("without {event}"),
            changes: Vec::new(),
            typed: Vec::new(),
            dropped: vec![Node { value: Value::Text(event.to_string()), origin }],
            scenario: None,
        })
    }

    /// What is changed, in short: values, dropped events, another scenario.
    pub fn said(&self) -> String {
        let dropped = self.dropped.iter().filter_map(Node::text).map(|e| format!("without {e}"));
        let values = self.changes.iter().map(|c| format!("{} = {}", c.path, c.value));
        let other = self.scenario.iter().filter_map(Node::text);
        dropped.chain(values).chain(other).collect::<Vec<_>>().join("; ")
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

/// What the tables hold.
pub const COLUMNS: Columns = &[(
    "whatif.csv",
    &[
        ("theory", "population that decided"),
        ("whatif", "id of the change"),
        ("label", "the change in words"),
        ("outcome", "what is compared; metrics are means over the steps named"),
        ("from", "first step the outcome is taken over"),
        ("to", "last step"),
        ("n", "pairs of runs with a value"),
        ("base", "mean without the change"),
        ("alternative", "mean with it"),
        ("difference", "mean of the paired differences"),
        ("ci_low", "lower end of the 95% interval of the paired difference (Student's t)"),
        ("ci_high", "upper end"),
    ],
)];

/// What is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Whether a framework was formed by the last step.
    Framework,
    /// Departures from any organisation.
    Exits,
    /// The mean of a metric.
    Metric(String),
}

/// An outcome and the steps it is taken over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// What is compared.
    pub asked: Asked,
    /// First and last step.
    pub steps: (usize, usize),
}

impl Outcome {
    /// Name in tables.
    pub fn name(&self) -> &str {
        match &self.asked {
            Asked::Framework => "framework formed",
            Asked::Exits => "exits",
            Asked::Metric(name) => name,
        }
    }

    fn measure(&self, record: &Record) -> f64 {
        let (from, to) = self.steps;
        match &self.asked {
            Asked::Framework => {
                f64::from(u8::from(record.outcome().framework.is_some_and(|s| (from..=to).contains(&s))))
            }
            Asked::Exits => {
                let left =
                    |m: &&MembershipChange| m.change == Standing::Leave && (from..=to).contains(&m.step);
                record.memberships.iter().filter(left).count() as f64
            }
            // another world may lack the metric
            Asked::Metric(name) => record.metric(name).map_or(f64::NAN, |m| {
                let values = (from..=to).map(|s| record.value(s, m)).filter(|x| !x.is_nan());
                let (sum, count) = values.fold((0.0, 0.0), |(s, c), x| (s + x, c + 1.0));
                sum / count
            }),
        }
    }
}

/// Which outcomes are wanted, and when.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// Metrics; if there are none, the usual outcomes.
    pub metrics: Vec<String>,
    /// First and last step; if there is none, the year from the date of the shock that is dropped, else the last five
    /// years.
    pub steps: Option<(usize, usize)>,
}

impl Wish {
    /// A wish as typed.
    ///
    /// # Errors
    /// An unknown metric, a date that is none or lies outside the run, or an end before its beginning.
    pub fn typed(
        world: &World,
        asked: &[String],
        from: Option<&str>,
        to: Option<&str>,
    ) -> Result<Self, Mistake> {
        let known = metrics(world);
        for name in asked {
            if !known.iter().any(|m| m.name == *name) {
                return Err(Mistake::general(format!("there is no metric `{name}`"))
                    .help("twain list metrics SCENARIO names them")
                    .suggest(name, known.iter().map(|m| m.name.as_str())));
            }
        }
        let last = world.calendar.steps - 1;
        let step = |text: &str| {
            let span = format!(
                "dates of this run go from {} to {}",
                world.calendar.label(0),
                world.calendar.label(last)
            );
            let date = Date::parse(text).ok_or_else(|| {
                Mistake::general(format!("`{text}` is not a date")).help("write 1999, 1999Q2 or 1999-05")
            })?;
            world
                .calendar
                .step_of(date)
                .ok_or_else(|| Mistake::general(format!("{text} lies outside the run")).help(span))
        };
        let (first, end) = (from.map(step).transpose()?, to.map(step).transpose()?);
        let steps = match (first, end) {
            (None, None) => None,
            (a, b) => Some((a.unwrap_or(0), b.unwrap_or(last))),
        };
        if let Some((a, b)) = steps
            && a > b
        {
            let words =
                format!("--from {} lies after --to {}", world.calendar.label(a), world.calendar.label(b));
            return Err(Mistake::general(words));
        }
        Ok(Wish { metrics: asked.to_vec(), steps })
    }
}

/// The outcomes a what-if is judged by. A what-if that drops shocks is judged around their date: over the year from the
/// first of them, by the cooperation of the pairs it was between, then of every other pair. Any other is judged by the
/// last five years.
pub fn outcomes(world: &World, whatif: &WhatIf, wish: &Wish) -> Vec<Outcome> {
    let calendar = world.calendar;
    let (last, year) = (calendar.steps - 1, calendar.per_year().round().max(1.0) as usize);
    let dropped: Vec<&Event> = whatif
        .dropped
        .iter()
        .filter_map(Node::text)
        .flat_map(|label| world.events.iter().filter(move |e| e.label == label))
        .collect();
    let shock = dropped.iter().map(|e| e.step).min();
    let aligned = shock.map(|s| (s, (s + year - 1).min(last)));
    let steps = wish.steps.or(aligned).unwrap_or(((last + 1).saturating_sub(5 * year), last));
    let metric = |name: &str| Outcome { asked: Asked::Metric(name.to_string()), steps };
    if !wish.metrics.is_empty() {
        return wish.metrics.iter().map(|m| metric(m)).collect();
    }
    // whether and how often is asked of the whole run, unless dates were typed
    let whole = |asked| Outcome { asked, steps: wish.steps.unwrap_or((0, last)) };
    let known = metrics(world);
    let mut out = Vec::new();
    if world.blocs.is_some() {
        out.push(whole(Asked::Framework));
        // where no run or every run has a framework, the chance that one would pass still tells conditions apart
        out.push(metric("pass_chance"));
    }
    // pairs with a side in the shock first
    let between = |e: &&Event, a: Party, b: Party| e.from.contains(&a) && e.toward.contains(&b);
    let touched = |m: &Metric| match m.kind {
        MetricKind::Cooperation(a, b, _) => dropped.iter().any(|e| between(e, a, b) || between(e, b, a)),
        _ => false,
    };
    let mut pairs: Vec<&Metric> = known
        .iter()
        .filter(|m| matches!(m.kind, MetricKind::Cooperation(a, b, Weighting::Stake) if a != b || world.blocs.is_some_and(|o| o.contains(&body(a)))))
        .collect();
    if aligned.is_none() {
        pairs.retain(|m| {
            !matches!(m.kind, MetricKind::Cooperation(Party::State(_), Party::State(_), _))
                || world.blocs.is_none()
        });
    }
    pairs.sort_by_key(|m| !touched(m));
    for m in pairs {
        if !out.iter().any(|o: &Outcome| o.name() == m.name) {
            out.push(metric(&m.name));
        }
    }
    out.push(whole(Asked::Exits));
    out
}

/// The index of a body; of a state, none.
fn body(party: Party) -> usize {
    match party {
        Party::Organisation(o) => o,
        Party::State(_) => usize::MAX,
    }
}

/// The outcomes of a run.
pub fn measure(record: &Record, wanted: &[Outcome]) -> Vec<f64> {
    wanted.iter().map(|o| o.measure(record)).collect()
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
    bound: f64,
}

impl Difference {
    /// Writes the row of whatif.csv.
    ///
    /// # Errors
    /// If the table cannot be written.
    pub fn write(
        &self,
        table: &mut Table,
        theory: &str,
        whatif: &WhatIf,
        outcome: &Outcome,
        calendar: &Calendar,
    ) -> anyhow::Result<()> {
        let (d, half) = (self.difference, self.half);
        // a share cannot change by more than one
        let (low, high) = ((d - half).max(-self.bound), (d + half).min(self.bound));
        table.row([
            theory,
            &whatif.id,
            &whatif.label,
            outcome.name(),
            &calendar.label(outcome.steps.0),
            &calendar.label(outcome.steps.1),
            &self.n.to_string(),
            &show(self.base),
            &show(self.alternative),
            &show(d),
            &show(if half.is_nan() { half } else { low }),
            &show(if half.is_nan() { half } else { high }),
        ])
    }
}

/// Compares the outcomes of two series of runs with the same random numbers, outcome by outcome; `None` where no pair
/// has a value.
pub fn differences(
    wanted: &[Outcome],
    base: &[Vec<f64>],
    alternative: &[Vec<f64>],
) -> Vec<Option<Difference>> {
    let one = |(k, outcome): (usize, &Outcome)| {
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
        let bound = if outcome.asked == Asked::Framework { 1.0 } else { f64::INFINITY };
        Some(Difference { n: pairs.len(), base: a, alternative: b, difference: d, half, bound })
    };
    wanted.iter().enumerate().map(one).collect()
}
