//! `twain tournament`: everyone against everyone, a ranking and one paragraph.

use std::io::Write;
use std::path::PathBuf;

use super::common::{Columns, OutArgs, header, progress, threads};
use crate::experiment::replicate::pool;
use crate::game::Character;
use crate::game::strategy::Call;
use crate::game::tournament::{Rules, Table, round_robin};
use crate::output::{Folder, Tables, contest_manifest, show};
use crate::scenario::Change;
use crate::scenario::contest::{Contest, Request, tournament};

/// Who plays by which rules: a file, and flags that change single keys of it.
#[derive(clap::Args, Debug, Clone)]
pub struct ContestArgs {
    /// File with players and rules; without one, all strategies meet
    pub file: Option<PathBuf>,
    /// Exactly these players, by name, separated by commas: strategies (TitForTat, "Davis: 10", "me = joss: 0.8"), schools,
    /// or players of the file
    #[arg(long, value_name = "NAMES")]
    pub players: Vec<String>,
    /// Turns of a match (the most, with --prob-end)
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub turns: Option<i64>,
    /// Chance that a match ends after each turn
    #[arg(long, value_name = "P", allow_negative_numbers = true)]
    pub prob_end: Option<f64>,
    /// Chance that a move is executed wrongly
    #[arg(long, value_name = "P", allow_negative_numbers = true)]
    pub noise: Option<f64>,
    /// Chance that a move is misread by the other
    #[arg(long, value_name = "P", allow_negative_numbers = true)]
    pub misperception: Option<f64>,
    /// Times everyone meets everyone
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub repetitions: Option<i64>,
    /// Temptation, reward, punishment and sucker's payoff
    #[arg(long, value_name = "T,R,P,S", allow_hyphen_values = true)]
    pub payoffs: Option<String>,
    /// Master seed
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = super::common::seed)]
    pub seed: Option<u64>,
    /// Change any other value, for instance --set theory.realism.k0=0 (may be repeated)
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub set: Vec<String>,
    /// Threads to use (0: all cores)
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = threads)]
    pub threads: usize,
}

impl ContestArgs {
    /// What to read.
    ///
    /// # Errors
    /// A `--set` that is not `path=value`.
    pub fn request(&self) -> anyhow::Result<Request<'_>> {
        let flags = [
            ("turns", self.turns.map(|x| x.to_string())),
            ("prob_end", self.prob_end.map(|x| x.to_string())),
            ("noise", self.noise.map(|x| x.to_string())),
            ("misperception", self.misperception.map(|x| x.to_string())),
            ("repetitions", self.repetitions.map(|x| x.to_string())),
            ("payoffs", self.payoffs.as_ref().map(|x| format!("[{x}]"))),
            ("seed", self.seed.map(|x| x.to_string())),
        ];
        let mut changes = self.set.iter().map(|s| Change::parse(s)).collect::<Result<Vec<_>, _>>()?;
        for (path, value) in flags {
            changes.extend(value.map(|value| Change { path: path.into(), value }));
        }
        let called = || self.players.iter().flat_map(|list| Call::split(list)).collect();
        let only = (!self.players.is_empty()).then(called);
        Ok(Request { file: self.file.as_deref(), changes, only })
    }
}

/// What `twain tournament` accepts.
#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    contest: ContestArgs,
    #[command(flatten)]
    out: OutArgs,
}

/// Columns of the tables, with their meaning.
pub const COLUMNS: Columns = &[
    (
        "ranking.csv",
        &[
            ("rank", "place by mean score; equal scores share it"),
            ("player", "name"),
            ("score", "mean payoff per turn against the others"),
            (
                "ci_low",
                "lower end of the 95% interval over repetitions (Student's t); empty for one repetition",
            ),
            ("ci_high", "upper end"),
            ("cooperation", "share of cooperative moves against the others"),
            ("wins", "mean number of others beaten in a repetition"),
            ("good_partner", "share of matches in which it cooperated at least as often as the other"),
            ("eigenjesus", "leading eigenvector of the cooperation matrix, greatest entry 1"),
            ("nice", "yes if it is never the first to defect, else no"),
            ("retaliating", "yes if it answers an uncalled-for defection at once"),
            ("forgiving", "yes if it cooperates again after one defection"),
        ],
    ),
    (
        "payoffs.csv",
        &[
            ("player", "who earns"),
            ("opponent", "against whom; the player's own double included"),
            ("score", "mean payoff per turn"),
            ("sd", "standard deviation over repetitions; empty for one repetition"),
            ("n", "repetitions"),
        ],
    ),
    (
        "cooperation.csv",
        &[
            ("player", "who moves"),
            ("opponent", "against whom"),
            ("cooperation", "share of cooperative moves"),
            ("n", "repetitions"),
        ],
    ),
];

/// Says on stderr if the payoffs are no dilemma.
pub(super) fn warn(rules: &Rules) {
    if let Some(words) = rules.payoffs.no_dilemma() {
        eprintln!("warning: {words}");
    }
}

