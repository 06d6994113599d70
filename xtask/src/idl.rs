//! The program's interface as JSON, made from its source.

use crate::{shell, workspace};
use anchor_lang_idl::build::IdlBuilder;
use anyhow::Result;
use std::{env, path::PathBuf, process::Command};

/// Where the interface is committed.
pub(crate) fn path() -> PathBuf {
    workspace::root().join("programs/registry/idl.json")
}

/// Makes the interface.
///
/// Anchor's builder runs cargo itself and trips over what rustup tells its children, so it is
/// called in a process that rustup told nothing.
pub(crate) fn make() -> Result<String> {
    let mut command = Command::new(env::current_exe()?);
    shell::read(command.arg("print-idl").env_remove("RUSTUP_TOOLCHAIN"))
}

/// Prints the interface.
pub(crate) fn print() -> Result<()> {
    let idl =
        IdlBuilder::new().program_path(workspace::root().join("programs/registry")).build()?;
    println!("{}", serde_json::to_string_pretty(&idl)?);
    Ok(())
}
