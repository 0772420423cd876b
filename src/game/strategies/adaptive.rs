//! Rules that weigh their own success or class the other (Li, Hingston & Kendall 2011; Li 2007).

use super::super::strategy::{Memory, Seen, Strategy, yes};
use super::code;

/// Adaptive (Li, Hingston & Kendall 2011): CCCCCCDDDDD, then the move whose payoffs sum to more.
fn adaptive(s: Seen<'_>, m: &mut Memory) -> f64 {
    if let (Some(&mine), Some(&theirs)) = (s.mine.last(), s.theirs.last()) {
        m.levels[usize::from(mine)] += s.payoffs.of(mine, theirs);
    }
    match s.turns() {
        n @ 0..11 => yes(n < 6),
        _ => yes(m.levels[1] > m.levels[0]),
    }
}

/// What adaptive Pavlov takes the other for.
mod class {
    pub const NONE: i64 = 0;
    pub const KIND: i64 = 1;
    pub const DEFECTOR: i64 = 2;
    pub const SUSPICIOUS: i64 = 3;
    pub const PAVLOV: i64 = 4;
    pub const RANDOM: i64 = 5;
}

/// Adaptive Pavlov (Li 2007): tit for tat for six turns; then it classes the other every six turns and plays to it.
fn pavlov_2006(s: Seen<'_>, m: &mut Memory) -> f64 {
    let n = s.turns();
    if n < 6 {
        return yes(s.their_last(1));
    }
    let kind = &mut m.counters[0];
    if n.is_multiple_of(6) {
        let word: String = s.their_recent(6).iter().map(|&c| if c { 'C' } else { 'D' }).collect();
        match word.as_str() {
            "CCCCCC" => *kind = class::KIND,
            "DDDDDD" => *kind = class::DEFECTOR,
            "DCDCDC" => *kind = class::SUSPICIOUS,
            "DDCDDC" => *kind = class::PAVLOV,
            _ if *kind == class::NONE => *kind = class::RANDOM,
            _ => {}
        }
    }
    match *kind {
        class::RANDOM | class::DEFECTOR => 0.0,
        class::SUSPICIOUS => yes(n % 6 < 2 || s.their_last(1)),
        class::PAVLOV => yes(!n.is_multiple_of(6)),
        _ => yes(s.their_last(1)),
    }
}

/// Adaptive Pavlov as of 2011 (Li, Hingston & Kendall): it classes by the number of defections in six turns.
fn pavlov_2011(s: Seen<'_>, m: &mut Memory) -> f64 {
    let n = s.turns();
    if n < 6 {
        return yes(s.their_last(1));
    }
    let kind = &mut m.counters[0];
    if n.is_multiple_of(6) {
        match s.their_recent(6).iter().filter(|c| !**c).count() {
            0 => *kind = class::KIND,
            4.. => *kind = class::DEFECTOR,
            3 => *kind = class::SUSPICIOUS,
            _ if *kind == class::NONE => *kind = class::RANDOM,
            _ => {}
        }
    }
    match *kind {
        class::RANDOM | class::DEFECTOR => 0.0,
        class::SUSPICIOUS => yes(s.their_last(1) || s.their_last(2)),
        _ => yes(s.their_last(1)),
    }
}

pub(super) const FAMILY: &[Strategy] = &[
    code(
        [
            "adaptive",
            "Adaptive",
            "Li, Hingston & Kendall 2011",
            "CCCCCCDDDDD, then the move that paid more in all",
        ],
        adaptive,
    ),
    code(
        [
            "adaptive-pavlov-2006",
            "APavlov2006",
            "Li 2007",
            "classes the other every six turns and plays to it",
        ],
        pavlov_2006,
    ),
    code(
        [
            "adaptive-pavlov-2011",
            "APavlov2011",
            "Li, Hingston & Kendall 2011",
            "classes the other by its defections in six turns",
        ],
        pavlov_2011,
    ),
];
