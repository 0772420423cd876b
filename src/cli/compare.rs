//! `twain compare`: the schools, null models and ablations on the same world, held to the dated record.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::common::{OutArgs, ScenarioArgs, progress};
use crate::analysis::facts::{Fact, facts};
use crate::analysis::score::{Hits, Score, hits, score};
use crate::analysis::verdict::{PARTS, on_trial, verdict, write_tables};
use crate::analysis::whatif::whatifs;
use crate::experiment::replicate::pool;
use crate::output::{Folder, Provenance};
use crate::scenario::Mistake;

/// What `twain compare` accepts.
#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    scenario: ScenarioArgs,
    #[command(flatten)]
    out: OutArgs,
    /// A filled-in sheet of `twain bet`: every column of probabilities is scored beside the schools
    #[arg(long, value_name = "CSV")]
    bets: Option<PathBuf>,
}

/// Runs the comparison.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let scenario = args.scenario.load()?;
    let facts = facts(&scenario)?;
    if facts.is_empty() {
        bail!("{} has no [[fact]] to compare with", scenario.path.display());
    }
    let bettors = match &args.bets {
        Some(path) => read_bets(path, &facts)?,
        None => Vec::new(),
    };
    let whatifs = whatifs(&scenario)?;
    let unique = on_trial(&scenario, args.scenario.theory.is_empty());
    let mut folder = Folder::create(&args.out.folder(&format!("{}-compare", scenario.name)), args.out.force)?;
    let bar = progress(unique.len() as u64 * scenario.replications, "comparing");
    let pool = pool(args.scenario.threads)?;
    let mut all: Vec<Hits> = Vec::new();
    for label in &unique {
        let counted =
            pool.install(|| hits(&scenario, &facts, &whatifs, label, scenario.replications, || bar.inc(1)))?;
        all.push(counted);
    }
    bar.finish_and_clear();

    let scored: Vec<(Vec<Score>, Vec<f64>)> =
        PARTS.iter().map(|part| score(&all, &facts, *part == "holdout", scenario.world.seed)).collect();

    write_tables(&mut folder, &all, &facts, &scored)?;
    let words = verdict(&scenario.title, &all, &facts, &scored, &bettors);
    let provenance = Provenance {
        command: Provenance::command_line(),
        replications: scenario.replications,
        theories: unique,
    };
    let manifest = provenance.manifest(&scenario, folder.files());
    folder.text("manifest.json", &format!("{manifest:#}\n"))?;
    folder.text("verdict.txt", &words)?;
    let place = args.out.finish(folder)?;
    writeln!(std::io::stdout(), "{words}\n{}", args.out.where_to_look(&place))?;
    Ok(())
}

/// Reads a sheet of bets: one row a fact, one column a bettor, cells empty or a probability.
fn read_bets(path: &Path, facts: &[Fact]) -> anyhow::Result<Vec<(String, Vec<Option<f64>>)>> {
    let shown = path.display();
    let text = crate::scenario::document::text_of(path)
        .map_err(|why| Mistake::general(format!("cannot read {shown}: {why}")))?;
    // spreadsheets of many countries write semicolons between cells and decimal commas in them
    let first = text.lines().next().unwrap_or("");
    let semicolons = first.matches(';').count() > first.matches(',').count();
    let delimiter = if semicolons { b';' } else { b',' };
    let text = text.trim_start_matches('\u{feff}');
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).trim(csv::Trim::All).from_reader(text.as_bytes());
    let header = reader.headers().with_context(|| format!("cannot read {shown}"))?.clone();
    let known = ["fact", "question", "date", "page"];
    let columns: Vec<usize> = (0..header.len()).filter(|&c| !known.contains(&&header[c])).collect();
    let Some(key) = header.iter().position(|h| h == "fact") else {
        bail!("{shown} has no column `fact`; make a sheet with twain bet");
    };
    let mut out: Vec<(String, Vec<Option<f64>>)> =
        columns.iter().map(|&c| (header[c].to_string(), vec![None; facts.len()])).collect();
    for (line, row) in reader.records().enumerate() {
        let row = row.with_context(|| format!("cannot read {shown}"))?;
        let id = &row[key];
        let Some(f) = facts.iter().position(|f| f.id == id) else {
            bail!("{shown}:{}: unknown fact `{id}`", line + 2);
        };
        for (slot, &c) in out.iter_mut().zip(&columns) {
            let typed = row.get(c).unwrap_or("").trim();
            if typed.is_empty() {
                continue;
            }
            if slot.1[f].is_some() {
                bail!("{shown}:{}: `{id}` stands twice", line + 2);
            }
            let cell = if semicolons { typed.replace(',', ".") } else { typed.to_string() };
            match cell.parse::<f64>() {
                Ok(p) if (0.0..=1.0).contains(&p) => slot.1[f] = Some(p),
                _ => bail!("{shown}:{}: `{typed}` is not a probability between 0 and 1", line + 2),
            }
        }
    }
    out.retain(|(_, sheet)| sheet.iter().any(Option::is_some));
    if out.is_empty() {
        bail!("{shown} holds no bets");
    }
    Ok(out)
}
