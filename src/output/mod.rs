//! What is written: whole or not at all, with its provenance.

mod folder;
mod manifest;
mod number;
pub mod results;
mod summary;

pub use folder::{Folder, Table};
pub use manifest::{Provenance, VERSION, commit, contest_manifest};
pub use number::{show, show_into};
pub use summary::{Cell, Summary};
