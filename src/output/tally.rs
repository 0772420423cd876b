//! Sums over the runs of one population, and what is known of it when they are over.

use std::collections::BTreeMap;

use super::{Cell, Summary};
use crate::interval::wilson;
use crate::model::date::Calendar;
use crate::model::world::{Party, Population, ProposalKind};
use crate::model::{Change, MetricKind, ProposalRecord, Record, VoteRecord, Weighting, World};
use crate::scenario::Scenario;

/// What is known of one population when its runs are over.
#[derive(Clone, Debug)]
pub struct Digest {
    /// Label.
    pub theory: String,
    /// Runs.
    pub runs: u64,
    /// Runs in which a framework was formed, with Wilson's 95% interval of the share.
    pub framework: (u64, (f64, f64)),
    /// Median date of the first framework, among runs that formed one.
    pub framework_date: Option<String>,
    /// Proposals of a framework between the blocs, over all runs.
    pub proposals: u64,
    /// Those that passed.
    pub passed: u64,
    /// Those that a side refused on principle, whatever its members would have voted.
    pub on_principle: u64,
    /// Runs without any such proposal.
    pub unasked: u64,
    /// States that broke silence at such proposals, most often first.
    pub refusers: Vec<Refuser>,
    /// Mean of each metric by step.
    pub means: Vec<Vec<f64>>,
    /// For each decision given from outside: in how many runs it came up.
    pub given: Vec<u64>,
    /// States that decided to leave a body, most often first.
    pub movers: Vec<Mover>,
    /// What happened around each dated shock that charts name, metric by metric as words and pictures follow them: the year from its date
    /// less the year before, run by run.
    pub around: Vec<Vec<Summary>>,
}

/// How often a state broke silence when a framework between the blocs was proposed.
#[derive(Clone, Debug)]
pub struct Refuser {
    /// State.
    pub state: usize,
    /// Share of its votes.
    pub share: f64,
    /// The most frequent reason: a term, `luck` or `given`; empty for a null model.
    pub reason: &'static str,
}

/// How often a state left a body by its own decision.
#[derive(Clone, Debug)]
pub struct Mover {
    /// Body.
    pub organisation: usize,
    /// State.
    pub state: usize,
    /// Share of runs in which it left.
    pub left: f64,
    /// Share of runs in which it came back.
    pub back: f64,
    /// The most frequent reason for leaving: a term, or `luck`; empty for a null model.
    pub reason: &'static str,
}

/// The metrics that the words and the pictures follow: cooperation between the blocs, of their leaders with the other
/// bloc, and of every watched pair; places in the list of metrics. The first is the one the record is coded in, else the
/// second bloc's leader with the first bloc, else what comes first.
pub fn followed(scenario: &Scenario) -> Vec<usize> {
    let world = &scenario.world;
    let metrics = crate::model::metrics::metrics(world);
    let name = |k: usize| metrics[k].name.as_str();
    let record = scenario.tree.get("record").map(crate::scenario::Node::items).unwrap_or(&[]);
    let coded: Vec<String> = record.iter().filter_map(|r| r.get("metric")?.text()).collect();
    let of_leader = |k: usize| match (metrics[k].kind, world.blocs) {
        (MetricKind::Cooperation(a, b, _), Some([x, y])) => {
            b == Party::Organisation(x) && world.organisations[y].leader.map(Party::State) == Some(a)
        }
        _ => false,
    };
    let mut all: Vec<usize> = (0..metrics.len())
        .filter(|&k| matches!(metrics[k].kind, MetricKind::Cooperation(a, b, Weighting::Stake) if a != b))
        .collect();
    let mut seen = Vec::new();
    all.retain(|&k| {
        !seen.contains(&name(k)) && {
            seen.push(name(k));
            true
        }
    });
    all.sort_by_key(|&k| (!coded.iter().any(|c| c == name(k)), !of_leader(k)));
    all
}

/// Votes of one member on one proposal.
#[derive(Default)]
pub(super) struct VoteTally {
    pub(super) n: u64,
    pub(super) no: u64,
    pub(super) utility: f64,
    pub(super) pivotality: f64,
    pub(super) terms: BTreeMap<&'static str, u64>,
}

/// Departures of one state from one body.
#[derive(Default)]
pub(super) struct MoveTally {
    pub(super) left: u64,
    pub(super) back: u64,
    pub(super) terms: BTreeMap<&'static str, u64>,
}

