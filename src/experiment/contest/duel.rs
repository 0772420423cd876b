//! One match of two players, move by move.

use super::words::{rules_in_words, wrap};
use crate::game::tournament::{Match, Turn, play_watched};
use crate::output::Tables;
use crate::output::rows::{self, Figure};
use crate::random::{Purpose, stream};
use crate::scenario::contest::Contest;

/// What came of a match.
#[derive(Clone, Debug)]
pub struct Duel {
    /// Names of the two.
    pub players: [String; 2],
    /// Every turn.
    pub turns: Vec<Turn>,
    /// The whole.
    pub result: Match,
}

/// Plays the match of the two players of `contest`, as its first repetition in a tournament of the two would go.
///
/// # Errors
/// If there are not two players.
pub fn play(contest: &Contest) -> anyhow::Result<Duel> {
    let [a, b] = &contest.players[..] else { anyhow::bail!("a match has two players") };
    let mut turns = Vec::new();
    // the stream of the pair (0, 1) of two in the first repetition
    let mut rng = stream(contest.seed, Purpose::Match, 1);
    let result = play_watched([a, b], &contest.rules, &mut rng, |turn| turns.push(*turn));
    Ok(Duel { players: [a.name.clone(), b.name.clone()], turns, result })
}

fn letter(cooperates: bool) -> char {
    if cooperates { 'C' } else { 'D' }
}

impl Duel {
    /// Rows of moves.csv.
    pub fn moves(&self) -> Vec<rows::Move> {
        let mut total = [0.0; 2];
        let row = |(k, turn): (usize, &Turn)| {
            total = [total[0] + turn.payoff[0], total[1] + turn.payoff[1]];
            rows::Move {
                turn: k + 1,
                player_move: letter(turn.moves[0]),
                opponent_move: letter(turn.moves[1]),
                player_payoff: Figure(turn.payoff[0]),
                opponent_payoff: Figure(turn.payoff[1]),
                player_total: Figure(total[0]),
                opponent_total: Figure(total[1]),
                player_chance: Figure(turn.chance[0]),
                opponent_chance: Figure(turn.chance[1]),
                mistakes: mistakes(turn, ["player", "opponent"]),
            }
        };
        self.turns.iter().enumerate().map(row).collect()
    }

    /// Writes the table.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&self, out: &mut impl Tables) -> anyhow::Result<()> {
        out.rows(self.moves())
    }

    /// The match in short lines of moves, and one paragraph.
    pub fn summary(&self, contest: &Contest) -> String {
        let [a, b] = &self.players;
        let r = &self.result;
        let share = |k: usize| 100.0 * r.cooperations[k] as f64 / r.turns.max(1) as f64;
        let mut text = format!(
            "{a} against {b}\n{}, seed {}; {} turns were played.\n\n",
            rules_in_words(&contest.rules).replacen("matches", "a match", 1).replacen(
                "that end",
                "that ends",
                1
            ),
            contest.seed,
            r.turns
        );
        let width = a.chars().count().max(b.chars().count());
        for start in (0..r.turns).step_by(50) {
            let end = (start + 50).min(r.turns);
            for (k, name) in self.players.iter().enumerate() {
                let line: String = r.moves[k][start..end].iter().map(|&c| letter(c)).collect();
                text += &format!("{:>5}  {name:width$}  {line}\n", start + 1);
            }
        }
        let verdict = match r.score[0].total_cmp(&r.score[1]) {
            std::cmp::Ordering::Greater => {
                format!("{a} earned more, {} against {}", plain(r.score[0]), plain(r.score[1]))
            }
            std::cmp::Ordering::Less => {
                format!("{b} earned more, {} against {}", plain(r.score[1]), plain(r.score[0]))
            }
            std::cmp::Ordering::Equal => format!("Both earned {}", plain(r.score[0])),
        };
        let slips = self.turns.iter().flat_map(|t| t.slipped).filter(|s| *s).count();
        let misread = self.turns.iter().flat_map(|t| t.misread).filter(|s| *s).count();
        let mut words =
            format!("{verdict}. {a} cooperated in {:.0}% of turns, {b} in {:.0}%.", share(0), share(1));
        match self.turns.iter().position(|t| t.moves != [true, true]) {
            None => words += " Nobody ever defected.",
            Some(k) => {
                let who = match self.turns[k].moves {
                    [false, false] => "both".to_string(),
                    [false, _] => a.clone(),
                    _ => b.clone(),
                };
                words += &format!(" The first defection was on turn {}, by {who}.", k + 1);
            }
        }
        if slips + misread > 0 {
            words += &format!(" Moves executed wrongly: {slips}; misread: {misread}.");
        }
        text + "\n" + &wrap(&words) + "\n"
    }

    /// Every turn on a line: moves, payoffs, totals, mistakes.
    pub fn table(&self) -> String {
        let [a, b] = &self.players;
        let short = |name: &str| name.chars().take(24).collect::<String>();
        let (a, b) = (short(a), short(b));
        let wide = [a.chars().count().max(4), b.chars().count().max(4)];
        let mut text = format!("turn  {a:>0$}  {b:>1$}  payoffs      totals\n", wide[0], wide[1]);
        for (row, turn) in self.moves().iter().zip(&self.turns) {
            let line = format!(
                "{:>4}  {:>w0$}  {:>w1$}  {:>4} {:>4}  {:>6} {:>6}  {}",
                row.turn,
                row.player_move,
                row.opponent_move,
                plain(row.player_payoff.0),
                plain(row.opponent_payoff.0),
                plain(row.player_total.0),
                plain(row.opponent_total.0),
                mistakes(turn, [&self.players[0], &self.players[1]]),
                w0 = wide[0],
                w1 = wide[1],
            );
            text += line.trim_end();
            text += "\n";
        }
        text
    }
}

fn plain(x: f64) -> String {
    crate::output::show((x * 100.0).round() / 100.0)
}

fn mistakes(turn: &Turn, names: [&str; 2]) -> String {
    let mut out = Vec::new();
    for (k, name) in names.iter().enumerate() {
        if turn.slipped[k] {
            out.push(format!("{name} slipped"));
        }
        if turn.misread[k] {
            out.push(format!("{name} misread"));
        }
    }
    out.join("; ")
}
