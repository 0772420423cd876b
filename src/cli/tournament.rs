//! `twain tournament`: everyone against everyone, a ranking and one paragraph.

use std::path::PathBuf;

use super::common::{OutArgs, progress, threads};
use crate::experiment::contest::tournament as engine;
use crate::experiment::replicate::pool;
use crate::game::strategy::Call;
use crate::game::tournament::Rules;
use crate::output::screen::murmur;
use crate::output::{Tables, contest_manifest, rows};
use crate::scenario::Change;
use crate::scenario::contest::{Request, tournament};

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
    /// Generations of the ecological variant, in which shares grow with what they earn
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    ecology: Option<i64>,
    /// Write every match, with its moves, to interactions.csv
    #[arg(long)]
    interactions: bool,
    #[command(flatten)]
    out: OutArgs,
}

/// Says on stderr if the payoffs are no dilemma.
pub(super) fn warn(rules: &Rules) {
    if let Some(words) = rules.payoffs.no_dilemma() {
        murmur(&format!("warning: {words}"));
    }
}

/// Plays the tournament.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let mut request = args.contest.request()?;
    let ecology = args.ecology.map(|n| Change { path: "ecology".into(), value: n.to_string() });
    request.changes.extend(ecology);
    let contest = tournament(&request)?;
    warn(&contest.rules);
    let default = if contest.name.is_empty() { "tournament" } else { contest.name.as_str() };
    let mut folder = args.out.create(default)?;
    let bar = progress(engine::ticks(&contest), default);
    let mut kept = match args.interactions {
        true => Some(folder.open::<rows::Interaction>()?),
        false => None,
    };
    let played = pool(args.contest.threads)?.install(|| {
        let tick = || bar.inc(1);
        match &mut kept {
            Some(table) => {
                let mut take = |row: &rows::Interaction| table.write(row);
                engine::play(&contest, tick, Some(&mut take))
            }
            None => engine::play(&contest, tick, None),
        }
    })?;
    bar.finish_and_clear();
    if let Some(table) = kept {
        folder.close(table)?;
    }
    played.write(&mut folder)?;
    let words = played.summary(&contest);
    folder.text("summary.txt", &words)?;
    let details = serde_json::json!({ "verb": "tournament", "neighbours": contest.edges });
    let manifest = contest_manifest(&contest, &played.table.players, details, folder.files());
    folder.text("manifest.json", &format!("{manifest:#}\n"))?;
    let place = args.out.finish(folder)?;
    args.out.tell(&words, &place)?;
    Ok(())
}
