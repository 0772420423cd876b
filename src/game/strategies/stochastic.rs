//! Rules with chances that depend on the last turn (Nowak & Sigmund 1990 and after), and kin that copy shares.

use super::super::strategy::{Memory, Seen, Strategy};
use super::{code, one, setting};
use crate::payoffs::Payoffs;

/// The most generous forgiveness that defectors cannot exploit: `min(1 - (T-R)/(R-S), (R-P)/(T-P))`, 1/3 at 5, 3, 1, 0
/// (Molander 1985; Nowak & Sigmund 1992).
pub(super) fn generosity(p: &Payoffs) -> f64 {
    let (t, r, p, s) = (p.temptation, p.reward, p.punishment, p.sucker);
    let most = (1.0 - (t - r) / (r - s)).min((r - p) / (t - p));
    if most.is_nan() { 0.0 } else { most.clamp(0.0, 1.0) }
}

/// Cooperates as often as the other has so far.
fn average_copier(s: Seen<'_>, _: &mut Memory) -> f64 {
    if s.turns() == 0 { 0.5 } else { s.their_cooperations as f64 / s.turns() as f64 }
}

/// The same with a kind first move.
fn nice_average_copier(s: Seen<'_>, _: &mut Memory) -> f64 {
    if s.turns() == 0 { 1.0 } else { s.their_cooperations as f64 / s.turns() as f64 }
}

/// Defects with one over the number of turns since the other's last defection.
fn inverse(s: Seen<'_>, _: &mut Memory) -> f64 {
    s.theirs.iter().rev().position(|c| !c).map_or(1.0, |back| 1.0 - 1.0 / (back + 1) as f64)
}

pub(super) const FAMILY: &[Strategy] = &[
    one(
        [
            "generous-tit-for-tat",
            "GTFT",
            "Molander 1985; Nowak & Sigmund 1992",
            "tit for tat that forgives, one defection in three at 5, 3, 1, 0",
        ],
        |set, payoffs| {
            let g = if set[0].is_nan() { generosity(payoffs) } else { set[0] };
            (1.0, [1.0, g, 1.0, g])
        },
    )
    .set(&[setting(
        "p",
        "p",
        f64::NAN,
        (0.0, 1.0),
        "chance of forgiving; by default the greatest that holds against defectors",
    )]),
    one(
        [
            "win-stay-lose-shift",
            "WinStayLoseShift",
            "Nowak & Sigmund 1993",
            "keeps a move that paid, changes one that did not",
        ],
        |_, _| (1.0, [1.0, 0.0, 0.0, 1.0]),
    ),
    one(
        [
            "win-shift-lose-stay",
            "WinShiftLoseStay",
            "Li, Hingston & Kendall 2011",
            "changes a move that paid, keeps one that did not",
        ],
        |_, _| (0.0, [0.0, 1.0, 1.0, 0.0]),
    ),
    one(
        [
            "firm-but-fair",
            "FirmButFair",
            "Frean 1994",
            "cooperates but after being exploited; makes peace after mutual defection two times in three",
        ],
        |_, _| (1.0, [1.0, 0.0, 1.0, 2.0 / 3.0]),
    ),
    one(
        [
            "stochastic-cooperator",
            "StochasticCooperator",
            "Adami & Hintze 2013",
            "evolved chances .935, .229, .266, .42",
        ],
        |_, _| (1.0, [0.935, 0.229, 0.266, 0.42]),
    ),
    one(
        ["stochastic-wsls", "StochasticWSLS", "Adami & Hintze 2013", "win-stay, lose-shift with mistakes"],
        |set, _| {
            let e = set[0];
            (1.0, [1.0 - e, e, e, 1.0 - e])
        },
    )
    .set(&[setting("error", "ep", 0.05, (0.0, 1.0), "chance of the other move")]),
    one(
        ["soft-joss", "SoftJoss", "PRISON 1998", "tit for tat that answers nine defections in ten"],
        |set, _| (1.0, [1.0, 1.0 - set[0], 1.0, 1.0 - set[0]]),
    )
    .set(&[setting("q", "q", 0.9, (0.0, 1.0), "chance of answering a defection")]),
    one(
        ["burn-both-ends", "BurnBothEnds", "Marinoff 1992", "tit for tat that cooperates nine times in ten"],
        |_, _| (1.0, [0.9, 0.0, 0.9, 0.0]),
    ),
    one(
        [
            "all-c-or-all-d",
            "ALLCorALLD",
            "Axelrod-Python",
            "cooperates first with chance .6, then repeats itself",
        ],
        |_, _| (0.6, [1.0, 1.0, 0.0, 0.0]),
    ),
    one(
        ["desperate", "Desperate", "van den Berg & Weissing 2015", "cooperates only after mutual defection"],
        |_, _| (0.5, [0.0, 0.0, 0.0, 1.0]),
    ),
    one(
        ["hopeless", "Hopeless", "van den Berg & Weissing 2015", "defects only after mutual cooperation"],
        |_, _| (0.5, [0.0, 1.0, 1.0, 1.0]),
    ),
    one(
        ["willing", "Willing", "van den Berg & Weissing 2015", "defects only after mutual defection"],
        |_, _| (0.5, [1.0, 1.0, 1.0, 0.0]),
    ),
    code(
        ["average-copier", "AverageCopier", "Axelrod-Python", "cooperates as often as the other has"],
        average_copier,
    ),
    code(
        ["nice-average-copier", "NiceAverageCopier", "Axelrod-Python", "the same with a kind first move"],
        nice_average_copier,
    ),
    code(
        [
            "inverse",
            "Inverse",
            "Axelrod-Python",
            "defects with one over the turns since the other's last defection",
        ],
        inverse,
    ),
];
