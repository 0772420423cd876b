//! `twain calibrate`: each school's free parameters fitted to the calibration facts with an equal budget.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use anyhow::bail;

use super::common::{OutArgs, ScenarioArgs, leave_manifest, progress};
use crate::analysis::calibrate::{Calibration, Fit};
use crate::analysis::compare::{Case, populations};
use crate::analysis::facts::Fact;
use crate::analysis::transfer::{Passed, held_out, table, transfer};
use crate::experiment::replicate::pool;
use crate::output::rows::{self, Figure};
use crate::output::{Folder, Tables, show};
use crate::scenario::Mistake;
use crate::theory::{Roster, SCHOOLS};

/// Replications of an evaluation unless `-n` says otherwise.
const REPLICATIONS: u64 = 20;

/// What `twain calibrate` accepts.
#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    scenario: ScenarioArgs,
    #[command(flatten)]
    out: OutArgs,
    /// Evaluations each school may spend, the shipped values included
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u32).range(2..=100_000))]
    budget: u32,
    /// More cases: the fit is made on one case, and scored on the others, which take no part in it
    #[arg(value_name = "MORE")]
    more: Vec<PathBuf>,
    /// Name of the case to fit on, all of its facts (default with more cases: the first); the others are held out
    #[arg(long, value_name = "CASE")]
    on: Option<String>,
    /// Parameters to fit, separated by commas, for instance realism.k0,institutionalism.linkage (default: all)
    #[arg(long, value_name = "SCHOOL.NAME", value_delimiter = ',')]
    parameters: Vec<String>,
}

/// Fits, writes the path and the fitted values, and only then looks at the hold-out facts or the other cases.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let changes = args.scenario.changes()?;
    let mut cases = Vec::new();
    for path in std::iter::once(&args.scenario.scenario).chain(&args.more) {
        cases.push(Case::new(crate::analysis::sound::load(path, &changes)?)?);
    }
    if cases.len() > 1 {
        populations(&cases, &[])?;
    }
    let on = match &args.on {
        None => 0,
        Some(name) => cases.iter().position(|c| c.scenario.name == *name).ok_or_else(|| {
            Mistake::general(format!("`{name}` is none of the cases given"))
                .suggest(name, cases.iter().map(|c| c.scenario.name.as_str()))
        })?,
    };
    let across = args.on.is_some() || cases.len() > 1;
    let scenario = cases[on].scenario.clone();
    let replications = args.scenario.replications.unwrap_or(REPLICATIONS);
    let names: Vec<String> =
        args.parameters.iter().map(|p| p.trim().trim_start_matches("theory.").to_string()).collect();
    known(&names)?;
    let schools: Vec<String> = if args.scenario.theory.is_empty() {
        SCHOOLS.iter().map(|s| s.to_string()).collect()
    } else {
        scenario.theories.clone()
    };
    for school in &schools {
        if !SCHOOLS.contains(&school.as_str()) {
            bail!(
                Mistake::general(format!("`{school}` is no school: it has no parameters of its own"))
                    .suggest(school, SCHOOLS)
            );
        }
    }
    let mut all = cases[on].facts.clone();
    if across {
        // the other cases are held out, so that every fact of this one may be used
        all.iter_mut().for_each(|f| f.holdout = false);
    }
    let calibration = Calibration::new(&scenario, &all, &cases[on].whatifs, replications)?;
    let mut folder = args.out.create(&format!("{}-calibrate", scenario.name))?;
    let bar = progress(u64::from(args.budget) * schools.len() as u64, "calibrating");
    let pool = pool(args.scenario.threads)?;
    let mut fits = Vec::new();
    for school in &schools {
        fits.push(
            pool.install(|| calibration.fit(&scenario, school, &names, args.budget as usize, || bar.inc(1)))?,
        );
    }
    bar.finish_and_clear();
    write_fits(&mut folder, &fits)?;

    let mut words = format!(
        "{}: calibration\n{} {} facts, runs to {}, {replications} replications, {} evaluations for each school, seed {}.\nScores: mean log probability of what happened, blocks averaged first; 0 is perfect.",
        scenario.title,
        calibration.facts(),
        if across { "of its" } else { "calibration" },
        calibration.horizon(),
        args.budget,
        scenario.world.seed,
    );
    // the fit is over: what it was not allowed to see may now be looked at, as a report
    words += &if across {
        let passed = pool.install(|| transfer(&cases, &fits, replications))?;
        folder.rows(table(&cases, on, &fits, &passed))?;
        transfer_words(&cases, on, &fits, &passed)
    } else {
        let held: Vec<Fact> = all.into_iter().filter(|f| f.holdout).collect();
        pool.install(|| held_out_words(&cases[on], &held, &fits, replications))?
    };
    words += "\nA better fit on few facts is not yet a better theory: look at what it was not fitted on, and at fitted.csv, where a value\nat the end of its range is a warning.\n";
    leave_manifest(&folder, &scenario, replications, &schools)?;
    folder.text("summary.txt", &words)?;
    args.out.close(&folder, &BTreeMap::new())?;
    let place = folder.finish()?;
    writeln!(std::io::stdout(), "{words}\nThe tables and fitted.toml are in {}/.", place.display())?;
    Ok(())
}

