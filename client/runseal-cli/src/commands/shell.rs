//! What shells and manual readers want to know of the command.

use crate::{Arguments, error::CliError, files, output};
use clap::{Args, Command, CommandFactory};
use clap_complete::Shell;
use clap_mangen::{Man, roff::Roff};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// What stands at the end of the main page.
const EXIT_STATUS: [(&str, &str); 5] = [
    ("0", "Done; of a verdict, VERIFIED or COMPLETE."),
    ("1", "Not done, and the error says why; of a verdict, FAILED or OMITTED."),
    ("2", "The command was not understood, or a file that a verdict needs cannot be read."),
    ("3", "Nobody can say yet; of a verdict, INCOMPLETE or UNKNOWN."),
    ("4", "The ledger or the store does not answer, or is not there."),
];
const EXAMPLES: [(&str, &str); 4] = [
    ("runseal keygen vendor.json", "Make a key."),
    ("runseal -k vendor.json airdrop 10", "Make a ledger in ~/.runseal, with 10 SOL for that key."),
    ("runseal -k vendor.json config init", "Configure that ledger's program."),
    (
        "runseal -u URL -u OTHER_URL verify bundle.json",
        "Check a bundle against two endpoints that must say the same.",
    ),
];

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

/// Print the manual page of a command, for `man -l -`, or write all of them
#[derive(Args)]
pub(crate) struct Manual {
    /// The command, as in `anchor post` [default: the page about all of them]
    command: Vec<String>,
    /// Write the pages of all commands into this folder, as runseal.1, runseal-anchor.1 and so on
    #[arg(long, value_name = "FOLDER", conflicts_with = "command")]
    out: Option<PathBuf>,
}

impl Manual {
    pub(crate) fn run(self) -> Result<(), CliError> {
        let mut all = Arguments::command().disable_help_subcommand(true);
        all.build();
        if let Some(folder) = &self.out {
            return write_all(&all, folder);
        }
        let mut found = &all;
        for name in &self.command {
            found = found.find_subcommand(name).ok_or_else(|| {
                CliError::usage(format!("there is no command {}", self.command.join(" ")))
                    .with_hint("`runseal --help` names every command")
            })?;
        }
        output::write(&page(found)?)
    }
}

fn write_all(command: &Command, folder: &Path) -> Result<(), CliError> {
    fs::create_dir_all(folder)
        .map_err(|error| CliError::new(format!("{} cannot be made: {error}", folder.display())))?;
    let mut waiting = vec![command];
    while let Some(command) = waiting.pop() {
        let file = folder.join(format!("{}.1", page_name(command)));
        files::write(&file, &page(command)?)?;
        waiting.extend(command.get_subcommands().filter(|it| !it.is_hide_set()));
    }
    Ok(())
}

fn page_name(command: &Command) -> &str {
    command.get_display_name().unwrap_or_else(|| command.get_name())
}

/// Returns a command's page as the programs that show pages want it.
fn page(command: &Command) -> Result<Vec<u8>, CliError> {
    let mut page = Vec::new();
    let mut end = Roff::new();
    if page_name(command) == command.get_name() {
        add_section(&mut end, "EXIT STATUS", &EXIT_STATUS);
        add_section(&mut end, "EXAMPLES", &EXAMPLES);
    }
    let rendered = Man::new(command.clone()).render(&mut page);
    rendered
        .and_then(|()| end.to_writer(&mut page))
        .map_err(|error| CliError::new(format!("the manual page cannot be printed: {error}")))?;
    Ok(page)
}

fn add_section(page: &mut Roff, title: &str, lines: &[(&str, &str)]) {
    use clap_mangen::roff::{bold, roman};
    page.control("SH", [title]);
    for (term, meaning) in lines {
        page.control("TP", []).text([bold(*term)]).text([roman(*meaning)]);
    }
}
