//! One scenario, with changes, and everything that may be asked of it.
//!
//! A page holds one session for each set of changes and lets it run a population a few replications at a time, always in
//! the order of replications. So the tables are those of `twain run`, byte for byte, whatever the number of workers.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, anyhow, bail};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::analysis::explain::{Question, explain};
use crate::analysis::facts::{Fact, facts};
use crate::analysis::score::{Hits, Trial, boards};
use crate::analysis::verdict::{on_trial, verdict, write_tables};
use crate::analysis::whatif::{WhatIf, differences, found, measure, outcomes, whatifs};
use crate::chart::findings::findings;
use crate::chart::{CHARTS, Source, gather, label};
use crate::model::world::{Party, Population, World};
use crate::model::{Change as Standing, Record, Simulation};
use crate::output::results::{Detail, Results, Tally};
use crate::output::{Memory, Provenance, Tables, rows};
use crate::scenario::document::{Origin, Value as Typed};
use crate::scenario::{Change, Mistake, NEUTRAL, Node, Scenario, from_text};
use crate::theory::{Parameter, Roster, SCHOOLS};

/// Name of the scenario in messages about mistakes.
const PLACE: &str = "scenario.toml";

/// What is changed in the scenario of the page.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Changes {
    /// `path = value`, as after `--set`.
    pub set: Vec<String>,
    /// Labels of events that do not happen.
    pub drop: Vec<String>,
    /// Decisions fixed from outside, as `[[decision]]` blocks of TOML.
    pub decisions: String,
    /// Id of one of the scenario's what-ifs, applied on top.
    pub whatif: Option<String>,
}

/// What is asked about a decision.
#[derive(Clone, Debug, Deserialize)]
struct Asked {
    theory: String,
    replication: u64,
    who: String,
    what: String,
    when: String,
    #[serde(default)]
    toward: Option<String>,
    #[serde(default)]
    issue: Option<String>,
    #[serde(default)]
    organisation: Option<String>,
}

/// A population that is being run.
struct Running {
    population: Population,
    tally: Tally,
    done: u64,
    outcomes: Vec<Vec<f64>>,
    // rows of the tables that have one row for each run or event
    kept: BTreeMap<String, String>,
}

/// A scenario and its runs so far.
pub struct Session {
    scenario: Scenario,
    facts: Vec<Fact>,
    // what is wrong with the facts: a run needs none, so the rest of the page goes on without them
    unfit: Option<String>,
    whatifs: Vec<WhatIf>,
    wanted: Vec<(String, Option<usize>)>,
    running: BTreeMap<String, Running>,
    trials: BTreeMap<String, Trial>,
}

/// The scenario with its changes.
fn changed(text: &str, others: &BTreeMap<String, String>, changes: &Changes) -> Result<Scenario, Mistake> {
    let set = changes.set.iter().map(|s| Change::parse(s)).collect::<Result<Vec<_>, _>>()?;
    let text = format!("{text}\n{}", changes.decisions);
    let mut scenario = from_text(Path::new(PLACE), &text, &set)?;
    if !changes.drop.is_empty() {
        let dropped = changes.drop.iter().map(|label| Node {
            value: Typed::Text(label.clone()),
            origin: Origin::Change(format!("without {label}")),
        });
        let without = WhatIf {
            id: "without".into(),
            label: "without".into(),
            changes: Vec::new(),
            dropped: dropped.collect(),
            scenario: None,
            typed: Vec::new(),
            decisions: Vec::new(),
        };
        scenario = without.apply(&scenario)?;
    }
    let Some(id) = &changes.whatif else { return Ok(scenario) };
    let all = whatifs(&scenario)?;
    let Some(one) = all.iter().find(|w| w.id == *id) else {
        return Err(Mistake::general(format!("there is no what-if `{id}`"))
            .suggest(id, all.iter().map(|w| w.id.as_str())));
    };
    match others.get(id) {
        // another scenario in place of this one comes with the page: there are no files to read it from
        Some(other) => {
            let both: Vec<Change> = set.iter().chain(&one.changes).cloned().collect();
            from_text(Path::new(PLACE), other, &both)
        }
        None => one.apply(&scenario),
    }
}

