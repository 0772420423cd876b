//! The two-player core: payoffs, strategies, matches, tournaments and evolution.

pub mod alliance;
pub mod evolution;
pub mod machine;
pub mod player;
pub mod strategies;
pub mod strategy;
pub mod table;
pub mod tournament;

pub use crate::payoffs::{GameKind, Payoffs};
pub use player::{Character, Diplomat, Player, Table, moves};
pub use strategies::roster;
