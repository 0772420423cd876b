//! Options that several verbs share.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::output::codebook;
use crate::output::screen::say;
use crate::output::{Folder, Place, Provenance};
use anyhow::Context;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::scenario::{Change, Mistake, NEUTRAL, Scenario};

/// A scenario and changes to it.
#[derive(clap::Args, Debug, Clone)]
pub struct ScenarioArgs {
    /// Scenario file
    pub scenario: PathBuf,
    /// Change a value of the scenario, for instance --set theory.realism.k0=0.5 (may be repeated)
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub set: Vec<String>,
    /// What tells this run from others, in a few words: named in titles, captions and the page
    #[arg(long, value_name = "TEXT")]
    pub label: Option<String>,
    /// Populations to run, separated by commas: schools, mixes of the scenario, null models, ablations
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub theory: Vec<String>,
    /// Replications per population
    #[arg(short = 'n', long, value_name = "N", allow_negative_numbers = true, value_parser = replications)]
    pub replications: Option<u64>,
    /// Master seed
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = seed)]
    pub seed: Option<u64>,
    /// Threads to use (0: all cores)
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = threads)]
    pub threads: usize,
}

fn whole(text: &str, low: u64, high: u64) -> Result<u64, String> {
    let number = text.parse::<u64>().ok().filter(|n| (low..=high).contains(n));
    number.ok_or_else(|| format!("a whole number from {low} to {high}"))
}

fn replications(text: &str) -> Result<u64, String> {
    whole(text, 1, 1_000_000)
}

/// A seed: what a scenario file can hold, too.
pub(super) fn seed(text: &str) -> Result<u64, String> {
    whole(text, 0, i64::MAX as u64)
}

pub(super) fn threads(text: &str) -> Result<usize, String> {
    match text.parse::<usize>() {
        Ok(n) if n <= 1024 => Ok(n),
        Ok(_) => Err("at most 1024 threads".into()),
        Err(_) => Err("a whole number of threads, 0 for all cores".into()),
    }
}

impl ScenarioArgs {
    /// The changes asked for, `--seed`, `--replications` and `--theory` included.
    ///
    /// # Errors
    /// A `--set` that is not `path=value`.
    pub fn changes(&self) -> Result<Vec<Change>, Mistake> {
        let mut changes = self.set.iter().map(|s| Change::parse(s)).collect::<Result<Vec<_>, _>>()?;
        if let Some(seed) = self.seed {
            changes.push(Change { path: "run.seed".into(), value: seed.to_string() });
        }
        if let Some(n) = self.replications {
            changes.push(Change { path: "run.replications".into(), value: n.to_string() });
        }
        if !self.theory.is_empty() {
            let names: Vec<String> = self.theory.iter().map(|t| format!("{t:?}")).collect();
            changes.push(Change { path: "run.theories".into(), value: format!("[{}]", names.join(", ")) });
        }
        Ok(changes)
    }

    /// Reads the scenario with the changes and checks all that is in it.
    ///
    /// # Errors
    /// The first mistake.
    pub fn load(&self) -> Result<Scenario, Mistake> {
        let mut scenario = crate::analysis::sound::load(&self.scenario, &self.changes()?)?;
        if let Some(label) = &self.label {
            scenario.label = label.trim().to_string();
        }
        Ok(scenario)
    }

    /// Like [`ScenarioArgs::load`], with the neutral egoist beside the scenario's populations as a null model, unless
    /// populations were asked for by name.
    ///
    /// # Errors
    /// The first mistake.
    pub fn load_beside_neutral(&self) -> Result<Scenario, Mistake> {
        let mut scenario = self.load()?;
        if self.theory.is_empty() && !scenario.theories.iter().any(|t| t == NEUTRAL) {
            scenario.theories.push(NEUTRAL.to_string());
        }
        Ok(scenario)
    }
}

/// In what formats the tables of a result are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// CSV alone.
    Csv,
    /// Parquet beside the CSV, which charts and pages are made from.
    #[cfg(feature = "parquet")]
    Parquet,
}

/// Reads a format; one that this build cannot write is refused before anything is run.
fn format() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(["csv", "parquet"]).try_map(|name| match name.as_str() {
        #[cfg(feature = "parquet")]
        "parquet" => Ok(Format::Parquet),
        "csv" => Ok(Format::Csv),
        other => Err(format!(
            "this twain was built without {other}; build it with: cargo build --release --features {other}"
        )),
    })
}

/// Where to write.
#[derive(clap::Args, Debug, Clone)]
pub struct OutArgs {
    /// Folder for the results (default: results/ and the scenario's name, numbered if it is taken)
    #[arg(short, long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Replace an existing result
    #[arg(long)]
    pub force: bool,
    /// Leave out the charts and the page
    #[arg(long)]
    pub no_charts: bool,
    /// Formats of the tables: parquet writes typed columns beside the CSV (needs a build with `--features parquet`)
    #[arg(long, value_name = "FORMAT", default_value = "csv", value_parser = format())]
    pub format: Format,
}

