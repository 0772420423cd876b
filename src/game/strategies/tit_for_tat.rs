//! Tit for tat and its kin (Rapoport in Axelrod 1980; Axelrod 1984).

use super::super::strategy::{Memory, Seen, Strategy, yes};
use super::{code, count, one, setting};

/// Defects after two defections in a row (Maynard Smith in Axelrod 1980b).
fn tit_for_two_tats(s: Seen<'_>, _: &mut Memory) -> f64 {
    yes(s.their_last(1) || s.their_last(2))
}

/// Answers each defection with two (Axelrod 1984).
fn two_tits_for_tat(s: Seen<'_>, _: &mut Memory) -> f64 {
    yes(s.their_last(1) && s.their_last(2))
}

/// Two tits for tat that forgives as often as the other has cooperated so far (Axelrod-Python).
fn dynamic_two_tits(s: Seen<'_>, _: &mut Memory) -> f64 {
    if two_tits(s) { 1.0 } else { s.their_cooperations as f64 / s.turns() as f64 }
}

fn two_tits(s: Seen<'_>) -> bool {
    s.their_last(1) && s.their_last(2)
}

/// Defects if the other did in one of the last three turns (PRISON 1998).
fn hard_tit_for_tat(s: Seen<'_>, _: &mut Memory) -> f64 {
    yes(s.their_last(1) && s.their_last(2) && s.their_last(3))
}

/// Defects if the other did twice in a row within the last three turns (Stewart & Plotkin 2012).
fn hard_tit_for_two_tats(s: Seen<'_>, _: &mut Memory) -> f64 {
    yes(!s.their_recent(3).windows(2).any(|w| !w[0] && !w[1]))
}

/// N tits for M tats: after M defections in a row it defects N times.
fn n_tits_for_m_tats(s: Seen<'_>, m: &mut Memory) -> f64 {
    let [tits, tats] = [s.settings[0] as i64, s.settings[1] as i64];
    let recent = s.their_recent(tats as usize);
    if recent.iter().filter(|c| !**c).count() as i64 == tats {
        m.counters[0] = tits;
    }
    if m.counters[0] > 0 {
        m.counters[0] -= 1;
        return 0.0;
    }
    1.0
}

/// Contrite tit for tat (Wu & Axelrod 1995): after its own mistaken defection it accepts the answer without
/// retaliating. It knows a mistake by having meant to cooperate.
fn contrite(s: Seen<'_>, m: &mut Memory) -> f64 {
    let Some(&last) = s.mine.last() else {
        m.counters[0] = 1;
        return 1.0;
    };
    if m.flag && last {
        // it has made amends: this move lets the answer to its mistake pass
        m.flag = false;
        m.counters[0] = 1;
        return 1.0;
    }
    if m.counters[0] == 1 && !last && s.their_last(1) {
        // it meant to cooperate and did not
        m.flag = true;
    }
    let cooperate = s.their_last(1);
    m.counters[0] = i64::from(cooperate);
    yes(cooperate)
}

/// Omega tit for tat (Kendall, Yao & Chong 2007): tit for tat that breaks deadlocks and gives up on the random.
fn omega(s: Seen<'_>, m: &mut Memory) -> f64 {
    let [limit, despair] = [s.settings[0] as i64, s.settings[1] as i64];
    let [deadlock, randomness, ..] = &mut m.counters;
    if s.theirs.is_empty() {
        return 1.0;
    }
    if s.theirs.len() == 1 {
        return yes(s.their_last(1));
    }
    if *deadlock >= limit {
        *deadlock = if *deadlock == limit { limit + 1 } else { 0 };
        return 1.0;
    }
    let mine = s.my_last(1);
    if s.their_last(2) && s.their_last(1) {
        *randomness -= 1;
    }
    if s.their_last(2) != s.their_last(1) {
        *randomness += 1;
    }
    if mine != s.their_last(1) {
        *randomness += 1;
    }
    if *randomness >= despair {
        return 0.0;
    }
    if s.their_last(2) != s.their_last(1) {
        *deadlock += 1;
    } else {
        *deadlock = 0;
    }
    yes(s.their_last(1))
}

