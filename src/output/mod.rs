//! What is written: whole or not at all, with its provenance.

#[cfg(feature = "native")]
pub mod codebook;
#[cfg(feature = "native")]
mod folder;
mod given;
#[cfg(feature = "native")]
pub mod interrupt;
mod manifest;
mod number;
#[cfg(feature = "parquet")]
mod parquet;
pub mod read;
pub mod results;
pub mod rows;
#[cfg(feature = "native")]
pub mod screen;
pub mod spoken;
mod summary;
mod table;
mod tally;

#[cfg(feature = "native")]
pub use folder::{Folder, Place, replace, whole};
pub use given::unmet;
pub use manifest::{Provenance, VERSION, commit, contest_manifest, contract_manifest};
pub use number::{show, show_into};
pub use summary::{Cell, Summary};
pub use table::{Memory, Table, Tables};
