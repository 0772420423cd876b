//! Look-up tables as players (Axelrod 1987; Mathieu & Delahaye 2015): an answer for each combination of the last own
//! moves, the last moves of the other, and its opening.

use super::strategy::{Seen, yes};

/// A look-up table that has been checked: an answer for every combination.
#[derive(Clone, Debug, PartialEq)]
pub struct LookUp {
    own: usize,
    other: usize,
    opening: usize,
    first: Vec<bool>,
    chances: Vec<f64>,
}

impl LookUp {
    /// Most moves a table may look at together: it then has 65,536 answers.
    pub const DEEPEST: usize = 16;

    /// A table over `own` last own moves, `other` last moves of the other and the other's `opening` moves. `chances` of
    /// cooperating (0-1) stand in the order of words: own moves first (the oldest first), then the other's, then its
    /// opening; C before D. `first` are the moves until there is enough to look at; missing ones are cooperation.
    /// `None` if the number of chances is not two to the power of all depths together.
    pub fn new(depths: [usize; 3], first: &[bool], chances: &[f64]) -> Option<LookUp> {
        let [own, other, opening] = depths;
        let all = own + other + opening;
        if all > Self::DEEPEST || chances.len() != 1 << all {
            return None;
        }
        let need = own.max(other).max(opening);
        let first = (0..need).map(|k| first.get(k).copied().unwrap_or(true)).collect();
        Some(LookUp { own, other, opening, first, chances: chances.to_vec() })
    }

    /// Number of answers.
    pub fn answers(&self) -> usize {
        self.chances.len()
    }

    /// Probability of cooperating next.
    pub fn cooperates(&self, seen: Seen<'_>) -> f64 {
        let turn = seen.turns();
        if let Some(&first) = self.first.get(turn) {
            return yes(first);
        }
        let mine = &seen.mine[turn - self.own..];
        let theirs = seen.their_recent(self.other);
        let opening = &seen.theirs[..self.opening];
        let place = mine.iter().chain(theirs).chain(opening).fold(0, |at, &c| at * 2 + usize::from(!c));
        self.chances[place]
    }
}

/// A table of the roster from its answers as a word of C and D.
pub(in crate::game) fn build(depths: [usize; 3], first: &str, answers: &str) -> LookUp {
    let moves: Vec<bool> = first.chars().map(|c| c == 'C').collect();
    let chances: Vec<f64> = answers.chars().map(|c| yes(c == 'C')).collect();
    // what is on the roster is whole: a test asks every one of its tables
    LookUp::new(depths, &moves, &chances).unwrap_or(LookUp {
        own: 0,
        other: 0,
        opening: 0,
        first: Vec::new(),
        chances: vec![0.0],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::game::Payoffs;

    #[test]
    fn a_table_of_the_others_last_move_is_tit_for_tat() {
        let table = LookUp::new([0, 1, 0], &[true], &[1.0, 0.0]).expect("whole");
        let payoffs = Payoffs::axelrod();
        let ask = |mine: &[bool], theirs: &[bool]| {
            table.cooperates(Seen {
                mine,
                theirs,
                my_cooperations: 0,
                their_cooperations: 0,
                length: None,
                payoffs: &payoffs,
                settings: &[],
            })
        };
        assert_eq!(ask(&[], &[]), 1.0);
        assert_eq!(ask(&[true], &[false]), 0.0);
        assert_eq!(ask(&[true, false], &[false, true]), 1.0);
    }

    #[test]
    fn a_table_needs_all_its_answers() {
        assert_eq!(LookUp::new([1, 1, 0], &[], &[1.0, 0.0]), None);
        assert_eq!(LookUp::new([9, 9, 0], &[], &[]), None);
    }
}
