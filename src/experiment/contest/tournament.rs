//! A tournament as an engine: played, rated, told in words, and its tables.

use super::words::{percent, rules_in_words, wrap};
use crate::game::Character;
use crate::game::tournament::{self as game, Match, Plan, Rules, Table};
use crate::output::Tables;
use crate::output::rows::{self, Answer, Figure};
use crate::scenario::contest::Contest;

/// What came of a tournament.
#[derive(Clone, Debug)]
pub struct Tournament {
    /// Scores, cooperation and ratings.
    pub table: Table,
    /// The same without noise and misperception, if there were any.
    pub calm: Option<Table>,
    /// What the players are like.
    pub characters: Vec<Character>,
    /// Shares of the players by generation in the ecological variant; empty if it was not asked for.
    pub ecology: Vec<Vec<f64>>,
}

/// What takes the matches of a tournament, one after the other.
pub type Take<'a> = &'a mut dyn FnMut(&rows::Interaction) -> anyhow::Result<()>;

/// How often everyone meets everyone in [`play`], the calm tournament included: the number of ticks.
pub fn ticks(contest: &Contest) -> u64 {
    contest.repetitions * (1 + u64::from(noisy(&contest.rules)))
}

fn noisy(rules: &Rules) -> bool {
    rules.noise > 0.0 || rules.misperception > 0.0
}

/// Plays the tournament; `tick` is called for each repetition. If `interactions` is given, it takes each match of the noisy
/// tournament, in order.
///
/// # Errors
/// Whatever `interactions` reports, or an ecological variant of payoffs below nought.
pub fn play(
    contest: &Contest,
    mut tick: impl FnMut(),
    mut interactions: Option<Take<'_>>,
) -> anyhow::Result<Tournament> {
    let mut round = |rules: &Rules, take: Option<Take<'_>>| {
        let plan = Plan {
            players: &contest.players,
            rules,
            repetitions: contest.repetitions,
            seed: contest.seed,
            edges: contest.edges.as_deref(),
            moves: take.is_some(),
        };
        let (mut last, mut take) = (u64::MAX, take);
        game::tournament(&plan, |repetition, pair, m| {
            if std::mem::replace(&mut last, repetition) != repetition {
                tick();
            }
            match &mut take {
                Some(take) => take(&interaction(contest, repetition, pair, m)),
                None => Ok(()),
            }
        })
    };
    let table = round(&contest.rules, interactions.take())?;
    let calm = match noisy(&contest.rules) {
        true => Some(round(&Rules { noise: 0.0, misperception: 0.0, ..contest.rules }, None)?),
        false => None,
    };
    let characters = contest.players.iter().map(|p| p.character(&p.paid(&contest.rules.payoffs))).collect();
    let ecology = match contest.ecology {
        0 => Vec::new(),
        generations => game::ecology(&table, generations).ok_or_else(|| {
            anyhow::anyhow!(
                "the ecological variant needs payoffs of 0 or more, some above 0: shares grow with them"
            )
        })?,
    };
    Ok(Tournament { table, calm, characters, ecology })
}

/// A match as a row.
fn interaction(contest: &Contest, repetition: u64, (i, j): (usize, usize), m: &Match) -> rows::Interaction {
    let letters = |moves: &[bool]| moves.iter().map(|&c| if c { 'C' } else { 'D' }).collect();
    rows::Interaction {
        repetition,
        player: contest.players[i].name.clone(),
        opponent: contest.players[j].name.clone(),
        turns: m.turns,
        player_moves: letters(&m.moves[0]),
        opponent_moves: letters(&m.moves[1]),
        player_score: Figure(m.score[0]),
        opponent_score: Figure(m.score[1]),
    }
}

/// Rank of each place in the order: equal scores share the better one.
pub fn ranks(table: &Table, order: &[usize]) -> Vec<usize> {
    let mut out: Vec<usize> = Vec::new();
    for (place, &i) in order.iter().enumerate() {
        let same = place > 0 && (table.score(order[place - 1]).0 - table.score(i).0).abs() < 1e-12;
        out.push(if same { out[place - 1] } else { place + 1 });
    }
    out
}

/// Rows of payoffs.csv: those who meet.
pub fn payoffs(table: &Table) -> Vec<rows::Payoff> {
    let n = table.players.len();
    (0..n * n)
        .filter(|&cell| table.met[cell])
        .map(|cell| rows::Payoff {
            player: table.players[cell / n].clone(),
            opponent: table.players[cell % n].clone(),
            score: Figure(table.payoff[cell]),
            sd: Figure(table.deviation[cell]),
            n: table.repetitions,
        })
        .collect()
}

