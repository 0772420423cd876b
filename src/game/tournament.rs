//! Matches and round-robin tournaments (Axelrod 1980).

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::Rng;
#[cfg(feature = "native")]
use rayon::prelude::*;

use super::strategy::Seen;
use super::{Payoffs, Player};
use crate::interval::t95;
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

/// One turn of a match.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Turn {
    /// Chance of cooperating that each player's rule gave, 0-1.
    pub chance: [f64; 2],
    /// The moves as executed, true for cooperation.
    pub moves: [bool; 2],
    /// Whether a move was executed wrongly.
    pub slipped: [bool; 2],
    /// Whether a move was misread by the other.
    pub misread: [bool; 2],
    /// What each player earned.
    pub payoff: [f64; 2],
}

/// Plays one match.
pub fn play(players: [&Player; 2], rules: &Rules, rng: &mut ChaCha8Rng) -> Match {
    play_watched(players, rules, rng, |_| ())
}

/// Plays one match and shows each turn to `watch`.
pub fn play_watched(
    players: [&Player; 2],
    rules: &Rules,
    rng: &mut ChaCha8Rng,
    mut watch: impl FnMut(&Turn),
) -> Match {
    let paid = players.map(|p| p.paid(&rules.payoffs));
    let salts = [rng.next_u64(), rng.next_u64()];
    let mut mindset = [0, 1].map(|k| players[k].prepare(players[1 - k], &paid[k], rules.ending, salts[k]));
    let room = || Vec::with_capacity(rules.turns.min(1 << 16));
    let mut moves: [Vec<bool>; 2] = [room(), room()];
    let mut read: [Vec<bool>; 2] = [room(), room()];
    let mut seen_cooperations = [0; 2];
    let length = (rules.ending <= 0.0).then_some(rules.turns);
    let mut out = Match::default();
    while out.turns < rules.turns {
        let mut now = [false; 2];
        let mut turn = Turn::default();
        for k in 0..2 {
            let seen = Seen {
                mine: &moves[k],
                theirs: &read[1 - k],
                my_cooperations: out.cooperations[k],
                their_cooperations: seen_cooperations[1 - k],
                length,
                payoffs: &paid[k],
                settings: &[],
            };
            turn.chance[k] = players[k].cooperates(seen, &mut mindset[k]);
            let meant = happens(turn.chance[k], rng);
            turn.slipped[k] = happens(rules.noise, rng);
            now[k] = meant != turn.slipped[k];
        }
        for k in 0..2 {
            turn.misread[k] = happens(rules.misperception, rng);
            let shown = now[k] != turn.misread[k];
            moves[k].push(now[k]);
            read[k].push(shown);
            seen_cooperations[k] += usize::from(shown);
            out.cooperations[k] += usize::from(now[k]);
            turn.payoff[k] = paid[k].of(now[k], now[1 - k]);
            out.score[k] += turn.payoff[k];
        }
        out.turns += 1;
        turn.moves = now;
        watch(&turn);
        if happens(rules.ending, rng) {
            break;
        }
    }
    out.moves = moves;
    out
}

