//! Mechanisms every organisation shares. Organisations themselves are data.

pub mod burden;
pub mod patronage;
pub mod persistence;
pub mod voting;

pub use voting::Decision;
