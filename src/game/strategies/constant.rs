//! Rules that do not listen: constants, coins and cycles (Axelrod 1984; Mittal & Deb 2009).

use super::super::machine::Machine;
use super::super::strategy::{Memory, Seen, Strategy, yes};
use super::{code, machine, one, setting};

/// Alternator: cooperates and defects in turn (Mittal & Deb 2009).
fn alternator(s: Seen<'_>, _: &mut Memory) -> f64 {
    yes(s.mine.last().is_none_or(|m| !m))
}

/// Anti-cycler: a sequence without a cycle, CDD CD CCD CCCD ... (Axelrod-Python).
fn anti_cycler(s: Seen<'_>, _: &mut Memory) -> f64 {
    let n = s.turns();
    if n < 3 {
        return yes(n == 0);
    }
    // blocks of 1, 2, 3, ... cooperations, each closed by a defection
    let (mut left, mut block) = (n - 3, 1);
    while left > block {
        left -= block + 1;
        block += 1;
    }
    yes(left < block)
}

/// Worse and worse: defects with probability turn / 1000 (PRISON 1998).
fn worse_and_worse(s: Seen<'_>, _: &mut Memory) -> f64 {
    (1.0 - (s.turns() + 1) as f64 / 1000.0).max(0.0)
}

fn cycle(word: &str) -> Machine {
    let moves: Vec<bool> = word.chars().map(|c| c == 'C').collect();
    // the words below are not empty
    Machine::cycle(&moves).unwrap_or_else(|| super::super::machine::build('D', 0, &[]))
}

pub(super) const FAMILY: &[Strategy] = &[
    one(["cooperator", "Cooperator", "Axelrod 1984", "always cooperates"], |_, _| (1.0, [1.0; 4])),
    one(["defector", "Defector", "Axelrod 1984", "always defects"], |_, _| (0.0, [0.0; 4])),
    one(["random", "Random", "Axelrod 1980", "a coin; fair unless set"], |set, _| (set[0], [set[0]; 4]))
        .set(&[setting("p", "p", 0.5, (0.0, 1.0), "chance of cooperating")]),
    code(["alternator", "Alternator", "Mittal & Deb 2009", "cooperates and defects in turn"], alternator),
    machine(["cycler-dc", "CyclerDC", "Axelrod-Python", "repeats DC"], || cycle("DC")),
    machine(["cycler-ccd", "CyclerCCD", "Mittal & Deb 2009", "repeats CCD"], || cycle("CCD")),
    machine(["cycler-ddc", "CyclerDDC", "Mittal & Deb 2009", "repeats DDC"], || cycle("DDC")),
    machine(["cycler-cccd", "CyclerCCCD", "Axelrod-Python", "repeats CCCD"], || cycle("CCCD")),
    machine(["cycler-cccccd", "CyclerCCCCCD", "Axelrod-Python", "repeats CCCCCD"], || cycle("CCCCCD")),
    machine(["cycler-cccdcd", "CyclerCCCDCD", "Axelrod-Python", "repeats CCCDCD"], || cycle("CCCDCD")),
    code(
        ["anti-cycler", "AntiCycler", "Axelrod-Python", "a sequence that never repeats: CDD CD CCD CCCD ..."],
        anti_cycler,
    ),
    code(
        ["worse-and-worse", "WorseAndWorse", "PRISON 1998", "defects with probability turn / 1000"],
        worse_and_worse,
    ),
];
