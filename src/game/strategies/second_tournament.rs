//! Axelrod's second tournament (Axelrod 1980b), from the published descriptions and the surviving Fortran as read by
//! Axelrod-Python. Gladstein's tester, Grisell's majority and tit for two tats stand in their own families.

use super::super::machine::build;
use super::super::strategy::{Memory, Seen, Strategy, yes};
use super::{code, machine};

/// Champion (2nd): ten cooperations, fifteen turns of tit for tat; then it answers a defection only if the other's share
/// of defections is at least .4 and above a random number.
fn champion(s: Seen<'_>, _: &mut Memory) -> f64 {
    let n = s.turns();
    if n < 10 {
        return 1.0;
    }
    if n < 25 || s.their_last(1) {
        return yes(s.their_last(1));
    }
    let share = s.defections() as f64 / n as f64;
    if share < 0.4 { 1.0 } else { 1.0 - share }
}

/// Cave (4th): gives up on the overly defective; answers a defection with probability one half, after seventeen always.
fn cave(s: Seen<'_>, _: &mut Memory) -> f64 {
    let turn = s.turns() + 1;
    let (count, share) = (s.defections(), s.defections() as f64 / turn as f64);
    if turn == 1 {
        return 1.0;
    }
    if turn > 39 && share > 0.39 || turn > 29 && share > 0.65 || turn > 19 && share > 0.79 {
        return 0.0;
    }
    match (s.their_last(1), count > 17) {
        (true, _) => 1.0,
        (false, true) => 0.0,
        (false, false) => 0.5,
    }
}

/// Adams (5th): defects when the other has done so 4, 7 and 9 times, the first turn not counted; then with a chance that
/// grows with each defection.
fn adams(s: Seen<'_>, _: &mut Memory) -> f64 {
    if s.turns() <= 1 {
        return 1.0;
    }
    let count = s.defections() - usize::from(!s.theirs[0]);
    match count {
        4 | 7 | 9 => 0.0,
        10.. if !s.their_last(1) => 0.5f64.powi(i32::try_from(count - 9).unwrap_or(i32::MAX)),
        _ => 1.0,
    }
}

/// Getzler (11th): defects with the sum over the other's defections of one half to the power of the turns since.
fn getzler(s: Seen<'_>, m: &mut Memory) -> f64 {
    if s.turns() == 0 {
        return 1.0;
    }
    m.levels[0] = (m.levels[0] + yes(!s.their_last(1))) * 0.5;
    1.0 - m.levels[0]
}

/// Leyvraz (12th): a chance for each of the other's last three moves.
fn leyvraz(s: Seen<'_>, _: &mut Memory) -> f64 {
    match [s.their_last(3), s.their_last(2), s.their_last(1)] {
        [true, true, false] => 0.5,
        [true, false, true] => 0.0,
        [_, false, false] => 0.25,
        _ => 1.0,
    }
}

/// White (13th): ten cooperations; then it answers a defection once defections times the rounded logarithm of the turn
/// reach the turn.
fn white(s: Seen<'_>, _: &mut Memory) -> f64 {
    let turn = (s.turns() + 1) as f64;
    yes(turn <= 10.0 || s.their_last(1) || turn.ln().floor() * (s.defections() as f64) < turn)
}

/// Eatherley (14th): answers a defection as often as the other has defected.
fn eatherley(s: Seen<'_>, _: &mut Memory) -> f64 {
    if s.their_last(1) { 1.0 } else { 1.0 - s.defections() as f64 / s.turns() as f64 }
}

/// Black (15th): five cooperations; then a chance by the other's defections in the last five turns.
fn black(s: Seen<'_>, _: &mut Memory) -> f64 {
    const CHANCE: [f64; 6] = [1.0, 1.0, 0.88, 0.68, 0.4, 0.04];
    if s.turns() < 5 { 1.0 } else { CHANCE[s.their_recent(5).iter().filter(|c| !**c).count()] }
}

/// Mikkelson (20th): a credit that cooperation raises and defection spends.
fn mikkelson(s: Seen<'_>, m: &mut Memory) -> f64 {
    let turn = s.turns() + 1;
    let credit = &mut m.counters[0];
    if turn == 1 {
        *credit = 7;
        return 1.0;
    }
    *credit = if s.their_last(1) { (*credit + 1).min(8) } else { (*credit - 2).max(-7) };
    if turn == 2 || *credit > 0 {
        return 1.0;
    }
    if turn <= 10 {
        *credit = 4;
        return 0.0;
    }
    yes(s.defections() as f64 / (turn as f64) < 0.15)
}

