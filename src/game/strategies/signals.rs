//! Rules that look for their like (Robson 1990; Li & Kendall 2009) or for weakness.

use super::super::strategy::{Memory, Seen, Strategy, yes};
use super::code;

fn handshake(s: Seen<'_>, _: &mut Memory) -> f64 {
    match s.turns() {
        0 => 1.0,
        1 => 0.0,
        _ => yes(s.theirs[0] && !s.theirs[1]),
    }
}

/// Handshake that ends the friendship at the second defection.
fn collective(s: Seen<'_>, _: &mut Memory) -> f64 {
    match s.turns() {
        0 => 1.0,
        1 => 0.0,
        _ => yes(s.defections() <= 1 && s.theirs[0] && !s.theirs[1]),
    }
}

/// Changes its move whenever the other defects.
fn appeaser(s: Seen<'_>, _: &mut Memory) -> f64 {
    yes(s.my_last(1) == s.their_last(1))
}

/// Defects for ever once its own last five moves were defections, else tit for tat.
fn resurrection(s: Seen<'_>, _: &mut Memory) -> f64 {
    let spent = s.turns() >= 5 && s.mine[s.turns() - 5..].iter().all(|c| !c);
    yes(!spent && s.their_last(1))
}

/// Breaks any five like moves of its own, else tit for tat.
fn double_resurrection(s: Seen<'_>, _: &mut Memory) -> f64 {
    if s.turns() >= 5 {
        let last = &s.mine[s.turns() - 5..];
        if last.iter().all(|c| *c == last[0]) {
            return yes(!last[0]);
        }
    }
    yes(s.their_last(1))
}

pub(super) const FAMILY: &[Strategy] = &[
    code(
        [
            "handshake",
            "Handshake",
            "Robson 1990",
            "CD, then cooperates with who did the same and with no one else",
        ],
        handshake,
    ),
    code(
        [
            "collective",
            "CollectiveStrategy",
            "Li & Kendall 2009",
            "handshake that is broken by one defection",
        ],
        collective,
    ),
    code(["appeaser", "Appeaser", "Axelrod-Python", "changes its move when the other defects"], appeaser),
    code(
        ["resurrection", "Resurrection", "Eckhart 2015", "tit for tat that cannot leave five defections"],
        resurrection,
    ),
    code(
        [
            "double-resurrection",
            "DoubleResurrection",
            "Eckhart 2015",
            "tit for tat that breaks any five like moves of its own",
        ],
        double_resurrection,
    ),
];
