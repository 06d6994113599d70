//! Files that are named on the command line; `-` stands for stdin, or for stdout.

use crate::{error::CliError, output};
use std::{
    fs,
    io::{self, Read, Write},
    path::Path,
};

/// Reads all of a file.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, CliError> {
    let read = if is_stdin(path) {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        fs::read(path)
    };
    read.map_err(|error| unreadable(path, &error))
}

/// Writes a file that appears under its name when it is whole: what was there before is there until then.
/// What is no file, such as a pipe, is written to; `-` stands for stdout.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    if is_stdin(path) {
        return output::write(bytes);
    }
    let is_other = fs::metadata(path).is_ok_and(|found| !found.is_file());
    let written = if is_other { fs::write(path, bytes) } else { write_whole(path, bytes) };
    written.map_err(|error| CliError::new(format!("{} cannot be written: {error}", path.display())))
}

fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // Behind a link it is the file that is replaced.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    let written = fs::File::create(&part).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&part, &path)
    });
    // Whatever is wrong, nothing half is left.
    written.inspect_err(|_| drop(fs::remove_file(&part)))
}

/// Says that a file cannot be read.
pub(crate) fn unreadable(path: &Path, error: &io::Error) -> CliError {
    CliError::new(format!("{} cannot be read: {error}", name_of(path)))
}

/// What messages call a file.
pub(crate) fn name_of(path: &Path) -> String {
    if is_stdin(path) { "stdin".to_owned() } else { path.display().to_string() }
}

/// Says whether it is stdin, or stdout, that was named.
pub(crate) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}
