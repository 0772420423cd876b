//! Every test of the public program in one binary: one link instead of thirty. `cargo test contract` runs the tests
//! of `tests/contract.rs`.

mod common;
mod experiment;

mod alliance;
mod calibrate;
mod cases;
mod charts;
mod codebook;
mod contest;
mod contract;
mod contributing;
mod decisions;
mod diff;
mod evolution;
mod examples;
mod frozen;
mod fuzz;
mod game;
mod import;
mod lab;
mod measures;
mod misuse;
mod promises;
mod properties;
mod reference;
mod reliability;
mod reproducible;
mod scenarios;
mod strategies;
mod structure;
mod sweep;
mod sweep_misuse;
mod takes;
mod tutorial;