/// Sums over the runs of one population.
pub struct Tally {
    pub(super) label: String,
    pub(super) cells: Vec<Cell>,
    pub(super) states: Vec<Cell>,
    pub(super) members: Vec<u64>,
    pub(super) votes: BTreeMap<(usize, String, usize, usize), VoteTally>,
    pub(super) moves: BTreeMap<(usize, usize), MoveTally>,
    pub(super) dyads: Vec<[f64; 4]>,
    pub(super) dyad_steps: Vec<usize>,
    pub(super) frameworks: Vec<usize>,
    pub(super) proposals: u64,
    pub(super) passed: u64,
    pub(super) on_principle: u64,
    pub(super) unasked: u64,
    pub(super) refusers: BTreeMap<usize, VoteTally>,
    pub(super) around: Vec<Vec<Cell>>,
    pub(super) runs: u64,
    pub(super) given: Vec<u64>,
}

impl VoteTally {
    fn add(&mut self, vote: &VoteRecord) {
        self.n += 1;
        self.no += u64::from(!vote.yes);
        self.utility += vote.utility;
        self.pivotality += vote.pivotality;
        if !vote.yes {
            *self.terms.entry(vote.reason_word()).or_default() += 1;
        }
    }
}

impl Tally {
    /// Room for the runs of one population, in which the metrics `followed` are measured around dated shocks.
    pub(super) fn new(world: &World, population: &Population, followed: &[usize]) -> Self {
        let steps = world.calendar.steps;
        let metrics = crate::model::metrics::metrics(world);
        let cells = (0..steps).flat_map(|_| metrics.iter().map(|m| Cell::new(m.low, m.high)));
        Tally {
            label: population.label.clone(),
            cells: cells.collect(),
            states: (0..steps * world.n() * 3).map(|_| Cell::new(0.0, 1.0)).collect(),
            members: vec![0; steps * world.organisations.len() * world.n()],
            votes: BTreeMap::new(),
            moves: BTreeMap::new(),
            dyads: Vec::new(),
            dyad_steps: Vec::new(),
            frameworks: Vec::new(),
            proposals: 0,
            passed: 0,
            on_principle: 0,
            unasked: 0,
            refusers: BTreeMap::new(),
            around: shocks(world).map(|_| followed.iter().map(|_| Cell::new(-1.0, 1.0)).collect()).collect(),
            runs: 0,
            given: vec![0; world.decisions.len()],
        }
    }

    /// Adds a run.
    pub(super) fn add(&mut self, world: &World, record: &Record, followed: &[usize]) {
        self.runs += 1;
        record.met.iter().for_each(|&d| self.given[d] += 1);
        self.add_proposals(world, record);
        for (cells, step) in self.around.iter_mut().zip(shocks(world)) {
            for (cell, &metric) in cells.iter_mut().zip(followed) {
                cell.add(around(record, metric, step, world.calendar));
            }
        }
        for (cell, &x) in self.cells.iter_mut().zip(&record.values) {
            cell.add(x);
        }
        let n = world.n();
        for &step in &record.dyad_steps {
            let cells = self.states[step * n * 3..(step + 1) * n * 3].iter_mut();
            for (cell, &value) in cells.zip(record.states[step * n..(step + 1) * n].iter().flatten()) {
                cell.add(value);
            }
        }
        for (cell, &member) in self.members.iter_mut().zip(&record.members) {
            *cell += u64::from(member);
        }
        for vote in &record.votes {
            let p = &record.proposals[vote.proposal];
            let body = vote.organisation.unwrap_or(usize::MAX);
            // proposals made by leaders at many dates are tallied together, under step 0
            let step = if p.dated.is_some() { p.step } else { 0 };
            let key = (step, tally_label(world, p), body, vote.state);
            self.votes.entry(key).or_default().add(vote);
            if between_blocs(world, p) {
                self.refusers.entry(vote.state).or_default().add(vote);
            }
        }
        self.add_moves(record);
        self.add_dyads(record);
    }

    fn add_proposals(&mut self, world: &World, record: &Record) {
        let outcome = record.outcome();
        self.proposals += outcome.proposals as u64;
        self.passed += outcome.passed as u64;
        self.unasked += u64::from(outcome.proposals == 0);
        self.frameworks.extend(outcome.framework);
        let asked = record.proposals.iter().filter(|p| between_blocs(world, p));
        self.on_principle += asked.filter(|p| p.on_principle.contains(&true)).count() as u64;
    }

    /// Who left and who came back, once a run.
    fn add_moves(&mut self, record: &Record) {
        let (mut left, mut back) = (Vec::new(), Vec::new());
        for m in &record.memberships {
            let key = (m.organisation, m.state);
            match m.change {
                Change::Leave if m.decided => {
                    if !left.contains(&key) {
                        left.push(key);
                    }
                    *self.moves.entry(key).or_default().terms.entry(m.reason_word()).or_default() += 1;
                }
                Change::Rejoin if !back.contains(&key) => back.push(key),
                _ => {}
            }
        }
        for key in left {
            self.moves.entry(key).or_default().left += 1;
        }
        for key in back {
            self.moves.entry(key).or_default().back += 1;
        }
    }

