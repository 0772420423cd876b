//! The two-player core: payoffs, strategies, matches and tournaments.

pub mod alliance;
mod payoffs;
pub mod strategy;
pub mod tournament;

pub use payoffs::{GameKind, Payoffs};
