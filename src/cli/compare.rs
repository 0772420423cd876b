//! `twain compare`: the schools, null models and ablations on the same world, held to the dated record.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde_json::json;

use super::common::{OutArgs, ScenarioArgs, progress};
use crate::analysis::coders::Claims;
use crate::analysis::compare::{Case, Verdict, compare, populations};
use crate::analysis::facts::Fact;
use crate::analysis::verdict::{
    beside, recoded, together, verdict as words_of, write_agreement, write_beside, write_cases, write_tables,
};
use crate::experiment::replicate::pool;
use crate::output::Place;
use crate::output::{Folder, Provenance, VERSION, commit};
use crate::report::verdict;
use crate::scenario::Mistake;

/// What `twain compare` accepts.
#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    scenario: ScenarioArgs,
    /// More cases: the same populations on trial over several scenarios, each with its own facts
    #[arg(value_name = "MORE")]
    more: Vec<PathBuf>,
    #[command(flatten)]
    out: OutArgs,
    /// A filled-in sheet of `twain bet`: every column of probabilities is scored beside the schools
    #[arg(long, value_name = "CSV")]
    bets: Option<PathBuf>,
    /// Another coder's signs: a table with the columns fact and the schools, cells +, - or 0; agreement and what it changes
    #[arg(long, value_name = "CSV")]
    claims: Option<PathBuf>,
    /// Folder with a result of `twain takes` for each case, named like the case: what it would take, on the page of the verdict
    #[arg(long, value_name = "DIR")]
    takes: Option<PathBuf>,
}

/// Runs the comparison.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let changes = args.scenario.changes()?;
    let mut cases = Vec::new();
    for path in std::iter::once(&args.scenario.scenario).chain(&args.more) {
        cases.push(Case::new(crate::analysis::sound::load(path, &changes)?)?);
    }
    let facts: Vec<&Fact> = cases.iter().flat_map(|c| &c.facts).collect();
    let asked = if args.scenario.theory.is_empty() { &[][..] } else { &cases[0].scenario.theories };
    let labels = populations(&cases, asked)?;
    let bettors = match &args.bets {
        Some(path) => read_bets(path, &facts)?,
        None => Vec::new(),
    };
    let claims = args.claims.as_deref().map(|path| Claims::read(path, &facts)).transpose()?;
    let takes = args.takes.as_deref().map(|dir| verdict::takes(&cases, dir)).transpose()?;
    let name =
        if cases.len() == 1 { format!("{}-compare", cases[0].scenario.name) } else { "verdict".into() };
    let mut folder = args.out.create(&name)?;
    let runs: u64 = cases.iter().map(|c| labels.len() as u64 * c.scenario.replications).sum();
    let bar = progress(runs, "comparing");
    let pool = pool(args.scenario.threads)?;
    let mut verdicts = Vec::new();
    for case in &cases {
        let runs = case.scenario.replications;
        verdicts.push(pool.install(|| compare(case, &labels, runs, || bar.inc(1)))?);
    }
    bar.finish_and_clear();
    let page = verdict::page(&cases, &verdicts, takes.as_deref(), &Provenance::command_line())?;
    folder.text("verdict.html", &page)?;
    let agreement = claims.as_ref().map(|c| c.agreement(&facts));
    let coders = match (&claims, &agreement) {
        (Some(claims), Some(agreement)) => {
            write_agreement(&mut folder, agreement)?;
            recoded(&cases, &verdicts, claims, agreement)
        }
        _ => String::new(),
    };
    let one = |folder: &mut Folder, case: &Case, found: &Verdict, coders: &str| -> anyhow::Result<String> {
        let mine: Vec<_> =
            bettors.iter().map(|(name, sheet)| (name.clone(), of(case, &facts, sheet))).collect();
        let (hits, boards) = (&found.hits, &found.boards);
        write_tables(folder, hits, &case.facts, boards)?;
        write_beside(folder, case, found, claims.as_ref())?;
        let mut words = words_of(&case.scenario.title, hits, &case.facts, boards, &mine);
        words += &beside(case, found);
        words += coders;
        let provenance = Provenance {
            command: Provenance::command_line(),
            replications: case.scenario.replications,
            theories: labels.clone(),
        };
        let manifest = provenance.manifest(&case.scenario, folder.files());
        folder.text("manifest.json", &format!("{manifest:#}\n"))?;
        folder.text("verdict.txt", &words)?;
        Ok(words)
    };
    let (words, place) = if let ([case], [found]) = (&cases[..], &verdicts[..]) {
        let words = one(&mut folder, case, found, &coders)?;
        (words, args.out.finish(folder)?)
    } else {
        let mut words = together(&cases, &verdicts);
        write_cases(&mut folder, &cases, &verdicts)?;
        for (case, found) in cases.iter().zip(&verdicts) {
            let mut own = Folder::create(&folder.path().join(&case.scenario.name), Place::Free)?;
            let said = one(&mut own, case, found, "")?;
            args.out.finish(own)?;
            words += &format!("\n{said}");
        }
        words += &coders;
        let each: Vec<_> = cases
            .iter()
            .map(|c| json!({ "name": c.scenario.name, "title": c.scenario.title, "sha256": c.scenario.hash }))
            .collect();
        let manifest = json!({
            "twain": VERSION,
            "commit": commit(),
            "command": Provenance::command_line(),
            "cases": each,
            "theories": labels,
            "files": folder.files(),
        });
        folder.text("manifest.json", &format!("{manifest:#}\n"))?;
        folder.text("verdict.txt", &words)?;
        args.out.close(&folder, &BTreeMap::new())?;
        (words, folder.finish()?)
    };
    args.out.tell(&words, &place)?;
    Ok(())
}

/// The bets on the facts of one case, from a sheet over all facts.
fn of(case: &Case, facts: &[&Fact], sheet: &[Option<f64>]) -> Vec<Option<f64>> {
    let bet = |id: &str| facts.iter().position(|f| f.id == id).and_then(|f| sheet[f]);
    case.facts.iter().map(|f| bet(&f.id)).collect()
}

/// Reads a sheet of bets: one row a fact, one column a bettor, cells empty or a probability.
fn read_bets(path: &Path, facts: &[&Fact]) -> anyhow::Result<Vec<(String, Vec<Option<f64>>)>> {
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
