//! Analysis of results: intervals, scores, sensitivity.

pub mod explain;
pub mod facts;
pub mod interval;
