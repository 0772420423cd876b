//! The two-player core: payoffs, strategies, matches, tournaments and evolution.

pub mod alliance;
pub mod evolution;
mod payoffs;
pub mod player;
pub mod strategy;
pub mod tournament;

pub use payoffs::{GameKind, Payoffs};
pub use player::{Character, Diplomat, Player};
