//! Axelrod's first tournament (Axelrod 1980). The original programs are lost; these are the published descriptions as
//! read by Axelrod-Python. Tit for tat, random and Friedman's grudger stand in their own families.

use super::super::strategy::{Memory, Seen, Strategy, yes};
use super::{code, count, one, setting};
use crate::random::mix;

/// Davis (Axelrod 1980): cooperates ten times unless set, then plays grudger.
fn davis(s: Seen<'_>, _: &mut Memory) -> f64 {
    yes(s.mine.len() < s.settings[0] as usize || s.defections() == 0)
}

/// Tullock (Axelrod 1980): cooperates eleven times, then a tenth less than the other did over the last ten moves.
fn tullock(s: Seen<'_>, _: &mut Memory) -> f64 {
    if s.mine.len() < s.settings[0] as usize {
        return 1.0;
    }
    let recent = s.their_recent(10);
    let recent = recent.iter().filter(|c| **c).count() as f64 / recent.len().max(1) as f64;
    (recent - 0.1).max(0.0)
}

/// Grofman (Axelrod 1980): after different moves it cooperates with probability 2/7, otherwise always.
fn grofman(s: Seen<'_>, _: &mut Memory) -> f64 {
    if s.mine.last() == s.theirs.last() { 1.0 } else { 2.0 / 7.0 }
}

/// Shubik (Axelrod 1980): answers each departure from mutual cooperation with one defection more than the last.
fn shubik(s: Seen<'_>, m: &mut Memory) -> f64 {
    let [length, left, ..] = &mut m.counters;
    if *left > 0 {
        *left -= 1;
        return 0.0;
    }
    if !s.their_last(1) && s.mine.last() == Some(&true) {
        *length += 1;
        *left = *length - 1;
        return 0.0;
    }
    1.0
}

/// Nydegger (Axelrod 1980): tit for tat for three moves, then a fixed answer to each of the 64 sequences of three
/// outcomes; the latest outcome has weight 16, as in the field's reference.
fn nydegger(s: Seen<'_>, _: &mut Memory) -> f64 {
    const DEFECT: [usize; 19] = [1, 6, 7, 17, 22, 23, 26, 29, 30, 31, 33, 38, 39, 45, 49, 54, 55, 58, 61];
    let n = s.theirs.len();
    if n < 3 {
        return yes(s.their_last(1) && !(n == 2 && !s.theirs[0] && s.theirs[1]));
    }
    let points = |back: usize| usize::from(!s.mine[n - back]) + 2 * usize::from(!s.theirs[n - back]);
    yes(!DEFECT.contains(&(16 * points(1) + 4 * points(2) + points(3))))
}

/// Feld (Axelrod 1980): tit for tat whose cooperation falls to one half by the 200th move, here in a straight line.
fn feld(s: Seen<'_>, _: &mut Memory) -> f64 {
    let [start, end, turns] = [s.settings[0], s.settings[1], s.settings[2]];
    if !s.their_last(1) || s.turns() == 0 {
        return yes(s.turns() == 0);
    }
    let fall = (start - end) * s.turns() as f64 / turns;
    if start >= end { (start - fall).max(end) } else { (start - fall).min(end) }
}

/// Downing (Axelrod 1980; Downing 1975): estimates how the other answers its cooperation and its defection, and
/// takes the better of always cooperating and always defecting against that.
fn downing(s: Seen<'_>, m: &mut Memory) -> f64 {
    let [after_c, after_d, ..] = &mut m.counters;
    let n = s.mine.len();
    if n >= 1 && s.theirs[n - 1] {
        // the first move of the other counts as an answer to cooperation before the match
        if n == 1 || s.mine[n - 2] { *after_c += 1 } else { *after_d += 1 }
    }
    if n < 2 {
        return 0.0;
    }
    let alpha = *after_c as f64 / (s.my_cooperations + 1) as f64;
    let beta = *after_d as f64 / (n - s.my_cooperations).max(2) as f64;
    let p = s.payoffs;
    let cooperate = alpha * p.reward + (1.0 - alpha) * p.sucker;
    let defect = beta * p.temptation + (1.0 - beta) * p.punishment;
    if cooperate == defect { yes(!s.mine[n - 1]) } else { yes(cooperate > defect) }
}

/// Stein and Rapoport (Axelrod 1980): tit for tat that opens with four cooperations, tests for a random opponent every
/// fifteen moves, defects on it, and defects on the last two moves.
fn stein_rapoport(s: Seen<'_>, m: &mut Memory) -> f64 {
    let turn = s.theirs.len() + 1;
    if turn.is_multiple_of(15) {
        m.flag = s.seems_random();
    }
    if s.last_turns(2) {
        0.0
    } else if turn < 5 {
        1.0
    } else if m.flag {
        0.0
    } else {
        yes(s.their_last(1))
    }
}

