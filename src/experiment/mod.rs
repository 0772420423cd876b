//! Running many worlds: replications, designs, sweeps that survive interruption, shards.

pub mod cells;
#[cfg(feature = "native")]
pub mod contest;
pub mod design;
pub mod replicate;
pub mod sequence;
#[cfg(feature = "native")]
pub mod sweep;
