//! What is written: whole or not at all, with its provenance.

mod folder;
mod given;
mod manifest;
mod number;
pub mod results;
pub mod spoken;
mod summary;
mod table;

pub use folder::Folder;
pub use given::unmet;
pub use manifest::{Provenance, VERSION, commit, contest_manifest, contract_manifest};
pub use number::{show, show_into};
pub use summary::{Cell, Summary};
pub use table::{Columns, Memory, Table, Tables, header};
