//! Phase 3: every linked pair plays every active issue once, from the frozen snapshot, and each side sees, or misreads,
//! what the other did.
//!
//! Sixteen pairs are computed side by side. Of each random word the top half chooses, and the lower half is read by the
//! observer. A slip of the hand is part of the choice: with `c0 = eps + (1-2 eps) pi asks` and `c1 = (1-2 eps)(1-pi)` a
//! state cooperates if its draw is below `c0 + c1 logistic(lambda u)`.

use std::f64::consts::LOG2_E;

use multiversion::multiversion;

use super::simulation::{NONE, Simulation};
use super::world::{Conviction, GivenKind};
use crate::math::{LANES, Lane, exp2, logistic};
use crate::random::{Block, Words};
use crate::theory::frame::{Frame, Game, Meeting};
use crate::theory::{COUNT, Roster, Terms};

/// One direction of sixteen pairs: what each sees, and what comes of it.
#[derive(Debug)]
struct Side {
    meeting: Meeting,
    weights: [Lane; COUNT],
    role: Lane,
    asks: Lane,
    reliance: Lane,
    watch: Vec<Lane>,
    utility: Vec<Lane>,
    moved: Vec<Lane>,
    share: Lane,
}

impl Side {
    fn new(issues: usize) -> Self {
        let none = [0.0; LANES];
        Side {
            meeting: Meeting::new(issues),
            weights: [none; COUNT],
            role: none,
            asks: none,
            reliance: none,
            watch: vec![none; issues],
            utility: vec![none; issues],
            moved: vec![none; issues],
            share: none,
        }
    }
}

/// Buffers of the games.
#[derive(Debug)]
pub(crate) struct Table {
    /// Pairs that meet in this step, the lesser place in the random streams first.
    pub pairs: Vec<(u32, u32)>,
    sides: [Side; 2],
    words: Vec<Block>,
    spare: Vec<Lane>,
    active: usize,
}

impl Table {
    pub(crate) fn new(n: usize, issues: usize) -> Self {
        let blocks = (2 * issues).div_ceil(16).max(1);
        Table {
            pairs: Vec::with_capacity(n * n / 2),
            sides: [Side::new(issues), Side::new(issues)],
            words: vec![[[0; LANES]; 16]; blocks],
            spare: vec![[0.0; LANES]; 2 * issues],
            active: 0,
        }
    }

    /// Moves chosen in the step.
    pub(crate) fn decisions(&self) -> u64 {
        (2 * self.pairs.len() * self.active) as u64
    }
}

pub(crate) fn phase(sim: &mut Simulation<'_>) {
    let mut table = std::mem::replace(&mut sim.table, Table::empty());
    table.active = sim.games.iter().filter(|g| g.active).count();
    sim.moves.fill(NONE);
    sim.share.fill(f64::NAN);
    let schools = sim.population.conviction == Conviction::Schools;
    let given =
        sim.world.decisions.iter().any(|d| d.step == sim.step && matches!(d.what, GivenKind::Move(..)));
    for start in (0..table.pairs.len()).step_by(LANES) {
        let count = (table.pairs.len() - start).min(LANES);
        draw(sim, &mut table, start, count);
        let Table { pairs, sides, words, spare, .. } = &mut table;
        let pairs = &pairs[start..start + count];
        for (side, own) in sides.iter_mut().enumerate() {
            gather(sim, pairs, side, own);
        }
        if schools {
            for own in sides.iter_mut() {
                roles(&sim.roster, own);
            }
            decide(
                &sim.roster,
                &sim.frame,
                &sim.games,
                &sim.present,
                sim.world.common.sensitivity,
                words,
                sides,
                spare,
            );
        } else {
            decide_null(sim, pairs, words, sides);
        }
        if given {
            impose(sim, pairs, sides);
        }
        observe(&sim.frame, &sim.games, words, sides);
        scatter(sim, pairs, sides);
    }
    keep_past(sim);
    sim.table = table;
}

impl Table {
    /// A place holder without room, while the real one is in use.
    fn empty() -> Self {
        Table {
            pairs: Vec::new(),
            sides: [Side::new(0), Side::new(0)],
            words: Vec::new(),
            spare: Vec::new(),
            active: 0,
        }
    }
}

/// The words of the pairs: each pair owns places in the stream by the places of its two states, lower first, so that
/// neither links nor the order of states move them.
fn draw(sim: &Simulation<'_>, table: &mut Table, start: usize, count: usize) {
    let (n, blocks) = (sim.world.n() as u64, table.words.len() as u64);
    let mut places = [0u64; LANES];
    for (place, &(a, b)) in places.iter_mut().zip(&table.pairs[start..start + count]) {
        let (x, y) = (sim.world.slot[a as usize] as u64, sim.world.slot[b as usize] as u64);
        *place = (sim.step as u64 * n * n + x * n + y) * blocks;
    }
    for (b, block) in table.words.iter_mut().enumerate() {
        let own = places.map(|p| p + b as u64);
        fill(&sim.words, &own, block);
    }
}