/// Mean payoff per turn of the first of two memory-one players in a match of fixed length, exactly: the distribution
/// over the four outcomes is carried forward turn by turn, with noise and misperception (Nowak & Sigmund 1990).
///
/// `None` if a player looks further back or the length is not fixed.
pub fn expected(players: [&Player; 2], rules: &Rules) -> Option<f64> {
    if rules.ending > 0.0 {
        return None;
    }
    let paid = players.map(|p| p.paid(&rules.payoffs));
    let minds = [players[0].as_memory_one(&paid[0])?, players[1].as_memory_one(&paid[1])?];
    let err = |x: f64| x * (1.0 - rules.noise) + (1.0 - x) * rules.noise;
    // chance that player k cooperates after the moves (own, other's), true for cooperation
    let next = |k: usize, own: bool, other: bool| {
        let p = &minds[k].1;
        let at = |c: bool| p[usize::from(!own) * 2 + usize::from(!c)];
        err((1.0 - rules.misperception) * at(other) + rules.misperception * at(!other))
    };
    let outcomes = [(true, true), (true, false), (false, true), (false, false)];
    let spread = |a: f64, b: f64| [a * b, a * (1.0 - b), (1.0 - a) * b, (1.0 - a) * (1.0 - b)];
    let moves = outcomes.map(|(a, b)| spread(next(0, a, b), next(1, b, a)));
    let p = &paid[0];
    let worth = [p.reward, p.sucker, p.temptation, p.punishment];
    let mut now = spread(err(minds[0].0), err(minds[1].0));
    let mut sum = 0.0;
    for _ in 0..rules.turns {
        sum += now.iter().zip(worth).map(|(x, w)| x * w).sum::<f64>();
        let mut then = [0.0; 4];
        for (share, row) in now.iter().zip(&moves) {
            then.iter_mut().zip(row).for_each(|(t, m)| *t += share * m);
        }
        now = then;
    }
    Some(sum / rules.turns.max(1) as f64)
}

/// A tournament as it is to be played.
#[derive(Clone, Copy, Debug)]
pub struct Plan<'a> {
    /// Who plays.
    pub players: &'a [Player],
    /// How matches are played.
    pub rules: &'a Rules,
    /// Times all pairs meet.
    pub repetitions: u64,
    /// Master seed.
    pub seed: u64,
    /// Pairs that meet; `None` if everyone meets everyone and their own double.
    pub edges: Option<&'a [(usize, usize)]>,
    /// Whether the moves are shown to who watches; they take memory.
    pub moves: bool,
}

/// A tournament over repetitions.
#[derive(Clone, Debug)]
pub struct Table {
    /// Names of the players.
    pub players: Vec<String>,
    /// Repetitions.
    pub repetitions: u64,
    /// Whether the row meets the column, n x n.
    pub met: Vec<bool>,
    /// Mean payoff per turn, row against column, n x n; `NaN` for those who do not meet.
    pub payoff: Vec<f64>,
    /// Standard deviation of that payoff over repetitions, n x n; `NaN` for a single repetition.
    pub deviation: Vec<f64>,
    /// Share of cooperative moves of the row against the column, n x n; `NaN` for those who do not meet.
    pub cooperation: Vec<f64>,
    /// Mean payoff per turn of each player in each repetition, its own double left out, repetition-major.
    pub by_repetition: Vec<Vec<f64>>,
    /// Mean number of others each player beat in a repetition, by total score in their match.
    pub wins: Vec<f64>,
    /// Good Partner rating: share of matches with others in which a player cooperated at least as often as the other
    /// (the field's "good partner" of Axelrod-Python).
    pub good_partner: Vec<f64>,
}

/// Matches computed at once before they are added up, in order.
const BLOCK: usize = 2048;
/// Moves kept at once, if they are kept.
const MOVES: usize = 1 << 24;

/// Plays everyone against everyone, themselves included, `repetitions` times; `tick` is called for each repetition.
/// The result does not depend on threads.
///
/// ```
/// use twain::game::Player;
/// use twain::game::tournament::{Rules, round_robin};
/// use twain::payoffs::Payoffs;
/// let players: Vec<Player> = ["tit-for-tat", "defector"].into_iter().filter_map(Player::named).collect();
/// let rules = Rules { payoffs: Payoffs::axelrod(), turns: 10, ending: 0.0, noise: 0.0, misperception: 0.0 };
/// let table = round_robin(&players, &rules, 1, 1, || ());
/// // sucker once, then nine mutual punishments
/// assert_eq!(table.score(0).0, 0.9);
/// ```
pub fn round_robin(
    players: &[Player],
    rules: &Rules,
    repetitions: u64,
    seed: u64,
    mut tick: impl FnMut(),
) -> Table {
    let plan = Plan { players, rules, repetitions, seed, edges: None, moves: false };
    let mut last = u64::MAX;
    let watched: Result<Table, std::convert::Infallible> = tournament(&plan, |repetition, _, _| {
        if std::mem::replace(&mut last, repetition) != repetition {
            tick();
        }
        Ok(())
    });
    match watched {
        Ok(table) => table,
        Err(never) => match never {},
    }
}

