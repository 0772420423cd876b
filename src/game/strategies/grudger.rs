//! Grudgers: those who remember a defection for long (Friedman in Axelrod 1980; Li, Hingston & Kendall 2011).

use super::super::strategy::{Memory, Seen, Strategy, yes};
use super::{code, count, setting};
use crate::random::mix;

fn grudger(s: Seen<'_>, _: &mut Memory) -> f64 {
    yes(s.defections() == 0)
}

/// A defection is answered for ten turns, then forgotten.
fn forgetful(s: Seen<'_>, m: &mut Memory) -> f64 {
    let length = s.settings[0] as i64;
    if m.counters[0] == length {
        m.counters[0] = 0;
        m.flag = false;
    }
    m.flag |= !s.their_last(1);
    if m.flag {
        m.counters[0] += 1;
    }
    yes(!m.flag)
}

fn opposite(s: Seen<'_>, _: &mut Memory) -> f64 {
    yes(s.their_cooperations > 0)
}

fn easy_go(s: Seen<'_>, _: &mut Memory) -> f64 {
    yes(s.defections() > 0)
}

fn aggravater(s: Seen<'_>, _: &mut Memory) -> f64 {
    yes(s.turns() >= 3 && s.defections() == 0)
}

fn spiteful_cc(s: Seen<'_>, _: &mut Memory) -> f64 {
    yes(s.turns() < 2 || s.defections() == 0)
}

/// After `n` defections in a row it defects `d` times and cooperates `c` times.
fn soft(s: Seen<'_>, m: &mut Memory, n: usize, d: i64, c: i64) -> f64 {
    let left = &mut m.counters[0];
    if *left > 0 {
        *left -= 1;
        return yes(*left < c);
    }
    let recent = s.their_recent(n);
    if recent.len() == n && recent.iter().all(|x| !x) {
        *left = d - 1 + c;
        return 0.0;
    }
    1.0
}

fn soft_grudger(s: Seen<'_>, m: &mut Memory) -> f64 {
    soft(s, m, 1, 4, 2)
}

fn general_soft_grudger(s: Seen<'_>, m: &mut Memory) -> f64 {
    let [n, d, c] = [s.settings[0], s.settings[1], s.settings[2]];
    soft(s, m, n as usize, d as i64, c as i64)
}

fn alternator(s: Seen<'_>, _: &mut Memory) -> f64 {
    yes(s.defections() == 0 || !s.my_last(1))
}

fn fool_me_once(s: Seen<'_>, _: &mut Memory) -> f64 {
    yes(s.defections() <= 1)
}

/// Fool me once that now and then forgets what it counted; it draws from a stream of its own.
fn forgetful_fool_me_once(s: Seen<'_>, m: &mut Memory) -> f64 {
    let turn = s.turns() as u64;
    if turn > 0 {
        m.counters[0] += i64::from(!s.their_last(1));
        let draw = (mix(m.salt, turn) >> 11) as f64 / (1u64 << 53) as f64;
        if draw < s.settings[0] {
            m.counters[0] = 0;
        }
    }
    yes(m.counters[0] <= 1)
}

/// Two defections in a row are answered for ten turns.
fn once_bitten(s: Seen<'_>, m: &mut Memory) -> f64 {
    if m.counters[0] >= 10 {
        m.counters[0] = 0;
        m.flag = false;
    }
    if s.turns() < 2 {
        return 1.0;
    }
    if m.flag {
        m.counters[0] += 1;
        return 0.0;
    }
    m.flag = !s.their_last(1) && !s.their_last(2);
    yes(!m.flag)
}

/// Grudging against who defects in more than a tenth of the turns.
fn forgiver(s: Seen<'_>, _: &mut Memory) -> f64 {
    yes(s.defections() as f64 <= s.turns() as f64 / 10.0)
}

/// Forgives three defections, not the fourth, and defects on the last two turns, if it knows them.
fn back_stabber(s: Seen<'_>, _: &mut Memory) -> f64 {
    yes(s.defections() <= 3 && !s.last_turns(2))
}

