//! Gradual and what was made against it.
//!
//! Two rules go by this name. That of Beaufils, Delahaye & Mathieu (1996) counts a defection only while it is neither
//! punishing nor calming down; here it is `original-gradual`. The variant in the code of Mathieu and Delahaye's group of
//! 2018 (CRISTAL-SMAC) counts every defection, and does not give the results of 1996; here it is `gradual`, as in
//! Axelrod-Python.

use super::super::strategy::{Memory, Seen, Strategy, yes};
use super::code;

/// The n-th defection that it answers is answered with n defections, then two cooperations (1996).
fn original(s: Seen<'_>, m: &mut Memory) -> f64 {
    let [limit, punish, calm, ..] = &mut m.counters;
    if *punish > 0 {
        *punish -= 1;
        return 0.0;
    }
    if *calm > 0 {
        *calm -= 1;
        return 1.0;
    }
    if s.their_last(1) {
        return 1.0;
    }
    *limit += 1;
    *punish = *limit - 1;
    *calm = 2;
    0.0
}

/// A defection is answered with as many defections as the other has made, then two cooperations (2018).
fn gradual(s: Seen<'_>, m: &mut Memory) -> f64 {
    let [punish, calm, ..] = &mut m.counters;
    if *punish > 0 {
        *punish -= 1;
        return 0.0;
    }
    if *calm > 0 {
        *calm -= 1;
        return 1.0;
    }
    if !s.their_last(1) {
        *punish = s.defections() as i64 - 1;
        *calm = 2;
        return 0.0;
    }
    1.0
}

/// Gradual killer (PRISON 1998): DDDDDCC, then defects if the other defected on moves six and seven.
fn killer(s: Seen<'_>, _: &mut Memory) -> f64 {
    match s.turns() {
        0..5 => 0.0,
        5..7 => 1.0,
        _ => yes(s.theirs[5] || s.theirs[6]),
    }
}

pub(super) const FAMILY: &[Strategy] = &[
    code(
        [
            "gradual",
            "Gradual",
            "CRISTAL-SMAC 2018",
            "answers a defection as often as the other defected (variant of 2018)",
        ],
        gradual,
    ),
    code(
        [
            "original-gradual",
            "OriginalGradual",
            "Beaufils, Delahaye & Mathieu 1996",
            "answers the n-th defection n times (as of 1996)",
        ],
        original,
    ),
    code(["gradual-killer", "GradualKiller", "PRISON 1998", "opens with DDDDDCC against gradual"], killer),
];