/// Plays a tournament and hands each match to `watch`, in order, with its repetition and the places of the players. The
/// result does not depend on threads.
///
/// # Errors
/// Whatever `watch` reports; the rest is then not played.
pub fn tournament<E>(
    plan: &Plan<'_>,
    mut watch: impl FnMut(u64, (usize, usize), &Match) -> Result<(), E>,
) -> Result<Table, E> {
    let Plan { players, rules, repetitions, seed, edges, moves } = *plan;
    let n = players.len();
    let mut pairs: Vec<(usize, usize)> = match edges {
        None => (0..n).flat_map(|i| (i..n).map(move |j| (i, j))).collect(),
        Some(edges) => edges.iter().map(|&(a, b)| (a.min(b), a.max(b))).collect(),
    };
    pairs.sort_unstable();
    pairs.dedup();
    let mut met = vec![false; n * n];
    for &(i, j) in &pairs {
        (met[i * n + j], met[j * n + i]) = (true, true);
    }
    let others: Vec<f64> =
        (0..n).map(|i| (0..n).filter(|&j| j != i && met[i * n + j]).count().max(1) as f64).collect();
    let (mut sum, mut squares, mut cooperation) = (vec![0.0; n * n], vec![0.0; n * n], vec![0.0; n * n]);
    let mut first = vec![f64::NAN; n * n];
    let (mut wins, mut good) = (vec![0u64; n], vec![0u64; n]);
    let mut by_repetition = Vec::new();
    let block = if moves { (MOVES / rules.turns.max(1)).clamp(1, BLOCK) } else { BLOCK };
    let rows = (block / pairs.len().max(1)).max(1) as u64;
    let mut start = 0;
    while start < repetitions && !pairs.is_empty() {
        let end = (start + rows).min(repetitions);
        let one = |task: usize| {
            let repetition = start + (task / pairs.len()) as u64;
            let (i, j) = pairs[task % pairs.len()];
            let stream = repetition * (n * n) as u64 + (i * n + j) as u64;
            let mut rng = random::stream(seed, Purpose::Match, stream);
            let mut result = play([&players[i], &players[j]], rules, &mut rng);
            if !moves {
                result.moves = Default::default();
            }
            result
        };
        let tasks = 0..(end - start) as usize * pairs.len();
        #[cfg(feature = "native")]
        let results: Vec<Match> = tasks.into_par_iter().map(one).collect();
        #[cfg(not(feature = "native"))]
        let results: Vec<Match> = tasks.map(one).collect();
        for (repetition, matches) in (start..end).zip(results.chunks(pairs.len())) {
            let mut totals = vec![0.0; n];
            for (&(i, j), m) in pairs.iter().zip(matches) {
                watch(repetition, (i, j), m)?;
                let turns = m.turns as f64;
                for (a, b, k) in [(i, j, 0), (j, i, 1)] {
                    if i == j && k == 1 {
                        continue;
                    }
                    let (x, cell) = (m.score[k] / turns, a * n + b);
                    // sums of differences to the first value: no loss of digits, and nought for equal matches
                    if first[cell].is_nan() {
                        first[cell] = x;
                    }
                    sum[cell] += x - first[cell];
                    squares[cell] += (x - first[cell]).powi(2);
                    cooperation[cell] += m.cooperations[k] as f64 / turns;
                    // a player's own double does not count for its rank (Axelrod counted it; the field's library does not)
                    if i != j {
                        totals[a] += x;
                        wins[a] += u64::from(m.score[k] > m.score[1 - k]);
                        good[a] += u64::from(m.cooperations[k] >= m.cooperations[1 - k]);
                    }
                }
            }
            by_repetition.push(totals.iter().zip(&others).map(|(t, o)| t / o).collect());
        }
        start = end;
    }
    let runs = repetitions.max(1) as f64;
    let deviation = (0..n * n)
        .map(|c| ((squares[c] - sum[c] * sum[c] / runs).max(0.0) / (runs - 1.0)).sqrt())
        .zip(&met)
        .map(|(x, met)| if repetitions > 1 && *met { x } else { f64::NAN })
        .collect();
    Ok(Table {
        players: players.iter().map(|p| p.name.clone()).collect(),
        repetitions,
        payoff: (0..n * n).map(|c| first[c] + sum[c] / runs).collect(),
        deviation,
        cooperation: cooperation
            .iter()
            .zip(&met)
            .map(|(x, m)| if *m { x / runs } else { f64::NAN })
            .collect(),
        by_repetition,
        wins: wins.iter().map(|&w| w as f64 / runs).collect(),
        good_partner: good.iter().zip(&others).map(|(&g, o)| g as f64 / runs / o).collect(),
        met,
    })
}

