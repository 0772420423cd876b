//! Probers: they try what they can get away with (PRISON 1998; Li, Hingston & Kendall 2011).

use super::super::strategy::{Memory, Seen, Strategy, yes};
use super::{code, setting};
use crate::random::mix;

/// Plays `opening`, then defects for ever if `prey` holds of the other's moves, else tit for tat.
fn probe(s: Seen<'_>, opening: &[bool], prey: impl Fn(&[bool]) -> bool) -> f64 {
    match opening.get(s.turns()) {
        Some(&first) => yes(first),
        None => yes(!prey(s.theirs) && s.their_last(1)),
    }
}

fn prober(s: Seen<'_>, _: &mut Memory) -> f64 {
    probe(s, &[false, true, true], |t| t[1] && t[2])
}

/// Cooperates for ever if the other answered with D, then C.
fn prober_2(s: Seen<'_>, m: &mut Memory) -> f64 {
    if s.turns() > 2 && !s.theirs[1] && s.theirs[2] { 1.0 } else { probe_only(s, m) }
}

fn probe_only(s: Seen<'_>, _: &mut Memory) -> f64 {
    probe(s, &[false, true, true], |_| false)
}

fn prober_3(s: Seen<'_>, _: &mut Memory) -> f64 {
    probe(s, &[false, true], |t| t[1])
}

/// Twenty fixed moves; then it defects for ever if the other's provoked and unprovoked defections differ by two at most,
/// else it cooperates five times and plays tit for tat.
fn prober_4(s: Seen<'_>, m: &mut Memory) -> f64 {
    const OPENING: &[u8; 20] = b"CCDCDDDCCDCDCCDCDDCD";
    let n = s.turns();
    if n < OPENING.len() {
        if n > 0 && !s.their_last(1) {
            m.counters[usize::from(s.my_last(1))] += 1;
        }
        return yes(OPENING[n] == b'C');
    }
    if n == OPENING.len() {
        m.flag = (m.counters[0] - m.counters[1]).abs() <= 2;
    }
    yes(!m.flag && (n < OPENING.len() + 5 || s.their_last(1)))
}

fn hard_prober(s: Seen<'_>, _: &mut Memory) -> f64 {
    probe(s, &[false, false, true, true], |t| t[1] && t[2])
}

/// Tit for tat that now and then defects for nothing.
fn naive(s: Seen<'_>, _: &mut Memory) -> f64 {
    match s.turns() {
        0 => 1.0,
        _ if !s.their_last(1) => 0.0,
        _ => 1.0 - s.settings[0],
    }
}

/// Naive prober that takes the answer to its probe without answering in turn; it draws from a stream of its own.
fn remorseful(s: Seen<'_>, m: &mut Memory) -> f64 {
    let turn = s.turns() as u64;
    if turn == 0 {
        return 1.0;
    }
    if !s.their_last(1) {
        return yes(std::mem::take(&mut m.flag));
    }
    let draw = (mix(m.salt, turn) >> 11) as f64 / (1u64 << 53) as f64;
    m.flag = draw >= 1.0 - s.settings[0];
    yes(!m.flag)
}

/// Detective (Case 2017): CDCC, then tit for tat if the other ever defected in these turns, else defects.
fn detective(s: Seen<'_>, _: &mut Memory) -> f64 {
    probe(s, &[true, false, true, true], |t| t[..4].iter().all(|c| *c))
}

/// Tester (Gladstein in Axelrod 1980b): defects first; if punished, apologises once and plays tit for tat, else
/// cooperates twice and alternates.
fn tester(s: Seen<'_>, m: &mut Memory) -> f64 {
    let round = s.theirs.len();
    if round == 0 {
        return 0.0;
    }
    if !s.theirs[round - 1] && !m.flag {
        m.flag = true;
        return 1.0;
    }
    if m.flag {
        return yes(s.their_last(1));
    }
    yes(round <= 2 || !s.mine[round - 1])
}

const CHANCE: &str = "chance of a defection for nothing";

pub(super) const FAMILY: &[Strategy] = &[
    code(
        [
            "prober",
            "Prober",
            "Li, Hingston & Kendall 2011",
            "DCC, then exploits who let it pass, else tit for tat",
        ],
        prober,
    ),
    code(
        [
            "prober-2",
            "Prober2",
            "PRISON 1998",
            "DCC, then makes friends with who answers DC, else tit for tat",
        ],
        prober_2,
    ),
    code(
        ["prober-3", "Prober3", "PRISON 1998", "DC, then exploits who let it pass, else tit for tat"],
        prober_3,
    ),
    code(
        [
            "prober-4",
            "Prober4",
            "PRISON 1998",
            "twenty moves to find out whether the other answers provocation",
        ],
        prober_4,
    ),
    code(
        ["hard-prober", "HardProber", "PRISON 1998", "DDCC, then exploits who let it pass, else tit for tat"],
        hard_prober,
    ),
    code(
        [
            "naive-prober",
            "NaiveProber",
            "Li, Hingston & Kendall 2011",
            "tit for tat that now and then defects",
        ],
        naive,
    )
    .set(&[setting("p", "p", 0.1, (0.0, 1.0), CHANCE)]),
    code(
        [
            "remorseful-prober",
            "RemorsefulProber",
            "Li, Hingston & Kendall 2011",
            "naive prober that takes the answer to its probe",
        ],
        remorseful,
    )
    .set(&[setting("p", "p", 0.1, (0.0, 1.0), CHANCE)]),
    code(
        [
            "detective",
            "Detective",
            "Case 2017",
            "CDCC, then tit for tat with who answers and defection with who does not",
        ],
        detective,
    ),
    code(["tester", "SecondByTester", "Gladstein in Axelrod 1980b", "probes with a defection"], tester),
];
