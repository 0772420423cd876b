//! One run: the state of the world and the phases of a step.
//!
//! Arrays are flat, n x n, row-major; the row looks at (or acts toward) the column. All of a step's moves are
//! chosen from the same frozen state: moves go to an array of their own and beliefs change only afterwards.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::Rng;

use super::politics::Politics;
use super::run::Record;
use super::world::{Conviction, Party, Population, Shock, World};
use crate::organisation::{burden, patronage, persistence};
use crate::payoffs::Payoffs;
use crate::random::{self, Purpose};
use crate::theory::{Burden, Encounter, Learning, Ledger, Roster, SCHOOLS, Sum, Terms, constructivism};

/// No move has been seen yet.
const UNSEEN: u8 = 2;

/// A decision as explained: how it was worked out and with what chance it went which way.
#[derive(Clone, Debug)]
pub struct Decided {
    /// Named terms of utility.
    pub terms: Terms,
    /// Probability of the first option.
    pub probability: f64,
    /// Weight of appropriateness and what the role asks (0 for schools without roles).
    pub role: (f64, f64),
}

/// Where a replay stops within a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Before the games: what moves are chosen from.
    Games,
    /// Before burden sharing.
    Burdens,
    /// Before alliance politics: what votes and memberships are decided from.
    Politics,
}

/// The moving parts of a run. Buffers are allocated once and reused from run to run.
pub struct Simulation<'w> {
    pub(crate) world: &'w World,
    pub(crate) population: &'w Population,
    pub(crate) roster: Roster,
    pub(crate) step: usize,
    pub(crate) replication: u64,
    // beliefs, n x n
    pub(crate) kept: Vec<f64>,
    pub(crate) broken: Vec<f64>,
    pub(crate) identification: Vec<f64>,
    pub(crate) hostility: Vec<f64>,
    pub(crate) threat: Vec<f64>,
    // moves, n x n x issues
    pub(crate) moves: Vec<u8>,
    pub(crate) seen: Vec<u8>,
    past: Vec<u8>,
    pub(crate) cooperation: Vec<f64>,
    // states
    pub(crate) capability: Vec<f64>,
    pub(crate) boost: Vec<f64>,
    pub(crate) regime_threat: Vec<f64>,
    pub(crate) internalisation: Vec<f64>,
    pub(crate) identity: Vec<[f64; 4]>,
    next_identity: Vec<[f64; 4]>,
    pub(crate) spending: Vec<f64>,
    next_spending: Vec<f64>,
    pub(crate) side_payment: Vec<f64>,
    pub(crate) payer: Vec<Option<usize>>,
    pub(crate) stake: Vec<f64>,
    rises: Vec<(usize, f64, f64)>,
    nearness: Vec<f64>,
    reach: Vec<f64>,
    regime_fade: f64,
    top_threat: Vec<[usize; 2]>,
    // organisations
    pub(crate) institution: Vec<f64>,
    pub(crate) member: Vec<bool>,
    pub(crate) partner: Vec<bool>,
    pub(crate) was_member: Vec<bool>,
    pub(crate) tie: Vec<f64>,
    pub(crate) council: Vec<f64>,
    pub(crate) alive: Vec<bool>,
    // pairs
    pub(crate) joint: Vec<f64>,
    venue: Vec<f64>,
    transaction: Vec<f64>,
    sanction: Vec<f64>,
    dependence: Vec<f64>,
    monitoring: Vec<f64>,
    linked: Vec<bool>,
    pairs: Vec<(u32, u32)>,
    words: Vec<u64>,
    norm_met: Vec<f64>,
    norm_kept: Vec<f64>,
    learning: Vec<Learning>,
    pub(crate) politics: Politics,
    // who belongs where, as lists
    ids: Vec<usize>,
    roll: Vec<usize>,
    enrolled: Vec<usize>,
    /// Chance that a framework between the blocs would pass now; NaN without blocs.
    pub(crate) pass_chance: f64,
    // issues of the step, and slack on each
    board: Vec<Board>,
    views: Vec<View>,
    logistic: &'static Table,
}

/// What the games need of an issue, side by side in memory.
#[derive(Clone, Copy, Debug)]
struct Board {
    payoffs: Payoffs,
    common_threat: f64,
    hard: f64,
    active: bool,
}

/// What a state sees of one issue with one other: both stakes, the other's last move, trust in it, third parties' threat.
#[derive(Clone, Copy, Debug)]
struct Sight {
    stakes: [f64; 2],
    seen: u8,
    trust: f64,
    third: f64,
}

/// A state's view of one issue with one other: utility times sensitivity, the role's weight and what it asks, and slack.
#[derive(Clone, Copy, Debug, Default)]
struct View {
    x: f64,
    role: f64,
    norm: f64,
    slack: f64,
}

#[inline]
fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// Knots of the table of the logistic function, from -`REACH` to `REACH`.
const KNOTS: usize = 512;
const REACH: f64 = 16.0;
/// Bound on the error of the table, which goes along the tangent of the nearest knot: (h/2)^2/2 max|f''| = 4.7e-5 at
/// h = 1/16.
const TABLE_ERROR: f64 = 6e-5;

/// Value and slope (per knot) of the logistic function at the knots.
type Table = [[f64; 2]; KNOTS + 1];

fn logistic_table() -> &'static Table {
    static TABLE: std::sync::OnceLock<Table> = std::sync::OnceLock::new();
    TABLE.get_or_init(|| {
        std::array::from_fn(|k| {
            let value = logistic((k as f64 / KNOTS as f64 * 2.0 - 1.0) * REACH);
            [value, value * (1.0 - value) * 2.0 * REACH / KNOTS as f64]
        })
    })
}

/// The logistic function to within [`TABLE_ERROR`].
#[inline(always)]
fn about_logistic(table: &Table, x: f64) -> f64 {
    /// Adding 2^52 rounds to a whole number, which then stands in the lowest bits.
    const WHOLE: f64 = 4_503_599_627_370_496.0;
    let place = ((x + REACH) * (KNOTS as f64 / (2.0 * REACH))).max(0.0).min(KNOTS as f64);
    let shifted = place + WHOLE;
    let [value, slope] = table[(shifted.to_bits() as u32 as usize).min(KNOTS)];
    value + (place - (shifted - WHOLE)) * slope
}

