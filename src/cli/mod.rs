//! The command line: one file per verb. Each verb has `Args` (what may be typed) and `run` (what it does).

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use crate::chart::texts;

mod bet;
mod calibrate;
mod chart;
mod check;
mod common;
mod compare;
mod completions;
mod contract;
mod diff;
mod duel;
mod evolve;
mod explain;
mod import;
mod lab;
mod list;
mod merge;
mod new;
mod report;
mod run;
mod schema;
mod sensitivity;
mod slurm;
mod sweep;
mod takes;
mod tournament;
mod whatif;

/// Twain simulates NATO and the CSTO under three theories of International Relations.
#[derive(Parser, Debug)]
#[command(name = "twain", version, about, long_about = None, propagate_version = true, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,

    /// Language of charts and pages; tables and the terminal stay English
    #[arg(long, global = true, value_name = "CODE", default_value = "en", value_parser = language)]
    lang: String,
}

#[derive(Subcommand, Debug)]
enum Verb {
    /// Run a scenario under each theory and write its results
    Run(run::Args),
    /// Validate a scenario and print what it resolves to
    Check(check::Args),
    /// Write a commented starter scenario
    New(new::Args),
    /// Make a states file from the data files of the field, with sources, gaps and judgements said
    Import(import::Args),
    /// List scenarios, theories, parameters, issues, metrics, columns or keys
    List(list::Args),
    /// Hold the schools, null models and ablations to the dated record
    Compare(compare::Args),
    /// Fit each school's free parameters to the calibration facts, with an equal budget
    Calibrate(calibrate::Args),
    /// Print a blank sheet of bets on what each school will show
    Bet(bet::Args),
    /// Change one thing and see what differs, under the same random numbers
    Whatif(whatif::Args),
    /// Put two results of `twain run` side by side: what differs in their inputs, and what in their outcomes
    Diff(diff::Args),
    /// Search what it would take for a framework to form: the smallest change of one input
    Takes(takes::Args),
    /// Hold the simulated schools to what their own literature claims
    Contract(contract::Args),
    /// Say why a state decided as it did: terms, numbers, rule and source
    Explain(explain::Args),
    /// Write the laboratory: one offline page with the whole model in it
    Lab(lab::Args),
    /// Draw the charts of a results folder again, from its tables
    Chart(chart::Args),
    /// Write one self-contained page from results folders of a scenario
    Report(report::Args),
    /// Run a designed experiment over scenario values; survives interruption
    Sweep(sweep::Args),
    /// Put the shards of a sweep together
    Merge(merge::Args),
    /// Say which factors of a sweep matter: Morris and Sobol' indices
    Sensitivity(sensitivity::Args),
    /// Print a Slurm script that runs a sweep as a job array
    Slurm(slurm::Args),
    /// Play one match of two players, move by move
    Match(duel::Args),
    /// Play strategies and schools against each other, everyone against everyone (Axelrod 1984)
    Tournament(tournament::Args),
    /// Let strategies and schools spread in a population by what they earn
    Evolve(evolve::Args),
    /// Print a JSON Schema of scenario files, for editors
    Schema(schema::Args),
    /// Print shell completions or the manual page
    Completions(completions::Args),
}

/// The `twain` command: parses the command line, runs the verb, and words any error once, on standard error.
pub fn command() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            crate::output::screen::murmur(&word(&error));
            ExitCode::FAILURE
        }
    }
}

/// A language that charts and pages can speak.
fn language(code: &str) -> anyhow::Result<String> {
    texts::choose(code)?;
    Ok(code.to_string())
}

fn run() -> anyhow::Result<()> {
    let cli = Cli::parse();
    texts::choose(&cli.lang)?;
    match cli.verb {
        Verb::Run(args) => run::run(&args),
        Verb::Check(args) => check::run(&args),
        Verb::New(args) => new::run(&args),
        Verb::Import(args) => import::run(&args),
        Verb::List(args) => list::run(&args),
        Verb::Compare(args) => compare::run(&args),
        Verb::Calibrate(args) => calibrate::run(&args),
        Verb::Bet(args) => bet::run(&args),
        Verb::Whatif(args) => whatif::run(&args),
        Verb::Diff(args) => diff::run(&args),
        Verb::Takes(args) => takes::run(&args),
        Verb::Contract(args) => contract::run(&args),
        Verb::Explain(args) => explain::run(&args),
        Verb::Lab(args) => lab::run(&args),
        Verb::Chart(args) => chart::run(&args),
        Verb::Report(args) => report::run(&args),
        Verb::Sweep(args) => sweep::run(&args),
        Verb::Merge(args) => merge::run(&args),
        Verb::Sensitivity(args) => sensitivity::run(&args),
        Verb::Slurm(args) => slurm::run(&args),
        Verb::Match(args) => duel::run(&args),
        Verb::Tournament(args) => tournament::run(&args),
        Verb::Evolve(args) => evolve::run(&args),
        Verb::Schema(args) => schema::run(&args),
        Verb::Completions(args) => completions::run(&args, Cli::command()),
    }
}

/// Whether the error is the reader of our standard output having gone away (`twain list | head`).
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.downcast_ref::<std::io::Error>().is_some_and(|e| e.kind() == std::io::ErrorKind::BrokenPipe)
            || cause.downcast_ref::<csv::Error>().is_some_and(
                |e| matches!(e.kind(), csv::ErrorKind::Io(io) if io.kind() == std::io::ErrorKind::BrokenPipe),
            )
    })
}

/// The words for an error on the terminal.
fn word(error: &anyhow::Error) -> String {
    let text = format!("{error:#}");
    if text.starts_with("error") { text } else { format!("error: {text}") }
}
