//! Retaliators: they compare how often each exploited the other (Axelrod-Python).

use super::super::strategy::{Memory, Seen, Strategy, yes};
use super::{code, count, setting};

/// Counts in memory how often it was exploited and how often it exploited; whether it has been wronged more than
/// `threshold` times what it did itself.
fn wronged(s: Seen<'_>, m: &mut Memory, threshold: f64) -> bool {
    if let (Some(&mine), Some(&theirs)) = (s.mine.last(), s.theirs.last()) {
        m.counters[0] += i64::from(mine && !theirs);
        m.counters[1] += i64::from(!mine && theirs);
    }
    m.counters[0] as f64 > m.counters[1] as f64 * threshold
}

fn retaliate(s: Seen<'_>, m: &mut Memory) -> f64 {
    yes(!wronged(s, m, s.settings[0]))
}

fn limited(s: Seen<'_>, m: &mut Memory) -> f64 {
    let wronged = wronged(s, m, s.settings[0]);
    let answers = &mut m.counters[2];
    if !wronged || *answers as f64 >= s.settings[1] {
        *answers = 0;
        return 1.0;
    }
    *answers += 1;
    0.0
}

const RANGE: (f64, f64) = (0.0, 1e6);
const THRESHOLD: &str = "times it may be wronged for each wrong of its own";
const LIMIT: &str = "answers until it makes peace, turns";

pub(super) const FAMILY: &[Strategy] = &[
    code(
        ["retaliate", "Retaliate", "Axelrod-Python", "defects while it was wronged more than it wronged"],
        retaliate,
    )
    .set(&[setting("threshold", "retaliation_threshold", 0.1, RANGE, THRESHOLD)]),
    code(["retaliate-2", "Retaliate2", "Axelrod-Python", "retaliate at .08"], retaliate).set(&[setting(
        "threshold",
        "retaliation_threshold",
        0.08,
        RANGE,
        THRESHOLD,
    )]),
    code(["retaliate-3", "Retaliate3", "Axelrod-Python", "retaliate at .05"], retaliate).set(&[setting(
        "threshold",
        "retaliation_threshold",
        0.05,
        RANGE,
        THRESHOLD,
    )]),
    code(
        [
            "limited-retaliate",
            "LimitedRetaliate",
            "Axelrod-Python",
            "retaliate that makes peace after twenty answers",
        ],
        limited,
    )
    .set(&[
        setting("threshold", "retaliation_threshold", 0.1, RANGE, THRESHOLD),
        count("limit", "retaliation_limit", 20.0, RANGE, LIMIT),
    ]),
];
