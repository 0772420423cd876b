//! `twain match`: two players, one match, move by move.

use std::io::Write;

use super::common::OutArgs;
use super::tournament::warn;
use crate::experiment::contest::duel as engine;
use crate::game::Payoffs;
use crate::output::contest_manifest;
use crate::scenario::Change;
use crate::scenario::contest::{Request, duel};

/// What `twain match` accepts.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// One player: a strategy (TitForTat, "Davis: 10", "cycler: CCD"), a school, or a player of --file
    player: String,
    /// The other player
    opponent: String,
    /// File with players and rules
    #[arg(long, value_name = "FILE")]
    file: Option<std::path::PathBuf>,
    /// Turns of the match (the most, with --prob-end)
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    turns: Option<i64>,
    /// Chance that the match ends after each turn
    #[arg(long, value_name = "P", allow_negative_numbers = true)]
    prob_end: Option<f64>,
    /// Chance that a move is executed wrongly
    #[arg(long, value_name = "P", allow_negative_numbers = true)]
    noise: Option<f64>,
    /// Chance that a move is misread by the other
    #[arg(long, value_name = "P", allow_negative_numbers = true)]
    misperception: Option<f64>,
    /// Temptation, reward, punishment and sucker's payoff
    #[arg(long, value_name = "T,R,P,S", allow_hyphen_values = true)]
    payoffs: Option<String>,
    /// The same for the second player, if it is paid otherwise
    #[arg(long, value_name = "T,R,P,S", allow_hyphen_values = true)]
    opponent_payoffs: Option<String>,
    /// Master seed
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = super::common::seed)]
    seed: Option<u64>,
    /// Change any other value, for instance --set theory.realism.k0=0 (may be repeated)
    #[arg(long = "set", value_name = "PATH=VALUE")]
    set: Vec<String>,
    #[command(flatten)]
    out: OutArgs,
}

/// Plays the match.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let mut changes = args.set.iter().map(|s| Change::parse(s)).collect::<Result<Vec<_>, _>>()?;
    let usual = if args.file.is_none() && args.prob_end.is_none() { Some("20".to_string()) } else { None };
    let flags = [
        ("turns", args.turns.map(|x| x.to_string()).or(usual)),
        ("prob_end", args.prob_end.map(|x| x.to_string())),
        ("noise", args.noise.map(|x| x.to_string())),
        ("misperception", args.misperception.map(|x| x.to_string())),
        ("payoffs", args.payoffs.as_ref().map(|x| format!("[{x}]"))),
        ("seed", args.seed.map(|x| x.to_string())),
    ];
    for (path, value) in flags {
        changes.extend(value.map(|value| Change { path: path.into(), value }));
    }
    let only = Some(vec![args.player.clone(), args.opponent.clone()]);
    let mut contest = duel(&Request { file: args.file.as_deref(), changes, only })?;
    if let Some(text) = &args.opponent_payoffs {
        contest.players[1].payoffs = Some(four(text)?);
    }
    warn(&contest.rules);
    let played = engine::play(&contest)?;
    let title = format!("{} against {}", played.players[0], played.players[1]);
    let word = |name: &str| name.replace(|c: char| !c.is_alphanumeric(), "-");
    let default = format!("{}-against-{}", word(&played.players[0]), word(&played.players[1]));
    let mut folder = args.out.create(&default)?;
    played.write(&mut folder)?;
    let words = played.summary(&contest);
    folder.text("summary.txt", &words)?;
    (contest.title, contest.name) = (title, default);
    let details = serde_json::json!({ "verb": "match" });
    let manifest = contest_manifest(&contest, &played.players, details, folder.files());
    folder.text("manifest.json", &format!("{manifest:#}\n"))?;
    let place = args.out.finish(folder)?;
    writeln!(std::io::stdout(), "{}\n{words}\n{}", played.table(), args.out.where_to_look(&place))?;
    Ok(())
}

/// Four payoffs as typed.
fn four(text: &str) -> anyhow::Result<Payoffs> {
    let list: Result<Vec<f64>, _> = text.split(',').map(|x| x.trim().parse::<f64>()).collect();
    match list.as_deref() {
        Ok(&[t, r, p, s]) if [t, r, p, s].iter().all(|x| x.abs() <= 100.0) => Ok(Payoffs::new(t, r, p, s)),
        _ => anyhow::bail!(
            "--opponent-payoffs is `{text}`, not four numbers from -100 to 100: temptation, reward, punishment, sucker's payoff, as in 5,3,1,0"
        ),
    }
}
