//! One run: the state of the world, the list of phases, and what every phase may ask.
//!
//! Arrays are flat, n x n, row-major; the row looks at (or acts toward) the column. All of a step's moves are chosen
//! from the same frozen state: moves go to an array of their own and beliefs change only afterwards. Each phase has a
//! file of its own; [`PHASES`] is their order, for runs and replays alike.

use multiversion::multiversion;

use super::log::{Log, Politics};
use super::memory::{Memory, Moves};
use super::venues::Venues;
use super::world::{Conviction, Party, Population, World};
use super::{burdens, events, games, institutions, learning, memberships, perception, proposals, venues};
use crate::random::{Purpose, Words};
use crate::theory::frame::{Frame, Game};
use crate::theory::{COUNT, Roster, SCHOOLS, Weights};

/// Bound of images in log-odds: an image of .95.
pub(crate) const BOUND: f64 = 1.83;

/// A phase of a step: what a replay stops before, and what it does.
pub(crate) type Phase = (Stage, for<'a, 'w> fn(&'a mut Simulation<'w>));

/// The phases of a step in their order. Observation follows them and belongs to the record of the run.
pub(crate) const PHASES: [Phase; 9] = [
    (Stage::Events, events::phase),
    (Stage::Perception, perception::phase),
    (Stage::Venues, venues::phase),
    (Stage::Games, games::phase),
    (Stage::Learning, learning::phase),
    (Stage::Burdens, burdens::phase),
    (Stage::Memberships, memberships::phase),
    (Stage::Proposals, proposals::phase),
    (Stage::Institutions, institutions::phase),
];

/// Where a replay stops within a step: before the phase of that name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Dated shocks, entries and figures.
    Events,
    /// Threat and the security externality.
    Perception,
    /// What organisations lend to each pair, and who meets whom.
    Venues,
    /// Before the games: what moves are chosen from.
    Games,
    /// Before beliefs and images change.
    Learning,
    /// Before burden sharing.
    Burdens,
    /// Before memberships are weighed.
    Memberships,
    /// Before proposals and votes.
    Proposals,
    /// Before stocks, councils and the tie follow practice.
    Institutions,
}

/// What the schools present read: what nobody reads need not be worked out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reads {
    /// Power behind others, and the security externality.
    pub power: bool,
    /// What institutions lend.
    pub institutions: bool,
}

/// The moving parts of a run. Buffers are allocated once and reused from run to run.
pub struct Simulation<'w> {
    pub(crate) world: &'w World,
    pub(crate) population: &'w Population,
    pub(crate) roster: Roster,
    pub(crate) present: [bool; COUNT],
    pub(crate) frame: Frame,
    pub(crate) reads: Reads,
    /// Weights over the schools by state, a column for each school.
    pub(crate) convictions: [Vec<f64>; COUNT],
    /// How far each state relies on institutions.
    pub(crate) relies: Vec<f64>,
    /// Quarters in a step.
    pub(crate) pace: f64,
    pub(crate) step: usize,
    pub(crate) replication: u64,
    pub(crate) words: Words,
    // directed dyads, n x n
    pub(crate) trust: Vec<f64>,
    pub(crate) hostility: Vec<f64>,
    pub(crate) image: Vec<f64>,
    pub(crate) regard: Vec<f64>,
    pub(crate) knowledge: Vec<f64>,
    pub(crate) share: Vec<f64>,
    pub(crate) linked: Vec<f64>,
    pub(crate) joint: Vec<f64>,
    pub(crate) distance: Vec<f64>,
    pub(crate) reverse: Vec<f64>,
    /// What each did toward each in this step.
    pub(crate) moves: Vec<Moves>,
    /// What each saw each do last.
    pub(crate) memory: Memory,
    /// The moves of a year, for those who repeat them.
    pub(crate) past: Vec<Moves>,
    // threat
    pub(crate) threat: Vec<f64>,
    pub(crate) behind: Vec<f64>,
    pub(crate) shares: Vec<f64>,
    pub(crate) external: Vec<f64>,
    pub(crate) fear: Vec<f64>,
    pub(crate) calm: Vec<f64>,
    pub(crate) nearness: Vec<f64>,
    /// Who meets whom without any venue.
    pub(crate) near: Vec<bool>,
    pub(crate) threats: perception::Desk,
    // states
    pub(crate) exists: Vec<bool>,
    pub(crate) capability: Vec<f64>,
    pub(crate) boost: Vec<f64>,
    pub(crate) regime_threat: Vec<f64>,
    pub(crate) regime_fade: f64,
    pub(crate) identity: Vec<[f64; 4]>,
    pub(crate) view: Vec<[f64; 4]>,
    pub(crate) spending: Vec<f64>,
    pub(crate) side_payment: Vec<f64>,
    pub(crate) payer: Vec<Option<usize>>,
    pub(crate) stake: Vec<f64>,
    pub(crate) total: Vec<f64>,
    pub(crate) rises: Vec<(usize, f64, f64)>,
    pub(crate) games: Vec<Game>,
    // organisations
    pub(crate) institution: Vec<f64>,
    pub(crate) member: Vec<bool>,
    pub(crate) partner: Vec<bool>,
    pub(crate) outside: Vec<bool>,
    pub(crate) was_member: Vec<bool>,
    pub(crate) council: Vec<f64>,
    pub(crate) tie: f64,
    pub(crate) alive: Vec<bool>,
    pub(crate) served: Vec<f64>,
    pub(crate) below: Vec<f64>,
    pub(crate) admitted: Vec<Option<usize>>,
    pub(crate) venues: Venues,
    // buffers of the phases
    pub(crate) tallies: institutions::Tallies,
    pub(crate) table: games::Table,
    pub(crate) lessons: learning::Desk,
    pub(crate) replies: Vec<f64>,
    scratch: Vec<f64>,
    pub(crate) politics: Politics,
    /// What was decided so far in this run.
    pub(crate) log: Log,
    // who belongs where, as lists
    ids: Vec<usize>,
    roll: Vec<usize>,
    enrolled: Vec<usize>,
}

