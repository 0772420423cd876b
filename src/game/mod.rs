//! The two-player core: payoffs, strategies, matches, tournaments and evolution.

pub mod alliance;
pub mod evolution;
pub mod player;
pub mod strategy;
pub mod tournament;

pub use crate::payoffs::{GameKind, Payoffs};
pub use player::{Character, Diplomat, Player, Table};
