//! `twain new`: writes a commented starter scenario.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, bail};

use crate::output::replace;
use crate::scenario::{MOST_NAME, is_folder_name};

/// What `twain new` accepts.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// File to write
    #[arg(default_value = "my-scenario.toml")]
    file: PathBuf,
    /// Replace an existing file
    #[arg(long)]
    force: bool,
}

const STARTER: &str = include_str!("starter.toml");

/// Writes the starter.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let stem = args.file.file_stem().with_context(|| format!("{} names no file", args.file.display()))?;
    let name = stem.to_string_lossy();
    if !is_folder_name(&name) {
        bail!(
            "{} cannot be the name of a scenario: at most {MOST_NAME} bytes, no control characters, no point at the start",
            args.file.display()
        );
    }
    // as TOML writes it: a name may hold quotes
    let text = STARTER.replace("\"my-scenario\"", &toml::Value::String(name.into_owned()).to_string());
    if args.file.exists() && !args.force {
        bail!("{} exists; give --force to replace it", args.file.display());
    }
    replace(&args.file, text.as_bytes())?;
    let shown = args.file.display();
    writeln!(std::io::stdout(), "Wrote {shown}. Next:\n  twain check {shown}\n  twain run {shown}")?;
    Ok(())
}
