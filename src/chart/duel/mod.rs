//! A match: the moves of both, turn by turn, and what each has earned so far.

use serde_json::{Value, json};

use super::source::number;
use super::texts::{text, words};
use super::{Chart, Source};
use crate::output::rows::Move;

/// Most turns drawn move by move.
const STRIP: usize = 120;
/// Most points of a line.
const POINTS: usize = 400;

pub(super) fn gather(source: &Source) -> anyhow::Result<Option<Chart>> {
    if !source.has("moves.csv") {
        return Ok(None);
    }
    let moves: Vec<Move> = source.rows()?;
    let names = super::source::strings(&source.manifest["players"]);
    let ([a, b], Some(last)) = (&names[..], moves.last()) else { return Ok(None) };
    let (mine, theirs) = (last.player_total.0, last.opponent_total.0);
    let show = |x: f64| format!("{}", (x * 100.0).round() / 100.0);
    let values = [
        ("a", a.as_str()),
        ("b", b.as_str()),
        ("mine", &show(mine.max(theirs))),
        ("theirs", &show(mine.min(theirs))),
        ("turns", &moves.len().to_string()),
    ];
    let finding = if mine > theirs {
        text("match", "first", &values)
    } else if mine < theirs {
        text("match", "second", &values)
    } else {
        text("match", "level", &values)
    };
    let step = moves.len().div_ceil(POINTS);
    let totals: Vec<Value> = moves
        .iter()
        .filter(|m| m.turn % step == 0 || m.turn == 1 || m.turn == moves.len())
        .map(|m| json!([m.turn, number(m.player_total.0), number(m.opponent_total.0)]))
        .collect();
    let strip: Vec<Value> = moves
        .iter()
        .take(STRIP)
        .map(|m| {
            let slipped = |who: &str| m.mistakes.contains(&format!("{who} slipped"));
            json!([m.player_move, m.opponent_move, slipped("player"), slipped("opponent")])
        })
        .collect();
    let word: String =
        moves.iter().take(20).map(|m| format!("{}{} ", m.player_move, m.opponent_move)).collect();
    let mut words = words("match");
    words["moves"] = if moves.len() > STRIP {
        text("match", "some", &[("n", &STRIP.to_string()), ("turns", &moves.len().to_string())]).into()
    } else {
        text("match", "all", &[]).into()
    };
    Ok(Some(Chart {
        title: finding,
        subtitle: text("match", "subtitle", &values),
        caption: super::tournament::caption(source, "match"),
        alt: text("match", "alt", &[("list", word.trim())]),
        data: json!({ "names": names, "strip": strip, "totals": totals, "words": words }),
        ..Chart::default()
    }))
}
