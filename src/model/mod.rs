//! The model: the world as given, the state of a run, the eight phases of a step, and what is observed.
//!
//! This room knows no files, no command line and no threads.

pub mod date;
pub mod metrics;
pub mod parameters;
mod politics;
mod run;
mod simulation;
pub mod world;

pub use metrics::{Metric, MetricKind};
pub use politics::{Change, MembershipChange, VoteRecord, Voting};
pub use run::{Outcome, ProposalRecord, Record};
pub(crate) use simulation::choice;
pub use simulation::{Decided, Simulation, Stage};
pub use world::World;