impl<'w> Simulation<'w> {
    /// Room for runs of `population` in `world`.
    pub fn new(world: &'w World, population: &'w Population) -> Self {
        let (n, m, o) = (world.n(), world.issues.len(), world.organisations.len());
        let year = world.calendar.per_year().round().max(1.0) as usize;
        let square = |x: f64| vec![x; n * n];
        let present = std::array::from_fn(|k| population.weights.iter().any(|w| w[k] > 0.0));
        let repeats = population.conviction == Conviction::Repeat;
        let mut sim = Simulation {
            world,
            population,
            roster: population.roster.unwrap_or(world.roster),
            present,
            frame: world.common.frame(),
            reads: Reads { power: false, institutions: false },
            convictions: std::array::from_fn(|k| population.weights.iter().map(|w| w[k]).collect()),
            relies: vec![0.0; n],
            pace: 4.0 / world.calendar.per_year(),
            step: 0,
            replication: 0,
            words: Words::new(world.seed, Purpose::Moves, 0),
            trust: square(0.0),
            hostility: square(0.0),
            image: square(0.0),
            regard: square(0.0),
            knowledge: square(0.0),
            share: square(0.0),
            linked: square(0.0),
            joint: square(0.0),
            distance: square(0.0),
            reverse: square(0.0),
            moves: vec![Moves::default(); n * n],
            memory: Memory::new(n, m),
            past: vec![Moves::default(); if repeats { n * n * year } else { 0 }],
            threat: square(0.0),
            behind: square(0.0),
            shares: square(0.0),
            external: square(0.0),
            fear: vec![0.0; n],
            calm: vec![0.0; n],
            nearness: perception::nearness(world),
            near: venues::near(world),
            threats: perception::Desk::new(n),
            exists: vec![true; n],
            capability: vec![0.0; n],
            boost: vec![1.0; n],
            regime_threat: vec![0.0; n],
            regime_fade: 1.0,
            identity: vec![[0.0; 4]; n],
            view: vec![[0.0; 4]; n],
            spending: vec![0.0; n],
            side_payment: vec![0.0; n],
            payer: vec![None; n],
            stake: vec![0.5; n * m],
            total: vec![1.0; n],
            rises: Vec::with_capacity(world.events.len()),
            games: Vec::with_capacity(m),
            institution: vec![0.0; o],
            member: vec![false; o * n],
            partner: vec![false; o * n],
            outside: vec![false; o * n],
            was_member: vec![false; o * n],
            council: vec![0.0; o * n],
            tie: 0.0,
            alive: vec![true; o],
            served: vec![1.0; o],
            below: vec![0.0; o],
            admitted: vec![None; o * n],
            venues: Venues::new(world),
            tallies: institutions::Tallies::default(),
            table: games::Table::new(n, m),
            lessons: learning::Desk::new(n),
            replies: vec![0.0; n],
            scratch: vec![0.0; n],
            politics: Politics::new(world),
            log: Log::default(),
            ids: (0..n).collect(),
            roll: vec![0; o * n],
            enrolled: vec![0; o],
        };
        sim.look();
        sim.reset(0);
        sim
    }