impl Tournament {
    /// Rows of ranking.csv, from best to worst.
    pub fn ranking(&self) -> Vec<rows::Ranking> {
        let (table, order, jesus) = (&self.table, self.table.order(), self.table.eigenjesus());
        let row = |(&i, rank): (&usize, usize)| {
            let (mean, half) = table.score(i);
            let c = self.characters[i];
            rows::Ranking {
                rank,
                player: table.players[i].clone(),
                score: Figure(mean),
                ci_low: Figure(mean - half),
                ci_high: Figure(mean + half),
                cooperation: Figure(table.cooperates(i)),
                wins: Figure(table.wins[i]),
                good_partner: Figure(table.good_partner[i]),
                eigenjesus: Figure(jesus[i]),
                nice: Answer::from(c.nice),
                retaliating: Answer::from(c.retaliating),
                forgiving: Answer::from(c.forgiving),
            }
        };
        order.iter().zip(ranks(table, &order)).map(row).collect()
    }

    /// Rows of cooperation.csv: those who meet.
    pub fn cooperation(&self) -> Vec<rows::Cooperation> {
        let (table, n) = (&self.table, self.table.players.len());
        (0..n * n)
            .filter(|&cell| table.met[cell])
            .map(|cell| rows::Cooperation {
                player: table.players[cell / n].clone(),
                opponent: table.players[cell % n].clone(),
                cooperation: Figure(table.cooperation[cell]),
                n: table.repetitions,
            })
            .collect()
    }

    /// Rows of ecology.csv: every generation, of long variants a thousand points.
    pub fn ecology_rows(&self) -> Vec<rows::Ecology> {
        let last = self.ecology.len().saturating_sub(1);
        let points: Vec<usize> = match last {
            0..=1000 => (0..self.ecology.len()).collect(),
            _ => (0..=1000).map(|k| last * k / 1000).collect(),
        };
        let name = |i: usize| self.table.players[i].clone();
        points
            .into_iter()
            .flat_map(|t| {
                self.ecology[t].iter().enumerate().map(move |(i, &share)| rows::Ecology {
                    generation: t as u64,
                    player: name(i),
                    share: Figure(share),
                })
            })
            .collect()
    }

    /// Writes every table but the interactions.
    ///
    /// # Errors
    /// If one cannot be written.
    pub fn write(&self, out: &mut impl Tables) -> anyhow::Result<()> {
        out.rows(self.ranking())?;
        out.rows(payoffs(&self.table))?;
        out.rows(self.cooperation())?;
        if !self.ecology.is_empty() {
            out.rows(self.ecology_rows())?;
        }
        Ok(())
    }

    /// The ranking and one paragraph, to read aloud.
    pub fn summary(&self, contest: &Contest) -> String {
        summary(contest, self)
    }
}

fn summary(contest: &Contest, played: &Tournament) -> String {
    let (table, calm, characters) = (&played.table, played.calm.as_ref(), &played.characters);
    let order = table.order();
    let jesus = table.eigenjesus();
    let title = if contest.title.is_empty() { "Tournament" } else { contest.title.as_str() };
    let mut text = format!(
        "{title}\n{} players, {} {}, {}, seed {}.\n\n",
        table.players.len(),
        if contest.edges.is_some() { "neighbours on a graph meet" } else { "everyone against everyone" },
        if contest.repetitions == 1 { "once".into() } else { format!("{} times", contest.repetitions) },
        rules_in_words(&contest.rules),
        contest.seed
    );
    let width = table.players.iter().map(|p| p.chars().count()).max().unwrap_or(0).max(6);
    text += &format!(
        "rank  {:width$}  score  95% interval   cooperation  wins  good partner  eigenjesus  character\n",
        "player"
    );
    for (&i, rank) in order.iter().zip(ranks(table, &order)) {
        let (mean, half) = table.score(i);
        let interval =
            if half.is_nan() { "-".to_string() } else { format!("{:.3} to {:.3}", mean - half, mean + half) };
        let c = characters[i];
        let traits: Vec<&str> =
            [(c.nice, "nice"), (c.retaliating, "retaliating"), (c.forgiving, "forgiving")]
                .into_iter()
                .filter_map(|(has, word)| has.then_some(word))
                .collect();
        text += &format!(
            "{rank:>4}  {:width$}  {mean:5.3}  {interval:15}  {:>10}  {:>4.1}  {:>12}  {:>10.2}  {}\n",
            table.players[i],
            percent(table.cooperates(i)),
            table.wins[i],
            percent(table.good_partner[i]),
            jesus[i],
            traits.join(", ")
        );
    }
    text += "\n";
    text += &wrap(&paragraph(contest, table, calm, characters, &order));
    text += "\n";
    if let Some(end) = played.ecology.last() {
        text += "\n";
        text += &wrap(&ecology_in_words(table, end, played.ecology.len() - 1));
        text += "\n";
    }
    text
}

