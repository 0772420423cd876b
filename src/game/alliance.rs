//! The alliance IPD: n players on a complete graph, every pair plays one prisoner's dilemma a round.
//!
//! Player `i` follows rule `i % 3`: tit for tat, always defect, always cooperate (Axelrod 1984). Moves are simultaneous,
//! the first move of tit for tat is to cooperate, and each intended move is flipped with probability `noise`,
//! independently; memory holds the move as executed. It is a benchmark of speed with results that are known exactly,
//! not a part of the model of states.
//!
//! How it is fast: a row of bits holds a player's last moves toward all others, a second row theirs toward the player,
//! so that a round is three logical operations and three counts for as many pairs as a word has bits, and no transpose.
//! Errors are rare, so the distance to the next one is drawn (it is geometric) instead of one number per move.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::Rng;

use crate::random::{Purpose, stream};

/// Most players of a world.
pub const MOST_PLAYERS: usize = 4096;

/// Counts of a player's encounters since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Player {
    /// Own cooperations.
    pub cooperations: u64,
    /// Cooperations received.
    pub received: u64,
    /// Encounters in which both cooperated.
    pub mutual: u64,
}

/// What came of some rounds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Rounds played.
    pub rounds: u64,
    /// Counts of every player.
    pub players: Vec<Player>,
}

impl Outcome {
    /// Payoff of player `i` at 5, 3, 1, 0 (temptation, reward, punishment, sucker's payoff).
    pub fn payoff(&self, i: usize) -> u64 {
        let p = self.players[i];
        // 1 + 4 theirs - mine (1 + theirs), summed over encounters
        self.encounters() + 4 * p.received - p.cooperations - p.mutual
    }

    /// Encounters of each player.
    pub fn encounters(&self) -> u64 {
        self.rounds * (self.players.len() as u64).saturating_sub(1)
    }

    /// Payoffs of all players together.
    pub fn total_payoff(&self) -> u64 {
        (0..self.players.len()).map(|i| self.payoff(i)).sum()
    }

    /// Cooperations of all players together.
    pub fn total_cooperations(&self) -> u64 {
        self.players.iter().map(|p| p.cooperations).sum()
    }

    /// Share of moves that were cooperative, 0 to 1; NaN if none was made.
    pub fn share(&self) -> f64 {
        self.total_cooperations() as f64 / (self.encounters() * self.players.len() as u64) as f64
    }
}

/// A word that holds moves toward as many players as it has bits.
trait Word: Copy + Default + Send {
    const BITS: usize;
    fn and(self, other: Self) -> Self;
    fn or(self, other: Self) -> Self;
    fn count(self) -> u32;
    fn flip(&mut self, bit: usize);
}

macro_rules! word {
    ($($kind:ty)*) => {$(
        impl Word for $kind {
            const BITS: usize = <$kind>::BITS as usize;
            #[inline(always)]
            fn and(self, other: Self) -> Self {
                self & other
            }
            #[inline(always)]
            fn or(self, other: Self) -> Self {
                self | other
            }
            #[inline(always)]
            fn count(self) -> u32 {
                self.count_ones()
            }
            #[inline(always)]
            fn flip(&mut self, bit: usize) {
                *self ^= 1 << bit;
            }
        }
    )*};
}
word!(u8 u16 u32 u64);

/// Distances between errors: geometric, by inversion (Devroye 1986, ch. X.2).
#[derive(Clone, Debug)]
struct Gaps {
    /// `1 / ln(1 - noise)`: 0 without noise, negative nought for noise 1.
    scale: f64,
    rng: ChaCha8Rng,
}

impl Gaps {
    fn new(noise: f64, rng: ChaCha8Rng) -> Self {
        Gaps { scale: if noise > 0.0 { 1.0 / (-noise).ln_1p() } else { 0.0 }, rng }
    }