/// Grofman (28th): two cooperations, five turns of tit for tat; then it cooperates if the other defected at most twice in
/// turns eight to two before (once, if it defected itself).
fn grofman(s: Seen<'_>, _: &mut Memory) -> f64 {
    let n = s.turns();
    if n < 2 {
        return 1.0;
    }
    if n < 7 {
        return yes(s.their_last(1));
    }
    let recent = s.their_recent(8);
    let count = recent[..recent.len() - 1].iter().filter(|c| !**c).count();
    yes(count <= if s.my_last(1) { 2 } else { 1 })
}

/// Kluepfel: gives up on who looks random in its answers; else follows the other's last three moves with chances.
fn kluepfel(s: Seen<'_>, m: &mut Memory) -> f64 {
    // the other's answers after my defection and after my cooperation: defections, cooperations
    if s.turns() >= 2 {
        m.counters[2 * usize::from(s.my_last(2)) + usize::from(s.their_last(1))] += 1;
    }
    let [dd, cd, dc, cc, ..] = m.counters.map(|x| x as f64);
    if s.turns() > 26 {
        let random = |seen: f64, all: f64| seen >= all / 2.0 - 0.75 * all.sqrt();
        if random(cd, cd + dd) && random(dc, dc + cc) {
            return 0.0;
        }
    }
    let [last, second, third] = [s.their_last(1), s.their_last(2), s.their_last(3)];
    let keeps = if last == second {
        if second == third { 1.0 } else { 0.9 }
    } else if last {
        0.7
    } else {
        0.6
    };
    if last { keeps } else { 1.0 - keeps }
}

pub(super) const FAMILY: &[Strategy] = &[
    code(
        [
            "champion",
            "SecondByChampion",
            "Champion in Axelrod 1980b",
            "lenient tit for tat after a long greeting",
        ],
        champion,
    ),
    code(
        [
            "cave",
            "SecondByCave",
            "Cave in Axelrod 1980b",
            "answers every other defection; gives up on the defective",
        ],
        cave,
    ),
    code(
        [
            "adams",
            "SecondByWmAdams",
            "W. Adams in Axelrod 1980b",
            "answers the 4th, 7th and 9th defection, then more and more",
        ],
        adams,
    ),
    code(
        ["getzler", "SecondByGetzler", "Getzler in Axelrod 1980b", "a grudge that halves every turn"],
        getzler,
    ),
    code(
        [
            "leyvraz",
            "SecondByLeyvraz",
            "Leyvraz in Axelrod 1980b",
            "a chance for each of the other's last three moves",
        ],
        leyvraz,
    ),
    code(
        ["white", "SecondByWhite", "White in Axelrod 1980b", "the more patient the longer the match"],
        white,
    ),
    code(
        [
            "eatherley",
            "SecondByEatherley",
            "Eatherley in Axelrod 1980b",
            "answers a defection as often as the other defects",
        ],
        eatherley,
    ),
    code(
        [
            "black",
            "SecondByBlack",
            "Black in Axelrod 1980b",
            "a chance by the defections in the last five turns",
        ],
        black,
    ),
    code(
        [
            "kluepfel",
            "SecondByKluepfel",
            "Kluepfel in Axelrod 1980b",
            "follows trends; gives up on the random",
        ],
        kluepfel,
    ),
    machine(
        [
            "colbert",
            "SecondByColbert",
            "Colbert in Axelrod 1980b",
            "answers a defection with DDCC, after eight fixed turns",
        ],
        || {
            build(
                'C',
                0,
                &[
                    (0, 'C', 1, 'C'),
                    (0, 'D', 1, 'C'),
                    (1, 'C', 2, 'C'),
                    (1, 'D', 2, 'C'),
                    (2, 'C', 3, 'C'),
                    (2, 'D', 3, 'C'),
                    (3, 'C', 4, 'C'),
                    (3, 'D', 4, 'C'),
                    (4, 'C', 5, 'D'),
                    (4, 'D', 5, 'D'),
                    (5, 'C', 6, 'C'),
                    (5, 'D', 6, 'C'),
                    (6, 'C', 7, 'C'),
                    (6, 'D', 7, 'C'),
                    (7, 'C', 7, 'C'),
                    (7, 'D', 8, 'D'),
                    (8, 'C', 9, 'D'),
                    (8, 'D', 9, 'D'),
                    (9, 'C', 10, 'C'),
                    (9, 'D', 10, 'C'),
                    (10, 'C', 7, 'C'),
                    (10, 'D', 7, 'C'),
                ],
            )
        },
    ),
    code(
        [
            "mikkelson",
            "SecondByMikkelson",
            "Mikkelson in Axelrod 1980b",
            "a credit that the other's moves raise or spend",
        ],
        mikkelson,
    ),
    code(
        [
            "second-grofman",
            "SecondByGrofman",
            "Grofman in Axelrod 1980b",
            "looks at the turns before the last",
        ],
        grofman,
    ),
];
