//! Named, aligned streams of random numbers.
//!
//! Every draw belongs to a *purpose* (moves, votes, membership, ...), a *replication* and a *step*. The key of
//! the generator comes from the master seed and the purpose, the ChaCha stream is the replication, and each step
//! starts at a fixed word. Two runs that differ only in school or in a parameter therefore see the same numbers
//! in the same places: these are the common random numbers that paired comparisons rest on.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use crate::math::LANES;

/// Name of the generator, as written into every manifest.
pub const RNG_NAME: &str = "ChaCha8 (rand_chacha 0.10)";

/// What a stream of draws is for. Adding a purpose never moves the draws of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u64)]
pub enum Purpose {
    /// Choice, execution error and misperception of moves in the games.
    Moves = 1,
    /// Votes on proposals.
    Votes = 2,
    /// Membership decisions: stay, leave, join, partner.
    Membership = 3,
    /// Proposals made by leaders.
    Proposals = 4,
    /// Matches of the two-player core (tournaments).
    Match = 6,
    /// Evolutionary processes.
    Evolution = 7,
    /// Experimental designs (Latin hypercube, Morris, bootstrap).
    Design = 8,
}

/// Mixes two words into one seed word (the finaliser of SplitMix64, Steele, Lea & Flood 2014).
pub fn mix(a: u64, b: u64) -> u64 {
    let mut z = a ^ b.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// The generator for `purpose` in replication `replication` under `master` seed, at its first word.
///
/// ```
/// use twain::random::{Purpose, stream, uniform};
/// // the same master seed, purpose and replication give the same numbers
/// let draw = || uniform(&mut stream(1991, Purpose::Design, 3));
/// assert_eq!(draw(), draw());
/// ```
pub fn stream(master: u64, purpose: Purpose, replication: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(mix(master, purpose as u64));
    rng.set_stream(replication);
    rng
}

/// Moves `rng` to the first word of `step` when every step owns `stride` 32-bit words.
pub fn seek(rng: &mut ChaCha8Rng, step: usize, stride: usize) {
    rng.set_word_pos(step as u128 * stride as u128);
}

/// Words of ChaCha8 for [`LANES`] places at a time, lane by lane: word `w` of the block at `place` equals what
/// `rand_chacha` gives after `set_word_pos(16 * place + w)` in the same stream. Written out in lanes so that compilers
/// turn it into vector instructions.
#[derive(Clone, Debug)]
pub struct Words {
    key: [u32; 8],
    stream: [u32; 2],
}

/// Sixteen words for each lane.
pub type Block = [[u32; LANES]; 16];

impl Words {
    /// The words of [`stream`] with the same arguments.
    pub fn new(master: u64, purpose: Purpose, replication: u64) -> Self {
        let seed = ChaCha8Rng::seed_from_u64(mix(master, purpose as u64)).get_seed();
        let key = std::array::from_fn(|k| {
            u32::from_le_bytes([seed[4 * k], seed[4 * k + 1], seed[4 * k + 2], seed[4 * k + 3]])
        });
        Words { key, stream: [replication as u32, (replication >> 32) as u32] }
    }

    /// The sixteen words at each place.
    #[inline(always)]
    pub fn fill(&self, places: &[u64; LANES], out: &mut Block) {
        const CONSTANTS: [u32; 4] = [0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574];
        let mut start = [[0u32; LANES]; 16];
        for (row, constant) in start.iter_mut().zip(CONSTANTS) {
            *row = [constant; LANES];
        }
        for (row, key) in start[4..12].iter_mut().zip(self.key) {
            *row = [key; LANES];
        }
        for (lane, place) in places.iter().enumerate() {
            start[12][lane] = *place as u32;
            start[13][lane] = (*place >> 32) as u32;
        }
        start[14] = [self.stream[0]; LANES];
        start[15] = [self.stream[1]; LANES];
        *out = start;
        for _ in 0..4 {
            quarter(out, 0, 4, 8, 12);
            quarter(out, 1, 5, 9, 13);
            quarter(out, 2, 6, 10, 14);
            quarter(out, 3, 7, 11, 15);
            quarter(out, 0, 5, 10, 15);
            quarter(out, 1, 6, 11, 12);
            quarter(out, 2, 7, 8, 13);
            quarter(out, 3, 4, 9, 14);
        }
        for (row, first) in out.iter_mut().zip(&start) {
            for lane in 0..LANES {
                row[lane] = row[lane].wrapping_add(first[lane]);
            }
        }
    }
}

/// A quarter round of ChaCha (Bernstein 2008) on every lane.
#[inline(always)]
fn quarter(x: &mut Block, a: usize, b: usize, c: usize, d: usize) {
    for lane in 0..LANES {
        let (mut p, mut q, mut r, mut s) = (x[a][lane], x[b][lane], x[c][lane], x[d][lane]);
        p = p.wrapping_add(q);
        s = (s ^ p).rotate_left(16);
        r = r.wrapping_add(s);
        q = (q ^ r).rotate_left(12);
        p = p.wrapping_add(q);
        s = (s ^ p).rotate_left(8);
        r = r.wrapping_add(s);
        q = (q ^ r).rotate_left(7);
        (x[a][lane], x[b][lane], x[c][lane], x[d][lane]) = (p, q, r, s);
    }
}

/// A uniform draw in [0, 1) of 53 bits.
pub fn uniform(rng: &mut ChaCha8Rng) -> f64 {
    use rand::RngExt;
    rng.random()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::rand_core::Rng;

    /// Every word of every lane is the word that rand_chacha gives in the same place.
    #[test]
    fn words_in_lanes_are_those_of_rand_chacha() {
        for replication in [0, 7, u64::MAX] {
            let words = Words::new(1991, Purpose::Moves, replication);
            let mut rng = stream(1991, Purpose::Moves, replication);
            let places = std::array::from_fn(|lane| 3 * lane as u64 + (lane as u64 % 3) * 0x1_2345_6789);
            let mut block = [[0; LANES]; 16];
            words.fill(&places, &mut block);
            for (lane, &place) in places.iter().enumerate() {
                rng.set_word_pos(u128::from(place) * 16);
                for (w, row) in block.iter().enumerate() {
                    assert_eq!(row[lane], rng.next_u32(), "word {w} of lane {lane}");
                }
            }
        }
    }

    #[test]
    fn streams_are_frozen() {
        let mut rng = stream(1, Purpose::Moves, 0);
        let first = rng.next_u32();
        seek(&mut rng, 0, 64);
        assert_eq!(first, rng.next_u32(), "seeking to step 0 returns to the first word");
        let mut other = stream(1, Purpose::Votes, 0);
        assert_ne!(first, other.next_u32(), "purposes have streams of their own");
    }
}
