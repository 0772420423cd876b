//! What it would take: the smallest change of one input under which the two bodies form a framework.
//!
//! Every number that a school could argue about is a lever: the parameters of the shared world and of the school, the
//! figures of the two bodies, their rules of decision, and each dated event. A lever is tried at both ends of its range;
//! where an end makes a framework form in at least half of the runs, the nearest such value is found by bisection, under
//! the same random numbers throughout. A lever moves alone, and is taken to work in one direction between today's value
//! and its end.

use crate::experiment::replicate::replicate;
use crate::interval::wilson;
use crate::model::parameters::World as Shared;
use crate::output::rows::{self, Figure};
use crate::output::show;
use crate::scenario::document::{Node, Origin, Value};
use crate::scenario::{Mistake, Scenario};
use crate::theory::{Roster, SCHOOLS};

use super::whatif::WhatIf;

/// Runs that first look at an end: where none of them forms a framework, the rest are not run. A value that does in half of
/// all runs is overlooked with a chance of one in sixteen.
const FIRST: u64 = 4;
/// Halvings of the distance between a value that does not do and one that does.
const HALVINGS: usize = 6;

/// Something that can be changed alone.
#[derive(Clone, Debug)]
pub struct Lever {
    /// `world`, `school`, `body`, `rule` or `event`.
    pub kind: &'static str,
    /// Path or words.
    pub name: String,
    /// What such a change would mean: a judgement.
    pub plausible: &'static str,
    span: Span,
}

#[derive(Clone, Debug)]
enum Span {
    /// A number: its value now and the ends of its range.
    Number { from: f64, ends: [f64; 2] },
    /// Changes of words, as they would be typed.
    Words(String),
    /// An event left out.
    Without(String),
}

/// What came of a lever under one population.
#[derive(Clone, Debug)]
pub struct Found {
    /// The lever.
    pub lever: Lever,
    /// Value in the scenario, if it is a number.
    pub from: Option<f64>,
    /// Whether the lever makes a framework form in half of the runs, at some value tried.
    pub works: bool,
    /// Nearest value that does, if it is a number.
    pub to: Option<f64>,
    /// How far that is, as a share of the range.
    pub share_of_range: f64,
    /// Runs, and how many formed a framework, at that value or at the better end.
    pub formed: (u64, u64),
}

/// The levers of a scenario under one population: those of its schools, or none of any school for null models.
///
/// ```
/// use twain::analysis::takes::levers;
/// # fn main() -> Result<(), twain::scenario::Mistake> {
/// let scenario = twain::scenario::load("scenarios/two-blocs.toml".as_ref(), &[])?;
/// assert!(levers(&scenario, "realism").iter().any(|lever| lever.name == "theory.realism.k0"));
/// // a null model has no levers of a school
/// assert!(levers(&scenario, "neutral").iter().all(|lever| lever.kind != "school"));
/// # Ok(())
/// # }
/// ```
pub fn levers(scenario: &Scenario, label: &str) -> Vec<Lever> {
    let world = &scenario.world;
    let mut out = Vec::new();
    for p in Shared::PARAMETERS {
        let from = world.common.get(p.name).unwrap_or(p.default);
        out.push(Lever {
            kind: "world",
            name: format!("world.{}", p.name),
            plausible: "another world for every school alike: all other results move with it",
            span: Span::Number { from, ends: [p.low, p.high] },
        });
    }
    for (index, school) in SCHOOLS.iter().enumerate().filter(|(_, s)| label.contains(**s)) {
        for p in Roster::parameters(index) {
            let from = world.roster.get(index, p.name).unwrap_or(p.default);
            out.push(Lever {
                kind: "school",
                name: format!("theory.{school}.{}", p.name),
                plausible: "a change of the theory, not of the world",
                span: Span::Number { from, ends: [p.low, p.high] },
            });
        }
    }
    for &o in world.blocs.iter().flatten() {
        let body = &world.organisations[o];
        for (key, from, plausible) in [
            (
                "institution",
                body.institution,
                "a body that begins with other organs: what the thesis calls development (4.2)",
            ),
            (
                "general_assets",
                body.general_assets,
                "a body whose organs serve other purposes than its first one (Wallander 2000)",
            ),
            ("monitoring", body.monitoring, "a body that watches its members' moves better or worse"),
        ] {
            out.push(Lever {
                kind: "body",
                name: format!("organisation.{}.{key}", body.code),
                plausible,
                span: Span::Number { from, ends: [0.0, 1.0] },
            });
        }
    }
    let codes: Vec<&str> =
        world.blocs.iter().flatten().map(|&o| world.organisations[o].code.as_str()).collect();
    let rule = |codes: &[&str], word: &str| {
        codes.iter().map(|c| format!("organisation.{c}.decision='{word}'")).collect::<Vec<_>>().join("; ")
    };
    for word in ["majority", "leader"] {
        out.push(Lever {
            kind: "rule",
            name: format!("both bodies decide by {word}"),
            plausible: "a treaty amended against the veto of those it would take the veto from",
            span: Span::Words(rule(&codes, word)),
        });
    }
    for event in &world.events {
        if out.iter().any(|l| l.name == format!("without {}", event.label)) {
            continue;
        }
        out.push(Lever {
            kind: "event",
            name: format!("without {}", event.label),
            plausible: "history without this event, and with all others as they were",
            span: Span::Without(event.label.clone()),
        });
    }
    out
}