/// Probability of the first option at `utility` over the second.
#[inline]
pub(crate) fn choice(sensitivity: f64, utility: f64) -> f64 {
    logistic(sensitivity * utility)
}

impl<'w> Simulation<'w> {
    /// Room for runs of `population` in `world`.
    pub fn new(world: &'w World, population: &'w Population) -> Self {
        let (n, m, o) = (world.n(), world.issues.len(), world.organisations.len());
        let year = world.calendar.per_year().round().max(1.0) as usize;
        Simulation {
            world,
            population,
            roster: population.roster.unwrap_or(world.roster),
            step: 0,
            replication: 0,
            kept: vec![0.0; n * n],
            broken: vec![0.0; n * n],
            identification: vec![0.0; n * n],
            hostility: vec![0.0; n * n],
            threat: vec![0.0; n * n],
            moves: vec![0; n * n * m],
            seen: vec![UNSEEN; n * n * m],
            past: vec![
                UNSEEN;
                if population.conviction == Conviction::Repeat { n * n * m * year } else { 0 }
            ],
            cooperation: vec![f64::NAN; n * n],
            capability: vec![0.0; n],
            boost: vec![1.0; n],
            regime_threat: vec![0.0; n],
            internalisation: vec![0.0; n],
            identity: vec![[0.0; 4]; n],
            next_identity: vec![[0.0; 4]; n],
            spending: vec![0.0; n],
            next_spending: vec![0.0; n],
            side_payment: vec![0.0; n],
            payer: vec![None; n],
            stake: vec![0.0; n * m],
            rises: Vec::with_capacity(world.events.len()),
            nearness: nearness(world),
            reach: vec![0.0; n],
            regime_fade: 1.0,
            top_threat: vec![[usize::MAX; 2]; n],
            institution: vec![0.0; o],
            member: vec![false; o * n],
            partner: vec![false; o * n],
            was_member: vec![false; o * n],
            tie: vec![0.0; o * o],
            council: vec![0.0; o * n],
            alive: vec![true; o],
            joint: vec![0.0; n * n],
            venue: vec![2.0; n * n],
            transaction: vec![0.0; n * n],
            sanction: vec![0.0; n * n],
            dependence: vec![0.0; n * n],
            monitoring: vec![0.0; n * n],
            linked: vec![false; n * n],
            pairs: Vec::with_capacity(n * n / 2),
            words: vec![0; n * n * m],
            norm_met: vec![0.0; n],
            norm_kept: vec![0.0; n],
            learning: Vec::with_capacity(n),
            politics: Politics::new(world),
            ids: (0..n).collect(),
            roll: vec![0; o * n],
            enrolled: vec![0; o],
            pass_chance: f64::NAN,
            board: Vec::with_capacity(m),
            views: vec![View::default(); m],
            logistic: logistic_table(),
        }
    }

    /// A rate per quarter as a rate per step.
    pub(crate) fn per_step(&self, rate: f64) -> f64 {
        1.0 - (1.0 - rate).powf(4.0 / self.world.calendar.per_year())
    }

    /// Weights over the schools of state `i`.
    pub(crate) fn weights(&self, i: usize) -> &[f64; 3] {
        &self.population.weights[i]
    }

    /// Puts the world back to its start.
    fn reset(&mut self, replication: u64) {
        let w = self.world;
        self.step = 0;
        self.replication = replication;
        let evidence = 1.0 / (1.0 - w.common.forgetting);
        for k in 0..w.n() * w.n() {
            self.kept[k] = w.trust[k] * evidence;
            self.broken[k] = (1.0 - w.trust[k]) * evidence;
        }
        self.identification.copy_from_slice(&w.identification);
        self.hostility.copy_from_slice(&w.hostility);
        self.cooperation.fill(f64::NAN);
        self.seen.fill(UNSEEN);
        self.moves.fill(0);
        self.past.fill(UNSEEN);
        self.boost.fill(1.0);
        self.regime_threat.fill(0.0);
        self.internalisation.fill(self.roster.constructivism.internalised);
        self.rises.clear();
        self.regime_fade = 1.0;
        self.side_payment.fill(0.0);
        self.payer.fill(None);
        self.member.fill(false);
        self.partner.fill(false);
        self.was_member.fill(false);
        self.tie.fill(0.0);
        self.council.fill(0.0);
        self.alive.fill(true);
        self.enrol();
        for (o, body) in w.organisations.iter().enumerate() {
            self.institution[o] = if self.population.institutions { body.institution } else { 0.0 };
        }
        for (i, state) in w.states.iter().enumerate() {
            self.spending[i] = state.burden[0];
            let view = ((state.alignment[0] + 2.0) / 5.0).clamp(0.0, 1.0);
            let regime = state.regime[0];
            self.identity[i] = [regime, 0.5 * (regime + view), view, state.habit];
        }
        self.learning.clear();
        for i in 0..w.n() {
            self.learning.push(self.roster.learning(&self.population.weights[i]));
        }
        self.politics.reset();
    }