#[multiversion(targets("x86_64+avx2"))]
fn fill(words: &Words, places: &[u64; LANES], out: &mut Block) {
    words.fill(places, out);
}

/// Where a block's lanes stand in the arrays of the world: directed dyads, states, classes of venues.
struct Places {
    dyad: [usize; LANES],
    state: [usize; LANES],
    class: [usize; LANES],
}

/// Reads one value for each lane.
#[inline(always)]
fn pick(from: &[f64], at: &[usize; LANES]) -> Lane {
    let mut out = [0.0; LANES];
    for l in 0..LANES {
        out[l] = from[at[l]];
    }
    out
}

/// Writes what one side of a block sees; lanes beyond the last pair repeat it, and nobody reads them.
fn gather(sim: &Simulation<'_>, pairs: &[(u32, u32)], side: usize, own: &mut Side) {
    let n = sim.world.n();
    let mut at = Places { dyad: [0; LANES], state: [0; LANES], class: [0; LANES] };
    for l in 0..LANES {
        let (a, b) = pairs[l.min(pairs.len() - 1)];
        let (i, j) = direction((a, b), side);
        (at.dyad[l], at.state[l], at.class[l]) = (i * n + j, i, sim.venues.class(i, j));
    }
    own.gather(sim, &at);
}

/// Actor and other of a pair in direction 0 (from the lesser place) or 1.
#[inline(always)]
fn direction((a, b): (u32, u32), side: usize) -> (usize, usize) {
    if side == 0 { (a as usize, b as usize) } else { (b as usize, a as usize) }
}

impl Side {
    /// Writes what each lane sees; what no school present reads is left as it is.
    fn gather(&mut self, sim: &Simulation<'_>, at: &Places) {
        let (n, m) = (sim.world.n(), sim.world.issues.len());
        let meeting = &mut self.meeting;
        meeting.trust = pick(&sim.trust, &at.dyad);
        meeting.image = pick(&sim.regard, &at.dyad);
        meeting.total = pick(&sim.total, &at.state);
        for (lane, plane) in meeting.seen.iter_mut().zip(sim.seen.chunks_exact(n * n)) {
            *lane = pick(plane, &at.dyad);
        }
        let stakes = at.state.map(|i| i * m);
        for (k, lane) in meeting.stake.iter_mut().enumerate() {
            *lane = pick(&sim.stake[k..], &stakes);
        }
        for (lane, column) in self.weights.iter_mut().zip(&sim.convictions) {
            *lane = pick(column, &at.state);
        }
        if sim.reads.power {
            meeting.behind = pick(&sim.behind, &at.dyad);
            meeting.external = pick(&sim.external, &at.dyad);
            meeting.fear = pick(&sim.fear, &at.state);
        }
        if sim.reads.institutions {
            self.reliance = pick(&sim.relies, &at.state);
            let (plain, lifts) = (sim.frame.misperception, sim.venues.reliance() * sim.frame.information);
            let mut rows = [0; LANES];
            for l in 0..LANES {
                rows[l] = at.class[l] * m;
            }
            for k in 0..m {
                let lent = sim.venues.lent(k);
                let (mut future, mut watch) = ([0.0; LANES], [0.0; LANES]);
                for l in 0..LANES {
                    let x = &lent[rows[l]];
                    (future[l], watch[l]) = (x.future, x.watch);
                }
                let mut misread = [0.0; LANES];
                for l in 0..LANES {
                    misread[l] = plain * (1.0 - lifts * watch[l]);
                }
                (meeting.future[k], meeting.misread[k], self.watch[k]) = (future, misread, watch);
                if sim.venues.enforces() {
                    for l in 0..LANES {
                        meeting.enforcement[k][l] = lent[rows[l]].enforcement;
                    }
                }
            }
            meeting.scope = sim.venues.scopes(&at.state, &at.class);
        }
    }
}

/// Word of a decision: direction, then issue.
#[inline(always)]
fn word(words: &[Block], side: usize, issue: usize, issues: usize) -> &[u32; LANES] {
    let place = side * issues + issue;
    &words[place / 16][place % 16]
}

/// A draw in (0, 1) from the top half of a word.
#[inline(always)]
fn top(word: u32) -> f64 {
    (f64::from((word >> 16) as i32) + 0.5) * (1.0 / 65536.0)
}

