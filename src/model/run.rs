//! What a run leaves behind: series of metrics, votes, memberships, proposals.

use super::log::{Log, MembershipChange, ProposalRecord, VoteRecord};
use super::metrics::{Metric, metrics};
use super::simulation::Simulation;
use super::world::{Party, ProposalKind, World};

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
    /// Bodies that ended: step and organisation.
    pub ends: Vec<(usize, usize)>,
    /// Indices of the decisions given from outside that came up.
    pub met: Vec<usize>,
    /// Per step and state: spending share of GDP, side payment, frameworks it takes part in.
    pub states: Vec<[f64; 3]>,
    /// Per step: whether state is a member of organisation, organisation-major.
    pub members: Vec<bool>,
    /// Stake-weighted cooperation, image and threat per directed dyad, first step of each year only.
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
            ends: Vec::new(),
            met: Vec::new(),
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
        self.states.clear();
        self.members.clear();
        self.dyads.clear();
        self.dyad_steps.clear();
    }

    /// Takes over what was decided.
    fn take(&mut self, log: &Log) {
        self.votes.clone_from(&log.votes);
        self.proposals.clone_from(&log.proposals);
        self.memberships.clone_from(&log.memberships);
        self.ends.clone_from(&log.ends);
        self.met.clone_from(&log.met);
    }

    /// Phase 8: observation.
    fn observe(&mut self, sim: &mut Simulation<'_>) {
        let mut values = std::mem::take(&mut self.values);
        for metric in &self.metrics {
            values.push(metric.kind.measure(sim));
        }
        self.values = values;
        let n = sim.world.n();
        for i in 0..n {
            let ties =
                (0..sim.world.organisations.len()).filter(|&o| sim.is_member(o, i) || sim.is_partner(o, i));
            self.states.push([sim.spending[i], sim.side_payment[i], ties.count() as f64]);
        }
        self.members.extend_from_slice(&sim.member);
        if self.year_starts[sim.step] {
            self.dyad_steps.push(sim.step);
            for i in 0..n {
                for j in 0..n {
                    let k = i * n + j;
                    self.dyads.push([sim.made(i, j) as f32, sim.regard[k] as f32, sim.threat[k] as f32]);
                }
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

impl Simulation<'_> {
    /// Runs replication `replication`, writes what happened into `record`, and returns how many moves were chosen.
    ///
    /// ```
    /// use twain::model::{Record, Simulation};
    /// # fn main() -> Result<(), twain::scenario::Mistake> {
    /// let scenario = twain::scenario::load("scenarios/two-blocs.toml".as_ref(), &[])?;
    /// let population = scenario.population("constructivism")?;
    /// let mut record = Record::new(&scenario.world);
    /// let moves = Simulation::new(&scenario.world, &population).run(0, &mut record);
    /// assert!(moves > 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn run(&mut self, replication: u64, record: &mut Record) -> u64 {
        record.clear();
        let chosen = self.play(replication, |sim| record.observe(sim));
        record.take(&self.log);
        chosen
    }

    /// Stake-weighted share of cooperative moves of `i` toward `j` in the step; NaN if they did not meet.
    pub(crate) fn made(&self, i: usize, j: usize) -> f64 {
        let (mut sum, mut all) = (0.0, 0.0);
        let moves = self.moves[i * self.world.n() + j];
        if moves.met == 0 {
            return f64::NAN;
        }
        for k in 0..self.world.issues.len() {
            if let Some(yes) = moves.on(k) {
                let weight = self.joint_stake(i, j, k);
                sum += if yes { weight } else { 0.0 };
                all += weight;
            }
        }
        if all > 0.0 { sum / all } else { f64::NAN }
    }
}