impl Session {
    /// Reads a scenario. `text`: the scenario as one TOML document; `others`: the texts of the scenarios that what-ifs put
    /// in its place, by the what-if's id.
    ///
    /// # Errors
    /// The first mistake in the scenario, its changes or its what-ifs. A mistake in the facts is kept for who asks for them.
    pub fn new(text: &str, others: &BTreeMap<String, String>, changes: &Changes) -> Result<Self, Mistake> {
        let base = changed(text, others, &Changes { whatif: None, ..changes.clone() })?;
        // outcomes are those of the scenario without the what-if, found by name in the other
        let asked = outcomes(&base.world);
        let scenario = if changes.whatif.is_some() { changed(text, others, changes)? } else { base };
        let (facts, unfit) = match facts(&scenario) {
            Ok(facts) => (facts, None),
            Err(mistake) => (Vec::new(), Some(mistake.to_string())),
        };
        let whatifs = whatifs(&scenario)?;
        let wanted = found(&scenario.world, &asked);
        Ok(Session {
            scenario,
            facts,
            unfit,
            whatifs,
            wanted,
            running: BTreeMap::new(),
            trials: BTreeMap::new(),
        })
    }

    /// The scenario.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The scenario with its changes as one TOML document, which `twain run` reproduces.
    pub fn toml(&self) -> String {
        self.scenario.tree.to_toml()
    }