    /// Moves without an error before the next error.
    #[inline]
    fn next(&mut self) -> u64 {
        if self.scale == 0.0 {
            return if self.scale.is_sign_negative() { 0 } else { u64::MAX };
        }
        // u in (0, 1], so the logarithm is finite
        let u = ((self.rng.next_u64() >> 11) + 1) as f64 / (1u64 << 53) as f64;
        (u.ln() * self.scale) as u64
    }
}

/// Rows of words and what is counted of them.
#[derive(Clone, Debug)]
struct Board<W> {
    n: usize,
    /// Words of a row.
    words: usize,
    /// Last moves toward others, and others' last moves, by row; a set bit is cooperation.
    mine: Vec<W>,
    theirs: Vec<W>,
    /// By row and word: who repeats the other (tit for tat), and who cooperates whatever happened.
    mirror_row: Vec<W>,
    fixed_row: Vec<W>,
    mirror_column: Vec<W>,
    fixed_column: Vec<W>,
    /// Cooperations, received, mutual since the last flush.
    counts: [Vec<u32>; 3],
    /// Moves until the next error.
    gap: u64,
}

impl<W: Word> Board<W> {
    fn new(n: usize, gap: u64) -> Self {
        let words = n.div_ceil(W::BITS).max(1);
        let row = |of: &dyn Fn(usize, usize) -> bool| {
            let mut all = vec![W::default(); n * words];
            for i in 0..n {
                for j in (0..n).filter(|&j| j != i && of(i, j)) {
                    all[i * words + j / W::BITS].flip(j % W::BITS);
                }
            }
            all
        };
        Board {
            n,
            words,
            mine: row(&|_, _| true),
            theirs: row(&|_, _| true),
            mirror_row: row(&|i, _| i % 3 == 0),
            fixed_row: row(&|i, _| i % 3 == 2),
            mirror_column: row(&|_, j| j % 3 == 0),
            fixed_column: row(&|_, j| j % 3 == 2),
            counts: [vec![0; n * words], vec![0; n * words], vec![0; n * words]],
            gap,
        }
    }

    /// Plays rounds, few enough that 32 bits hold the counts.
    fn play(&mut self, rounds: u32, gaps: &mut Gaps) {
        let moves = (self.n * self.n) as u64;
        let all = self.n * self.words;
        let [cooperations, received, mutual] = &mut self.counts;
        let (mine, theirs) = (&mut self.mine[..all], &mut self.theirs[..all]);
        let (mirror_row, fixed_row) = (&self.mirror_row[..all], &self.fixed_row[..all]);
        let (mirror_column, fixed_column) = (&self.mirror_column[..all], &self.fixed_column[..all]);
        let (cooperations, received, mutual) =
            (&mut cooperations[..all], &mut received[..all], &mut mutual[..all]);
        for _ in 0..rounds {
            for k in 0..all {
                let (a, b) = (mine[k], theirs[k]);
                mine[k] = b.and(mirror_row[k]).or(fixed_row[k]);
                theirs[k] = a.and(mirror_column[k]).or(fixed_column[k]);
            }
            while self.gap < moves {
                let (i, j) = (self.gap as u32 / self.n as u32, self.gap as u32 % self.n as u32);
                let (i, j) = (i as usize, j as usize);
                // the diagonal is drawn, too, and means nothing
                if i != j {
                    mine[i * self.words + j / W::BITS].flip(j % W::BITS);
                    theirs[j * self.words + i / W::BITS].flip(i % W::BITS);
                }
                self.gap = self.gap.saturating_add(1).saturating_add(gaps.next());
            }
            self.gap -= moves;
            for k in 0..all {
                let (a, b) = (mine[k], theirs[k]);
                cooperations[k] += a.count();
                received[k] += b.count();
                mutual[k] += a.and(b).count();
            }
        }
    }

    fn flush(&mut self, players: &mut [Player]) {
        let mut take = |which: usize, k: usize| u64::from(std::mem::take(&mut self.counts[which][k]));
        for k in 0..self.n * self.words {
            let player = &mut players[k / self.words];
            player.cooperations += take(0, k);
            player.received += take(1, k);
            player.mutual += take(2, k);
        }
    }
}

