//! What is wrong with a command line: one line, and one with what to do next, as for every error.

use crate::error::CliError;
use clap::error::{Error, ErrorKind};
use solana_address::error::ParseAddressError;
use std::error::Error as _;

/// Puts what clap refuses into the words of every other error. What only asks for help gets it, and the
/// process ends.
pub(crate) fn refused(error: &Error) -> CliError {
    use ErrorKind::{DisplayHelp, DisplayHelpOnMissingArgumentOrSubcommand, DisplayVersion};
    if let DisplayHelp | DisplayHelpOnMissingArgumentOrSubcommand | DisplayVersion = error.kind() {
        error.exit();
    }
    let text = error.render().to_string();
    let paragraphs: Vec<String> = text.split("\n\n").map(one_line).collect();
    let message = paragraphs.first().map_or("", |first| first.trim_start_matches("error: "));
    let tip = paragraphs.iter().find_map(|paragraph| paragraph.strip_prefix("tip: "));
    let hint = tip.unwrap_or("the same command with --help says what belongs there");
    CliError::usage(in_our_words(message, error)).with_hint(hint)
}

fn one_line(paragraph: &str) -> String {
    paragraph.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The words for an address come from elsewhere, and do not say what one is.
fn in_our_words(message: &str, error: &Error) -> String {
    let reason = error.source().and_then(|source| source.downcast_ref::<ParseAddressError>());
    match reason.and_then(|reason| message.strip_suffix(&reason.to_string())) {
        Some(before) => format!("{before}not an address: 32 bytes in base58, 32 to 44 characters"),
        None => message.to_owned(),
    }
}
