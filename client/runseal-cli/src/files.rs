//! Files that the user names.

use crate::error::CliError;
use std::{fs, path::Path};

/// Reads a file that a verdict needs. One that is not there is the user's mistake and no verdict: a
/// script must not take it for one.
pub(crate) fn read(what: &str, path: &Path) -> Result<Vec<u8>, CliError> {
    fs::read(path).map_err(|error| {
        CliError::usage(format!("{what} {} cannot be read: {error}", path.display()))
    })
}
