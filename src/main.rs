//! The `twain` command: parse, run, and word any error once.

use std::process::ExitCode;

fn main() -> ExitCode {
    match twain::cli::main() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if twain::cli::is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            twain::output::screen::murmur(&twain::cli::word(&error));
            ExitCode::FAILURE
        }
    }
}
