//! The two-player core: payoffs and what follows from them.

mod payoffs;

pub use payoffs::{GameKind, Payoffs};
