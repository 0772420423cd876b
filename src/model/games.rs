//! Phase 3: every linked pair plays every active issue once, from the frozen snapshot, and each side sees, or misreads,
//! what the other did.
//!
//! Sixteen pairs are computed side by side. Of each random word the top half chooses, and the lower half is read by the
//! observer. A slip of the hand is part of the choice: with `c0 = eps + (1-2 eps) pi asks` and `c1 = (1-2 eps)(1-pi)` a
//! state cooperates if its draw is below `c0 + c1 logistic(lambda u)`.

use std::f64::consts::LOG2_E;

use multiversion::multiversion;

use super::memory::Moves;
use super::simulation::Simulation;
use super::venues::{Lent, Venues};
use super::world::{Conviction, GivenKind, World};
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
    /// Reliance on institutions over that of the school that relies most.
    reliance: Lane,
    utility: Vec<Lane>,
    moved: Vec<Lane>,
    /// The moves as a number: 2^issue for each cooperation.
    cooperated: Lane,
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
            utility: vec![none; issues],
            moved: vec![none; issues],
            cooperated: none,
            share: none,
        }
    }
}

/// Buffers of the games.
#[derive(Debug)]
pub(crate) struct Table {
    /// Pairs that meet in this step, the lesser place in the random streams first.
    pub pairs: Vec<(u32, u32)>,
    blocks: Vec<Seats>,
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
            blocks: Vec::with_capacity((n * n / 2).div_ceil(LANES)),
            sides: [Side::new(issues), Side::new(issues)],
            words: vec![[[0; LANES]; 16]; blocks],
            spare: vec![[0.0; LANES]; 2 * issues],
            active: 0,
        }
    }

    /// Seats the pairs: works out where the numbers of each block stand. Called when other pairs meet or states stand
    /// otherwise in bodies.
    pub(crate) fn seat(&mut self, world: &World, venues: &Venues) {
        let n = world.n();
        self.blocks.clear();
        for pairs in self.pairs.chunks(LANES) {
            // lanes beyond the last pair repeat it, and nobody reads them
            let pair = |l: usize| pairs[l.min(pairs.len() - 1)];
            let side = |side: usize| Places {
                dyad: std::array::from_fn(|l| {
                    let (i, j) = direction(pair(l), side);
                    i * n + j
                }),
                state: std::array::from_fn(|l| direction(pair(l), side).0),
                class: std::array::from_fn(|l| {
                    let (i, j) = direction(pair(l), side);
                    venues.class(i, j)
                }),
            };
            let slot = |state: u32| world.slot[state as usize];
            let stream = std::array::from_fn(|l| (slot(pair(l).0) * n + slot(pair(l).1)) as u64);
            self.blocks.push(Seats { count: pairs.len(), stream, sides: [side(0), side(1)] });
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
    sim.moves.fill(Moves::default());
    let met = sim.games.iter().enumerate().map(|(k, g)| u32::from(g.active) << k).sum();
    sim.share.fill(f64::NAN);
    let schools = sim.population.conviction == Conviction::Schools;
    let given =
        sim.world.decisions.iter().any(|d| d.step == sim.step && matches!(d.what, GivenKind::Move(..)));
    let Table { pairs, blocks, sides, words, spare, .. } = &mut table;
    for ((block, seats), pairs) in blocks.iter().enumerate().zip(pairs.chunks(LANES)) {
        draw(sim, &seats.stream, words);
        for (side, own) in sides.iter_mut().enumerate() {
            own.gather(sim, &seats.sides[side]);
            own.meeting.seen.copy_from_slice(sim.memory.side(block, side));
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
        scatter(sim, seats, block, sides, met);
    }
    keep_past(sim);
    sim.table = table;
}

impl Table {
    /// A place holder without room, while the real one is in use.
    fn empty() -> Self {
        Table {
            pairs: Vec::new(),
            blocks: Vec::new(),
            sides: [Side::new(0), Side::new(0)],
            words: Vec::new(),
            spare: Vec::new(),
            active: 0,
        }
    }
}

/// The words of the pairs: each pair owns places in the stream by the places of its two states, lower first, so that
/// neither links nor the order of states move them.
fn draw(sim: &Simulation<'_>, stream: &[u64; LANES], words: &mut [Block]) {
    let (n, blocks) = (sim.world.n() as u64, words.len() as u64);
    let start = sim.step as u64 * n * n;
    for (b, block) in words.iter_mut().enumerate() {
        fill(&sim.words, &stream.map(|place| (start + place) * blocks + b as u64), block);
    }
}

#[multiversion(targets("x86_64+avx2"))]
fn fill(words: &Words, places: &[u64; LANES], out: &mut Block) {
    words.fill(places, out);
}

/// Where a block's lanes stand in the arrays of the world: directed dyads, states, classes of venues.
#[derive(Clone, Debug)]
struct Places {
    dyad: [usize; LANES],
    state: [usize; LANES],
    class: [usize; LANES],
}

/// A block of pairs, and where each pair's numbers stand.
#[derive(Clone, Debug)]
struct Seats {
    /// Pairs in the block.
    count: usize,
    /// Places in the random stream of a step.
    stream: [u64; LANES],
    sides: [Places; 2],
}

/// Reads one value for each lane.
#[inline(always)]
fn pick(from: &[f64], at: &[usize; LANES], to: &mut Lane) {
    for (to, &place) in to.iter_mut().zip(at) {
        *to = from[place];
    }
}

/// Reads one value for each lane from a row of its own.
#[inline(always)]
fn pick_rows<T>(rows: &[&[T]; LANES], k: usize, to: &mut Lane, value: impl Fn(&T) -> f64) {
    for (to, row) in to.iter_mut().zip(rows) {
        *to = value(&row[k]);
    }
}

/// Actor and other of a pair in direction 0 (from the lesser place) or 1.
#[inline(always)]
fn direction((a, b): (u32, u32), side: usize) -> (usize, usize) {
    if side == 0 { (a as usize, b as usize) } else { (b as usize, a as usize) }
}

impl Side {
    /// Writes what each lane sees; what no school present reads is left as it is.
    #[inline]
    fn gather(&mut self, sim: &Simulation<'_>, at: &Places) {
        let m = sim.world.issues.len();
        let meeting = &mut self.meeting;
        pick(&sim.trust, &at.dyad, &mut meeting.trust);
        pick(&sim.regard, &at.dyad, &mut meeting.image);
        pick(&sim.total, &at.state, &mut meeting.total);
        let stakes: [&[f64]; LANES] = at.state.map(|i| &sim.stake[i * m..][..m]);
        for (k, lane) in meeting.stake.iter_mut().enumerate() {
            pick_rows(&stakes, k, lane, |stake| *stake);
        }
        for (lane, column) in self.weights.iter_mut().zip(&sim.convictions) {
            pick(column, &at.state, lane);
        }
        if sim.reads.power {
            pick(&sim.behind, &at.dyad, &mut meeting.behind);
            pick(&sim.external, &at.dyad, &mut meeting.external);
            pick(&sim.fear, &at.state, &mut meeting.fear);
        }
        if sim.reads.institutions {
            let most = sim.venues.reliance();
            for (own, &i) in self.reliance.iter_mut().zip(&at.state) {
                *own = if most > 0.0 { sim.relies[i] / most } else { 0.0 };
            }
            let rows: [&[Lent]; LANES] = at.class.map(|class| sim.venues.lent(class));
            for (k, (future, misread)) in meeting.future.iter_mut().zip(&mut meeting.misread).enumerate() {
                pick_rows(&rows, k, future, |lent| lent.future);
                pick_rows(&rows, k, misread, |lent| lent.misread);
            }
            if sim.venues.enforces() {
                for (k, sanction) in meeting.enforcement.iter_mut().enumerate() {
                    pick_rows(&rows, k, sanction, |lent| lent.enforcement);
                }
            }
            sim.venues.scopes(&at.state, &at.class, &mut meeting.scope);
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
    let (mut sum, mut moves) = ([0.0; LANES], [0.0; LANES]);
    let (reliance, total) = (own.reliance, own.meeting.total);
    let mut place = 1.0;
    for (k, game) in games.iter().enumerate() {
        if game.active {
            let row = *word(words, other, k, games.len());
            let (misread, stake) = (own.meeting.misread[k], own.meeting.stake[k]);
            let (did, moved) = (done[k], own.moved[k]);
            let mut seen = [0.0; LANES];
            for l in 0..LANES {
                let chance = frame.misperception + reliance[l] * (misread[l] - frame.misperception);
                seen[l] = if low(row[l]) < chance { 1.0 - did[l] } else { did[l] };
                sum[l] += stake[l] * seen[l];
                moves[l] += moved[l] * place;
            }
            own.meeting.seen[k] = seen;
        }
        place *= 2.0;
    }
    for l in 0..LANES {
        sum[l] /= total[l];
    }
    (own.share, own.cooperated) = (sum, moves);
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
                    Conviction::Repeat => past(sim, i * n + j).on(k).unwrap_or(draw < sim.trust[i * n + j]),
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

/// Writes what came of a block of pairs; lanes beyond the last pair are nobody's.
fn scatter(sim: &mut Simulation<'_>, seats: &Seats, block: usize, sides: &[Side; 2], met: u32) {
    let count = seats.count;
    for (side, own) in sides.iter().enumerate() {
        for ((&dyad, share), moves) in
            seats.sides[side].dyad[..count].iter().zip(own.share).zip(own.cooperated)
        {
            sim.share[dyad] = share;
            sim.moves[dyad] = Moves { cooperated: moves as u32, met };
        }
        let memory = sim.memory.side_mut(block, side);
        for ((memory, seen), game) in memory.iter_mut().zip(&own.meeting.seen).zip(&sim.games) {
            match (game.active, count == LANES) {
                (true, true) => *memory = *seen,
                (true, false) => memory[..count].copy_from_slice(&seen[..count]),
                (false, _) => {}
            }
        }
    }
}

/// What a directed dyad did a year ago.
fn past(sim: &Simulation<'_>, dyad: usize) -> Moves {
    let cells = sim.moves.len();
    let year = sim.past.len() / cells.max(1);
    sim.past[(sim.step % year) * cells + dyad]
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
        for (lane, seen) in side.meeting.seen.iter_mut().zip(self.memory.of(i * self.world.n() + j)) {
            *lane = [*seen; LANES];
        }
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