    /// What the page has to know of the scenario: names, dates, parameters, shocks, facts, what-ifs.
    pub fn about(&self) -> Value {
        let scenario = &self.scenario;
        let world = &scenario.world;
        let mut all = self.manifest(0, &scenario.theories, &[]);
        if let Some(manifest) = all.as_object_mut() {
            manifest.remove("resolved");
            manifest.remove("files");
            manifest.remove("command");
        }
        let texts = |node: &Node, key: &str| node.get(key).and_then(Node::text).unwrap_or_default();
        let list = |key: &str| scenario.tree.get(key).map(Node::items).unwrap_or(&[]);
        let parameters = |path: &str, own: &'static [Parameter]| -> Vec<Value> {
            own.iter()
                .map(|p| {
                    json!({ "path": format!("{path}.{}", p.name), "name": p.name, "default": p.default, "low": p.low,
                        "high": p.high, "off": p.neutral, "unit": p.unit, "meaning": p.meaning, "source": p.source })
                })
                .collect()
        };
        let mut registry = parameters("world", crate::model::parameters::World::PARAMETERS);
        for (k, school) in SCHOOLS.iter().enumerate() {
            registry.extend(parameters(&format!("theory.{school}"), Roster::parameters(k)));
        }
        for body in &world.organisations {
            all["organisations"][&body.code]["monitoring"] = body.monitoring.into();
            all["organisations"][&body.code]["institution"] = body.institution.into();
        }
        all["dates"] = (0..world.calendar.steps).map(|s| world.calendar.label(s)).collect();
        // the neutral egoist stands beside the schools, so that what it shows too is credited to none of them
        let beside = (!scenario.theories.iter().any(|t| t == NEUTRAL)
            && scenario.population(NEUTRAL).is_ok())
        .then(|| NEUTRAL.to_string());
        all["populations"] = scenario
            .theories
            .iter()
            .chain(&beside)
            .map(|t| json!({ "name": t, "label": label(t) }))
            .collect();
        all["on_trial"] = on_trial(scenario, false).into();
        all["registry"] = registry.into();
        all["issues"] = world.issues.iter().map(|i| json!({ "code": i.code, "name": i.name })).collect();
        all["events"] = list("event")
            .iter()
            .map(|e| json!({ "label": texts(e, "label"), "date": texts(e, "date"), "kind": texts(e, "kind"), "source": texts(e, "source") }))
            .collect();
        all["proposals"] = world
            .proposals
            .iter()
            .map(|p| json!({ "label": p.label, "date": world.calendar.label(p.step), "kind": p.kind.name() }))
            .collect();
        all["facts"] = self
            .facts
            .iter()
            .map(|f| json!({ "id": f.id, "claim": f.claim, "page": f.page, "period": f.period, "block": f.block,
                "split": if f.holdout { "holdout" } else { "calibration" }, "claims": f.claims.map(String::from) }))
            .collect();
        all["facts_mistake"] = self.unfit.clone().into();
        all["whatifs"] = list("whatif")
            .iter()
            .map(|w| {
                json!({ "id": texts(w, "id"), "label": texts(w, "label"),
                "set": w.get("set").map_or_else(|| json!([]), Node::to_json),
                "drop": w.get("drop_events").map_or_else(|| json!([]), Node::to_json) })
            })
            .collect();
        all
    }

    fn manifest(&self, replications: u64, theories: &[String], tables: &[&str]) -> Value {
        let provenance = Provenance {
            command: format!("twain run {}", self.scenario.name),
            replications,
            theories: theories.to_vec(),
        };
        let files = tables.iter().map(|t| ((*t).to_string(), json!({}))).collect();
        let mut manifest = provenance.manifest(&self.scenario, Value::Object(files));
        manifest["scenario"]["file"] = format!("{}.toml", self.scenario.name).into();
        manifest
    }

    /// Runs the next `count` replications of a population; returns how many are done.
    ///
    /// # Errors
    /// An unknown population.
    pub fn run(&mut self, theory: &str, count: u64) -> anyhow::Result<u64> {
        let Session { scenario, running, wanted, .. } = self;
        if !running.contains_key(theory) {
            let population = scenario.population(theory).map_err(worded)?;
            let tally = Results::create(&Memory::default(), scenario, Detail::Brief)?.tally(&population);
            let fresh = Running { population, tally, done: 0, outcomes: Vec::new(), kept: BTreeMap::new() };
            running.insert(theory.to_string(), fresh);
        }
        let mine = running.get_mut(theory).context("no such population")?;
        let mut memory = Memory::default();
        let mut results = Results::create(&memory, scenario, Detail::Brief)?;
        let mut record = Record::new(&scenario.world);
        for replication in mine.done..mine.done + count {
            Simulation::new(&scenario.world, &mine.population).run(replication, &mut record);
            results.add(&mut mine.tally, replication, &record)?;
            mine.outcomes.push(measure(&scenario.world, &record, wanted));
        }
        results.close(&mut memory)?;
        for name in ["runs.csv", "memberships.csv"] {
            let text = memory.tables.remove(name).unwrap_or_default();
            let kept = mine.kept.entry(name.to_string()).or_default();
            // one header for all
            kept.push_str(if kept.is_empty() { &text } else { text.split_once('\n').map_or("", |t| t.1) });
        }
        mine.done += count;
        Ok(mine.done)
    }

    /// The tables of a population's runs so far, as `twain run --brief --theory NAME` writes them, and a digest.
    ///
    /// # Errors
    /// A population that was not run.
    pub fn snapshot(&self, theory: &str) -> anyhow::Result<Value> {
        let mine = self.running.get(theory).with_context(|| format!("{theory} was not run"))?;
        let mut memory = Memory::default();
        let mut results = Results::create(&memory, &self.scenario, Detail::Brief)?;
        let digest = results.close_population(&mine.tally)?;
        results.close(&mut memory)?;
        for (name, text) in &mine.kept {
            memory.tables.insert(name.clone(), text.clone());
        }
        let calendar = self.scenario.world.calendar;
        let (hits, (low, high)) = digest.framework;
        Ok(json!({
            "theory": theory, "runs": mine.done, "tables": memory.tables,
            "framework": { "hits": hits, "low": low, "high": high, "date": digest.framework_date },
            "proposals": digest.proposals, "last": calendar.label(calendar.steps - 1),
            "blockers": digest.refusers.iter().map(|r| {
                json!({ "who": self.scenario.world.states[r.state].code, "share": r.share, "term": r.reason })
            }).collect::<Vec<_>>(),
            "movers": digest.movers.iter().map(|m| {
                json!({ "body": self.scenario.world.organisations[m.organisation].code,
                    "who": self.scenario.world.states[m.state].code, "left": m.left, "back": m.back, "term": m.reason })
            }).collect::<Vec<_>>(),
            "outcomes": mine.outcomes,
        }))
    }

    /// Every table of `twain run` for these populations and this number of replications.
    ///
    /// # Errors
    /// An unknown population.
    pub fn tables(&self, theories: &[String], replications: u64) -> anyhow::Result<BTreeMap<String, String>> {
        let mut memory = Memory::default();
        let mut results = Results::create(&memory, &self.scenario, Detail::Full)?;
        let mut record = Record::new(&self.scenario.world);
        for theory in theories {
            let population = self.scenario.population(theory).map_err(worded)?;
            let mut tally = results.tally(&population);
            for replication in 0..replications {
                Simulation::new(&self.scenario.world, &population).run(replication, &mut record);
                results.add(&mut tally, replication, &record)?;
            }
            results.close_population(&tally)?;
        }
        results.close(&mut memory)?;
        Ok(memory.tables)
    }

    /// Charts and findings from the tables of several populations, each as [`Session::snapshot`] gave them, in the order
    /// in which they are to stand. `only`: names of charts; all if empty.
    ///
    /// # Errors
    /// Tables that do not belong together.
    pub fn charts(
        &self,
        theories: &[String],
        parts: &[BTreeMap<String, String>],
        replications: u64,
        only: &[String],
    ) -> anyhow::Result<Value> {
        let source = self.source(theories, parts, replications);
        let mut charts = Vec::new();
        for kind in CHARTS.iter().filter(|k| only.is_empty() || only.iter().any(|o| o == k.name)) {
            charts.extend(kind.of(&source)?.as_ref().map(chart_json));
        }
        let compared = source.has("scores.csv").then_some(&source);
        Ok(json!({ "charts": charts, "findings": findings(&source, compared)? }))
    }

    /// The tables of several populations put together, as if one command had written them.
    fn source(&self, theories: &[String], parts: &[BTreeMap<String, String>], replications: u64) -> Source {
        let mut tables: BTreeMap<String, String> = BTreeMap::new();
        for part in parts {
            for (name, text) in part {
                match tables.get_mut(name) {
                    // events are the world's: every population brings the same
                    Some(_) if name == "events.csv" => {}
                    Some(all) => all.push_str(text.split_once('\n').map_or("", |t| t.1)),
                    None => {
                        tables.insert(name.clone(), text.clone());
                    }
                }
            }
        }
        let names: Vec<&str> = tables.keys().map(String::as_str).collect();
        Source::memory(self.manifest(replications, theories, &names), tables)
    }

    /// Compares runs of this scenario with runs of changed ones: `cases` holds, for each, its id, its label and, by
    /// population, the outcomes that [`Session::snapshot`] gave. Returns whatif.csv and its chart.
    ///
    /// # Errors
    /// A case without outcomes.
    pub fn compare(
        &self,
        theories: &[String],
        base: &BTreeMap<String, Vec<Vec<Option<f64>>>>,
        cases: &[Case],
    ) -> anyhow::Result<Value> {
        let asked = outcomes(&self.scenario.world);
        let mut memory = Memory::default();
        let mut table = memory.open::<rows::Change>()?;
        let mut pairs = 0;
        for case in cases {
            let whatif = WhatIf {
                id: case.id.clone(),
                label: case.label.clone(),
                changes: Vec::new(),
                dropped: Vec::new(),
                scenario: None,
                typed: Vec::new(),
                decisions: Vec::new(),
            };
            for theory in theories {
                let (Some(a), Some(b)) = (base.get(theory), case.outcomes.get(theory)) else {
                    bail!("{} was not run under {theory}", case.label);
                };
                let (a, b) = (values(a), values(b));
                let n = a.len().min(b.len());
                pairs = pairs.max(n as u64);
                for (k, d) in differences(&asked, &a[..n], &b[..n]).into_iter().enumerate() {
                    if let Some(d) = d {
                        table.write(&d.row(theory, &whatif, &asked[k].0))?;
                    }
                }
            }
        }
        memory.close(table)?;
        let text = memory.tables.clone();
        let source = self.source(theories, std::slice::from_ref(&text), pairs);
        let charts: Vec<Value> = gather(&source, &[])?.iter().map(chart_json).collect();
        Ok(json!({ "tables": text, "charts": charts }))
    }

    /// Holds the next `count` replications of a population to the facts; returns how many are done.
    ///
    /// # Errors
    /// An unknown population, or a what-if of a fact that cannot be run here.
    pub fn try_facts(&mut self, theory: &str, count: u64) -> anyhow::Result<Value> {
        let Session { scenario, facts, whatifs, trials, .. } = self;
        if !trials.contains_key(theory) {
            trials.insert(theory.to_string(), Trial::new(scenario, facts, whatifs, theory).map_err(worded)?);
        }
        let trial = trials.get_mut(theory).context("no such population")?;
        let first = trial.hits().runs;
        for replication in first..first + count {
            let records: Vec<Record> = trial
                .cases()
                .into_iter()
                .map(|(world, population)| {
                    let mut record = Record::new(world);
                    Simulation::new(world, population).run(replication, &mut record);
                    record
                })
                .collect();
            trial.count(facts, &records);
        }
        Ok(serde_json::to_value(trial.hits())?)
    }

    /// Scores populations held to the facts: the tables of `twain compare`, the scorecard, and the verdict in words.
    /// `bets`: a name and a probability for each fact, `null` where none was given.
    ///
    /// # Errors
    /// Hits that do not belong to this scenario's facts.
    pub fn verdict(&self, all: &[Counted], bets: &[(String, Vec<Option<f64>>)]) -> anyhow::Result<Value> {
        let all: Vec<Hits> = all.iter().map(Counted::hits).collect();
        if self.facts.is_empty() {
            bail!("the scenario has no facts");
        }
        if let Some(h) = all.iter().find(|h| h.hits.len() != self.facts.len()) {
            bail!("{} was held to other facts", h.theory);
        }
        let scored = boards(&all, &self.facts, self.scenario.world.seed);
        let mut memory = Memory::default();
        write_tables(&mut memory, &all, &self.facts, &scored)?;
        let words = verdict(&self.scenario.title, &all, &self.facts, &scored, bets);
        let theories: Vec<String> = all.iter().map(|h| h.theory.clone()).collect();
        let runs = all.first().map_or(0, |h| h.runs);
        let tables = memory.tables.clone();
        let source = self.source(&theories, std::slice::from_ref(&tables), runs);
        let charts: Vec<Value> = gather(&source, &[])?.iter().map(chart_json).collect();
        Ok(
            json!({ "tables": tables, "words": words, "charts": charts, "findings": findings(&source, Some(&source))? }),
        )
    }

    /// Why a state decided as it did; see `twain explain`.
    ///
    /// # Errors
    /// A decision that was not made.
    pub fn explain(&self, question: &str) -> anyhow::Result<Value> {
        let q: Asked = serde_json::from_str(question)?;
        let asked = Question {
            theory: q.theory,
            replication: q.replication,
            who: q.who,
            what: q.what,
            when: q.when,
            toward: q.toward,
            issue: q.issue,
            organisation: q.organisation,
        };
        let explanation = explain(&self.scenario, &asked).map_err(worded)?;
        let mut value = serde_json::to_value(&explanation)?;
        value["text"] = explanation.text().into();
        Ok(value)
    }

    /// One replication of a population as the state `who` lives it: its votes, changes of standing and renewals in order
    /// of time, and what came of the run.
    ///
    /// # Errors
    /// An unknown population or state.
    pub fn life(&self, theory: &str, replication: u64, who: &str) -> anyhow::Result<Value> {
        let world = &self.scenario.world;
        let population = self.scenario.population(theory).map_err(worded)?;
        let state = world.state(who).ok_or_else(|| anyhow!("there is no state `{who}`"))?;
        let mut record = Record::new(world);
        Simulation::new(world, &population).run(replication, &mut record);
        Ok(life(world, &record, state))
    }
}

