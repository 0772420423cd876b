//! `twain completions`: shell completions and the manual page, made from the command line's own definition.

use std::io::Write;

/// What `twain completions` accepts.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// Which shell to write completions for, or `man` for the manual page
    #[arg(value_parser = ["bash", "zsh", "fish", "elvish", "powershell", "man"])]
    target: String,
}

/// Writes the completions or the manual page to standard output.
pub fn run(args: &Args, mut command: clap::Command) -> anyhow::Result<()> {
    let mut page = Vec::new();
    if args.target == "man" {
        clap_mangen::Man::new(command).render(&mut page)?;
    } else {
        let shell: clap_complete::Shell = args.target.parse().map_err(anyhow::Error::msg)?;
        clap_complete::generate(shell, &mut command, "twain", &mut page);
    }
    std::io::stdout().write_all(&page)?;
    Ok(())
}
