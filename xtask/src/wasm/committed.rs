//! The module that the service carries for its pages, and where it comes from.

use crate::{setup, shell, workspace};
use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// How the committed module was built, and what came out.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Provenance {
    /// SHA-256 of the module's bytes.
    sha256: String,
    /// The compiler's own name for itself.
    compiler: String,
}

/// Puts a module where it is committed.
pub(super) fn write(built: &Path) -> Result<()> {
    let provenance = provenance(built)?;
    fs::create_dir_all(carried().parent().context("a file is in a folder")?)?;
    fs::copy(built, carried())?;
    let text = format!("{}\n", serde_json::to_string_pretty(&provenance)?);
    fs::write(carried().with_extension("json"), text)?;
    println!("{}: sha256 {}", carried().display(), provenance.sha256);
    Ok(())
}

/// Fails unless the committed module is what was built.
pub(super) fn compare(built: &Path) -> Result<()> {
    let path = carried().with_extension("json");
    let text = fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))?;
    let committed: Provenance = serde_json::from_str(&text)?;
    let found = provenance(built)?;
    let advice = "run `cargo xtask wasm` and commit what changed";
    if found.compiler != committed.compiler {
        let (expected, here) = (&committed.compiler, &found.compiler);
        bail!("the committed module was built with {expected}, and here is {here}; {advice}");
    }
    if found != committed || fs::read(carried())? != fs::read(built)? {
        bail!("the committed module is not what the source builds to; {advice}");
    }
    println!("The committed module is what the source builds to: sha256 {}", found.sha256);
    Ok(())
}

fn provenance(module: &Path) -> Result<Provenance> {
    let sha256 = shell::hex(&Sha256::digest(fs::read(module)?));
    Ok(Provenance { sha256, compiler: setup::debian_rustc()?.name })
}

fn carried() -> PathBuf {
    workspace::root().join("app/assets/module/runseal.wasm")
}