/// Hits of one population as [`Session::try_facts`] gave them.
#[derive(Clone, Debug, Deserialize)]
pub struct Counted {
    theory: String,
    kind: String,
    parameters: usize,
    runs: u64,
    hits: Vec<u64>,
    missing: Vec<u64>,
}

impl Counted {
    fn hits(&self) -> Hits {
        let known = ["school", "mix", "ablation", "null"].into_iter().find(|k| *k == self.kind);
        Hits {
            theory: self.theory.clone(),
            kind: known.unwrap_or("mix"),
            parameters: self.parameters,
            runs: self.runs,
            hits: self.hits.clone(),
            missing: self.missing.clone(),
        }
    }
}

/// A changed scenario, for [`Session::compare`].
#[derive(Clone, Debug, Deserialize)]
pub struct Case {
    /// Short name.
    pub id: String,
    /// What changes, in words.
    pub label: String,
    /// Outcomes of each run, by population.
    pub outcomes: BTreeMap<String, Vec<Vec<Option<f64>>>>,
}

fn worded(mistake: Mistake) -> anyhow::Error {
    anyhow!("{mistake}")
}

fn chart_json(chart: &crate::chart::Chart) -> Value {
    let mut data = chart.json();
    data["draw"] = chart.draw.into();
    data["name"] = chart.name.into();
    data["alt"] = chart.alt.clone().into();
    data
}

