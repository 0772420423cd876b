//! What states saw each other do last, and what they did in this step, laid out as the games read and write it.

use crate::math::{LANES, Lane};

/// Not met yet, among the last moves seen.
pub(crate) const UNSEEN: f64 = -1.0;

/// The most issues a world may have: a step's moves toward one other are one word.
pub const MOST_ISSUES: usize = 32;

/// The moves of a directed dyad in one step, a bit for each issue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Moves {
    /// On which issues the state cooperated.
    pub cooperated: u32,
    /// On which issues the two met.
    pub met: u32,
}

impl Moves {
    /// Whether it cooperated on an issue; `None` if the two did not meet on it.
    pub(crate) fn on(self, issue: usize) -> Option<bool> {
        (self.met >> issue & 1 == 1).then_some(self.cooperated >> issue & 1 == 1)
    }
}

/// The last move seen of each other, by issue: 0 to 1, or [`UNSEEN`]. Sixteen pairs stand side by side, both directions of
/// each in turn, those that meet first and in the order in which they meet.
#[derive(Clone, Debug)]
pub(crate) struct Memory {
    n: usize,
    issues: usize,
    rows: Vec<Lane>,
    /// Where the first issue of a directed dyad stands; the next is [`LANES`] further.
    place: Vec<u32>,
    before: Vec<u32>,
    pairs: Vec<(u32, u32)>,
    spare: Vec<Lane>,
    listed: Vec<bool>,
}

impl Memory {
    pub(crate) fn new(n: usize, issues: usize) -> Self {
        let pairs = n * n.saturating_sub(1) / 2;
        let rows = vec![[UNSEEN; LANES]; pairs.div_ceil(LANES) * 2 * issues];
        let mut memory = Memory {
            n,
            issues,
            spare: rows.clone(),
            rows,
            place: vec![0; n * n],
            before: vec![0; n * n],
            pairs: Vec::with_capacity(pairs),
            listed: vec![false; n * n],
        };
        memory.settle(&[]);
        memory
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.rows.fill([UNSEEN; LANES]);
    }

    /// Puts the pairs that meet first, in this order. Costs nothing if they stand so already.
    pub(crate) fn arrange(&mut self, pairs: &[(u32, u32)]) {
        if self.pairs.starts_with(pairs) {
            return;
        }
        std::mem::swap(&mut self.rows, &mut self.spare);
        std::mem::swap(&mut self.place, &mut self.before);
        self.settle(pairs);
        let (from, to) = (self.spare.as_flattened(), self.rows.as_flattened_mut());
        for &(a, b) in &self.pairs {
            for (i, j) in [(a, b), (b, a)] {
                let dyad = i as usize * self.n + j as usize;
                let (was, is) = (self.before[dyad] as usize, self.place[dyad] as usize);
                for step in (0..self.issues).map(|k| k * LANES) {
                    to[is + step] = from[was + step];
                }
            }
        }
    }

    /// Gives every pair its place.
    fn settle(&mut self, first: &[(u32, u32)]) {
        self.listed.fill(false);
        self.pairs.clear();
        self.pairs.extend_from_slice(first);
        for &(a, b) in first {
            self.listed[a.min(b) as usize * self.n + a.max(b) as usize] = true;
        }
        for i in 0..self.n {
            for j in (i + 1..self.n).filter(|j| !self.listed[i * self.n + j]) {
                self.pairs.push((i as u32, j as u32));
            }
        }
        for (at, &(a, b)) in self.pairs.iter().enumerate() {
            for (side, (i, j)) in [(a, b), (b, a)].into_iter().enumerate() {
                let row = (2 * (at / LANES) + side) * self.issues;
                self.place[i as usize * self.n + j as usize] = (row * LANES + at % LANES) as u32;
            }
        }
    }

    /// The rows of one side of a block of pairs, by issue.
    pub(crate) fn side(&self, block: usize, side: usize) -> &[Lane] {
        let start = (2 * block + side) * self.issues;
        &self.rows[start..start + self.issues]
    }

    /// The same, to write.
    pub(crate) fn side_mut(&mut self, block: usize, side: usize) -> &mut [Lane] {
        let start = (2 * block + side) * self.issues;
        &mut self.rows[start..start + self.issues]
    }

    /// What the row of a directed dyad saw last of the column, by issue.
    #[inline]
    pub(crate) fn of(&self, dyad: usize) -> impl Iterator<Item = &f64> {
        self.rows.as_flattened()[self.place[dyad] as usize..].iter().step_by(LANES).take(self.issues)
    }

    /// The same, to change.
    pub(crate) fn of_mut(&mut self, dyad: usize) -> impl Iterator<Item = &mut f64> {
        self.rows.as_flattened_mut()[self.place[dyad] as usize..].iter_mut().step_by(LANES).take(self.issues)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_seen_moves_with_its_pair() {
        let (n, issues) = (9, 3);
        let mut memory = Memory::new(n, issues);
        let value = |dyad: usize, k: usize| (dyad * issues + k) as f64;
        for dyad in (0..n * n).filter(|d| d % (n + 1) != 0) {
            for (k, slot) in memory.of_mut(dyad).enumerate() {
                *slot = value(dyad, k);
            }
        }
        for pairs in [vec![(3, 1), (0, 8)], (1..9).map(|b| (b, 0)).collect(), vec![]] {
            memory.arrange(&pairs);
            for dyad in (0..n * n).filter(|d| d % (n + 1) != 0) {
                let seen: Vec<f64> = memory.of(dyad).copied().collect();
                assert_eq!(seen, (0..issues).map(|k| value(dyad, k)).collect::<Vec<_>>());
            }
            for (at, &(a, b)) in pairs.iter().enumerate() {
                let row = memory.side(at / LANES, 1)[2][at % LANES];
                assert_eq!(row, value(b as usize * n + a as usize, 2));
            }
        }
        memory.clear();
        assert!(memory.of(1).all(|&x| x == UNSEEN));
    }
}
