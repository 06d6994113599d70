//! Changing what must not be changed.

use anyhow::{Result, ensure};
use std::{fs, path::Path};

/// Writes a bundle whose receipt says that the run failed.
pub(super) fn tamper(bundle: &Path, tampered: &Path) -> Result<()> {
    let text = fs::read_to_string(bundle)?;
    let other = text.replace(r#"\"status\":\"completed\""#, r#"\"status\":\"failed\""#);
    ensure!(text != other, "there was nothing to change");
    Ok(fs::write(tampered, other)?)
}
