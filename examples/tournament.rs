//! Lets strategies of the two-player core meet, with mistakes.
//!
//!     cargo run --example tournament

use twain::game::Player;
use twain::game::tournament::{Rules, round_robin};
use twain::payoffs::Payoffs;

/// The ranking, best first.
pub fn answer() -> anyhow::Result<String> {
    let names = ["tit-for-tat", "generous-tit-for-tat", "grudger", "defector"];
    let players: Vec<Player> = names.into_iter().filter_map(Player::named).collect();
    anyhow::ensure!(players.len() == names.len(), "a strategy that nobody knows");
    let rules =
        Rules { payoffs: Payoffs::axelrod(), turns: 200, ending: 0.0, noise: 0.01, misperception: 0.0 };
    let table = round_robin(&players, &rules, 50, 1, || ());
    let mut lines = String::new();
    for player in table.order() {
        let (mean, half) = table.score(player);
        lines += &format!("{:22} {mean:.2} +-{half:.2} points a turn\n", table.players[player]);
    }
    Ok(lines)
}

/// Prints what it found.
pub fn main() -> anyhow::Result<()> {
    print!("{}", answer()?);
    Ok(())
}