/// Boards of several widths of words: the narrowest that holds a row.
#[derive(Clone, Debug)]
enum Boards {
    Eight(Board<u8>),
    Sixteen(Board<u16>),
    ThirtyTwo(Board<u32>),
    Wide(Board<u64>),
}

/// A world of the alliance IPD, which can be played on.
#[derive(Clone, Debug)]
pub struct Alliance {
    boards: Boards,
    gaps: Gaps,
    outcome: Outcome,
}

/// Rounds between two flushes of the counts: 64 moves a word a round stay below 2^32.
const BLOCK: u64 = 1 << 24;

impl Alliance {
    /// `n` players, from 0 to [`MOST_PLAYERS`] (more are cut), with `noise` from 0 to 1 (cut, NaN is 0). Equal `seed`
    /// and `replication` give equal play, however it is divided into calls of [`Alliance::play`].
    pub fn new(n: usize, noise: f64, seed: u64, replication: u64) -> Self {
        let n = n.min(MOST_PLAYERS);
        let noise = if noise.is_nan() { 0.0 } else { noise.clamp(0.0, 1.0) };
        let mut gaps = Gaps::new(noise, stream(seed, Purpose::Match, replication));
        let gap = gaps.next();
        let boards = match n {
            0..=8 => Boards::Eight(Board::new(n, gap)),
            9..=16 => Boards::Sixteen(Board::new(n, gap)),
            17..=32 => Boards::ThirtyTwo(Board::new(n, gap)),
            _ => Boards::Wide(Board::new(n, gap)),
        };
        Alliance { boards, gaps, outcome: Outcome { rounds: 0, players: vec![Player::default(); n] } }
    }

    /// Plays more rounds and returns what came of all so far.
    pub fn play(&mut self, rounds: u64) -> &Outcome {
        let mut left = rounds;
        while left > 0 {
            let some = left.min(BLOCK);
            let (players, gaps) = (&mut self.outcome.players, &mut self.gaps);
            macro_rules! go {
                ($board:expr) => {{
                    $board.play(some as u32, gaps);
                    $board.flush(players);
                }};
            }
            match &mut self.boards {
                Boards::Eight(board) => go!(board),
                Boards::Sixteen(board) => go!(board),
                Boards::ThirtyTwo(board) => go!(board),
                Boards::Wide(board) => go!(board),
            }
            left -= some;
        }
        self.outcome.rounds += rounds;
        &self.outcome
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_noise_the_totals_are_known() {
        for (n, rounds, payoff, cooperations) in [(32, 1000, 2_162_363, 530_121), (6, 5000, 330_012, 80_004)]
        {
            let mut world = Alliance::new(n, 0.0, 1, 0);
            let outcome = world.play(rounds);
            assert_eq!((outcome.total_payoff(), outcome.total_cooperations()), (payoff, cooperations));
        }
    }

    #[test]
    fn always_wrong_players_are_known_too() {
        // with noise 1 a defector cooperates always; two who mirror each other alternate
        let mut world = Alliance::new(3, 1.0, 1, 0);
        let outcome = world.play(2);
        // round 1: TFT means C, plays D to both; ALLD plays C; ALLC plays D.
        // round 2: TFT means C toward ALLD and plays D, means D toward ALLC and plays C
        assert_eq!(outcome.players[0].cooperations, 1);
        assert_eq!(outcome.players[1].cooperations, 4);
        assert_eq!(outcome.players[2].cooperations, 0);
    }

    #[test]
    fn few_players_are_no_trouble() {
        for n in 0..2 {
            let mut world = Alliance::new(n, 0.5, 1, 0);
            assert_eq!(world.play(10).total_payoff(), 0);
        }
        assert_eq!(Alliance::new(2, f64::NAN, 1, 0).play(3).rounds, 3);
    }
}