/// Back stabber that turns to tit for two tats, up to turn 180, with who did not defect in the first seven turns.
fn double_crosser(s: Seen<'_>, m: &mut Memory) -> f64 {
    let kind = s.theirs.iter().take(7).all(|c| *c);
    if (8..=180).contains(&(s.turns() + 1)) && kind {
        return yes((s.their_last(1) || s.their_last(2)) && !s.last_turns(2));
    }
    back_stabber(s, m)
}

/// Grumpy: its mood turns on the balance of the other's defections and cooperations.
fn grumpy(s: Seen<'_>, m: &mut Memory) -> f64 {
    let balance = s.defections() as f64 - s.their_cooperations as f64;
    if !m.flag && balance > s.settings[0] {
        m.flag = true;
    } else if m.flag && balance < s.settings[1] {
        m.flag = false;
    }
    yes(!m.flag)
}

pub(super) const FAMILY: &[Strategy] = &[
    code(
        [
            "grudger",
            "Grudger",
            "Friedman in Axelrod 1980",
            "cooperates until the first defection (also: Friedman)",
        ],
        grudger,
    ),
    code(
        ["forgetful-grudger", "ForgetfulGrudger", "Axelrod-Python", "answers a defection for ten turns"],
        forgetful,
    )
    .set(&[count("length", "mem_length", 10.0, (1.0, 10_000.0), "turns until it forgets")]),
    code(
        ["opposite-grudger", "OppositeGrudger", "Axelrod-Python", "defects until the first cooperation"],
        opposite,
    ),
    code(["easy-go", "EasyGo", "PRISON 1998", "defects until the first defection"], easy_go),
    code(["aggravater", "Aggravater", "Axelrod-Python", "three defections, then grudger"], aggravater),
    code(
        ["spiteful-cc", "SpitefulCC", "Mathieu & Delahaye 2015", "two cooperations, then grudger"],
        spiteful_cc,
    ),
    code(
        ["soft-grudger", "SoftGrudger", "Li, Hingston & Kendall 2011", "answers a defection with DDDDCC"],
        soft_grudger,
    ),
    code(
        [
            "general-soft-grudger",
            "GeneralSoftGrudger",
            "Axelrod-Python",
            "answers n defections in a row with d defections and c cooperations",
        ],
        general_soft_grudger,
    )
    .set(&[
        count("n", "n", 1.0, (1.0, 1000.0), "defections in a row that call for an answer"),
        count("d", "d", 4.0, (1.0, 1000.0), "defections in answer"),
        count("c", "c", 2.0, (0.0, 1000.0), "cooperations after them"),
    ]),
    code(
        [
            "grudger-alternator",
            "GrudgerAlternator",
            "PRISON 1998",
            "cooperates until the first defection, then alternates",
        ],
        alternator,
    ),
    code(
        ["fool-me-once", "FoolMeOnce", "Axelrod-Python", "forgives one defection, never the second"],
        fool_me_once,
    ),
    code(
        [
            "forgetful-fool-me-once",
            "ForgetfulFoolMeOnce",
            "Axelrod-Python",
            "fool me once that now and then forgets",
        ],
        forgetful_fool_me_once,
    )
    .set(&[setting("forget", "forget_probability", 0.05, (0.0, 1.0), "chance a turn of forgetting")]),
    code(
        ["once-bitten", "OnceBitten", "Axelrod-Python", "answers two defections in a row for ten turns"],
        once_bitten,
    ),
    code(
        [
            "forgiver",
            "Forgiver",
            "Axelrod-Python",
            "defects while the other did in more than a tenth of turns",
        ],
        forgiver,
    ),
    code(
        [
            "back-stabber",
            "BackStabber",
            "Axelrod-Python",
            "forgives three defections; defects on the last two turns",
        ],
        back_stabber,
    ),
    code(
        [
            "double-crosser",
            "DoubleCrosser",
            "Axelrod-Python",
            "back stabber that is patient with the kind until turn 180",
        ],
        double_crosser,
    ),
    code(["grumpy", "Grumpy", "Axelrod-Python", "cooperates or defects as its mood goes"], grumpy).set(&[
        setting(
            "grumpy",
            "grumpy_threshold",
            10.0,
            (-1e6, 1e6),
            "surplus of defections above which it turns grumpy",
        ),
        setting(
            "nice",
            "nice_threshold",
            -10.0,
            (-1e6, 1e6),
            "surplus of defections below which it turns nice",
        ),
    ]),
];