    /// Notes what the schools present read of the world.
    fn look(&mut self) {
        for i in 0..self.world.n() {
            self.relies[i] = self.roster.reliance(&self.population.weights[i]);
        }
        self.reads = Reads {
            power: self.roster.promise(&self.present).is_some(),
            institutions: self.present.iter().zip(Roster::READS_VENUES).any(|(here, reads)| *here && reads),
        };
    }

    /// A rate per quarter as a rate per step.
    pub(crate) fn per_step(&self, rate: f64) -> f64 {
        if self.pace == 1.0 { rate } else { 1.0 - libm::pow(1.0 - rate, self.pace) }
    }

    /// Weights over the schools of state `i`.
    pub(crate) fn weights(&self, i: usize) -> &Weights {
        &self.population.weights[i]
    }

    /// Puts the world back to its start.
    pub(crate) fn reset(&mut self, replication: u64) {
        let w = self.world;
        self.step = 0;
        self.replication = replication;
        self.words = Words::new(w.seed, Purpose::Moves, replication);
        self.trust.copy_from_slice(&w.trust);
        self.hostility.copy_from_slice(&w.hostility);
        for (own, &start) in self.image.iter_mut().zip(&w.image) {
            *own = libm::atanh(start.clamp(-0.95, 0.95));
        }
        for (seen, &own) in self.regard.iter_mut().zip(&self.image) {
            *seen = crate::math::tanh(own);
        }
        self.knowledge.fill(0.3);
        self.share.fill(0.0);
        self.linked.fill(0.0);
        self.moves.fill(Moves::default());
        self.memory.clear();
        self.past.fill(Moves::default());
        self.boost.fill(1.0);
        self.regime_threat.fill(0.0);
        self.regime_fade = 1.0;
        self.stake.fill(0.5);
        self.total.fill(0.5 * w.issues.len() as f64);
        self.rises.clear();
        self.side_payment.fill(0.0);
        self.payer.fill(None);
        self.member.fill(false);
        self.partner.fill(false);
        self.was_member.fill(false);
        self.council.fill(0.0);
        self.tie = 0.0;
        self.alive.fill(true);
        self.served.fill(1.0);
        self.below.fill(0.0);
        self.admitted.fill(None);
        for (o, body) in w.organisations.iter().enumerate() {
            self.institution[o] = if self.population.institutions { body.institution } else { 0.0 };
            for &i in &body.first_partners {
                self.partner[o * w.n() + i] = true;
            }
            if self.population.institutions {
                for &(i, strength) in &body.first_councils {
                    self.council[o * w.n() + i] = strength;
                }
            }
        }
        for (i, state) in w.states.iter().enumerate() {
            self.spending[i] = state.burden[0];
            self.view[i] = state.view(0);
            self.identity[i] = self.view[i];
        }
        self.enrol();
        self.venues.reset();
        self.politics.reset();
        self.log.clear();
    }

    /// Plays replication `replication` and hands the state at the end of every step to `observe`. Returns how many moves
    /// were chosen.
    pub fn play(&mut self, replication: u64, mut observe: impl FnMut(&mut Self)) -> u64 {
        let mut chosen = 0;
        self.reset(replication);
        for step in 0..self.world.calendar.steps {
            self.step = step;
            for (_, phase) in PHASES {
                phase(self);
            }
            chosen += self.table.decisions();
            observe(self);
        }
        chosen
    }