fn values(rows: &[Vec<Option<f64>>]) -> Vec<Vec<f64>> {
    rows.iter().map(|row| row.iter().map(|x| x.unwrap_or(f64::NAN)).collect()).collect()
}

fn life(world: &World, record: &Record, state: usize) -> Value {
    let calendar = world.calendar;
    let mut moments: Vec<(usize, Value)> = Vec::new();
    for vote in record.votes.iter().filter(|v| v.state == state) {
        let p = &record.proposals[vote.proposal];
        let cast: Vec<_> = record.votes.iter().filter(|v| v.proposal == vote.proposal).collect();
        let refused: Vec<&str> =
            cast.iter().filter(|v| !v.yes).map(|v| world.states[v.state].code.as_str()).collect();
        moments.push((
            p.step,
            json!({ "what": "vote", "date": calendar.label(p.step), "kind": p.kind.name(),
                "label": p.dated.map(|d| world.proposals[d].label.as_str()),
                "from": world.party_code(p.from), "to": world.party_code(p.to),
                "on": vote.organisation.map(|o| world.organisations[o].code.as_str()),
                "yes": vote.yes, "utility": vote.utility, "pivotality": vote.pivotality,
                "reason": vote.reason_word(), "passed": p.passed, "chance": p.chance,
                "voters": cast.len(), "refused": refused }),
        ));
    }
    for (step, other, issue) in encounters(world, state) {
        moments.push((
            step,
            json!({ "what": "move", "date": calendar.label(step), "toward": world.states[other].code,
                "on": world.issues[issue].code, "issue": world.issues[issue].name }),
        ));
    }
    for (o, body) in world.organisations.iter().enumerate() {
        let n = world.n();
        for &step in &body.renewals {
            let before = step.checked_sub(1).is_some_and(|s| {
                record.members.get((s * world.organisations.len() + o) * n + state).copied().unwrap_or(false)
            });
            if before {
                let left = record.memberships.iter().any(|m| {
                    m.state == state && m.organisation == o && m.step == step && m.change == Standing::Leave
                });
                moments.push((
                    step,
                    json!({ "what": "membership", "date": calendar.label(step), "on": body.code, "renewal": true, "left": left }),
                ));
            }
        }
    }
    for m in record.memberships.iter().filter(|m| m.state == state) {
        let body = &world.organisations[m.organisation];
        if m.change == Standing::Leave && body.renewals.contains(&m.step) {
            continue;
        }
        moments.push((
            m.step,
            json!({ "what": "change", "date": calendar.label(m.step), "on": body.code, "change": m.change.name(),
                "dated": !m.decided, "reason": m.reason_word() }),
        ));
    }
    // within a step in the order of its phases: what is decided first may leave nothing to decide after it
    let phase = |moment: &Value| match moment["what"].as_str() {
        Some("move") => 0,
        Some("membership" | "change") => 1,
        _ => 2,
    };
    moments.sort_by_key(|m| (m.0, phase(&m.1)));
    let outcome = record.outcome();
    json!({
        "who": world.states[state].code,
        "moments": moments.into_iter().map(|m| m.1).collect::<Vec<_>>(),
        "framework": outcome.framework.map(|s| calendar.label(s)),
        "proposals": outcome.proposals, "passed": outcome.passed, "met": record.met,
    })
}

