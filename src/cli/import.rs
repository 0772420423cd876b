//! `twain import`: from the files of the field to a states file, an organisation skeleton and a log.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::check;
use crate::import::{Asked, Body, Column, Given, Kind, Pick, Request, import};
use crate::output::replace;

/// What `twain import` accepts.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Files are known by their headers: Correlates of War NMC and Direct Contiguity, V-Dem, UN General Assembly ideal points, SIPRI's \
share of GDP, World Bank GDP, ATOP member level, capitals. Nothing is filled in silently: gaps, fills and judgements are in the log.

  twain import nmc.csv vdem.csv ideal.csv gdp.csv capitals.csv contdir.csv \\
    --states USA,CHN,IDN,THA --years 1995-2010/5 --great-powers USA,CHN --body ASEAN=members.csv --name asean")]
pub struct Args {
    /// Files in a layout of the field
    files: Vec<PathBuf>,
    /// States: ISO 3166-1 letters, cow:NUMBER or gw:NUMBER
    #[arg(long, value_name = "CODES", value_delimiter = ',', required = true)]
    states: Vec<String>,
    /// Years to take: 1995,2000,2010 or 1995-2010 or 1995-2010/5
    #[arg(long)]
    years: String,
    /// First step of the run (default: the first year)
    #[arg(long, value_name = "DATE")]
    start: Option<String>,
    /// Last step of the run (default: the end of the last year)
    #[arg(long, value_name = "DATE")]
    end: Option<String>,
    /// A column of any table with a state and a year: KEY=FILE[:COLUMN][*FACTOR] (may be repeated)
    #[arg(long, value_name = "KEY=FILE")]
    read: Vec<String>,
    /// A figure by hand, marked as a judgement: STATE.KEY[.YEAR]=VALUE (may be repeated)
    #[arg(long, value_name = "STATE.KEY=VALUE")]
    give: Vec<String>,
    /// Which number stands for a state in a year: DEU.1990=255, RUS.1991=365 (may be repeated)
    #[arg(long, value_name = "STATE.YEAR=NUMBER")]
    code: Vec<String>,
    /// A body and its members: CODE=FILE with state, from, until, or CODE=NUMBER of an ATOP alliance (may be repeated)
    #[arg(long, value_name = "CODE=FILE")]
    body: Vec<String>,
    /// States with world-wide reach
    #[arg(long, value_name = "CODES", value_delimiter = ',')]
    great_powers: Vec<String>,
    /// Fill a gap from the nearest year at most so far away, written under its own year
    #[arg(long, value_name = "YEARS", default_value_t = 0, value_parser = clap::value_parser!(i32).range(0..=50))]
    fill: i32,
    /// What to write into `source` for a file: FILE=TEXT (may be repeated)
    #[arg(long, value_name = "FILE=TEXT")]
    cite: Vec<String>,
    /// Name of the scenario and of its files
    #[arg(long, default_value = "imported")]
    name: String,
    /// Folder for NAME.toml, NAME.import.log, states/NAME.toml and organisations/NAME.toml
    #[arg(short, long, value_name = "DIR", default_value = ".")]
    out: PathBuf,
    /// Replace existing files
    #[arg(long)]
    force: bool,
}

/// Imports, writes and checks.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let request = request(args)?;
    let made = import(&request)?;
    let scenario = args.out.join(format!("{}.toml", args.name));
    let log = args.out.join(format!("{}.import.log", args.name));
    let states = args.out.join("states").join(format!("{}.toml", args.name));
    let bodies = args.out.join("organisations").join(format!("{}.toml", args.name));
    let text = made.log.text();
    let mut files = vec![(&states, &made.states), (&scenario, &made.scenario), (&log, &text)];
    if !request.bodies.is_empty() {
        files.push((&bodies, &made.organisations));
    }
    if let Some((path, _)) = files.iter().find(|f| f.0.exists() && !args.force) {
        bail!("{} exists; give --force to replace it, or --name another", path.display());
    }
    for (path, text) in &files {
        write(path, text)?;
    }
    let mut out = std::io::stdout().lock();
    let count = |kind| made.log.of(kind).count();
    for kind in [Kind::File, Kind::Judgement, Kind::Fill, Kind::Gap, Kind::Terms] {
        for line in made.log.of(kind) {
            writeln!(out, "{:<10}{line}", kind.word())?;
        }
    }
    let (gaps, fills, judgements, notes) =
        (count(Kind::Gap), count(Kind::Fill), count(Kind::Judgement), count(Kind::Note));
    writeln!(
        out,
        "\n{} states, {} years. Gaps: {gaps}, filled: {fills}, judgements: {judgements}, notes: {notes}; all are in {}",
        request.states.len(),
        request.years.len(),
        log.display()
    )?;
    for (path, _) in files.iter().filter(|f| f.0 != &log) {
        writeln!(out, "Wrote {}", path.display())?;
    }
    writeln!(out)?;
    check::print(&crate::scenario::load(&scenario, &[])?, None, &mut out)
}

fn request(args: &Args) -> anyhow::Result<Request> {
    Ok(Request::new(Asked {
        name: args.name.clone(),
        states: args.states.clone(),
        years: args.years.clone(),
        start: args.start.clone(),
        end: args.end.clone(),
        files: args.files.clone(),
        columns: args.read.iter().map(|t| Column::parse(t)).collect::<Result<_, _>>()?,
        given: args.give.iter().map(|t| Given::parse(t)).collect::<Result<_, _>>()?,
        picks: args.code.iter().map(|t| Pick::parse(t)).collect::<Result<_, _>>()?,
        great: args.great_powers.clone(),
        bodies: args.body.iter().map(|t| Body::parse(t)).collect::<Result<_, _>>()?,
        fill: args.fill,
        cite: args.cite.clone(),
    })?)
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    if let Some(folder) = path.parent().filter(|p| !p.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    }
    replace(path, text.as_bytes())
}