    /// Replays replication `replication` up to a stage of `step` and hands the frozen snapshot to `look`.
    pub fn replay<T>(
        &mut self,
        replication: u64,
        step: usize,
        stage: Stage,
        look: impl FnOnce(&mut Self) -> T,
    ) -> T {
        self.reset(replication);
        let last = step.min(self.world.calendar.steps - 1);
        for s in 0..=last {
            self.step = s;
            for (name, phase) in PHASES {
                if s == last && name == stage {
                    return look(self);
                }
                phase(self);
            }
        }
        look(self)
    }

    /// The world that is played.
    pub fn world(&self) -> &'w World {
        self.world
    }

    /// Plays the games of the step once more, in whose [`Stage::Games`] a replay has stopped, and returns how many moves
    /// were chosen: for whoever holds the rules, or their speed, to another program (`benches/games.rs`).
    ///
    /// ```
    /// use twain::model::{Simulation, Stage};
    /// # fn main() -> Result<(), twain::scenario::Mistake> {
    /// let scenario = twain::scenario::load("scenarios/two-blocs.toml".as_ref(), &[])?;
    /// let population = scenario.population("realism")?;
    /// let mut simulation = Simulation::new(&scenario.world, &population);
    /// let chosen = simulation.replay(0, 3, Stage::Games, |frozen| frozen.play_games());
    /// assert!(chosen > 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn play_games(&mut self) -> u64 {
        games::phase(self);
        self.table.decisions()
    }

    /// Trust of `i` in `j`, 0-1.
    pub fn trust(&self, i: usize, j: usize) -> f64 {
        self.trust[i * self.world.n() + j]
    }

    /// Image that `i` has of `j`, -1 to 1.
    pub fn image(&self, i: usize, j: usize) -> f64 {
        self.regard[i * self.world.n() + j]
    }

    /// Remembered hostility of `j` in `i`, 0-1.
    pub fn hostility(&self, i: usize, j: usize) -> f64 {
        self.hostility[i * self.world.n() + j]
    }

    /// Normalised threat to `i` from `j`, 0-1.
    pub fn threat(&self, i: usize, j: usize) -> f64 {
        self.threat[i * self.world.n() + j]
    }

    /// Weight that `i` puts on the gain of `j`, by its schools, about -1 to 1.
    pub fn weight_on(&self, i: usize, j: usize) -> f64 {
        let k = i * self.world.n() + j;
        self.roster.weight_on_other(self.weights(i), self.fear[i], self.external[k], self.regard[k])
    }

    /// The move `i` made toward `j` on issue `m` in the step just played; `None` if they did not meet on it.
    pub fn executed(&self, i: usize, j: usize, m: usize) -> Option<bool> {
        self.moves[i * self.world.n() + j].on(m)
    }

    /// Whether `i` is a member of body `o` now.
    pub fn is_member(&self, o: usize, i: usize) -> bool {
        self.member[o * self.world.n() + i]
    }

    /// Whether `i` is a bilateral partner of body `o` now.
    pub fn is_partner(&self, o: usize, i: usize) -> bool {
        self.partner[o * self.world.n() + i]
    }

    /// Whether `i` and `j` meet in this step.
    pub fn meet(&self, i: usize, j: usize) -> bool {
        self.linked[i * self.world.n() + j] > 0.0
    }

    /// Institutional stock of body `o`, 0-1; 0 once it is dead.
    pub fn stock(&self, o: usize) -> f64 {
        if self.alive[o] { self.institution[o] } else { 0.0 }
    }

    /// What has been decided so far: votes, proposals, changes of standing.
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// Mean of a value over the directed dyads between two parties (both directions), or inside one; NaN if there is
    /// nobody.
    pub(crate) fn mean_over(&self, a: Party, b: Party, values: &[f64]) -> f64 {
        let there = self.mean_of(a, b, values);
        if a == b { there } else { 0.5 * (there + self.mean_of(b, a, values)) }
    }

    /// Mean of what `a` holds about `b` only; NaN if there is nobody.
    pub(crate) fn mean_of(&self, a: Party, b: Party, values: &[f64]) -> f64 {
        let n = self.world.n();
        self.mean_toward(a, b, |i| {
            let row = &values[i * n..(i + 1) * n];
            |j| row[j]
        })
    }

    /// The same of a value that is looked up row by row.
    pub(crate) fn mean_toward<V: Fn(usize) -> f64>(
        &self,
        a: Party,
        b: Party,
        row: impl Fn(usize) -> V,
    ) -> f64 {
        let (mut sum, mut count) = (0.0, 0.0);
        for &i in self.party(a) {
            let value = row(i);
            for &j in self.party(b).iter().filter(|&&j| j != i) {
                sum += value(j);
                count += 1.0;
            }
        }
        if count > 0.0 { sum / count } else { f64::NAN }
    }

    /// Mean weight that `a` puts on the gain of `b`, by the schools of each; NaN if there is nobody.
    pub(crate) fn mean_weight(&mut self, a: Party, b: Party) -> f64 {
        let n = self.world.n();
        let (mut sum, mut count) = (0.0, 0.0);
        let mut row = std::mem::take(&mut self.scratch);
        for &i in self.party(a) {
            let (external, regard) = (&self.external[i * n..(i + 1) * n], &self.regard[i * n..(i + 1) * n]);
            weights_on(&self.roster, self.weights(i), self.fear[i], external, regard, &mut row);
            for &j in self.party(b).iter().filter(|&&j| j != i) {
                sum += row[j];
                count += 1.0;
            }
        }
        self.scratch = row;
        if count > 0.0 { sum / count } else { f64::NAN }
    }

    /// Writes the lists of members anew; called whenever a standing has changed.
    pub(crate) fn enrol(&mut self) {
        let n = self.world.n();
        for o in 0..self.enrolled.len() {
            let mut count = 0;
            for i in 0..n {
                if self.member[o * n + i] {
                    self.roll[o * n + count] = i;
                    count += 1;
                }
            }
            self.enrolled[o] = count;
        }
        self.venues.standings_changed();
        self.tallies.clear();
    }

    /// The members of body `o` in the order of states.
    pub(crate) fn members(&self, o: usize) -> &[usize] {
        let start = o * self.world.n();
        &self.roll[start..start + self.enrolled[o]]
    }

    /// The states of a party: itself, or the members.
    pub(crate) fn party(&self, party: Party) -> &[usize] {
        match party {
            Party::State(s) => &self.ids[s..=s],
            Party::Organisation(o) => self.members(o),
        }
    }

    /// Leader of a party: a state leads itself.
    pub(crate) fn leader(&self, party: Party) -> Option<usize> {
        match party {
            Party::State(i) => Some(i),
            Party::Organisation(o) => self.world.organisations[o].leader,
        }
    }

    /// Whether body `o` is armed and alive and has a leader to lend power; the leader.
    pub(crate) fn armed(&self, o: usize) -> Option<usize> {
        let body = &self.world.organisations[o];
        body.leader.filter(|_| self.alive[o] && body.military > 0.5)
    }

    /// Looks with the eyes of every school, so that a snapshot shows what each would see. Decisions do not change.
    pub fn look_with_all(&mut self) {
        self.present = [true; COUNT];
        self.reads = Reads { power: true, institutions: true };
    }

    /// Runs `look` with other parameters of the schools on the same snapshot; what was perceived of threats stays.
    pub fn with_roster<T>(&mut self, roster: &Roster, look: impl FnOnce(&mut Self) -> T) -> T {
        let own = std::mem::replace(&mut self.roster, *roster);
        venues::refresh(self);
        let out = look(self);
        self.roster = own;
        venues::refresh(self);
        out
    }

    /// Names of the schools with weight in state `i`, for explanations.
    pub fn convictions(&self, i: usize) -> Vec<(&'static str, f64)> {
        SCHOOLS.iter().copied().zip(self.weights(i).iter().copied()).filter(|(_, w)| *w > 0.0).collect()
    }

    /// The step the run stands at.
    pub fn step(&self) -> usize {
        self.step
    }
}

/// Weight that a state puts on the gain of each other.
#[multiversion(targets("x86_64+avx2"))]
fn weights_on(
    roster: &Roster,
    weights: &Weights,
    fear: f64,
    external: &[f64],
    regard: &[f64],
    out: &mut [f64],
) {
    for ((out, external), image) in out.iter_mut().zip(external).zip(regard) {
        *out = roster.weight_on_other(weights, fear, *external, *image);
    }
}

/// Distance between two identities: mean absolute difference over the four dimensions, 0-1.
pub(crate) fn identity_distance(a: &[f64; 4], b: &[f64; 4]) -> f64 {
    a.iter().zip(b).map(|(x, y)| (x - y).abs()).sum::<f64>() / 4.0
}
