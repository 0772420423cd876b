//! `twain merge`: the shards of a sweep put together, as if one machine had run it.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;

use super::common::{OutArgs, beside};
use crate::experiment::sweep::tables;
use crate::output::{Folder, Provenance};

/// What `twain merge` accepts.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// Folder that holds the shards' journals
    shards: PathBuf,
    #[command(flatten)]
    out: OutArgs,
}

/// Merges the shards and writes the tables.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let mut journals = Vec::new();
    let place = args.shards.display();
    for entry in std::fs::read_dir(&args.shards).with_context(|| format!("cannot read {place}"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == "journal") {
            journals.push(path);
        }
    }
    journals.sort();
    anyhow::ensure!(
        !journals.is_empty(),
        "{place} holds no *.journal; run twain sweep --shard k/n --out {place}"
    );
    let target = match &args.out.out {
        Some(out) => out.clone(),
        None => beside(&args.shards, "merged")?,
    };
    let mut folder = Folder::create(&target, args.out.place())?;
    let tally = tables(&journals, &mut folder, &Provenance::command_line())?;
    let target = args.out.finish(folder)?;
    let shards = journals.len();
    writeln!(
        std::io::stdout().lock(),
        "{shards} shards, {} runs, {} failed. {}",
        tally.runs,
        tally.failed,
        args.out.where_to_look(&target)
    )?;
    Ok(())
}