/// Plays the tournament.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let contest = tournament(&args.contest.request()?)?;
    warn(&contest.rules);
    let default = if contest.name.is_empty() { "tournament" } else { contest.name.as_str() };
    let mut folder = Folder::create(&args.out.folder(default), args.out.force)?;
    let noisy = contest.rules.noise > 0.0 || contest.rules.misperception > 0.0;
    let bar = progress(contest.repetitions * (1 + u64::from(noisy)), default);
    let pool = pool(args.contest.threads)?;
    let play = |rules: &Rules| {
        pool.install(|| {
            round_robin(&contest.players, rules, contest.repetitions, contest.seed, || bar.inc(1))
        })
    };
    let table = play(&contest.rules);
    let calm = noisy.then(|| play(&Rules { noise: 0.0, misperception: 0.0, ..contest.rules }));
    bar.finish_and_clear();
    let characters: Vec<Character> =
        contest.players.iter().map(|p| p.character(&contest.rules.payoffs)).collect();
    write(&mut folder, &table, &characters)?;
    let words = summary(&contest, &table, calm.as_ref(), &characters);
    folder.text("summary.txt", &words)?;
    let manifest = contest_manifest(&contest, &table.players, serde_json::json!({}), folder.files());
    folder.text("manifest.json", &format!("{manifest:#}\n"))?;
    let place = args.out.finish(folder)?;
    writeln!(std::io::stdout(), "{words}\n{}", args.out.where_to_look(&place))?;
    Ok(())
}

/// Rank of each place in the order: equal scores share the better one.
fn ranks(table: &Table, order: &[usize]) -> Vec<usize> {
    let mut out: Vec<usize> = Vec::new();
    for (place, &i) in order.iter().enumerate() {
        let same = place > 0 && (table.score(order[place - 1]).0 - table.score(i).0).abs() < 1e-12;
        out.push(if same { out[place - 1] } else { place + 1 });
    }
    out
}

fn word(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}

fn write(folder: &mut Folder, table: &Table, characters: &[Character]) -> anyhow::Result<()> {
    let n = table.players.len();
    let order = table.order();
    let jesus = table.eigenjesus();
    let mut ranking = folder.table("ranking.csv", &header(COLUMNS, "ranking.csv"))?;
    for (&i, rank) in order.iter().zip(ranks(table, &order)) {
        let (mean, half) = table.score(i);
        ranking.row([
            rank.to_string(),
            table.players[i].clone(),
            show(mean),
            show(mean - half),
            show(mean + half),
            show(table.cooperates(i)),
            show(table.wins[i]),
            show(table.good_partner[i]),
            show(jesus[i]),
            word(characters[i].nice).into(),
            word(characters[i].retaliating).into(),
            word(characters[i].forgiving).into(),
        ])?;
    }
    folder.close(ranking)?;
    write_payoffs(folder, table)?;
    let mut cooperation = folder.table("cooperation.csv", &header(COLUMNS, "cooperation.csv"))?;
    for (cell, share) in table.cooperation.iter().enumerate() {
        let (a, b) = (&table.players[cell / n], &table.players[cell % n]);
        cooperation.row([a, b, &show(*share), &table.repetitions.to_string()])?;
    }
    folder.close(cooperation)
}

/// Writes payoffs.csv.
pub(super) fn write_payoffs(folder: &mut Folder, table: &Table) -> anyhow::Result<()> {
    let n = table.players.len();
    let mut payoffs = folder.table("payoffs.csv", &header(COLUMNS, "payoffs.csv"))?;
    for (cell, x) in table.payoff.iter().enumerate() {
        let (a, b) = (&table.players[cell / n], &table.players[cell % n]);
        payoffs.row([a, b, &show(*x), &show(table.deviation[cell]), &table.repetitions.to_string()])?;
    }
    folder.close(payoffs)
}

/// The rules in words.
pub(super) fn rules_in_words(rules: &Rules) -> String {
    let p = rules.payoffs;
    let mut text = if rules.ending > 0.0 {
        format!("matches that end after each turn with probability {}", rules.ending)
    } else {
        format!("matches of {} turns", rules.turns)
    };
    text += &format!(", payoffs {}, {}, {}, {}", p.temptation, p.reward, p.punishment, p.sucker);
    if rules.noise > 0.0 {
        text += &format!(", {} of moves executed wrongly", percent(rules.noise));
    }
    if rules.misperception > 0.0 {
        text += &format!(", {} of moves misread", percent(rules.misperception));
    }
    text
}

pub(super) fn percent(x: f64) -> String {
    let x = 100.0 * x;
    if x > 0.0 && x < 1.0 { format!("{x:.1}%") } else { format!("{x:.0}%") }
}

/// How long a line of the paragraph may get.
const WIDTH: usize = 100;

/// Breaks a paragraph into lines.
pub(super) fn wrap(text: &str) -> String {
    let (mut out, mut width) = (String::new(), 0);
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if width > 0 && width + 1 + length > WIDTH {
            out.push('\n');
            width = 0;
        } else if width > 0 {
            out.push(' ');
            width += 1;
        }
        out += word;
        width += length;
    }
    out
}

fn summary(contest: &Contest, table: &Table, calm: Option<&Table>, characters: &[Character]) -> String {
    let order = table.order();
    let jesus = table.eigenjesus();
    let title = if contest.title.is_empty() { "Tournament" } else { contest.title.as_str() };
    let mut text = format!(
        "{title}\n{} players, everyone against everyone {}, {}, seed {}.\n\n",
        table.players.len(),
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
    text + "\n" + &wrap(&paragraph(contest, table, calm, characters, &order)) + "\n"
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
