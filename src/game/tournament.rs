//! Matches and round-robin tournaments (Axelrod 1980).

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::Rng;
use rayon::prelude::*;

use super::Payoffs;
use super::strategy::{Memory, Seen, Strategy};
use crate::random::{self, Purpose};

/// How a match is played.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rules {
    /// The stage game.
    pub payoffs: Payoffs,
    /// Most turns.
    pub turns: usize,
    /// Chance that the match ends after a turn; 0 for a fixed length.
    pub ending: f64,
    /// Chance that a move is executed wrongly.
    pub noise: f64,
    /// Chance that a move is misread by the other.
    pub misperception: f64,
}

/// What came of a match.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Match {
    /// Turns played.
    pub turns: usize,
    /// Total payoff of each player.
    pub score: [f64; 2],
    /// Cooperations of each player.
    pub cooperations: [usize; 2],
    /// The first moves of each player, as executed.
    pub moves: [Vec<bool>; 2],
}

fn uniform(rng: &mut ChaCha8Rng) -> f64 {
    (rng.next_u64() >> 11) as f64 / (1u64 << 53) as f64
}

fn happens(p: f64, rng: &mut ChaCha8Rng) -> bool {
    p > 0.0 && (p >= 1.0 || uniform(rng) < p)
}

/// Plays one match.
pub fn play(players: [&Strategy; 2], rules: &Rules, rng: &mut ChaCha8Rng) -> Match {
    let p = rules.payoffs;
    let mut memory = [Memory::default(), Memory::default()];
    let mut moves: [Vec<bool>; 2] = [Vec::with_capacity(rules.turns), Vec::with_capacity(rules.turns)];
    let mut read: [Vec<bool>; 2] = [Vec::with_capacity(rules.turns), Vec::with_capacity(rules.turns)];
    let mut out = Match::default();
    while out.turns < rules.turns {
        let mut now = [false; 2];
        for k in 0..2 {
            let seen = Seen { mine: &moves[k], theirs: &read[1 - k] };
            let chance = players[k].cooperates(seen, &mut memory[k]);
            now[k] = happens(chance, rng) != happens(rules.noise, rng);
        }
        for k in 0..2 {
            moves[k].push(now[k]);
            read[k].push(now[k] != happens(rules.misperception, rng));
            out.cooperations[k] += usize::from(now[k]);
            out.score[k] += match (now[k], now[1 - k]) {
                (true, true) => p.reward,
                (true, false) => p.sucker,
                (false, true) => p.temptation,
                (false, false) => p.punishment,
            };
        }
        out.turns += 1;
        if happens(rules.ending, rng) {
            break;
        }
    }
    out.moves = moves;
    out
}

/// A round robin: mean payoff and cooperation per turn of the row against the column, over repetitions.
#[derive(Clone, Debug)]
pub struct Table {
    /// Players.
    pub players: Vec<Strategy>,
    /// Mean payoff per turn, row against column, n x n.
    pub payoff: Vec<f64>,
    /// Share of cooperative moves of the row against the column, n x n.
    pub cooperation: Vec<f64>,
    /// Mean payoff per turn of each player in each repetition, repetition-major.
    pub by_repetition: Vec<Vec<f64>>,
}

/// Plays everyone against everyone, themselves included, `repetitions` times. The result does not depend on threads.
pub fn round_robin(
    players: &[Strategy],
    rules: &Rules,
    repetitions: u64,
    seed: u64,
    mut tick: impl FnMut(),
) -> Table {
    let n = players.len();
    let mut payoff = vec![0.0; n * n];
    let mut cooperation = vec![0.0; n * n];
    let mut by_repetition = Vec::new();
    let pairs: Vec<(usize, usize)> = (0..n).flat_map(|i| (i..n).map(move |j| (i, j))).collect();
    for repetition in 0..repetitions {
        let matches: Vec<Match> = pairs
            .par_iter()
            .map(|&(i, j)| {
                let stream = repetition * (n * n) as u64 + (i * n + j) as u64;
                let mut rng = random::stream(seed, Purpose::Match, stream);
                let mut result = play([&players[i], &players[j]], rules, &mut rng);
                result.moves = Default::default();
                result
            })
            .collect();
        let mut totals = vec![(0.0, 0.0); n];
        for (&(i, j), m) in pairs.iter().zip(&matches) {
            let turns = m.turns as f64;
            for (a, b, k) in [(i, j, 0), (j, i, 1)] {
                if i == j && k == 1 {
                    continue;
                }
                payoff[a * n + b] += m.score[k] / turns;
                cooperation[a * n + b] += m.cooperations[k] as f64 / turns;
                // a player's own double does not count for its rank (Axelrod counted it; the field's library does not)
                if i != j {
                    totals[a].0 += m.score[k] / turns;
                    totals[a].1 += 1.0;
                }
            }
        }
        by_repetition.push(totals.iter().map(|t| t.0 / f64::max(t.1, 1.0)).collect());
        tick();
    }
    let runs = repetitions.max(1) as f64;
    payoff.iter_mut().chain(&mut cooperation).for_each(|x| *x /= runs);
    Table { players: players.to_vec(), payoff, cooperation, by_repetition }
}

impl Table {
    /// Good Partner rating: share of matches in which a player cooperated at least as much as the other.
    pub fn good_partner(&self) -> Vec<f64> {
        let n = self.players.len();
        let share = |i: usize| {
            let good =
                (0..n).filter(|&j| j != i && self.cooperation[i * n + j] >= self.cooperation[j * n + i]);
            good.count() as f64 / (n - 1).max(1) as f64
        };
        (0..n).map(share).collect()
    }

    /// Eigenjesus rating: the leading eigenvector of the cooperation matrix, by power iteration; its greatest entry
    /// is 1.
    pub fn eigenjesus(&self) -> Vec<f64> {
        let n = self.players.len();
        let mut v = vec![1.0; n];
        for _ in 0..1000 {
            let mut next: Vec<f64> =
                (0..n).map(|i| (0..n).map(|j| self.cooperation[i * n + j] * v[j]).sum::<f64>()).collect();
            let most = next.iter().copied().fold(0.0, f64::max);
            if most <= 0.0 {
                return vec![0.0; n];
            }
            next.iter_mut().for_each(|x| *x /= most);
            let moved = next.iter().zip(&v).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            v = next;
            if moved < 1e-12 {
                break;
            }
        }
        v
    }
}