impl OutArgs {
    /// The folder to write into: the one asked for, or the next free one of the default name.
    ///
    /// # Errors
    /// If it cannot be written, or holds something that may not be replaced.
    pub fn create(&self, default: &str) -> anyhow::Result<Folder> {
        let place = if self.out.is_none() && !self.force { Place::Next } else { self.place() };
        let target = self.out.clone().unwrap_or_else(|| Path::new("results").join(default));
        Folder::create(&target, place)
    }

    /// What may be replaced.
    pub fn place(&self) -> Place {
        if self.force { Place::Replace } else { Place::Free }
    }

    /// Makes the result whole: charts and page beside its tables unless they are not wanted, then its place.
    ///
    /// # Errors
    /// If the folder cannot be moved to its place; if charts or page cannot be made, after the tables have theirs.
    pub fn finish(&self, folder: Folder) -> anyhow::Result<PathBuf> {
        self.finish_with(folder, &BTreeMap::new())
    }

    /// Like [`OutArgs::finish`], with the meaning of the columns that are metrics.
    ///
    /// # Errors
    /// Those of [`OutArgs::finish`].
    pub fn finish_with(&self, folder: Folder, metrics: &BTreeMap<String, String>) -> anyhow::Result<PathBuf> {
        self.close(&folder, metrics)?;
        let drawn = if self.no_charts { Ok(()) } else { crate::report::leave(folder.path()) };
        let place = folder.finish()?;
        drawn.with_context(|| {
            format!("the tables are whole, in {}/; the charts and the page are not", place.display())
        })?;
        Ok(place)
    }

    /// Leaves beside the tables what says what they hold, and the tables in another format if that was asked for.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn close(&self, folder: &Folder, metrics: &BTreeMap<String, String>) -> anyhow::Result<()> {
        codebook::leave(folder, metrics)?;
        match self.format {
            Format::Csv => Ok(()),
            #[cfg(feature = "parquet")]
            Format::Parquet => codebook::parquet(folder, metrics),
        }
    }

    /// Prints what a person would read aloud, and where things are.
    ///
    /// # Errors
    /// If the terminal takes no more; the result is then whole all the same, and the error says so.
    pub fn tell(&self, words: &str, place: &Path) -> anyhow::Result<()> {
        say(&format!("{words}\n{}", self.where_to_look(place))).with_context(|| {
            format!("the result is whole, in {}/, but its words cannot be printed", place.display())
        })
    }

    /// Where things are, for the last line on the terminal.
    pub fn where_to_look(&self, place: &Path) -> String {
        let shown = place.display();
        let charts = if place.join("charts").exists() {
            format!("charts in {shown}/charts/, ")
        } else {
            String::new()
        };
        match place.join("report.html").exists() {
            true => format!("Open {shown}/report.html in a browser; {charts}tables in {shown}/."),
            false => format!("Results: {charts}tables in {shown}/."),
        }
    }

    /// The folder to write: the one asked for, or under results/ the first free name, so that nothing is replaced.
    pub fn folder(&self, default: &str) -> PathBuf {
        let place = |name: &str| Path::new("results").join(name);
        match &self.out {
            Some(out) => out.clone(),
            None if self.force || !place(default).exists() => place(default),
            None => (2..)
                .map(|k| place(&format!("{default}-{k}")))
                .find(|p| !p.exists())
                .unwrap_or_else(|| place(default)),
        }
    }
}

/// Writes the manifest of what was just run: the scenario, by which command, how often and under which populations, and the
/// checksums of the tables closed so far.
///
/// # Errors
/// If it cannot be written.
pub fn leave_manifest(
    folder: &Folder,
    scenario: &Scenario,
    replications: u64,
    theories: &[String],
) -> anyhow::Result<()> {
    let command = Provenance::command_line();
    let provenance = Provenance { command, replications, theories: theories.to_vec() };
    let manifest = provenance.manifest(scenario, folder.files());
    folder.text("manifest.json", &format!("{manifest:#}\n"))
}

/// The folder `NAME.ending` beside `folder`.
///
/// # Errors
/// A folder without a name, such as `..`.
pub fn beside(folder: &Path, ending: &str) -> anyhow::Result<PathBuf> {
    let mut name = folder
        .file_name()
        .with_context(|| format!("{} names no folder; give --out", folder.display()))?
        .to_os_string();
    name.push(".");
    name.push(ending);
    Ok(folder.with_file_name(name))
}

/// A progress bar on stderr, quiet when stderr is not a terminal.
pub fn progress(total: u64, what: &str) -> indicatif::ProgressBar {
    let style = indicatif::ProgressStyle::with_template("{msg} [{bar:30}] {pos}/{len} {per_sec}, {eta} left")
        .unwrap_or_else(|_| indicatif::ProgressStyle::default_bar());
    indicatif::ProgressBar::new(total).with_style(style).with_message(what.to_string())
}