impl Lever {
    fn at(&self, value: f64) -> Result<WhatIf, Mistake> {
        match &self.span {
            Span::Number { .. } => WhatIf::typed(&format!("{}={}", self.name, show(value))),
            Span::Words(words) => WhatIf::typed(words),
            Span::Without(label) => {
                let origin = Origin::Change(self.name.clone());
                let node = Node { value: Value::Text(label.clone()), origin };
                Ok(WhatIf {
                    id: self.name.clone(),
                    label: self.name.clone(),
                    changes: Vec::new(),
                    typed: Vec::new(),
                    dropped: vec![node],
                    decisions: Vec::new(),
                    scenario: None,
                })
            }
        }
    }

    /// Tries the lever under `label`; `None` if no value of it passes the scenario's checks.
    ///
    /// # Errors
    /// An unknown population.
    pub fn pull(
        &self,
        scenario: &Scenario,
        label: &str,
        mut tick: impl FnMut(),
    ) -> anyhow::Result<Option<Found>> {
        let mut runs = |value: f64| -> anyhow::Result<Option<(u64, u64)>> {
            tick();
            // a value that the scenario's checks refuse is no world at all
            let Ok(mut changed) = self.at(value).and_then(|w| w.apply(scenario)) else { return Ok(None) };
            let all = changed.replications;
            changed.replications = all.min(FIRST);
            let first = formed(&changed, label)?;
            if first.1 == 0 || first.0 == all {
                return Ok(Some(first));
            }
            changed.replications = all;
            formed(&changed, label).map(Some)
        };
        let half = |(n, hits): (u64, u64)| 2 * hits >= n;
        let found = |from, to, share_of_range, formed| Found {
            lever: self.clone(),
            from,
            works: half(formed),
            to,
            share_of_range,
            formed,
        };
        let Span::Number { from, ends } = self.span else {
            return Ok(runs(0.0)?.map(|formed| found(None, None, 1.0, formed)));
        };
        let range = (ends[1] - ends[0]).abs().max(1e-12);
        let mut best: Option<Found> = None;
        for end in ends.into_iter().filter(|end| *end != from) {
            let Some(mut at_end) = runs(end)? else { continue };
            let (mut works, mut fails) = (end, from);
            if half(at_end) {
                for _ in 0..HALVINGS {
                    let middle = 0.5 * (works + fails);
                    match runs(middle)? {
                        Some(hits) if half(hits) => (works, at_end) = (middle, hits),
                        Some(_) => fails = middle,
                        None => break,
                    }
                }
            }
            let own = found(Some(from), Some(works), (works - from).abs() / range, at_end);
            let better = best.as_ref().is_none_or(|b| match (own.works, b.works) {
                (true, true) => own.share_of_range < b.share_of_range,
                (false, false) => own.formed.1 > b.formed.1,
                (works, _) => works,
            });
            if better {
                best = Some(own);
            }
        }
        Ok(best)
    }
}

/// Runs, and how many of them formed a framework.
///
/// # Errors
/// An unknown population.
pub fn formed(scenario: &Scenario, label: &str) -> anyhow::Result<(u64, u64)> {
    let population = scenario.population(label)?;
    let mut hits = 0;
    replicate(&scenario.world, &population, scenario.replications, |_, record| {
        hits += u64::from(record.outcome().framework.is_some());
        Ok(())
    })?;
    Ok((scenario.replications, hits))
}

/// What it would take under one population.
#[derive(Clone, Debug)]
pub struct Search {
    /// Population.
    pub theory: String,
    /// Runs as the scenario stands, and how many formed a framework.
    pub formed: (u64, u64),
    /// Every lever that could be pulled.
    pub found: Vec<Found>,
}

impl Search {
    /// Levers that would do, the smallest change first.
    pub fn works(&self) -> Vec<&Found> {
        let mut works: Vec<&Found> = self.found.iter().filter(|f| f.works).collect();
        works.sort_by(|a, b| a.share_of_range.total_cmp(&b.share_of_range));
        works
    }
}

/// Pulls every lever under every population of the scenario, and calls `tick` for each value tried.
///
/// # Errors
/// An unknown population, or a scenario without two blocs.
pub fn search(scenario: &Scenario, mut tick: impl FnMut()) -> anyhow::Result<Vec<Search>> {
    if scenario.world.blocs.is_none() {
        anyhow::bail!("{} has no two blocs, so no framework can form", scenario.path.display());
    }
    let one = |theory: &String| {
        let formed = formed(scenario, theory)?;
        let mut found = Vec::new();
        for lever in levers(scenario, theory) {
            found.extend(lever.pull(scenario, theory, &mut tick)?);
        }
        Ok(Search { theory: theory.clone(), formed, found })
    };
    scenario.theories.iter().map(one).collect()
}

impl Found {
    /// The row of takes.csv.
    pub fn row(&self, label: &str) -> rows::Lever {
        let (n, hits) = self.formed;
        let (low, high) = wilson(hits, n);
        let known = |x: Option<f64>| Figure(x.unwrap_or(f64::NAN));
        rows::Lever {
            theory: label.into(),
            kind: self.lever.kind.into(),
            lever: (&self.lever.name).into(),
            from: known(self.from),
            to: known(self.to.filter(|_| self.works)),
            share_of_range: known(self.works.then_some(self.share_of_range)),
            n,
            formed: Figure(hits as f64 / n as f64),
            ci_low: Figure(low),
            ci_high: Figure(high),
            plausible: self.lever.plausible.into(),
        }
    }

    /// The change in words.
    pub fn said(&self) -> String {
        match (self.from, self.to) {
            (Some(from), Some(to)) => {
                let percent = (100.0 * self.share_of_range).round();
                format!(
                    "{} from {} to {} ({percent:.0}% of its range)",
                    self.lever.name,
                    show(from),
                    short(to)
                )
            }
            _ => self.lever.name.clone(),
        }
    }
}

fn short(x: f64) -> String {
    show((x * 1000.0).round() / 1000.0)
}
