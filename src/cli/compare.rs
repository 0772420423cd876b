//! `twain compare`: the schools, null models and ablations on the same world, held to the dated record.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::json;

use super::common::{OutArgs, ScenarioArgs, leave_manifest, progress};
use crate::analysis::bets;
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
        Some(path) => bets::read(path, &facts)?,
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
        let mine: Vec<_> = bettors
            .iter()
            .map(|(name, sheet)| (name.clone(), bets::of(&case.facts, &facts, sheet)))
            .collect();
        let (hits, boards) = (&found.hits, &found.boards);
        write_tables(folder, hits, &case.facts, boards)?;
        write_beside(folder, case, found, claims.as_ref())?;
        let mut words = words_of(&case.scenario.title, hits, &case.facts, boards, &mine);
        words += &beside(case, found);
        words += coders;
        leave_manifest(folder, &case.scenario, case.scenario.replications, &labels)?;
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
