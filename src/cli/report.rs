//! `twain report`: one self-contained page from results folders.

use std::io::Write;
use std::path::PathBuf;

use anyhow::bail;

use crate::chart::Source;
use crate::output::replace;
use crate::output::screen::note;
use crate::report::page;

/// What `twain report` accepts.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// Folders that run, compare, whatif, sweep or sensitivity wrote for the same scenario; the first leads
    #[arg(required = true)]
    results: Vec<PathBuf>,
    /// File or folder for the page (default: report.html in the first folder)
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Replace a page that is there
    #[arg(long)]
    force: bool,
}

/// Writes the page.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let sources = args.results.iter().map(|f| Source::open(f)).collect::<anyhow::Result<Vec<_>>>()?;
    let Some(first) = args.results.first() else { bail!("a report needs a results folder") };
    // a folder takes report.html, a name without ending gets one
    let path = match &args.out {
        None => first.join("report.html"),
        Some(out) if out.is_dir() => out.join("report.html"),
        Some(out) if out.extension().is_none() => out.with_extension("html"),
        Some(out) => out.clone(),
    };
    if path.exists() && !args.force {
        bail!("{} exists; give --force to replace it, or --out for another place", path.display());
    }
    for remark in sources.iter().flat_map(|s| &s.remarks) {
        note!("{remark}");
    }
    let text = page(&sources)?;
    replace(&path, text.as_bytes())?;
    writeln!(
        std::io::stdout(),
        "The report is {} ({:.1} MB, opens offline).",
        path.display(),
        text.len() as f64 / 1e6
    )?;
    Ok(())
}
