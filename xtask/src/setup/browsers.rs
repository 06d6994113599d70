use super::{VALIDATOR, ensure, node, packages::install_packages};
use crate::shell;
use anyhow::Result;
use std::path::{Path, PathBuf};

/// Installs what the tests in a browser need.
pub(crate) fn for_browsers() -> Result<()> {
    node()?;
    if shell::find_program("npm").is_none() {
        install_packages("npm, which gets what drives the browser", &["npm"])?;
    }
    if !Path::new("/usr/bin/chromium").is_file() {
        install_packages("the browser that the explorer is tested in", &["chromium"])?;
    }
    Ok(())
}

/// Installs the validator; returns the folder to put before the PATH.
pub(crate) fn validator() -> Result<Option<PathBuf>> {
    ensure(&VALIDATOR)
}