    /// Runs replication `replication`, writes what happened into `record`, and returns how many moves were chosen.
    pub fn run(&mut self, replication: u64, record: &mut Record) -> u64 {
        let mut chosen = 0;
        self.reset(replication);
        record.clear();
        let mut moves = random::stream(self.world.seed, Purpose::Moves, replication);
        for step in 0..self.world.calendar.steps {
            self.step = step;
            self.events(record);
            self.perception();
            self.games(&mut moves);
            self.learn();
            self.share_burdens();
            self.politics_phase(record);
            self.institutions();
            self.pass_chance = self.chance_of_framework();
            record.observe(self);
            chosen += 2 * (self.pairs.len() * self.board.iter().filter(|b| b.active).count()) as u64;
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
        let mut record = Record::new(self.world);
        let mut moves = random::stream(self.world.seed, Purpose::Moves, replication);
        for s in 0..=step.min(self.world.calendar.steps - 1) {
            self.step = s;
            self.events(&mut record);
            self.perception();
            if s == step && stage == Stage::Games {
                break;
            }
            self.games(&mut moves);
            self.learn();
            if s == step && stage == Stage::Burdens {
                break;
            }
            self.share_burdens();
            if s == step {
                break;
            }
            self.politics_phase(&mut record);
            self.institutions();
        }
        look(self)
    }

    /// Phase 1: dated shocks and entries.
    fn events(&mut self, record: &mut Record) {
        let (w, n, step) = (self.world, self.world.n(), self.step);
        for event in w.events.iter().filter(|e| e.step == step) {
            match event.shock {
                Shock::Act | Shock::Thaw => {
                    for &(j, wj) in &event.actors {
                        for &(i, wi) in &event.targets {
                            if i == j {
                                continue;
                            }
                            let k = i * n + j;
                            let weight = wi * wj * event.size.abs();
                            if matches!(event.shock, Shock::Thaw) {
                                for k in [k, j * n + i] {
                                    self.hostility[k] *= 1.0 - weight;
                                    let evidence = self.kept[k] + self.broken[k];
                                    self.kept[k] += weight * (0.5 * evidence - self.kept[k]).max(0.0);
                                    self.broken[k] = evidence - self.kept[k];
                                }
                                continue;
                            }
                            let strength = w.common.act_weight * weight;
                            let friendly = event.size > 0.0;
                            if friendly {
                                self.kept[k] += strength;
                                self.hostility[k] *= 1.0 - weight;
                            } else {
                                self.broken[k] += strength * self.learning[i].betrayal;
                                self.hostility[k] += (1.0 - self.hostility[k]) * weight;
                            }
                            let rate = 1.0 - (1.0 - self.roster.constructivism.rate).powf(0.5 * strength);
                            self.identify(i, j, if friendly { 1.0 } else { -1.0 }, rate);
                        }
                    }
                }
                Shock::Threat { issue, half_life } => {
                    self.rises.push((issue, event.size, 0.5f64.powf(1.0 / half_life)));
                }
                Shock::RegimeThreat { half_life } => {
                    self.regime_fade = 0.5f64.powf(1.0 / half_life);
                    for &(i, wi) in &event.targets {
                        let autocracy = 1.0 - w.states[i].regime[step];
                        let hit = event.size.abs() * wi * autocracy;
                        self.regime_threat[i] += (1.0 - self.regime_threat[i]) * hit;
                        for &(j, wj) in &event.actors {
                            if i != j {
                                let k = i * n + j;
                                self.hostility[k] += (1.0 - self.hostility[k]) * 0.5 * hit * wj;
                                let strength = 0.5 * w.common.act_weight * hit * wj;
                                self.broken[k] += strength;
                                let rate = 1.0 - (1.0 - self.roster.constructivism.rate).powf(0.5 * strength);
                                self.identify(i, j, -1.0, rate);
                            }
                        }
                    }
                }
                Shock::Reform { organisation } => {
                    if self.alive[organisation] && self.population.institutions {
                        let stock = self.institution[organisation];
                        let way = if event.size > 0.0 { 1.0 - stock } else { stock };
                        self.institution[organisation] = (stock + event.size * way).clamp(0.0, 1.0);
                    }
                }
                Shock::Capability => {
                    for &(i, wi) in &event.targets {
                        self.boost[i] *= 1.0 + event.size * wi;
                    }
                }
            }
        }
        let fade = self.regime_fade;
        self.regime_threat.iter_mut().for_each(|t| *t *= fade);
        self.enter_on_date(record);
        self.enrol();
        for (i, state) in w.states.iter().enumerate() {
            self.capability[i] = (state.capability[step] * self.boost[i]).max(0.0);
        }
        for (k, issue) in w.issues.iter().enumerate() {
            let mut level = issue.level[step];
            for &(which, rise, _) in &self.rises {
                if which == k {
                    level += (1.0 - level) * rise;
                }
            }
            for i in 0..n {
                let exposure = if issue.by_autocracy {
                    (1.0 - w.states[i].regime[step]) * (0.4 + 0.6 * self.regime_threat[i])
                } else {
                    issue.exposure[i]
                };
                self.stake[i * w.issues.len() + k] = if exposure < 0.0 {
                    -exposure * level.min(1.0)
                } else {
                    (issue.floor + (1.0 - issue.floor) * level * exposure).clamp(0.0, 1.0)
                };
            }
        }
        for rise in &mut self.rises {
            rise.1 *= rise.2;
        }
    }

    /// Phase 2: threat, institutional ties of each pair, who meets whom.
    fn perception(&mut self) {
        let (w, n) = (self.world, self.world.n());
        let c = &w.common;
        let most = self.capability.iter().copied().fold(1e-12, f64::max);
        for j in 0..n {
            let posture = (self.spending[j] / 0.05).clamp(0.2, 1.0);
            self.reach[j] = (self.capability[j] / most).powf(c.power) * posture.powf(c.offence);
        }
        for i in 0..n {
            let mut top = [(0.0, usize::MAX); 2];
            for j in 0..n {
                if i == j {
                    continue;
                }
                let raw = self.reach[j]
                    * self.nearness[i * n + j]
                    * (c.hostility_floor + (1.0 - c.hostility_floor) * self.hostility[i * n + j]);
                let t = raw / (raw + c.threat_scale);
                self.threat[i * n + j] = t;
                if t > top[0].0 {
                    top[1] = top[0];
                    top[0] = (t, j);
                } else if t > top[1].0 {
                    top[1] = (t, j);
                }
            }
            self.top_threat[i] = [top[0].1, top[1].1];
        }
        self.joint.fill(0.0);
        self.venue.fill(2.0);
        self.sanction.fill(0.0);
        self.monitoring.fill(0.0);
        self.dependence.fill(0.0);
        self.linked.fill(false);
        // dealing outside any forum costs most
        self.transaction.fill(w.common.bilateral_cost);
        if self.population.institutions {
            self.tie_pairs();
        }
        self.pairs.clear();
        for i in 0..n {
            for j in i + 1..n {
                let k = i * n + j;
                let great = w.states[i].great_power || w.states[j].great_power;
                if self.linked[k] || great || w.adjacent[k] || w.distance[k] < 1500.0 {
                    self.linked[k] = true;
                    self.linked[j * n + i] = true;
                    self.pairs.push((i as u32, j as u32));
                }
            }
        }
    }

    /// What organisations, partnerships and ties lend to each pair.
    fn tie_pairs(&mut self) {
        let (w, n) = (self.world, self.world.n());
        for (o, body) in w.organisations.iter().enumerate() {
            if !self.alive[o] {
                continue;
            }
            let stock = self.institution[o];
            let size = self.enrolled[o] as f64;
            for i in 0..n {
                let (mi, pi) = (self.member[o * n + i], self.partner[o * n + i]);
                let ci = self.council[o * n + i];
                if !mi && !pi && ci <= 0.0 {
                    continue;
                }
                for j in 0..n {
                    if i == j {
                        continue;
                    }
                    let (mj, pj) = (self.member[o * n + j], self.partner[o * n + j]);
                    let cj = self.council[o * n + j];
                    let k = i * n + j;
                    let strength = match (mi, mj) {
                        (true, true) => stock,
                        (true, false) => (if pj { 0.3 * stock } else { 0.0 }).max(cj * stock),
                        (false, true) => (if pi { 0.3 * stock } else { 0.0 }).max(ci * stock),
                        (false, false) => continue,
                    };
                    if strength <= 0.0 {
                        continue;
                    }
                    self.linked[k] = true;
                    if strength > self.joint[k] {
                        self.joint[k] = strength;
                        self.monitoring[k] = body.monitoring * strength;
                        self.transaction[k] = w.common.bilateral_cost
                            + (body.transaction_cost - w.common.bilateral_cost) * strength;
                    }
                    if mi && mj {
                        self.venue[k] = if self.venue[k] > 2.0 { self.venue[k].min(size) } else { size };
                        let vetoes = match body.decision {
                            crate::organisation::Decision::Consensus => body.leader == Some(i),
                            crate::organisation::Decision::Leader => body.leader == Some(i),
                            _ => false,
                        };
                        if !vetoes {
                            self.sanction[k] = self.sanction[k].max(body.sanctions * body.monitoring * stock);
                        }
                        if body.leader == Some(j) {
                            self.dependence[k] = self.protection(o, i);
                        }
                    }
                }
            }
            for p in 0..w.organisations.len() {
                let tie = self.tie[o * w.organisations.len() + p];
                if p <= o || tie <= 0.0 || !self.alive[p] {
                    continue;
                }
                let strength = tie * stock.min(self.institution[p]).max(0.1);
                for i in (0..n).filter(|&i| self.member[o * n + i]) {
                    for j in (0..n).filter(|&j| j != i && self.member[p * n + j]) {
                        for k in [i * n + j, j * n + i] {
                            self.linked[k] = true;
                            if strength > self.joint[k] {
                                self.joint[k] = strength;
                                self.monitoring[k] =
                                    0.5 * (body.monitoring + w.organisations[p].monitoring) * strength;
                                let cost = body.transaction_cost.max(w.organisations[p].transaction_cost);
                                self.transaction[k] =
                                    w.common.bilateral_cost + (cost - w.common.bilateral_cost) * strength;
                            }
                        }
                    }
                }
            }
        }
    }

    /// Protection the leader of body `o` lends to state `i`, 0-1: relative power within reach.
    pub(crate) fn protection(&self, o: usize, i: usize) -> f64 {
        let w = self.world;
        let Some(leader) = w.organisations[o].leader.filter(|&l| l != i) else { return 0.0 };
        let most = self.capability.iter().copied().fold(1e-12, f64::max);
        let near = self.nearness[i * w.n() + leader];
        let larger = 1.0 - (self.capability[i] / self.capability[leader].max(1e-12)).min(1.0);
        (self.capability[leader] / most).sqrt() * near * larger
    }

    /// Trust of `i` in `j`, 0-1.
    #[inline]
    pub(crate) fn trust(&self, i: usize, j: usize) -> f64 {
        let k = i * self.world.n() + j;
        (self.kept[k] / (self.kept[k] + self.broken[k]).max(1e-12)).min(self.learning[i].ceiling)
    }

    /// Threat from third parties that both `i` and `j` face, beyond what they fear from each other, 0-1.
    #[inline]
    pub(crate) fn common_threat(&self, i: usize, j: usize) -> f64 {
        let n = self.world.n();
        let mut most: f64 = 0.0;
        for l in self.top_threat[i].into_iter().chain(self.top_threat[j]) {
            if l != usize::MAX && l != i && l != j {
                most = most.max(self.threat[i * n + l].min(self.threat[j * n + l]));
            }
        }
        (most - self.threat[i * n + j].max(self.threat[j * n + i])).max(0.0)
    }

    /// The part of an encounter that is the same for all issues.
    #[inline]
    fn encounter(&self, i: usize, j: usize, out: &mut Encounter) {
        let k = i * self.world.n() + j;
        out.shadow = self.world.common.shadow;
        out.threat = self.threat[k];
        out.institution = self.joint[k];
        out.venue = self.venue[k];
        out.sanction = self.sanction[k];
        out.transaction = self.transaction[k];
        out.dependence = self.dependence[k];
        out.identification = self.identification[k];
        out.internalisation = self.internalisation[i];
        out.linkage = 0.0;
    }

    /// Slack of issue `m` between `i` and `j` at plain trust: what reciprocity alone would give.
    #[inline]
    fn slack(&self, i: usize, m: usize, trust: f64) -> f64 {
        let p = &self.world.issues[m].payoffs;
        let (s, w) = (self.stake[i * self.world.issues.len() + m], self.world.common.shadow);
        s * ((1.0 - w) * trust * (p.reward - p.temptation)
            + w * trust * (p.reward - p.punishment)
            + (1.0 - w) * (1.0 - trust) * (p.sucker - p.punishment))
    }

    /// Mean slack of the active issues between `i` and `j`.
    #[inline]
    fn mean_slack(&self, i: usize, trust: f64) -> f64 {
        let (mut sum, mut count) = (0.0, 0.0);
        for (m, issue) in self.world.issues.iter().enumerate() {
            if self.step >= issue.from && self.step <= issue.until {
                sum += self.slack(i, m, trust);
                count += 1.0;
            }
        }
        if count > 0.0 { sum / count } else { 0.0 }
    }

    /// Completes an encounter and weighs it: utility goes to `terms`; returns the weight of the role and what it asks.
    #[inline(always)]
    fn weigh<L: Ledger>(
        &self,
        i: usize,
        issue: &Board,
        Sight { stakes, seen, trust, third }: Sight,
        e: &mut Encounter,
        terms: &mut L,
    ) -> (f64, f64) {
        let c = &self.world.common;
        e.payoffs = issue.payoffs;
        e.stake = stakes[0];
        e.last_seen = if seen == UNSEEN { trust } else { f64::from(seen) };
        e.belief = (1.0 - c.memory) * trust + c.memory * e.last_seen;
        let shared = issue.common_threat * stakes[0].min(stakes[1]);
        e.common_threat = third.max(shared);
        e.hard = issue.hard;
        let role = self.roster.cooperate(self.weights(i), e, terms);
        terms.add(&crate::theory::common::EFFORT, -c.effort);
        let norm = if role > 0.0 { constructivism::role_norm(e.identification, e.last_seen) } else { 0.0 };
        (role, norm)
    }

    /// The issues as the games of this step see them.
    fn set_board(&mut self) {
        self.board.clear();
        for issue in &self.world.issues {
            self.board.push(Board {
                payoffs: issue.payoffs,
                common_threat: issue.common_threat,
                hard: issue.hard,
                active: self.step >= issue.from && self.step <= issue.until,
            });
        }
    }

    /// Explains the move of `i` toward `j` on issue `m` from the present snapshot.
    pub fn explain_move(&self, i: usize, j: usize, m: usize) -> (Encounter, Decided) {
        let mut e = Encounter::default();
        let mut terms = Terms::default();
        self.encounter(i, j, &mut e);
        let trust = self.trust(i, j);
        e.linkage = self.mean_slack(i, trust) - self.slack(i, m, trust);
        let (issue, issues) = (&self.world.issues[m], self.world.issues.len());
        let board = Board {
            payoffs: issue.payoffs,
            common_threat: issue.common_threat,
            hard: issue.hard,
            active: self.step >= issue.from && self.step <= issue.until,
        };
        let stakes = [self.stake[i * issues + m], self.stake[j * issues + m]];
        let seen = self.seen[(i * self.world.n() + j) * issues + m];
        let sight = Sight { stakes, seen, trust, third: self.common_threat(i, j) };
        let (role, norm) = self.weigh(i, &board, sight, &mut e, &mut terms);
        let probability = role * norm + (1.0 - role) * choice(self.world.common.sensitivity, terms.total());
        (e, Decided { terms, probability, role: (role, norm) })
    }

    /// The move `i` made toward `j` on issue `m` in the step just played; `None` if they did not meet on it.
    pub fn executed(&self, i: usize, j: usize, m: usize) -> Option<bool> {
        let x = self.moves[(i * self.world.n() + j) * self.world.issues.len() + m];
        (x != UNSEEN && self.linked[i * self.world.n() + j]).then_some(x == 1)
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
        self.linked[i * self.world.n() + j]
    }

    /// Phase 3: every linked pair plays every active issue once, from the frozen snapshot.
    fn games(&mut self, rng: &mut ChaCha8Rng) {
        let (w, n, m) = (self.world, self.world.n(), self.world.issues.len());
        let count = n * n * m;
        random::seek(rng, self.step, 2 * count);
        self.set_board();
        let mut words = std::mem::take(&mut self.words);
        words.iter_mut().for_each(|word| *word = rng.next_u64());
        let mut moves = std::mem::take(&mut self.moves);
        let mut views = std::mem::take(&mut self.views);
        let pairs = std::mem::take(&mut self.pairs);
        for &(a, b) in &pairs {
            let third = self.common_threat(a as usize, b as usize);
            for (i, j) in [(a as usize, b as usize), (b as usize, a as usize)] {
                let place = (w.slot[i] * n + w.slot[j]) * m;
                let words = &words[place..place + m];
                let moves = &mut moves[(i * n + j) * m..(i * n + j + 1) * m];
                match self.population.conviction {
                    Conviction::Schools => self.moves_of(i, j, third, words, moves, &mut views),
                    null => self.moves_of_null(null, i, j, words, moves),
                }
            }
        }
        self.views = views;
        self.cooperation.fill(f64::NAN);
        for &(a, b) in &pairs {
            for (i, j) in [(a as usize, b as usize), (b as usize, a as usize)] {
                let k = i * n + j;
                let (mut sum, mut active) = (0u32, 0u32);
                for &x in &moves[k * m..(k + 1) * m] {
                    if x != UNSEEN {
                        sum += u32::from(x);
                        active += 1;
                    }
                }
                if active > 0 {
                    self.cooperation[k] = f64::from(sum) / f64::from(active);
                }
            }
        }
        self.keep_past(&moves);
        self.words = words;
        self.moves = moves;
        self.pairs = pairs;
    }

    /// The moves of `i` toward `j` on every issue. Of each word the top 24 bits choose, the next 20 err in execution,
    /// and the last 20 are read by the observer.
    fn moves_of(&self, i: usize, j: usize, third: f64, words: &[u64], moves: &mut [u8], views: &mut [View]) {
        let (n, m) = (self.world.n(), words.len());
        let k = i * n + j;
        let sensitivity = self.world.common.sensitivity;
        let error = (self.world.common.error * (1 << 20) as f64) as u64;
        let trust = self.trust(i, j);
        let (mine, theirs) = (&self.stake[i * m..(i + 1) * m], &self.stake[j * m..(j + 1) * m]);
        let (board, seen) = (&self.board[..m], &self.seen[k * m..(k + 1) * m]);
        let mut e = Encounter::default();
        self.encounter(i, j, &mut e);
        let links = self.weights(i)[1] > 0.0 && self.roster.institutionalism.linkage > 0.0;
        let mut mean = 0.0;
        if links {
            let (mut sum, mut count) = (0.0, 0.0);
            for issue in (0..m).filter(|&issue| board[issue].active) {
                views[issue].slack = self.slack(i, issue, trust);
                sum += views[issue].slack;
                count += 1.0;
            }
            mean = if count > 0.0 { sum / count } else { 0.0 };
        }
        // first every utility, then every choice: two short loops whose turns do not wait for each other
        for (issue, view) in views.iter_mut().enumerate().take(m) {
            if !board[issue].active {
                continue;
            }
            if links {
                e.linkage = mean - view.slack;
            }
            let mut sum = Sum::default();
            let sight = Sight { stakes: [mine[issue], theirs[issue]], seen: seen[issue], trust, third };
            (view.role, view.norm) = self.weigh(i, &board[issue], sight, &mut e, &mut sum);
            view.x = sensitivity * sum.total();
        }
        for (issue, view) in views.iter().enumerate().take(m) {
            let word = words[issue];
            let draw = (word >> 40) as f64 / (1u64 << 24) as f64;
            let View { x, role, norm, .. } = *view;
            // the table settles all but the closest draws; those are settled exactly
            let gap = draw - (role * norm + (1.0 - role) * about_logistic(self.logistic, x));
            let intended = if gap.abs() > TABLE_ERROR {
                gap < 0.0
            } else {
                draw < role * norm + (1.0 - role) * logistic(x)
            };
            let err = ((word >> 20) & 0xF_FFFF) < error;
            moves[issue] = if board[issue].active { u8::from(intended != err) } else { UNSEEN };
        }
    }

    /// The moves of `i` toward `j` under a null model, executed without error.
    fn moves_of_null(&self, null: Conviction, i: usize, j: usize, words: &[u64], moves: &mut [u8]) {
        let (n, m) = (self.world.n(), words.len());
        let trust = self.trust(i, j);
        for issue in 0..m {
            if !self.board[issue].active {
                moves[issue] = UNSEEN;
                continue;
            }
            let draw = (words[issue] >> 40) as f64 / (1u64 << 24) as f64;
            let intended = match null {
                Conviction::Random => draw < 0.5,
                Conviction::Repeat => match self.past_move((i * n + j) * m + issue) {
                    UNSEEN => draw < trust,
                    past => past == 1,
                },
                Conviction::Refuse | Conviction::Schools => false,
            };
            moves[issue] = u8::from(intended);
        }
    }

    fn past_move(&self, place: usize) -> u8 {
        let cells = self.world.n() * self.world.n() * self.world.issues.len();
        let year = self.past.len() / cells.max(1);
        self.past[(self.step % year) * cells + place]
    }

    fn keep_past(&mut self, moves: &[u8]) {
        if self.past.is_empty() {
            return;
        }
        let year = self.past.len() / moves.len().max(1);
        let start = (self.step % year) * moves.len();
        self.past[start..start + moves.len()].copy_from_slice(moves);
    }

    /// Identification of `i` with `j` after an act seen as friendly (+1) or hostile (-1), at the given rate.
    fn identify(&mut self, i: usize, j: usize, seen: f64, rate: f64) {
        let n = self.world.n();
        let k = i * n + j;
        let (own, other) = (self.identification[k], self.identification[j * n + i]);
        self.identification[k] = self.roster.constructivism.appraise(own, other, 0.5 * (seen + 1.0), rate);
    }

    /// Phase 4: beliefs, identification, identities and norms, from the moves just played.
    fn learn(&mut self) {
        let (w, n, m) = (self.world, self.world.n(), self.world.issues.len());
        let forgetting = 1.0 - self.per_step(1.0 - w.common.forgetting);
        let fade = 1.0 - (-(4.0 / w.calendar.per_year()) / w.common.hostility_memory).exp();
        let rate = self.per_step(self.roster.constructivism.rate);
        let school = self.roster.constructivism;
        let Simulation {
            pairs,
            words,
            moves,
            seen,
            stake,
            kept,
            broken,
            hostility,
            identification,
            cooperation,
            monitoring,
            learning,
            norm_met,
            norm_kept,
            ..
        } = self;
        norm_met.fill(0.0);
        norm_kept.fill(0.0);
        for &(a, b) in pairs.iter() {
            let (a, b) = (a as usize, b as usize);
            // both sides learn from the same snapshot of how each saw the other
            let frozen = [identification[a * n + b], identification[b * n + a]];
            for (side, (i, j)) in [(a, b), (b, a)].into_iter().enumerate() {
                // i observes j
                let (mine, theirs) = (i * n + j, j * n + i);
                let place = (w.slot[j] * n + w.slot[i]) * m;
                let misread = (w.common.misperception * (1.0 - monitoring[mine]) * (1 << 20) as f64) as u64;
                let (mut friendly, mut active) = (0.0, 0.0);
                let words = &words[place..place + m];
                let moves = &moves[theirs * m..(theirs + 1) * m];
                let seen = &mut seen[mine * m..(mine + 1) * m];
                let stake = &stake[i * m..(i + 1) * m];
                for issue in 0..m {
                    let done = moves[issue];
                    if done == UNSEEN {
                        continue;
                    }
                    let wrong = (words[issue] & 0xF_FFFF) < misread;
                    seen[issue] = done ^ u8::from(wrong);
                    // an act counts by what the issue means to the observer
                    let weight = stake[issue];
                    friendly += weight * f64::from(seen[issue]);
                    active += weight;
                }
                if active <= 0.0 {
                    continue;
                }
                let share = friendly / active;
                kept[mine] = forgetting * kept[mine] + share;
                broken[mine] = forgetting * broken[mine] + learning[i].betrayal * (1.0 - share);
                let felt = w.common.hostility_routine * (1.0 - share);
                hostility[mine] += fade * (felt - hostility[mine]);
                // one act a step: friendly with the share of friendly moves
                let old = frozen[side];
                identification[mine] = school.appraise(old, frozen[1 - side], share, rate);
                let asked = constructivism::role_norm(old, share);
                norm_met[i] += 1.0;
                if (asked - cooperation[mine]).abs() < 0.5 {
                    norm_kept[i] += 1.0;
                }
            }
        }
        let (grow, erode) = (self.per_step(school.internalise), self.per_step(school.erode));
        for i in 0..n {
            if self.norm_met[i] > 0.0 {
                let kept = self.norm_kept[i] / self.norm_met[i];
                let pi = self.internalisation[i];
                self.internalisation[i] = pi + grow * kept * (1.0 - pi) - erode * (1.0 - kept) * pi;
            }
        }
        self.change_identities();
    }

    /// Attraction, repulsion and other-making.
    fn change_identities(&mut self) {
        let (w, n) = (self.world, self.world.n());
        let school = self.roster.constructivism;
        let (attract, repel) = (self.per_step(school.attract), self.per_step(school.repel));
        if attract > 0.0 || repel > 0.0 {
            let mut next = std::mem::take(&mut self.next_identity);
            for (i, slot) in next.iter_mut().enumerate() {
                let own = self.identity[i];
                let mut pull = [0.0; 4];
                for j in 0..n {
                    if i == j || !self.linked[i * n + j] {
                        continue;
                    }
                    let other = &self.identity[j];
                    let d = distance(&own, other);
                    let step = school.drift(d, self.identification[i * n + j], attract, repel);
                    if step == 0.0 {
                        continue;
                    }
                    for x in 0..4 {
                        pull[x] += step * (other[x] - own[x]);
                    }
                }
                // the pull of all others together is that of ten of them, whatever the number of states
                for x in 0..4 {
                    slot[x] = (own[x] + 10.0 / n as f64 * pull[x]).clamp(0.0, 1.0);
                }
            }
            self.next_identity = std::mem::replace(&mut self.identity, next);
        }
        if let Some(blocs) = w.blocs {
            let rate = self.per_step(school.othering);
            let gap = self.bloc_distance(blocs) * rate;
            for o in blocs {
                for i in (0..n).filter(|&i| self.member[o * n + i]) {
                    for j in (0..n).filter(|&j| j != i && self.member[o * n + j]) {
                        let k = i * n + j;
                        self.identification[k] += gap * (1.0 - self.identification[k]).max(0.0) * 0.5;
                    }
                }
            }
        }
    }

    /// Mean identity distance between the members of two bodies, 0-1.
    pub(crate) fn bloc_distance(&self, blocs: [usize; 2]) -> f64 {
        let (mut sum, mut count) = (0.0, 0.0);
        for &i in self.members(blocs[0]) {
            for &j in self.members(blocs[1]) {
                sum += distance(&self.identity[i], &self.identity[j]);
                count += 1.0;
            }
        }
        if count > 0.0 { sum / count } else { 0.0 }
    }

    /// Phase 5: spending moves toward the best reply in the joint-product game.
    fn share_burdens(&mut self) {
        let (w, n) = (self.world, self.world.n());
        let pace = self.per_step(w.common.adjustment);
        let mut next = std::mem::take(&mut self.next_spending);
        for (i, slot) in next.iter_mut().enumerate().take(n) {
            *slot = match self.population.conviction {
                Conviction::Schools => {
                    let aim = self.explain_burden(i).1;
                    self.spending[i] + pace * (aim - self.spending[i])
                }
                _ => self.spending[i],
            };
        }
        self.spending.copy_from_slice(&next);
        self.next_spending = next;
        self.pay_hosts();
    }

    /// The burden decision of `i`: the situation, the share of income it aims at, and the three weights
    /// (b, delta, pull of the guideline).
    pub fn explain_burden(&self, i: usize) -> (Burden, f64, (f64, f64, f64)) {
        let (w, n) = (self.world, self.world.n());
        let mut s = Burden {
            income: w.states[i].gdp[self.step],
            weight: w.common.security,
            private: w.common.private,
            guideline: w.common.guideline,
            present: self.spending[i],
            ..Burden::default()
        };
        let body = (0..w.organisations.len())
            .filter(|&o| self.alive[o] && self.member[o * n + i] && w.organisations[o].military > 0.5)
            .max_by(|&a, &b| self.institution[a].total_cmp(&self.institution[b]));
        if let Some(o) = body {
            let (mut warmth, mut count) = (0.0, 0.0);
            for &j in self.members(o).iter().filter(|&&j| j != i) {
                s.others += self.spending[j] * w.states[j].gdp[self.step];
                warmth += self.identification[i * n + j];
                count += 1.0;
            }
            s.institution = self.institution[o];
            s.identification = if count > 0.0 { warmth / count } else { 0.0 };
        }
        s.threat = Some(self.top_threat[i][0]).filter(|&l| l < n).map_or(0.0, |l| self.threat[i * n + l]);
        let weights = self.roster.burden(self.weights(i), &s);
        let (b, delta, pull) = weights;
        let reply = if s.income > 0.0 {
            burden::best_reply(s.income, s.others, b.clamp(1e-6, 0.9), delta) / s.income
        } else {
            0.0
        };
        let aim = (1.0 - pull) * reply + pull * s.guideline;
        (s, aim, weights)
    }

    /// Patrons bid for hosts: second-price rule.
    fn pay_hosts(&mut self) {
        let (w, n) = (self.world, self.world.n());
        for i in 0..n {
            let mut best = (None, 0.0);
            let mut values = [0.0; 8];
            let count = w.organisations.len().min(values.len());
            for (o, value) in values.iter_mut().enumerate().take(count) {
                let body = &w.organisations[o];
                let close = self.member[o * n + i] || self.partner[o * n + i];
                if self.alive[o] && body.patronage > 0.0 && close && body.leader.is_some_and(|l| l != i) {
                    let small = 1.0 - (self.capability[i] * 50.0).min(1.0);
                    *value = body.patronage * self.hosting(i) * small;
                }
            }
            let (winner, price) = patronage::second_price(&values[..count]);
            if price > 0.0 {
                best = (winner, price);
            }
            self.payer[i] = best.0;
            self.side_payment[i] = best.1;
        }
    }

    /// Worth of a host's ground to a patron: its greatest stake in a common threat.
    fn hosting(&self, i: usize) -> f64 {
        let w = self.world;
        let mut most: f64 = 0.0;
        for (m, issue) in w.issues.iter().enumerate() {
            if issue.common_threat > 0.0 && self.step >= issue.from && self.step <= issue.until {
                most = most.max(issue.common_threat * self.stake[i * w.issues.len() + m]);
            }
        }
        most
    }

    /// Phase 7: stocks grow with practice and decay with neglect; bodies and ties can die.
    fn institutions(&mut self) {
        let (w, n, bodies) = (self.world, self.world.n(), self.world.organisations.len());
        let (eta, chi) = (self.per_step(w.common.growth), self.per_step(w.common.decay));
        for o in 0..bodies {
            if !self.alive[o] || !self.population.institutions {
                continue;
            }
            let practice = self.mean_cooperation(Party::Organisation(o), Party::Organisation(o));
            let body = &w.organisations[o];
            let threat = match (body.founding_threat, body.leader) {
                (Some(foe), Some(leader)) if foe != leader => (2.0 * self.threat[leader * n + foe]).min(1.0),
                _ => 1.0,
            };
            let specific = 1.0 - body.general_assets;
            self.institution[o] = persistence::next_stock(
                self.institution[o],
                practice.unwrap_or(0.0),
                eta,
                chi,
                specific,
                threat,
            );
            let members = self.enrolled[o];
            if self.institution[o] < w.common.death || members < 2 && self.step > 0 && self.had_members(o) {
                self.alive[o] = false;
                self.member[o * n..(o + 1) * n].fill(false);
                self.partner[o * n..(o + 1) * n].fill(false);
                self.council[o * n..(o + 1) * n].fill(0.0);
                self.enrol();
            }
        }
        for o in 0..bodies {
            for p in o + 1..bodies {
                let stock = self.tie[o * bodies + p];
                if stock > 0.0 {
                    let practice =
                        self.mean_cooperation(Party::Organisation(o), Party::Organisation(p)).unwrap_or(0.0);
                    let next = self.next_tie(stock, practice);
                    self.tie[o * bodies + p] = next;
                    self.tie[p * bodies + o] = next;
                }
            }
            for i in 0..n {
                let stock = self.council[o * n + i];
                if stock > 0.0 {
                    let practice =
                        self.mean_cooperation(Party::Organisation(o), Party::State(i)).unwrap_or(0.0);
                    self.council[o * n + i] = self.next_tie(stock, practice);
                }
            }
        }
    }

    /// A tie grows when practice is better than even and withers when it is worse.
    fn next_tie(&self, stock: f64, practice: f64) -> f64 {
        let next = stock + self.per_step(0.2) * (practice - stock);
        if next < self.world.common.death { 0.0 } else { next.clamp(0.0, 1.0) }
    }

    fn had_members(&self, o: usize) -> bool {
        let n = self.world.n();
        self.was_member[o * n..(o + 1) * n].iter().any(|&x| x)
    }

    /// Mean executed cooperation between two parties (both directions), or inside one; `None` if nobody met.
    pub fn mean_cooperation(&self, a: Party, b: Party) -> Option<f64> {
        self.mean_over(a, b, &self.cooperation)
    }

    /// Mean of an n x n array over the directed dyads between two parties, or inside one; NaN cells are left out.
    pub(crate) fn mean_over(&self, a: Party, b: Party, values: &[f64]) -> Option<f64> {
        let n = self.world.n();
        let (mut sum, mut count) = (0.0, 0u32);
        for &i in self.party(a) {
            for &j in self.party(b) {
                if i == j {
                    continue;
                }
                for x in [values[i * n + j], values[j * n + i]] {
                    if !x.is_nan() {
                        sum += x;
                        count += 1;
                    }
                }
            }
        }
        (count > 0).then(|| sum / f64::from(count))
    }

    /// Mean of an n x n array over what `a` holds about `b` only.
    pub(crate) fn mean_toward(&self, a: Party, b: Party, values: &[f64]) -> Option<f64> {
        let n = self.world.n();
        let (mut sum, mut count) = (0.0, 0u32);
        for &i in self.party(a) {
            for &j in self.party(b) {
                if i != j && !values[i * n + j].is_nan() {
                    sum += values[i * n + j];
                    count += 1;
                }
            }
        }
        (count > 0).then(|| sum / f64::from(count))
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

    /// Reciprocity between two parties at plain trust, for callers that explain a vote.
    pub fn mean_trust(&self, i: usize, other: Party) -> f64 {
        let (mut sum, mut count) = (0.0, 0.0);
        for &j in self.party(other).iter().filter(|&&j| j != i) {
            sum += self.trust(i, j);
            count += 1.0;
        }
        if count > 0.0 { sum / count } else { 0.0 }
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

/// How near the column's power is to the row, 0-1: exp(-distance/reach), reach three times longer for great powers.
fn nearness(world: &World) -> Vec<f64> {
    let n = world.n();
    (0..n * n)
        .map(|k| {
            let reach = if world.states[k % n].great_power { 3.0 } else { 1.0 } * world.common.distance_km;
            (-world.distance[k] / reach).exp()
        })
        .collect()
}

/// Distance between two identities: mean absolute difference over the four dimensions, 0-1.
pub(crate) fn distance(a: &[f64; 4], b: &[f64; 4]) -> f64 {
    a.iter().zip(b).map(|(x, y)| (x - y).abs()).sum::<f64>() / 4.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payoffs::Payoffs;
    use crate::theory::reciprocity;

    #[test]
    fn the_table_of_the_logistic_keeps_its_bound() {
        let table = logistic_table();
        for k in -400_000..=400_000 {
            let x = f64::from(k) * 5e-5;
            let error = (about_logistic(table, x) - logistic(x)).abs();
            assert!(error < TABLE_ERROR, "x {x}: {error}");
        }
        for x in [-1e9, -17.0, 17.0, 1e9, f64::INFINITY, f64::NEG_INFINITY] {
            assert!((about_logistic(table, x) - logistic(x)).abs() < TABLE_ERROR, "x {x}");
        }
    }

    #[test]
    fn choice_is_best_reply_in_the_limit() {
        assert!(choice(1e6, 0.01) > 1.0 - 1e-12 && choice(1e6, -0.01) < 1e-12);
        assert!((choice(5.0, 0.0) - 0.5).abs() < 1e-15);
    }

    #[test]
    fn reciprocity_changes_sign_at_the_threshold() {
        let p = Payoffs::axelrod();
        for (w, sign) in [(0.499, -1.0), (0.501, 1.0)] {
            let mut terms = Terms::default();
            reciprocity(&p, w, 1.0, 1.0, &mut terms);
            assert!(terms.total() * sign > 0.0, "w = {w}: {}", terms.total());
        }
    }
}
