//! What a run leaves behind: series of metrics, votes, memberships, proposals.

use super::metrics::{Metric, metrics};
use super::politics::{Change, MembershipChange, VoteRecord};
use super::simulation::Simulation;
use super::world::{Party, ProposalKind, World};
use crate::theory::Term;

/// One proposal and what came of it.
#[derive(Clone, Debug)]
pub struct ProposalRecord {
    /// Step.
    pub step: usize,
    /// Who proposed.
    pub from: Party,
    /// Who was addressed.
    pub to: Party,
    /// Kind.
    pub kind: ProposalKind,
    /// Index among the scenario's dated proposals; `None` if a leader made it.
    pub dated: Option<usize>,
    /// Whether both sides agreed.
    pub passed: bool,
    /// Probability of agreement before the votes were drawn.
    pub chance: f64,
}

/// The outcome of a run in one line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// Step at which a framework between the two blocs was first formed.
    pub framework: Option<usize>,
    /// Number of proposals between the two blocs.
    pub proposals: usize,
    /// Number of these that passed.
    pub passed: usize,
}

/// Everything observed in one run. Reused from run to run.
#[derive(Clone, Debug)]
pub struct Record {
    /// The metrics, in the order of columns.
    pub metrics: Vec<Metric>,
    /// Values, step-major: `values[step * metrics.len() + metric]`.
    pub values: Vec<f64>,
    /// Votes in order.
    pub votes: Vec<VoteRecord>,
    /// Proposals in order.
    pub proposals: Vec<ProposalRecord>,
    /// Changes of standing in order.
    pub memberships: Vec<MembershipChange>,
    /// Per step and state: spending share of GDP, side payment, frameworks it takes part in.
    pub states: Vec<[f64; 3]>,
    /// Per step: whether state is a member of organisation, organisation-major.
    pub members: Vec<bool>,
    /// Per step: mean cooperation, identification and threat per directed dyad, first step of each year only.
    pub dyads: Vec<[f32; 3]>,
    /// Steps for which `dyads` holds a block of n x n.
    pub dyad_steps: Vec<usize>,
    year_starts: Vec<bool>,
    blocs: Option<[usize; 2]>,
}

impl Record {
    /// Room for a run in `world`.
    pub fn new(world: &World) -> Self {
        let calendar = world.calendar;
        let year_starts = (0..calendar.steps)
            .map(|s| s == 0 || calendar.date(s).year() != calendar.date(s - 1).year())
            .collect();
        Record {
            metrics: metrics(world),
            values: Vec::new(),
            votes: Vec::new(),
            proposals: Vec::new(),
            memberships: Vec::new(),
            states: Vec::new(),
            members: Vec::new(),
            dyads: Vec::new(),
            dyad_steps: Vec::new(),
            year_starts,
            blocs: world.blocs,
        }
    }

    /// Empties the record, keeping its room.
    pub fn clear(&mut self) {
        self.values.clear();
        self.votes.clear();
        self.proposals.clear();
        self.memberships.clear();
        self.states.clear();
        self.members.clear();
        self.dyads.clear();
        self.dyad_steps.clear();
    }

    pub(crate) fn membership(
        &mut self,
        step: usize,
        state: usize,
        organisation: usize,
        change: Change,
        deciding: Option<&'static Term>,
    ) {
        self.memberships.push(MembershipChange { step, state, organisation, change, deciding });
    }

    /// Phase 8: observation.
    pub(crate) fn observe(&mut self, sim: &Simulation<'_>) {
        for metric in &self.metrics {
            self.values.push(metric.kind.measure(sim));
        }
        let n = sim.world.n();
        for i in 0..n {
            let mut frameworks = 0.0;
            for o in 0..sim.world.organisations.len() {
                if sim.member[o * n + i] || sim.partner[o * n + i] {
                    frameworks += 1.0;
                }
            }
            self.states.push([sim.spending[i], sim.side_payment[i], frameworks]);
        }
        self.members.extend_from_slice(&sim.member);
        if self.year_starts[sim.step] {
            self.dyad_steps.push(sim.step);
            for k in 0..n * n {
                self.dyads.push([
                    sim.cooperation[k] as f32,
                    sim.identification[k] as f32,
                    sim.threat[k] as f32,
                ]);
            }
        }
    }

    /// Value of metric `metric` at `step`.
    pub fn value(&self, step: usize, metric: usize) -> f64 {
        self.values[step * self.metrics.len() + metric]
    }

    /// Index of a metric by name.
    pub fn metric(&self, name: &str) -> Option<usize> {
        self.metrics.iter().position(|m| m.name == name)
    }

    /// The outcome of the run.
    pub fn outcome(&self) -> Outcome {
        let mut outcome = Outcome { framework: None, proposals: 0, passed: 0 };
        let Some([a, b]) = self.blocs else { return outcome };
        let (a, b) = (Party::Organisation(a), Party::Organisation(b));
        for p in self.proposals.iter().filter(|p| p.kind == ProposalKind::Framework) {
            if (p.from, p.to) == (a, b) || (p.from, p.to) == (b, a) {
                outcome.proposals += 1;
                if p.passed {
                    outcome.passed += 1;
                    outcome.framework = outcome.framework.or(Some(p.step));
                }
            }
        }
        outcome
    }
}
