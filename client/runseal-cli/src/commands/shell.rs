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
        // Into memory: what writes it ends the process where it cannot.
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Arguments::command(), "runseal", &mut script);
        output::write(&script)
    }
}

/// Prints the manual page, for `man -l -`.
pub(crate) fn manual() -> Result<(), CliError> {
    let mut page = Vec::new();
    clap_mangen::Man::new(Arguments::command())
        .render(&mut page)
        .map_err(|error| CliError::new(format!("the manual page cannot be printed: {error}")))?;
    output::write(&page)
}
