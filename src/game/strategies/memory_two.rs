//! Rules that look back two or three turns (Hilbe, Martinez-Vaquero, Chatterjee & Nowak 2017; Murase & Baek 2020).

use super::super::strategy::{Memory, Seen, Strategy, yes};
use super::super::table;
use super::{code, table as look_up};

/// CAPRI (Murase & Baek 2020): cooperates after mutual cooperation, accepts and punishes single lapses, recovers from
/// mutual defection, else defects. The last three turns decide; those before the match count as mutual cooperation.
fn capri(s: Seen<'_>, _: &mut Memory) -> f64 {
    let word: String = [3, 2, 1]
        .iter()
        .flat_map(|&back| [s.my_last(back), s.their_last(back)])
        .map(|c| if c { 'C' } else { 'D' })
        .collect();
    const COOPERATE: [&str; 14] = [
        "CCCCCC", "CCCCDC", "CCDCCD", "DCCDCC", "CDCCCC", "CCCDDC", "CDDCCC", "DCCCCC", "DDDDDC", "DDDCCC",
        "DDDDCD", "DDCDCC", "DDDDCC", "DDCCCC",
    ];
    yes(COOPERATE.contains(&word.as_str()))
}

/// MEM2 (Li & Kendall 2014): tit for tat, tit for two tats or defection, chosen anew by the last two turns.
fn mem2(s: Seen<'_>, m: &mut Memory) -> f64 {
    const TFT: i64 = 0;
    const TFTT: i64 = 1;
    const ALLD: i64 = 2;
    let [role, clock, despair, ..] = &mut m.counters;
    if s.turns() == 0 {
        *clock = 3;
    }
    *clock -= 1;
    if *clock == 0 && *despair < 2 {
        *clock = 2;
        let turn = |back| (s.my_last(back), s.their_last(back));
        let (last, before) = (turn(1), turn(2));
        *role = match (before, last) {
            ((true, true), (true, true)) => TFT,
            ((true, false), (false, true)) | ((false, true), (true, false)) => TFTT,
            _ => {
                *despair += 1;
                ALLD
            }
        };
    }
    yes(match *role {
        TFT => s.their_last(1),
        TFTT => s.their_last(1) || s.their_last(2),
        _ => false,
    })
}

pub(super) const FAMILY: &[Strategy] = &[
    look_up(
        [
            "aon-2",
            "AON2",
            "Hilbe et al. 2017",
            "cooperates if both did the same in each of the last two turns",
        ],
        || table::build([2, 2, 0], "CC", "CDDDDCDDDDCDDDDC"),
    ),
    look_up(["delayed-aon-1", "DelayedAON1", "Hilbe et al. 2017", "all-or-none, a turn later"], || {
        table::build([2, 2, 0], "CC", "CDDDDCDCDDCDDCDC")
    }),
    code(
        [
            "capri",
            "Capri",
            "Murase & Baek 2020",
            "cooperates, accepts, punishes, recovers; looks back three turns",
        ],
        capri,
    ),
    code(
        [
            "mem-2",
            "MEM2",
            "Li & Kendall 2014",
            "tit for tat, tit for two tats or defection by the last two turns",
        ],
        mem2,
    ),
];
