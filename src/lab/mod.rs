//! The laboratory: the whole model in one offline page, for a class without a compiler.
//!
//! [`session`] is the engine behind the page: it loads one scenario text, runs replications in order, and answers in
//! tables and JSON. It knows no files and no threads and builds for the browser; `lab/` in the repository binds it to
//! JavaScript. `page` puts the engine so built, the scenario and the stations into one file.

#[cfg(feature = "native")]
pub mod page;
pub mod session;
