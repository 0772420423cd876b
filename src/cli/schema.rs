//! `twain schema`: a JSON Schema of scenario files, so that editors complete and check them.

use std::io::Write;

/// What `twain schema` accepts.
#[derive(clap::Args, Debug)]
pub struct Args {}

/// Prints the schema.
pub fn run(_: &Args) -> anyhow::Result<()> {
    writeln!(std::io::stdout(), "{:#}", crate::scenario::spec::json_schema())?;
    Ok(())
}
