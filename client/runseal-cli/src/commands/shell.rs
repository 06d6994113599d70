//! What shells and manual readers want to know of the command.

use crate::{Arguments, error::CliError, output};
use clap::{Args, CommandFactory};
use clap_complete::Shell;

/// Print a completion script for a shell
#[derive(Args)]
pub(crate) struct Completions {
    /// Which shell
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(self) -> Result<(), CliError> {
        let mut stream = output::stream();
        clap_complete::generate(self.shell, &mut Arguments::command(), "runseal", &mut stream);
        Ok(())
    }
}

/// Prints the manual page, for `man -l -`.
pub(crate) fn manual() -> Result<(), CliError> {
    clap_mangen::Man::new(Arguments::command())
        .render(&mut output::stream())
        .map_err(|error| CliError::new(format!("the manual page cannot be printed: {error}")))
}
