//! `twain calibrate`: each school's free parameters fitted to the calibration facts with an equal budget.

use std::io::Write;

use anyhow::bail;

use super::common::{Columns, OutArgs, ScenarioArgs, header, progress};
use crate::analysis::calibrate::{Calibration, Fit};
use crate::analysis::facts::facts;
use crate::analysis::score::{hits, plain_score};
use crate::analysis::whatif::whatifs;
use crate::experiment::replicate::pool;
use crate::output::{Folder, Provenance, Tables, show};
use crate::scenario::{Mistake, Scenario};
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
    /// Parameters to fit, separated by commas, for instance realism.k0,institutionalism.gamma (default: all)
    #[arg(long, value_name = "SCHOOL.NAME", value_delimiter = ',')]
    parameters: Vec<String>,
}

/// What the tables hold.
pub(super) const COLUMNS: Columns = &[
    (
        "path.csv",
        &[
            ("evaluation", "number of the evaluation, from 0"),
            ("theory", "school fitted"),
            ("phase", "how the point was chosen"),
            ("parameters", "name=value of every fitted parameter"),
            ("score", "mean log score on the calibration facts"),
        ],
    ),
    (
        "fitted.csv",
        &[
            ("theory", "school"),
            ("parameter", "name"),
            ("default", "shipped value"),
            ("fitted", "value of the best point"),
            ("low", "least value allowed"),
            ("high", "greatest value allowed"),
        ],
    ),
];

/// Fits, writes the path and the fitted values, and only then looks at the hold-out facts.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let scenario = args.scenario.load()?;
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
    let (all, whatifs) = (facts(&scenario)?, whatifs(&scenario)?);
    let calibration = Calibration::new(&scenario, &all, &whatifs, replications)?;
    let mut folder =
        Folder::create(&args.out.folder(&format!("{}-calibrate", scenario.name)), args.out.force)?;
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

    // the fit is over: the hold-out facts may now be looked at, as a report
    let mut words = format!(
        "{}: calibration\n{} calibration facts, runs to {}, {replications} replications, {} evaluations for each school, seed {}.\nScores: mean log probability of what happened, blocks averaged first; 0 is perfect. The hold-out facts took no part in the fit.\n\n{:18} {:>6}  {:>18}  {:>18}\n{:18} {:>6}  {:>8}  {:>8}  {:>8}  {:>8}\n",
        scenario.title,
        calibration.facts(),
        calibration.horizon(),
        args.budget,
        scenario.world.seed,
        "",
        "",
        "calibration",
        "hold-out",
        "",
        "param.",
        "default",
        "fitted",
        "default",
        "fitted"
    );
    let held: Vec<_> = all.iter().filter(|f| f.holdout).cloned().collect();
    for fit in &fits {
        let school = SCHOOLS[fit.school];
        let report = |values: &[f64]| -> anyhow::Result<f64> {
            if held.is_empty() {
                return Ok(f64::NAN);
            }
            let mut tree = Vec::new();
            for (p, &value) in fit.parameters.iter().zip(values) {
                let path = format!("theory.{school}.{}", p.name);
                tree.push(crate::scenario::Change { path, value: format!("{value:?}") });
            }
            let changed: Scenario = crate::scenario::from_tree(&scenario.path, scenario.tree.clone(), &tree)?;
            let counted = pool.install(|| hits(&changed, &held, &whatifs, school, replications, || ()))?;
            Ok(plain_score(&counted.hits, replications, &held))
        };
        let cell = |x: f64| if x.is_nan() { "-".to_string() } else { format!("{x:.3}") };
        words += &format!(
            "{school:18} {:>6}  {:>8}  {:>8}  {:>8}  {:>8}\n",
            fit.parameters.len(),
            cell(fit.default().score),
            cell(fit.fitted().score),
            cell(report(&fit.default().values)?),
            cell(report(&fit.fitted().values)?),
        );
    }
    words += "\nA better fit on few facts is not yet a better theory: look at the hold-out columns and at fitted.csv, where a value\nat the end of its range is a warning.\n";
    let provenance = Provenance { command: Provenance::command_line(), replications, theories: schools };
    let manifest = provenance.manifest(&scenario, folder.files());
    folder.text("manifest.json", &format!("{manifest:#}\n"))?;
    folder.text("summary.txt", &words)?;
    let place = folder.finish()?;
    writeln!(std::io::stdout(), "{words}\nThe tables and fitted.toml are in {}/.", place.display())?;
    Ok(())
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
    let mut path = folder.table("path.csv", &header(COLUMNS, "path.csv"))?;
    let mut fitted = folder.table("fitted.csv", &header(COLUMNS, "fitted.csv"))?;
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
            path.row([
                trial.evaluation.to_string().as_str(),
                school,
                trial.phase,
                &pairs.join(" "),
                &format!("{:.9}", trial.score),
            ])?;
        }
        toml += &format!("\n[theory.{school}]\n");
        for ((p, was), is) in fit.parameters.iter().zip(&fit.default().values).zip(&fit.fitted().values) {
            fitted.row([school, p.name, &show(*was), &show(*is), &show(p.low), &show(p.high)])?;
            toml += &format!("{} = {is:?}\n", p.name);
        }
    }
    folder.close(path)?;
    folder.close(fitted)?;
    folder.text("fitted.toml", &toml)
}
