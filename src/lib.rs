//! Twain: will NATO and the CSTO ever meet, and by whose theory?
//!
//! State agents with realist, institutionalist or constructivist decision rules play repeated cooperation
//! games inside security organisations. The crate reads top-down:
//!
//! * [`scenario`] turns a TOML file into a checked world, or one clear error with its place;
//! * [`model`] holds the world and the phases of a step (it knows no files, no command line, no threads);
//! * [`theory`] is one room per school: citation, formulas, parameters, decisions, tests;
//! * [`organisation`] has the mechanisms every organisation shares: voting, burden sharing, side payments;
//! * [`game`] is the two-player core: payoffs, strategies, matches, tournaments, evolution;
//! * [`experiment`] runs many worlds: designs, plans, journals, shards;
//! * [`analysis`] summarises, scores theories against facts and computes sensitivity indices;
//! * [`import`] makes scenario files from the data sets of the field, each figure with its source;
//! * [`output`], [`chart`] and [`report`] write what people read;
//! * [`lab`] is the laboratory: the engine behind one offline page;
//! * [`payoffs`], [`interval`] and [`random`] are the ground: stage games, confidence intervals, random streams.
//!
//! `tests/structure.rs` holds the rooms to this order: none uses what stands above it.

pub mod analysis;
pub mod chart;
#[cfg(feature = "native")]
mod cli;
pub mod experiment;
pub mod game;
#[cfg(feature = "native")]
pub mod import;
pub mod interval;
pub mod lab;
pub mod math;
pub mod model;
pub mod organisation;
pub mod output;
pub mod payoffs;
pub mod random;
#[cfg(feature = "native")]
pub mod report;
pub mod scenario;
pub mod theory;

#[cfg(feature = "native")]
pub use cli::command;