fn cell(x: f64) -> String {
    if x.is_nan() { "-".to_string() } else { format!("{x:.3}") }
}

/// Scores on the hold-out facts of the case of the fit.
fn held_out_words(case: &Case, held: &[Fact], fits: &[Fit], replications: u64) -> anyhow::Result<String> {
    let mut words = format!(
        " The hold-out facts took no part in the fit.\n\n{:18} {:>6}  {:>18}  {:>18}\n{:18} {:>6}  {:>8}  {:>8}  {:>8}  {:>8}\n",
        "", "", "calibration", "hold-out", "", "param.", "default", "fitted", "default", "fitted"
    );
    for fit in fits {
        let [default, fitted] = held_out(case, held, fit, replications)?;
        words += &format!(
            "{:18} {:>6}  {:>8}  {:>8}  {:>8}  {:>8}\n",
            SCHOOLS[fit.school],
            fit.parameters.len(),
            cell(fit.default().score),
            cell(fit.fitted().score),
            cell(default),
            cell(fitted),
        );
    }
    Ok(words)
}

/// Scores on every case, the others than the fit's held out: shipped and fitted values side by side.
fn transfer_words(cases: &[Case], on: usize, fits: &[Fit], passed: &[Vec<Passed>]) -> String {
    let mut words = format!(
        " Fitted on {}; the other cases took no part.\n\n{:18} {:>6}",
        cases[on].scenario.name, "", "param."
    );
    for (c, case) in cases.iter().enumerate() {
        let mark = if c == on { " (fit)" } else { "" };
        words += &format!("  {:>25}", format!("{}{mark}", case.scenario.name));
    }
    words += &format!("\n{:18} {:>6}", "", "");
    words += &format!("  {:>8}  {:>8}  {:>5}", "default", "fitted", "null").repeat(cases.len());
    words.push('\n');
    for (fit, passed) in fits.iter().zip(passed) {
        words += &format!("{:18} {:>6}", SCHOOLS[fit.school], fit.parameters.len());
        for p in passed {
            words += &format!("  {:>8}  {:>8}  {:>5.2}", cell(p.scores[0]), cell(p.scores[1]), p.null);
        }
        words.push('\n');
    }
    words
}

/// Checks the names after `--parameters`.
fn known(names: &[String]) -> Result<(), Mistake> {
    let all: Vec<String> = (0..SCHOOLS.len())
        .flat_map(|s| Roster::parameters(s).iter().map(move |p| format!("{}.{}", SCHOOLS[s], p.name)))
        .collect();
    for name in names {
        if !all.contains(name) {
            return Err(Mistake::general(format!("unknown parameter `{name}`"))
                .suggest(name, all.iter().map(String::as_str)));
        }
    }
    Ok(())
}

/// Writes path.csv, fitted.csv and fitted.toml.
fn write_fits(folder: &mut Folder, fits: &[Fit]) -> anyhow::Result<()> {
    let mut path = folder.open::<rows::Trial>()?;
    let mut fitted = folder.open::<rows::Fitted>()?;
    let mut toml = String::from(
        "# Values fitted by `twain calibrate`; see manifest.json. Use: include = [\"SCENARIO.toml\", \"fitted.toml\"]\n",
    );
    for fit in fits {
        let school = SCHOOLS[fit.school];
        for trial in &fit.path {
            let pairs: Vec<String> = fit
                .parameters
                .iter()
                .zip(&trial.values)
                .map(|(p, v)| format!("{}={}", p.name, show(*v)))
                .collect();
            path.write(&rows::Trial {
                evaluation: trial.evaluation,
                theory: school.into(),
                phase: trial.phase.into(),
                parameters: pairs.join(" "),
                score: rows::Score(trial.score),
            })?;
        }
        toml += &format!("\n[theory.{school}]\n");
        for ((p, was), is) in fit.parameters.iter().zip(&fit.default().values).zip(&fit.fitted().values) {
            fitted.write(&rows::Fitted {
                theory: school.into(),
                parameter: p.name.into(),
                default: Figure(*was),
                fitted: Figure(*is),
                low: Figure(p.low),
                high: Figure(p.high),
            })?;
            toml += &format!("{} = {is:?}\n", p.name);
        }
    }
    folder.close(path)?;
    folder.close(fitted)?;
    folder.text("fitted.toml", &toml)
}
