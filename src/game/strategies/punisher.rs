//! Punishers: the length of punishment follows the other's record (Axelrod-Python; Eckhart 2015).

use super::super::strategy::{Memory, Seen, Strategy, yes};
use super::code;

/// Punishes for `share` of twenty turns.
fn punish(s: Seen<'_>, m: &mut Memory, count: fn(Seen<'_>) -> usize, least: i64) -> f64 {
    let [length, served, ..] = &mut m.counters;
    if s.turns() == 0 {
        (*length, *served) = (1, 1);
    }
    if *served >= *length {
        *served = 0;
        m.flag = false;
    }
    if m.flag {
        *served += 1;
        return 0.0;
    }
    if !s.their_last(1) {
        *length = ((count(s) * 20 / s.turns()) as i64).max(least);
        m.flag = true;
        return 0.0;
    }
    1.0
}

fn punisher(s: Seen<'_>, m: &mut Memory) -> f64 {
    punish(s, m, |s| s.defections(), 0)
}

fn inverse_punisher(s: Seen<'_>, m: &mut Memory) -> f64 {
    punish(s, m, |s| s.their_cooperations, 1)
}

/// From turn ten defects while the other defected in more than a fifth of the turns.
fn level(s: Seen<'_>, _: &mut Memory) -> f64 {
    yes(s.turns() < 10 || s.defections() as f64 / s.turns() as f64 <= 0.2)
}

/// Tolerates a fifth, then a tenth, then a twentieth of defections: before turns 10, 50 and 100.
fn tricky_level(s: Seen<'_>, _: &mut Memory) -> f64 {
    let n = s.turns();
    let share = if n == 0 { 0.0 } else { s.defections() as f64 / n as f64 };
    let limits = [(10, 0.2), (50, 0.1), (100, 0.05)];
    yes(!limits.iter().any(|&(before, most)| n < before && share > most))
}

pub(super) const FAMILY: &[Strategy] = &[
    code(
        ["punisher", "Punisher", "Axelrod-Python", "punishes the longer the more the other has defected"],
        punisher,
    ),
    code(
        [
            "inverse-punisher",
            "InversePunisher",
            "Axelrod-Python",
            "punishes the longer the more the other has cooperated",
        ],
        inverse_punisher,
    ),
    code(
        [
            "level-punisher",
            "LevelPunisher",
            "Eckhart 2015",
            "from turn ten defects on who did in more than a fifth of turns",
        ],
        level,
    ),
    code(
        [
            "tricky-level-punisher",
            "TrickyLevelPunisher",
            "Eckhart 2015",
            "tolerates a fifth, then a tenth, then a twentieth of defections",
        ],
        tricky_level,
    ),
];
