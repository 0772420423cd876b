//! The `twain` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    twain::command()
}
