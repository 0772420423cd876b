//! The model: the world as given, the state of a run, the phases of a step, and what is observed.
//!
//! This room knows no files, no command line and no threads, and no school by name. Each phase has a file of its own;
//! `simulation` holds their order, the state they work on, and nothing of what they do.

mod burdens;
pub mod date;
#[cfg(test)]
mod docking;
mod events;
mod games;
mod institutions;
mod learning;
mod log;
mod memberships;
mod memory;
pub mod metrics;
pub mod parameters;
mod perception;
mod proposals;
mod run;
mod simulation;
mod venues;
pub mod world;

pub use games::{MoveView, choice};
pub use institutions::Weighting;
pub use log::{Change, Log, MembershipChange, Outlook, ProposalRecord, VoteReason, VoteRecord};
pub use memberships::Choice;
pub use memory::MOST_ISSUES;
pub use metrics::{Metric, MetricKind};
pub use proposals::Question;
pub use run::{Outcome, Record};
pub use simulation::{Simulation, Stage};
pub use world::World;
