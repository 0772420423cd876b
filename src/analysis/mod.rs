//! Analysis of results: intervals, scores, sensitivity.

pub mod interval;
pub mod facts;
pub mod explain;
