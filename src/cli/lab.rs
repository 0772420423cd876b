//! `twain lab`: the whole model in one offline page, for a class without a compiler.

use std::io::Write;
use std::path::PathBuf;

use anyhow::bail;

use crate::output::replace;
use crate::scenario::{Change, load};

/// What `twain lab` accepts.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// Scenario file
    scenario: PathBuf,
    /// Change a value of the scenario, for instance --set theory.realism.k0=0.5 (may be repeated)
    #[arg(long = "set", value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// Where to write the page
    #[arg(short, long, value_name = "FILE", default_value = "lab.html")]
    out: PathBuf,
    /// Replace an existing file
    #[arg(long)]
    force: bool,
}

/// Writes the page.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let changes = args.set.iter().map(|s| Change::parse(s)).collect::<Result<Vec<_>, _>>()?;
    let scenario = load(&args.scenario, &changes)?;
    let shown = args.out.display();
    if args.out.is_dir() {
        bail!("{shown} is a folder; name a file, for instance {}", args.out.join("lab.html").display());
    }
    if args.out.exists() && !args.force {
        bail!("{shown} exists; give --force to replace it, or --out for another place");
    }
    let page = crate::lab::page::render(&scenario)?;
    replace(&args.out, page.as_bytes())?;
    writeln!(
        std::io::stdout(),
        "{shown}: {:.1} MB, one file with the engine in it. Open it in a browser; no network and no account are needed.",
        page.len() as f64 / 1e6
    )?;
    Ok(())
}
