//! Keypair files: JSON arrays of 64 bytes, as Solana's own tools write them.

use crate::error::CliError;
use solana_keypair::{Keypair, read_keypair, write_keypair_file};
use std::{
    fs::{self, File},
    path::Path,
};

/// Reads a keypair file.
pub(crate) fn read(path: &Path) -> Result<Keypair, CliError> {
    let mut file = File::open(path).map_err(|error| {
        CliError::new(format!("keypair file {} cannot be read: {error}", path.display()))
            .with_hint("`runseal keygen FILE` makes one")
    })?;
    read_keypair(&mut file).map_err(|_| {
        CliError::new(format!("{} is not a keypair file", path.display())).with_hint(
            "a keypair file is a JSON array of 64 bytes whose second half is the public key",
        )
    })
}

/// Writes a new keypair, readable by its owner only; never over a file that is there.
pub(crate) fn write_new(path: &Path) -> Result<Keypair, CliError> {
    if path.exists() {
        return Err(CliError::new(format!("{} exists already", path.display()))
            .with_hint("a key that is overwritten is lost: choose another file name"));
    }
    let keypair = Keypair::new();
    write_keypair_file(&keypair, path).map_err(|error| {
        // Half a key would only be in the way of a whole one.
        drop(fs::remove_file(path));
        CliError::new(format!("keypair file {} cannot be written: {error}", path.display()))
    })?;
    Ok(keypair)
}