/// Tideman and Chieruzzi (Axelrod 1980): retaliates one move longer for each run of defections, gives a fresh start to
/// a trailing opponent that does not look random, and defects on the last two moves.
fn tideman_chieruzzi(s: Seen<'_>, m: &mut Memory) -> f64 {
    let n = s.theirs.len();
    let [length, left, lead, start, remembered, fresh] = &mut m.counters;
    if n == 0 {
        return yes(!s.last_turns(2));
    }
    let (mine, theirs) = (s.mine[n - 1], s.theirs[n - 1]);
    *remembered += i64::from(!theirs);
    *lead += i64::from(theirs) - i64::from(mine);
    let answer = if *fresh == 1 {
        *fresh = 0;
        true
    } else {
        let turn = n as i64 + 1;
        let (total, count) = (n as f64, *remembered as f64);
        let spread = 1.5 * total.sqrt();
        let deserved = (*start == 0 || turn - *start >= 20)
            && *lead as f64 * (s.payoffs.temptation - s.payoffs.sucker) >= 10.0
            && s.length.is_none_or(|all| all as i64 - turn >= 10)
            && theirs
            && (count <= total / 2.0 - spread || count >= total / 2.0 + spread);
        if deserved {
            (*start, *fresh) = (turn, 1);
            (*length, *left, *remembered) = (0, 0, 0);
            true
        } else if *left > 0 {
            *left -= 1;
            false
        } else if !theirs {
            *length += 1;
            *left = *length - 1;
            false
        } else {
            true
        }
    };
    yes(answer && !s.last_turns(2))
}

/// Graaskamp (Axelrod 1980): tit for tat with one probing defection on move 51; from move 57 it defects on a player
/// that looks random, plays tit for tat with tit for tat and its twin, and else defects once every 5 to 15 moves.
fn graaskamp(s: Seen<'_>, m: &mut Memory) -> f64 {
    let n = s.theirs.len();
    let [broke_echo, broke_twin, next, draws, ..] = &mut m.counters;
    if n == 0 {
        return 1.0;
    }
    if n >= 2 && s.theirs[n - 1] != s.mine[n - 2] {
        *broke_echo = 1;
    }
    if s.theirs[n - 1] != s.mine[n - 1] {
        *broke_twin = 1;
    }
    if n < 56 {
        return yes(s.their_last(1) && n != 50);
    }
    m.flag |= s.seems_random();
    if m.flag {
        return 0.0;
    }
    if *broke_echo == 0 || *broke_twin == 0 {
        return yes(s.their_last(1));
    }
    let salt = m.salt;
    let mut pause = || {
        *draws += 1;
        5 + (mix(salt, *draws as u64) % 11) as i64
    };
    if *next == 0 {
        *next = n as i64 + pause();
    }
    if n as i64 == *next {
        *next = n as i64 + pause();
        return 0.0;
    }
    1.0
}

pub(super) const FAMILY: &[Strategy] = &[
    code(["davis", "FirstByDavis", "Davis in Axelrod 1980", "ten cooperations, then grudger"], davis).set(&[
        count("rounds", "rounds_to_cooperate", 10.0, (0.0, 1e6), "turns of cooperation at the start"),
    ]),
    code(
        [
            "tullock",
            "FirstByTullock",
            "Tullock in Axelrod 1980",
            "eleven cooperations, then a tenth less than the other",
        ],
        tullock,
    )
    .set(&[count(
        "rounds",
        "rounds_to_cooperate",
        11.0,
        (0.0, 1e6),
        "turns of cooperation at the start",
    )]),
    one(
        ["joss", "FirstByJoss", "Joss in Axelrod 1980", "tit for tat that sneaks in a defection"],
        |set, _| (1.0, [set[0], 0.0, set[0], 0.0]),
    )
    .set(&[setting("p", "p", 0.9, (0.0, 1.0), "chance of cooperating with who cooperated")]),
    code(
        [
            "grofman",
            "FirstByGrofman",
            "Grofman in Axelrod 1980",
            "after different moves cooperates with probability 2/7",
        ],
        grofman,
    ),
    code(
        ["shubik", "FirstByShubik", "Shubik in Axelrod 1980", "retaliates one move longer each time"],
        shubik,
    ),
    code(
        [
            "nydegger",
            "FirstByNydegger",
            "Nydegger in Axelrod 1980",
            "a fixed answer to each sequence of the last three outcomes",
        ],
        nydegger,
    ),
    code(
        [
            "feld",
            "FirstByFeld",
            "Feld in Axelrod 1980",
            "tit for tat whose cooperation falls to 1/2 by move 200",
        ],
        feld,
    )
    .set(&[
        setting("start", "start_coop_prob", 1.0, (0.0, 1.0), "chance of cooperating at the start"),
        setting("end", "end_coop_prob", 0.5, (0.0, 1.0), "chance of cooperating at the end"),
        count("turns", "rounds_of_decay", 200.0, (1.0, 1e6), "turns from the one to the other"),
    ]),
    code(
        [
            "downing",
            "FirstByDowning",
            "Downing in Axelrod 1980",
            "best answer to the other's estimated reactions",
        ],
        downing,
    ),
    code(
        [
            "stein-rapoport",
            "FirstBySteinAndRapoport",
            "Stein & Rapoport in Axelrod 1980",
            "tit for tat that defects on random players and at the end",
        ],
        stein_rapoport,
    ),
    code(
        [
            "tideman-chieruzzi",
            "FirstByTidemanAndChieruzzi",
            "Tideman & Chieruzzi in Axelrod 1980",
            "growing retaliation with fresh starts; defects at the end",
        ],
        tideman_chieruzzi,
    ),
    code(
        [
            "graaskamp",
            "FirstByGraaskamp",
            "Graaskamp in Axelrod 1980",
            "tit for tat that probes, then defects now and then",
        ],
        graaskamp,
    ),
];
