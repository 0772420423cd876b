//! Zero-determinant strategies (Press & Dyson 2012; Stewart & Plotkin 2012): they hold the payoffs of both to a line,
//! `s (mine - l) = theirs - l`, whatever the other does. The chances follow from the payoffs of the match.

use super::super::strategy::{MemoryOne, Setting, Strategy};
use super::{one, setting};
use crate::payoffs::Payoffs;

/// Chances of the line with slope `s`, baseline `l` and scale `phi`; brought into 0-1 where the payoffs do not allow it.
fn line(phi: f64, s: f64, l: f64, p: &Payoffs) -> MemoryOne {
    let (t, r, p, u) = (p.temptation, p.reward, p.punishment, p.sucker);
    let chances = [
        1.0 - phi * (1.0 - s) * (r - l),
        1.0 - phi * (s * (l - u) + (t - l)),
        phi * ((l - u) + s * (t - l)),
        phi * (1.0 - s) * (l - p),
    ];
    (1.0, chances.map(|c| c.clamp(0.0, 1.0)))
}

const SLOPE: (f64, f64) = (-1.0, 1.0);
const PHI: &str = "scale: how strongly it answers";
const S: &str = "slope of the line between the payoffs of both";
const L: &str = "baseline payoff of the line, payoff units";

const fn three(phi: f64, s: f64, l: f64) -> [Setting; 3] {
    [
        setting("phi", "phi", phi, (0.0, 10.0), PHI),
        setting("s", "s", s, SLOPE, S),
        setting("l", "l", l, (-100.0, 100.0), L),
    ]
}

const EXTORTION: &[Setting] = &three(0.2, 0.1, 1.0);
const EXTORT_2_V2: &[Setting] = &three(1.0 / 8.0, 0.5, 1.0);
const EXTORT_3: &[Setting] = &three(3.0 / 26.0, 1.0 / 3.0, 1.0);
const EXTORT_4: &[Setting] = &three(4.0 / 17.0, 0.25, 1.0);
const GENEROUS: &[Setting] = &three(1.0 / 8.0, 0.5, 3.0);
const MISCHIEF: &[Setting] = &three(0.1, 0.0, 1.0);
const EQUALISER: &[Setting] = &three(0.25, 0.0, 2.0);

fn free(set: &[f64], payoffs: &Payoffs) -> MemoryOne {
    line(set[0], set[1], set[2], payoffs)
}

pub(super) const FAMILY: &[Strategy] = &[
    one(
        [
            "zd-extort-2",
            "ZDExtort2",
            "Press & Dyson 2012; Stewart & Plotkin 2012",
            "extorts: its surplus over P is twice the other's",
        ],
        |set, p| line(set[0], set[1], p.punishment, p),
    )
    .set(&[setting("phi", "phi", 1.0 / 9.0, (0.0, 10.0), PHI), setting("s", "s", 0.5, SLOPE, S)]),
    one(
        [
            "zd-generous-2",
            "ZDGTFT2",
            "Stewart & Plotkin 2012",
            "generous: bears more of the shortfall from R",
        ],
        |set, p| line(set[0], set[1], p.reward, p),
    )
    .set(&[setting("phi", "phi", 0.25, (0.0, 10.0), PHI), setting("s", "s", 0.5, SLOPE, S)]),
    one(["zd-extortion", "ZDExtortion", "Roemheld 2013", "extorts with slope .1"], free).set(EXTORTION),
    one(["zd-extort-2-v2", "ZDExtort2v2", "Kuhn 2017", "extorts with slope 1/2, less strongly"], free)
        .set(EXTORT_2_V2),
    one(
        [
            "zd-extort-3",
            "ZDExtort3",
            "Press & Dyson 2012",
            "extorts: its surplus over P is three times the other's",
        ],
        free,
    )
    .set(EXTORT_3),
    one(
        [
            "zd-extort-4",
            "ZDExtort4",
            "Press & Dyson 2012",
            "extorts: its surplus over P is four times the other's",
        ],
        free,
    )
    .set(EXTORT_4),
    one(["zd-gen-2", "ZDGen2", "Kuhn 2017", "generous with slope 1/2"], free).set(GENEROUS),
    one(["zd-mischief", "ZDMischief", "Kuhn 2017", "holds the other to P"], free).set(MISCHIEF),
    one(["zd-set-2", "ZDSet2", "Kuhn 2017", "holds the other to a payoff of 2"], free).set(EQUALISER),
];