/// A draw in (0, 1) from the lower half of a word.
#[inline(always)]
fn low(word: u32) -> f64 {
    (f64::from((word & 0xFFFF) as i32) + 0.5) * (1.0 / 65536.0)
}

/// Chance that a role decides, and what it asks.
#[multiversion(targets("x86_64+avx2"))]
fn roles(roster: &Roster, own: &mut Side) {
    roster.roles(&own.weights, &own.meeting.image, &mut own.role);
    for l in 0..LANES {
        own.asks[l] = if own.meeting.image[l] > 0.0 { 1.0 } else { 0.0 };
    }
}

/// Both directions of sixteen pairs choose.
#[multiversion(targets("x86_64+avx2"))]
#[expect(clippy::too_many_arguments, reason = "a function of its own for each set of instructions")]
fn decide(
    roster: &Roster,
    frame: &Frame,
    games: &[Game],
    present: &[bool; COUNT],
    sensitivity: f64,
    words: &[Block],
    sides: &mut [Side; 2],
    spare: &mut [Lane],
) {
    let steep = -sensitivity * LOG2_E;
    let firm = 1.0 - 2.0 * frame.error;
    for (side, own) in sides.iter_mut().enumerate() {
        for lane in own.utility.iter_mut() {
            *lane = [0.0; LANES];
        }
        roster.play(frame, games, &own.meeting, present, &own.weights, &mut own.utility, spare);
        let (role, asks) = (own.role, own.asks);
        for (k, _) in games.iter().enumerate().filter(|(_, g)| g.active) {
            let (row, utility) = (*word(words, side, k, games.len()), own.utility[k]);
            let mut moved = [0.0; LANES];
            for l in 0..LANES {
                let asked = frame.error + firm * role[l] * asks[l];
                let chosen = firm * (1.0 - role[l]);
                let against = 1.0 + exp2(steep * utility[l]);
                let yes = (top(row[l]) - asked) * against < chosen;
                moved[l] = if yes { 1.0 } else { 0.0 };
            }
            own.moved[k] = moved;
        }
    }
}

/// Each side sees what the other did, or misreads it, and forms the stake-weighted share of friendly moves.
#[multiversion(targets("x86_64+avx2"))]
fn observe(frame: &Frame, games: &[Game], words: &[Block], sides: &mut [Side; 2]) {
    let [first, second] = sides;
    see(frame, games, words, 1, first, &second.moved);
    see(frame, games, words, 0, second, &first.moved);
}

#[inline(always)]
fn see(frame: &Frame, games: &[Game], words: &[Block], other: usize, own: &mut Side, done: &[Lane]) {
    // lanes are copied before they are read and written whole, so that nothing can overlap
    let (mut sum, reliance, total) = ([0.0; LANES], own.reliance, own.meeting.total);
    for (k, _) in games.iter().enumerate().filter(|(_, g)| g.active) {
        let row = *word(words, other, k, games.len());
        let (watch, stake, did) = (own.watch[k], own.meeting.stake[k], done[k]);
        let mut seen = [0.0; LANES];
        for l in 0..LANES {
            let watched = reliance[l] * frame.information * watch[l];
            let wrong = low(row[l]) < frame.misperception * (1.0 - watched);
            seen[l] = if wrong { 1.0 - did[l] } else { did[l] };
            sum[l] += stake[l] * seen[l];
        }
        own.meeting.seen[k] = seen;
    }
    for l in 0..LANES {
        sum[l] /= total[l];
    }
    own.share = sum;
}

/// Null models choose without reading anything, and never slip.
fn decide_null(sim: &Simulation<'_>, pairs: &[(u32, u32)], words: &[Block], sides: &mut [Side; 2]) {
    let (n, m) = (sim.world.n(), sim.world.issues.len());
    for (side, own) in sides.iter_mut().enumerate() {
        for (l, &(a, b)) in pairs.iter().enumerate() {
            let (i, j) = direction((a, b), side);
            for k in 0..m {
                let draw = top(word(words, side, k, m)[l]);
                let yes = match sim.population.conviction {
                    Conviction::Random => draw < 0.5,
                    Conviction::Repeat => match past(sim, k * n * n + i * n + j) {
                        NONE => draw < sim.trust[i * n + j],
                        before => before == 1,
                    },
                    Conviction::Refuse | Conviction::Schools => false,
                };
                own.moved[k][l] = f64::from(u8::from(yes));
            }
        }
    }
}