impl Table {
    /// Those player `i` meets, its own double left out.
    pub fn others(&self, i: usize) -> impl Iterator<Item = usize> {
        let n = self.players.len();
        (0..n).filter(move |&j| j != i && self.met[i * n + j])
    }

    /// Mean payoff per turn of player `i` over repetitions and half the width of its 95% interval (Student's t;
    /// `NaN` for a single repetition).
    pub fn score(&self, i: usize) -> (f64, f64) {
        let n = self.by_repetition.len() as f64;
        let mean = self.by_repetition.iter().map(|r| r[i]).sum::<f64>() / n;
        if n < 2.0 {
            return (mean, f64::NAN);
        }
        let squares: f64 = self.by_repetition.iter().map(|r| (r[i] - mean).powi(2)).sum();
        (mean, t95(n as u64 - 1) * (squares / (n - 1.0) / n).sqrt())
    }

    /// Share of cooperative moves of player `i` against the others.
    pub fn cooperates(&self, i: usize) -> f64 {
        let n = self.players.len();
        let sum: f64 = self.others(i).map(|j| self.cooperation[i * n + j]).sum();
        sum / self.others(i).count().max(1) as f64
    }

    /// The players from best to worst mean score; equal scores in the order they were named.
    pub fn order(&self) -> Vec<usize> {
        let scores: Vec<f64> = (0..self.players.len()).map(|i| self.score(i).0).collect();
        let mut order: Vec<usize> = (0..scores.len()).collect();
        order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
        order
    }

    /// Eigenjesus rating: the leading eigenvector of the cooperation matrix, by power iteration; its greatest entry
    /// is 1.
    pub fn eigenjesus(&self) -> Vec<f64> {
        let n = self.players.len();
        let shares: Vec<f64> = self.cooperation.iter().map(|x| if x.is_nan() { 0.0 } else { *x }).collect();
        let mut v = vec![1.0; n];
        for _ in 0..1000 {
            let mut next: Vec<f64> =
                (0..n).map(|i| (0..n).map(|j| shares[i * n + j] * v[j]).sum::<f64>()).collect();
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

/// The ecological variant (Axelrod 1984, chapter 2): shares of the players, equal at first, grow each generation with what
/// they earn against all shares, their own included. Returns the shares of each generation, the start first.
///
/// `None` if a payoff is negative or missing, or none is positive: shares could not grow with it.
pub fn ecology(table: &Table, generations: u64) -> Option<Vec<Vec<f64>>> {
    let n = table.players.len();
    if !table.payoff.iter().all(|x| *x >= 0.0) || table.payoff.iter().all(|x| *x == 0.0) {
        return None;
    }
    let mut out = vec![vec![1.0 / n as f64; n]];
    for _ in 0..generations {
        let x = &out[out.len() - 1];
        let earned: Vec<f64> =
            (0..n).map(|i| x[i] * (0..n).map(|j| table.payoff[i * n + j] * x[j]).sum::<f64>()).collect();
        let all: f64 = earned.iter().sum();
        let next = if all > 0.0 { earned.iter().map(|e| e / all).collect() } else { x.clone() };
        out.push(next);
    }
    Some(out)
}