/// Adaptive tit for tat (Tzafestas 2000): an image of the other moves toward its last move; it cooperates if the image
/// is good.
fn adaptive(s: Seen<'_>, m: &mut Memory) -> f64 {
    let rate = s.settings[0];
    let image = &mut m.levels[0];
    let Some(&last) = s.theirs.last() else {
        *image = rate;
        return 1.0;
    };
    *image += rate * (yes(last) - *image);
    yes(*image >= 0.5)
}

/// Spiteful tit for tat (PRISON 1998): tit for tat until the other defects twice in a row, then always defects.
fn spiteful(s: Seen<'_>, m: &mut Memory) -> f64 {
    m.flag |= !s.their_last(1) && !s.their_last(2);
    yes(!m.flag && s.their_last(1))
}

/// Slow tit for tat (PRISON 1998): cooperates twice, then follows the other only when it made the same move twice.
fn slow(s: Seen<'_>, _: &mut Memory) -> f64 {
    if s.turns() < 2 {
        return 1.0;
    }
    yes(if s.their_last(1) == s.their_last(2) { s.their_last(1) } else { s.my_last(1) })
}

/// Sneaky tit for tat (Axelrod-Python): defects on who never defected, and repents once it is punished.
fn sneaky(s: Seen<'_>, _: &mut Memory) -> f64 {
    if s.turns() < 2 {
        return 1.0;
    }
    if s.defections() == 0 {
        return 0.0;
    }
    yes(s.their_last(1) || !s.my_last(2))
}

/// Forgiving tit for tat (Axelrod-Python): tit for tat with who has defected in more than a tenth of the turns.
fn forgiving(s: Seen<'_>, _: &mut Memory) -> f64 {
    yes(s.defections() as f64 <= s.turns() as f64 / 10.0 || s.their_last(1))
}

/// Random tit for tat (Axelrod-Python): in turn a copy of the other's move and a coin.
fn random(s: Seen<'_>, _: &mut Memory) -> f64 {
    match s.turns() {
        0 => 1.0,
        n if n % 2 == 1 => yes(s.their_last(1)),
        _ => s.settings[0],
    }
}

/// Alexei (LessWrong 2011): tit for tat that defects on the last turn, if it knows it.
fn alexei(s: Seen<'_>, _: &mut Memory) -> f64 {
    yes(s.their_last(1) && !s.last_turns(1))
}

/// Eugine Nier (LessWrong 2011): tit for tat that gives up after five defections and defects on the last turn.
fn eugine_nier(s: Seen<'_>, _: &mut Memory) -> f64 {
    yes(s.their_last(1) && s.defections() < 5 && !s.last_turns(1))
}

