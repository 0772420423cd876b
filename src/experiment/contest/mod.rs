//! Contests as engines: tournaments, evolving populations and single matches, each a library function with a typed
//! result that knows its tables and its words. The verbs of the command line parse, call and print.

pub mod duel;
pub mod evolve;
pub mod tournament;
pub(crate) mod words;