    fn add_dyads(&mut self, record: &Record) {
        if self.dyads.is_empty() {
            self.dyads = vec![[0.0; 4]; record.dyads.len()];
            self.dyad_steps.clone_from(&record.dyad_steps);
        }
        for (sum, cell) in self.dyads.iter_mut().zip(&record.dyads) {
            if !cell[0].is_nan() {
                sum[0] += f64::from(cell[0]);
                sum[3] += 1.0;
            }
            sum[1] += f64::from(cell[1]);
            sum[2] += f64::from(cell[2]);
        }
    }

    /// What was seen; `means` are those of each metric by step.
    pub(super) fn digest(&self, world: &World, means: Vec<Vec<f64>>) -> Digest {
        let code = |state: usize| world.states[state].code.as_str();
        let refused = self.refusers.iter().filter(|(_, t)| t.no > 0);
        let mut refusers: Vec<Refuser> = refused
            .map(|(&state, t)| Refuser { state, share: t.no as f64 / t.n as f64, reason: most(&t.terms) })
            .collect();
        refusers.sort_by(|a, b| b.share.total_cmp(&a.share).then_with(|| code(a.state).cmp(code(b.state))));
        let runs = self.runs.max(1) as f64;
        let left = self.moves.iter().filter(|(_, t)| t.left > 0);
        let mut movers: Vec<Mover> = left
            .map(|(&(organisation, state), t)| Mover {
                organisation,
                state,
                left: t.left as f64 / runs,
                back: t.back as f64 / runs,
                reason: most(&t.terms),
            })
            .collect();
        movers.sort_by(|a, b| b.left.total_cmp(&a.left).then_with(|| code(a.state).cmp(code(b.state))));
        let mut dates = self.frameworks.clone();
        dates.sort_unstable();
        let formed = self.frameworks.len() as u64;
        Digest {
            theory: self.label.clone(),
            runs: self.runs,
            framework: (formed, wilson(formed, self.runs)),
            framework_date: dates.get(dates.len() / 2).map(|&s| world.calendar.label(s)),
            proposals: self.proposals,
            passed: self.passed,
            on_principle: self.on_principle,
            unasked: self.unasked,
            refusers,
            means,
            movers,
            given: self.given.clone(),
            around: self.around.iter().map(|cells| cells.iter().map(Cell::summary).collect()).collect(),
        }
    }
}

/// Label of a proposal: its kind and, if dated, its words.
pub(super) fn proposal_label(world: &World, p: &ProposalRecord) -> String {
    match p.dated {
        Some(d) => format!("{}: {}", p.kind.name(), world.proposals[d].label),
        None => p.kind.name().to_string(),
    }
}

/// The same where proposals of leaders at many dates stand together: with who proposed to whom.
fn tally_label(world: &World, p: &ProposalRecord) -> String {
    let label = proposal_label(world, p);
    match p.dated {
        Some(_) => label,
        None => format!("{label} ({} to {})", world.party_code(p.from), world.party_code(p.to)),
    }
}

/// The most frequent word; of equals the first in the alphabet.
pub(super) fn most(terms: &BTreeMap<&'static str, u64>) -> &'static str {
    terms.iter().max_by_key(|(name, count)| (**count, std::cmp::Reverse(**name))).map_or("", |(name, _)| name)
}

/// Whether a proposal is one of a framework between the two blocs.
pub(super) fn between_blocs(world: &World, p: &ProposalRecord) -> bool {
    let sides = world.blocs.map(|b| b.map(Party::Organisation));
    p.kind == ProposalKind::Framework
        && sides.is_some_and(|[a, b]| (p.from, p.to) == (a, b) || (p.from, p.to) == (b, a))
}

/// Steps of the shocks that charts name, in the order of [`Digest::around`].
fn shocks(world: &World) -> impl Iterator<Item = usize> + '_ {
    world.events.iter().filter(|e| e.chart).map(|e| e.step)
}

/// Mean of a metric over the year from `step` less that over the year before; NaN where one of them has no value.
fn around(record: &Record, metric: usize, step: usize, calendar: Calendar) -> f64 {
    let year = calendar.per_year().round().max(1.0) as usize;
    let mean = |steps: std::ops::Range<usize>| {
        let values = steps.map(|s| record.value(s, metric)).filter(|x| !x.is_nan());
        let (sum, n) = values.fold((0.0, 0.0), |(s, n), x| (s + x, n + 1.0));
        sum / n
    };
    mean(step..(step + year).min(calendar.steps)) - mean(step.saturating_sub(year)..step)
}