pub(super) const FAMILY: &[Strategy] = &[
    one(["tit-for-tat", "TitForTat", "Rapoport in Axelrod 1980", "does what the other last did"], |_, _| {
        (1.0, [1.0, 0.0, 1.0, 0.0])
    }),
    one(
        [
            "suspicious-tit-for-tat",
            "SuspiciousTitForTat",
            "Boyd & Lorberbaum 1987",
            "tit for tat that opens with defection",
        ],
        |_, _| (0.0, [1.0, 0.0, 1.0, 0.0]),
    ),
    one(
        ["anti-tit-for-tat", "AntiTitForTat", "Hilbe, Nowak & Sigmund 2013", "opposite of tit for tat"],
        |_, _| (1.0, [0.0, 1.0, 0.0, 1.0]),
    ),
    one(["bully", "Bully", "Nachbar 1992", "opposite of tit for tat, opens with defection"], |_, _| {
        (0.0, [0.0, 1.0, 0.0, 1.0])
    }),
    code(
        [
            "tit-for-two-tats",
            "TitFor2Tats",
            "Maynard Smith in Axelrod 1980b",
            "defects after two defections in a row",
        ],
        tit_for_two_tats,
    ),
    code(
        ["two-tits-for-tat", "TwoTitsForTat", "Axelrod 1984", "answers a defection twice"],
        two_tits_for_tat,
    ),
    code(
        [
            "dynamic-two-tits-for-tat",
            "DynamicTwoTitsForTat",
            "Axelrod-Python",
            "two tits for tat that forgives as often as the other cooperates",
        ],
        dynamic_two_tits,
    ),
    code(
        [
            "hard-tit-for-tat",
            "HardTitForTat",
            "PRISON 1998",
            "defects if the other did in the last three turns",
        ],
        hard_tit_for_tat,
    ),
    code(
        [
            "hard-tit-for-two-tats",
            "HardTitFor2Tats",
            "Stewart & Plotkin 2012",
            "defects if the other did twice running in the last three turns",
        ],
        hard_tit_for_two_tats,
    ),
    code(
        [
            "n-tits-for-m-tats",
            "NTitsForMTats",
            "Axelrod-Python",
            "after M defections in a row it defects N times",
        ],
        n_tits_for_m_tats,
    )
    .set(&[
        count("tits", "N", 3.0, (0.0, 1000.0), "defections in answer"),
        count("tats", "M", 2.0, (1.0, 1000.0), "defections in a row that call for an answer"),
    ]),
    code(
        [
            "contrite-tit-for-tat",
            "ContriteTitForTat",
            "Wu & Axelrod 1995",
            "accepts punishment for its own mistakes",
        ],
        contrite,
    ),
    code(
        ["omega-tit-for-tat", "OmegaTFT", "Kendall, Yao & Chong 2007", "tit for tat that breaks deadlocks"],
        omega,
    )
    .set(&[
        count(
            "deadlock",
            "deadlock_threshold",
            3.0,
            (0.0, 1000.0),
            "changes of the other's move that make a deadlock",
        ),
        count(
            "randomness",
            "randomness_threshold",
            8.0,
            (0.0, 1000.0),
            "signs of randomness after which it gives up",
        ),
    ]),
    code(
        [
            "adaptive-tit-for-tat",
            "AdaptiveTitForTat",
            "Tzafestas 2000",
            "cooperates as long as its image of the other is good",
        ],
        adaptive,
    )
    .set(&[setting("rate", "rate", 0.5, (0.0, 1.0), "share of the way the image moves each turn")]),
    code(
        [
            "spiteful-tit-for-tat",
            "SpitefulTitForTat",
            "PRISON 1998",
            "tit for tat until two defections in a row, then always defects",
        ],
        spiteful,
    ),
    code(
        [
            "slow-tit-for-two-tats-2",
            "SlowTitForTwoTats2",
            "PRISON 1998",
            "follows the other only when it made the same move twice",
        ],
        slow,
    ),
    code(
        [
            "sneaky-tit-for-tat",
            "SneakyTitForTat",
            "Axelrod-Python",
            "defects on who never defected, repents when punished",
        ],
        sneaky,
    ),
    code(
        [
            "forgiving-tit-for-tat",
            "ForgivingTitForTat",
            "Axelrod-Python",
            "tit for tat with who defects in more than a tenth of turns",
        ],
        forgiving,
    ),
    code(
        ["random-tit-for-tat", "RandomTitForTat", "Axelrod-Python", "tit for tat and a coin in turn"],
        random,
    )
    .set(&[setting("p", "p", 0.5, (0.0, 1.0), "chance of cooperating on every other turn")]),
    code(["alexei", "Alexei", "LessWrong 2011", "tit for tat that defects on the last turn"], alexei),
    code(
        [
            "eugine-nier",
            "EugineNier",
            "LessWrong 2011",
            "tit for tat that gives up after five defections; defects at the end",
        ],
        eugine_nier,
    ),
];
