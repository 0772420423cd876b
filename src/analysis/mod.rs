//! Analysis of results: intervals, facts and scores, explanations, what-ifs.

pub mod bets;
pub mod calibrate;
pub mod coders;
pub mod compare;
pub mod contract;
pub mod counterfactual;
pub mod diff;
pub mod explain;
pub mod expression;
pub mod facts;
pub mod grammar;
#[cfg(feature = "native")]
pub mod plan;
pub mod record;
pub mod score;
pub mod sensitivity;
pub mod sound;
pub mod swept;
pub mod takes;
pub mod transfer;
pub mod verdict;
pub mod whatif;
pub mod window;