/// Moves given from outside replace those chosen.
fn impose(sim: &mut Simulation<'_>, pairs: &[(u32, u32)], sides: &mut [Side; 2]) {
    for (side, own) in sides.iter_mut().enumerate() {
        for (l, &(a, b)) in pairs.iter().enumerate() {
            let (i, j) = direction((a, b), side);
            for k in 0..own.moved.len() {
                if let Some(yes) = sim.given(i, GivenKind::Move(j, k)) {
                    own.moved[k][l] = f64::from(u8::from(yes));
                }
            }
        }
    }
}

fn scatter(sim: &mut Simulation<'_>, pairs: &[(u32, u32)], sides: &[Side; 2]) {
    let n = sim.world.n();
    for (side, own) in sides.iter().enumerate() {
        let mut at = [0; LANES];
        for (place, &(a, b)) in at.iter_mut().zip(pairs) {
            let (i, j) = direction((a, b), side);
            *place = i * n + j;
        }
        let at = &at[..pairs.len()];
        for (k, share) in at.iter().zip(own.share) {
            sim.share[*k] = share;
        }
        let planes = sim.moves.chunks_exact_mut(n * n).zip(sim.seen.chunks_exact_mut(n * n));
        let lanes = own.moved.iter().zip(&own.meeting.seen).zip(&sim.games);
        for ((moves, seen), ((moved, saw), game)) in planes.zip(lanes) {
            if game.active {
                for ((k, did), last) in at.iter().zip(moved).zip(saw) {
                    moves[*k] = *did as u8;
                    seen[*k] = *last;
                }
            }
        }
    }
}

fn past(sim: &Simulation<'_>, place: usize) -> u8 {
    let cells = sim.moves.len();
    let year = sim.past.len() / cells.max(1);
    sim.past[(sim.step % year) * cells + place]
}

fn keep_past(sim: &mut Simulation<'_>) {
    let cells = sim.moves.len();
    if !sim.past.is_empty() {
        let start = (sim.step % (sim.past.len() / cells)) * cells;
        sim.past[start..start + cells].copy_from_slice(&sim.moves);
    }
}

/// A move explained: what was seen, and how it was worked out.
#[derive(Clone, Debug)]
pub struct MoveView {
    /// The situation, in lane 0.
    pub meeting: Meeting,
    /// The games of the step.
    pub games: Vec<Game>,
    /// The frame of the run.
    pub frame: Frame,
    /// The issue.
    pub issue: usize,
    /// Image of the other, -1 to 1.
    pub image: f64,
}

impl MoveView {
    /// Named terms, in spreads; the chance that a role decides; and what it asks (1 to cooperate).
    pub fn weigh(&self, roster: &Roster, weights: &crate::theory::Weights) -> (Terms, f64, f64) {
        let mut terms = Terms::default();
        roster.explain(&self.frame, &self.games, &self.meeting, weights, 0, self.issue, &mut terms);
        (terms, roster.role(weights, self.image), if self.image > 0.0 { 1.0 } else { 0.0 })
    }
}

/// Probability of choosing the first option at `utility` over the second, a slip of the hand apart.
pub fn choice(sensitivity: f64, utility: f64) -> f64 {
    logistic(sensitivity * utility)
}

impl Simulation<'_> {
    /// What `i` sees of `j` on issue `m` in the present snapshot.
    pub fn view_move(&self, i: usize, j: usize, m: usize) -> MoveView {
        let mut side = Side::new(self.world.issues.len());
        let (dyad, class) = ([i * self.world.n() + j; LANES], [self.venues.class(i, j); LANES]);
        side.gather(self, &Places { dyad, state: [i; LANES], class });
        MoveView {
            meeting: side.meeting,
            games: self.games.clone(),
            frame: self.frame,
            issue: m,
            image: self.image(i, j),
        }
    }

    /// Chance that `i` means to cooperate with `j` on issue `m` in the present snapshot, a slip of the hand apart.
    pub fn chance_to_cooperate(&self, i: usize, j: usize, m: usize) -> f64 {
        let (terms, role, asks) = self.view_move(i, j, m).weigh(&self.roster, self.weights(i));
        role * asks + (1.0 - role) * choice(self.world.common.sensitivity, terms.total())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choice_is_best_reply_in_the_limit() {
        assert!(choice(1e6, 0.01) > 1.0 - 1e-12 && choice(1e6, -0.01) < 1e-12);
        assert!((choice(5.0, 0.0) - 0.5).abs() < 1e-10);
    }

    #[test]
    fn draws_are_centred() {
        let mean: f64 = (0..65536u32).map(|k| top(k << 16)).sum::<f64>() / 65536.0;
        assert!((mean - 0.5).abs() < 1e-12 && top(0) > 0.0 && top(u32::MAX) < 1.0);
        assert_eq!(low(7), top(7 << 16));
    }
}
