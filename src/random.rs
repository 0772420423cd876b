//! Named, aligned streams of random numbers.
//!
//! Every draw belongs to a *purpose* (moves, votes, membership, ...), a *replication* and a *step*. The key of
//! the generator comes from the master seed and the purpose, the ChaCha stream is the replication, and each step
//! starts at a fixed word. Two runs that differ only in school or in a parameter therefore see the same numbers
//! in the same places: these are the common random numbers that paired comparisons rest on.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

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
    /// Contributions to the common defence.
    Contributions = 5,
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
pub fn stream(master: u64, purpose: Purpose, replication: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(mix(master, purpose as u64));
    rng.set_stream(replication);
    rng
}

/// Moves `rng` to the first word of `step` when every step owns `stride` 32-bit words.
pub fn seek(rng: &mut ChaCha8Rng, step: usize, stride: usize) {
    rng.set_word_pos(step as u128 * stride as u128);
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::rand_core::Rng;

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
