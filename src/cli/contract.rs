//! `twain contract`: what each school claims, and whether its simulated states keep it.

use std::path::PathBuf;

use super::common::{OutArgs, progress};
use crate::analysis::contract::{Contract, Estimate, Finding, Proposition, Verdict, Wanted, read, write};
use crate::experiment::replicate::pool;
use crate::output::contract_manifest;

/// What `twain contract` accepts.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// File of propositions, or a scenario that holds some about itself
    #[arg(default_value = "scenarios/contract/contract.toml")]
    file: PathBuf,
    #[command(flatten)]
    out: OutArgs,
    /// Only the propositions of this school, or `across`, or `frame`
    #[arg(long, value_name = "NAME", value_parser = ["realism", "institutionalism", "constructivism", "across", "frame"])]
    school: Option<String>,
    /// Only propositions whose name begins so, for instance R01 (may be repeated, or separated by commas)
    #[arg(long, value_name = "IDS", value_delimiter = ',')]
    only: Vec<String>,
    /// Pairs of runs for each proposition and seed
    #[arg(short = 'n', long, value_name = "N", allow_negative_numbers = true, value_parser = pairs)]
    replications: Option<u64>,
    /// One master seed, in place of the file's
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = super::common::seed)]
    seed: Option<u64>,
    /// Threads to use (0: all cores)
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = super::common::threads)]
    threads: usize,
    /// Print only the rows that do not go as declared, and the count
    #[arg(long)]
    brief: bool,
}

/// A pair has no interval; two have one.
fn pairs(text: &str) -> Result<u64, String> {
    let number = text.parse::<u64>().ok().filter(|n| (2..=100_000).contains(n));
    number.ok_or_else(|| "a whole number from 2 to 100000".into())
}

/// A value in three significant places, however small.
fn figure(x: f64) -> String {
    if x.is_nan() {
        "-".into()
    } else if x != 0.0 && x.abs() < 5e-4 {
        format!("{x:.0e}")
    } else {
        format!("{x:.3}")
    }
}

fn interval(e: &Estimate) -> String {
    if e.n == 0 || e.low == e.high {
        return figure(e.value);
    }
    format!("{} [{}, {}]", figure(e.value), figure(e.low), figure(e.high))
}

/// The table of propositions in words.
fn words(contract: &Contract, findings: &[Finding], brief: bool) -> String {
    let rows: Vec<(&Proposition, &Finding)> = contract.propositions.iter().zip(findings).collect();
    let mut text = format!("{}\n", contract.title);
    text += "Value with its 95% interval over pairs of runs and seeds, the bound, and the value with all school terms neutral.\n";
    let mut school = "";
    for (p, finding) in &rows {
        let kept = p.kept(finding.verdict);
        if brief && kept {
            continue;
        }
        if p.school != school {
            text += &format!("\n{}\n", p.school);
            school = &p.school;
        }
        let declared = match (p.holds, kept) {
            (true, true) => "",
            (true, false) => "  DECLARED TO HOLD",
            (false, true) => "  (declared not to hold)",
            (false, false) => "  DECLARED NOT TO HOLD",
        };
        text += &format!("  {:6} {} ({})\n", p.id, p.claim, p.source);
        text += &format!(
            "         {}{declared}: {}, {} {}; neutral {}\n",
            finding.verdict.name(),
            interval(&finding.school),
            p.direction.name(),
            figure(p.bound),
            figure(finding.neutral.value)
        );
        if !p.why.is_empty() {
            text += &format!("         why: {}\n", p.why);
        }
    }
    let count = |verdict| rows.iter().filter(|(_, f)| f.verdict == verdict).count();
    text += &format!(
        "\n{} of {} propositions are shown, {} lie near their bound, {} are not shown.\n",
        count(Verdict::Shown),
        rows.len(),
        count(Verdict::Near),
        count(Verdict::NotShown)
    );
    text
}

/// Measures the propositions, writes the tables and says what is shown.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let wanted = Wanted {
        replications: args.replications,
        seed: args.seed,
        school: args.school.clone(),
        only: args.only.clone(),
    };
    let contract = read(&args.file, &wanted)?;
    let mut folder = args.out.create(&format!("{}-contract", contract.name))?;
    let pool = pool(args.threads)?;
    let bar = progress(contract.propositions.iter().map(Proposition::cost).sum(), "contract");
    let mut findings = Vec::new();
    for proposition in &contract.propositions {
        findings.push(pool.install(|| proposition.measure(|runs| bar.inc(runs)))?);
    }
    bar.finish_and_clear();
    let rows: Vec<(&Proposition, &Finding)> = contract.propositions.iter().zip(&findings).collect();
    write(&mut folder, &rows)?;
    let broken: Vec<&str> =
        rows.iter().filter(|(p, f)| !p.kept(f.verdict)).map(|(p, _)| p.id.as_str()).collect();
    let seeds: Vec<u64> = rows.iter().flat_map(|(p, _)| p.seeds.clone()).fold(Vec::new(), |mut all, seed| {
        if !all.contains(&seed) {
            all.push(seed);
        }
        all
    });
    let most = contract.propositions.iter().map(|p| p.replications).max().unwrap_or(0);
    let manifest = contract_manifest(&args.file, &contract.head(), &seeds, most, folder.files());
    folder.text("manifest.json", &format!("{manifest:#}\n"))?;
    let text = words(&contract, &findings, args.brief);
    folder.text("summary.txt", &text)?;
    let place = args.out.finish(folder)?;
    args.out.tell(&text, &place)?;
    if !broken.is_empty() {
        anyhow::bail!(
            "{} of {} propositions do not go as declared: {}; see `holds` and `why` in the file",
            broken.len(),
            rows.len(),
            broken.join(", ")
        );
    }
    Ok(())
}
