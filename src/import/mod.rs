//! From the files of the field to a states file, an organisation skeleton, a starter scenario and a log.
//!
//! [`codes`](crate::scenario::codes) knows which state a code means in which year; `layout` knows the files by their headers; `read` takes the figures out of
//! them; `write` puts them down with their sources. Nothing is filled in silently: every gap, every fill that was asked for and
//! every judgement is in the [`log`].

pub mod layout;
pub mod log;
mod read;
mod request;
mod table;
mod write;

pub use log::{Kind, Log};
pub use request::{Asked, Body, Column, Given, Key, Members, Pick, Request};

use crate::scenario::Mistake;

/// What an import makes: the texts of three files, and the log.
#[derive(Clone, Debug)]
pub struct Imported {
    /// `states/NAME.toml`.
    pub states: String,
    /// `organisations/NAME.toml`.
    pub organisations: String,
    /// `NAME.toml`, a scenario that includes the other two.
    pub scenario: String,
    /// What was noticed.
    pub log: Log,
}

/// Reads the files of a request and puts down what they say of the states asked for.
///
/// # Errors
/// The first mistake in a file, with its place; two rows that give one figure; a figure that no file gives.
pub fn import(request: &Request) -> Result<Imported, Mistake> {
    let mut found = read::Found::new(request)?;
    for path in &request.files {
        found.file(path)?;
    }
    for column in &request.columns {
        found.column(column)?;
    }
    found.finish()?;
    write::imported(request, found)
}