/// The encounters a player decides: at the four greatest shocks, with the leading state it has most to do with, on the issue
/// at which most is at stake for it. Step, other state, issue.
fn encounters(world: &World, state: usize) -> Vec<(usize, usize, usize)> {
    let leads: Vec<usize> = world
        .blocs
        .iter()
        .flatten()
        .filter_map(|&o| world.organisations[o].leader)
        .filter(|&l| l != state)
        .collect();
    let watched = |other: usize| {
        let pair = [Party::State(state), Party::State(other)];
        world.watch.iter().any(|w| pair.contains(&w.0) && pair.contains(&w.1) && w.0 != w.1)
    };
    let Some(&other) = leads.iter().find(|&&l| watched(l)).or(leads.first()) else { return Vec::new() };
    let mut shocks: Vec<_> = world.events.iter().filter(|e| e.chart).collect();
    shocks.sort_by(|a, b| b.size.abs().total_cmp(&a.size.abs()).then(a.step.cmp(&b.step)));
    let mut steps: Vec<usize> = shocks.iter().map(|e| e.step).collect();
    let mut seen = Vec::new();
    steps.retain(|s| {
        !seen.contains(s) && {
            seen.push(*s);
            true
        }
    });
    steps
        .into_iter()
        .take(4)
        .filter_map(|step| {
            let stake = |m: &usize| {
                let issue = &world.issues[*m];
                issue.level[step] * issue.exposure[state].abs()
            };
            let active = (0..world.issues.len()).filter(|&m| {
                let issue = &world.issues[m];
                (issue.from..=issue.until).contains(&step)
            });
            active.max_by(|a, b| stake(a).total_cmp(&stake(b)).then(b.cmp(a))).map(|m| (step, other, m))
        })
        .collect()
}