/// One plain paragraph: who won, how the virtues did, what noise did.
fn paragraph(
    contest: &Contest,
    table: &Table,
    calm: Option<&Table>,
    characters: &[Character],
    order: &[usize],
) -> String {
    let (winner, last) = (order[0], order[order.len() - 1]);
    let score = |i: usize| table.score(i).0;
    let name = |t: &Table, i: usize| t.players[i].clone();
    let first: Vec<usize> =
        ranks(table, order).iter().zip(order).filter_map(|(rank, &i)| (*rank == 1).then_some(i)).collect();
    let names: Vec<String> = first.iter().map(|&i| name(table, i)).collect();
    let mut text = match names.split_last() {
        Some((one, rest)) if !rest.is_empty() => {
            format!(
                "{} and {one} shared the first place with {:.2} points a turn",
                rest.join(", "),
                score(winner)
            )
        }
        _ => format!("{} won with {:.2} points a turn", name(table, winner), score(winner)),
    };
    if let Some(&next) = order.get(first.len()) {
        let (a, b) = (table.score(winner), table.score(next));
        let clear = a.1 + b.1 < a.0 - b.0;
        let words = if clear { "clearly ahead of" } else { "not clearly ahead of" };
        let digits = if (a.0 - b.0).abs() < 0.005 { 3 } else { 2 };
        text += &format!(", {words} {} ({:.digits$})", name(table, next), b.0);
    }
    if order.len() > 2 && !first.contains(&last) {
        text += &format!("; {} came last ({:.2})", name(table, last), score(last));
    }
    text += ". ";
    type Has = fn(&Character) -> bool;
    let virtues: [(&str, &str, Has); 3] = [
        ("nice", "were never the first to defect", |c| c.nice),
        ("retaliating", "answered a defection at once", |c| c.retaliating),
        ("forgiving", "forgave a single defection", |c| c.forgiving),
    ];
    for (virtue, words, has) in virtues {
        let mean = |wanted: bool| {
            let own: Vec<f64> =
                (0..characters.len()).filter(|&i| has(&characters[i]) == wanted).map(score).collect();
            (own.len(), own.iter().sum::<f64>() / own.len().max(1) as f64)
        };
        let ((with, a), (without, b)) = (mean(true), mean(false));
        text += &match (with, without) {
            (0, _) => format!("No player was {virtue}. "),
            (_, 0) => format!("All players were {virtue}. "),
            _ => {
                let how = if (a - b).abs() < 0.005 {
                    "as well as"
                } else if a > b {
                    "better than"
                } else {
                    "worse than"
                };
                format!("The {with} that {words} did {how} the others ({a:.2} against {b:.2} on average). ")
            }
        };
    }
    if let Some(calm) = calm {
        let mean = |t: &Table| {
            let n = t.players.len();
            (0..n).map(|i| t.cooperates(i)).sum::<f64>() / n as f64
        };
        let best = calm.order()[0];
        let level = |i: usize| calm.score(best).0 - calm.score(i).0 < 1e-12;
        let winner = if first.len() == 1 && level(winner) {
            format!("{} is first without noise too", name(calm, winner))
        } else {
            format!("without noise {} is first", name(calm, best))
        };
        text += &format!(
            "Noise moved cooperation from {} to {} of moves; {winner}.",
            percent(mean(calm)),
            percent(mean(table))
        );
        let fall = |i: usize| calm.score(i).0 - score(i);
        let hurt = (0..characters.len()).max_by(|&a, &b| fall(a).total_cmp(&fall(b)));
        if let Some(i) = hurt.filter(|&i| fall(i) > 0.0) {
            text += &format!(" It cost {} most, {:.2} points a turn.", name(table, i), fall(i));
        }
    } else {
        text += "No move was executed wrongly or misread; --noise 0.05 shows what mistakes do.";
    }
    if let Some(words) = contest.rules.payoffs.no_dilemma() {
        text += &format!(" Mind that {words}.");
    }
    text
}

/// Who is left after the ecological variant.
fn ecology_in_words(table: &Table, end: &[f64], generations: usize) -> String {
    let mut order: Vec<usize> = (0..end.len()).collect();
    order.sort_by(|&a, &b| end[b].total_cmp(&end[a]));
    let named: Vec<String> =
        order.iter().take(3).map(|&i| format!("{} ({})", table.players[i], percent(end[i]))).collect();
    let gone = end.iter().filter(|x| **x < 0.001).count();
    format!(
        "In the ecological variant shares grow with what they earn. After {generations} generations the largest are {}; {} of {} \
         have less than a thousandth.",
        named.join(", "),
        gone,
        end.len()
    )
}
