//! Majority rules: they do what the other did more often (Grisell in Axelrod 1980b; Mittal & Deb 2009).

use super::super::strategy::{Memory, Seen, Setting, Strategy, yes};
use super::{code, count};

/// Cooperations less defections of the other within the memory set; 0 stands for the whole match.
fn balance(s: Seen<'_>) -> i64 {
    let depth = s.settings[0] as usize;
    if depth == 0 {
        return s.their_cooperations as i64 - s.defections() as i64;
    }
    s.their_recent(depth).iter().map(|&c| if c { 1 } else { -1 }).sum()
}

fn soft(s: Seen<'_>, _: &mut Memory) -> f64 {
    yes(balance(s) >= 0)
}

fn hard(s: Seen<'_>, _: &mut Memory) -> f64 {
    yes(balance(s) > 0)
}

/// Ten cooperations, then whatever the other did clearly more often in the last ten turns, else tit for tat.
fn short_memory(s: Seen<'_>, _: &mut Memory) -> f64 {
    if s.turns() <= 10 {
        return 1.0;
    }
    let kind = s.their_recent(10).iter().filter(|c| **c).count() as i64;
    let surplus = 2 * kind - 10;
    yes(if surplus.abs() >= 3 { surplus > 0 } else { s.their_last(1) })
}

/// Doubler (PRISON 1998): answers a defection unless the other has cooperated more than twice as often as defected.
fn doubler(s: Seen<'_>, _: &mut Memory) -> f64 {
    yes(s.their_last(1) || s.their_cooperations > 2 * s.defections())
}

const fn memory(default: f64) -> [Setting; 1] {
    [count("memory", "memory_depth", default, (0.0, 1e6), "turns it looks back; 0 for the whole match")]
}

const ALL: &[Setting] = &memory(0.0);
const M5: &[Setting] = &memory(5.0);
const M10: &[Setting] = &memory(10.0);
const M20: &[Setting] = &memory(20.0);
const M40: &[Setting] = &memory(40.0);

pub(super) const FAMILY: &[Strategy] = &[
    code(
        [
            "go-by-majority",
            "GoByMajority",
            "Grisell in Axelrod 1980b",
            "does what the other did more often; kind if even",
        ],
        soft,
    )
    .set(ALL),
    code(["go-by-majority-5", "GoByMajority5", "Axelrod-Python", "go by majority of five turns"], soft)
        .set(M5),
    code(["go-by-majority-10", "GoByMajority10", "Axelrod-Python", "go by majority of ten turns"], soft)
        .set(M10),
    code(["go-by-majority-20", "GoByMajority20", "Axelrod-Python", "go by majority of twenty turns"], soft)
        .set(M20),
    code(["go-by-majority-40", "GoByMajority40", "Axelrod-Python", "go by majority of forty turns"], soft)
        .set(M40),
    code(
        [
            "hard-go-by-majority",
            "HardGoByMajority",
            "Mittal & Deb 2009",
            "does what the other did more often; defects if even",
        ],
        hard,
    )
    .set(ALL),
    code(
        ["hard-go-by-majority-5", "HardGoByMajority5", "Axelrod-Python", "the hard majority of five turns"],
        hard,
    )
    .set(M5),
    code(
        ["hard-go-by-majority-10", "HardGoByMajority10", "Axelrod-Python", "the hard majority of ten turns"],
        hard,
    )
    .set(M10),
    code(
        [
            "hard-go-by-majority-20",
            "HardGoByMajority20",
            "Axelrod-Python",
            "the hard majority of twenty turns",
        ],
        hard,
    )
    .set(M20),
    code(
        [
            "hard-go-by-majority-40",
            "HardGoByMajority40",
            "Axelrod-Python",
            "the hard majority of forty turns",
        ],
        hard,
    )
    .set(M40),
    code(
        ["short-memory", "ShortMem", "Axelrod-Python", "a clear majority of ten turns, else tit for tat"],
        short_memory,
    ),
    code(
        ["doubler", "Doubler", "PRISON 1998", "forgives who cooperated more than twice as often as defected"],
        doubler,
    ),
];
