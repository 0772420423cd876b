//! Running many worlds.

pub mod replicate;
