//! The on-chain program that the clients carry: its bytes, where they come from, its interface.

use crate::{
    idl,
    sbf::{self, Provenance},
    shell, workspace,
};
use anyhow::{Context, Result, bail};
use std::{
    fs,
    path::{Path, PathBuf},
};

const PACKAGE: &str = "runseal-registry";
/// What only the tests run: the link step's probe, the example for integrators and a registry that
/// says yes to everything.
const FOR_TESTS: [&str; 3] = ["runseal-multiply", "runseal-escrow", "runseal-impostor"];

/// Builds the program and its interface and puts them where they are committed.
pub(crate) fn write() -> Result<()> {
    let (program, interface) = build()?;
    let provenance = sbf::provenance(&program)?;
    fs::copy(&program, carried())?;
    fs::write(provenance_path(), to_json(&provenance)?)?;
    fs::write(idl::path(), interface)?;
    let size = fs::metadata(&program)?.len();
    println!("{}: {size} bytes, sha256 {}", carried().display(), provenance.sha256);
    Ok(())
}

/// Builds the program and its interface and fails unless the committed ones are the same.
pub(crate) fn check() -> Result<()> {
    let (program, interface) = build()?;
    let built = sbf::provenance(&program)?;
    let committed = read_provenance()?;
    if built != committed {
        bail!("{}", difference(&built, &committed));
    }
    if fs::read(carried())? != fs::read(&program)? {
        bail!("{} is not what its sha256 says; run `cargo xtask program`", shown(&carried()));
    }
    if fs::read_to_string(idl::path())? != interface {
        bail!("{} is not what the source says; run `cargo xtask program`", shown(&idl::path()));
    }
    println!("The committed program is what the source builds to: sha256 {}", built.sha256);
    Ok(())
}

/// Runs every instruction and writes down what each costs. The suite compares with that table.
pub(crate) fn measure() -> Result<()> {
    shell::step(
        "measure every instruction",
        shell::cargo()
            .args(["test", "--quiet", "--package", "runseal-tests", "--test", "it", "--"])
            .arg("program::compute_units::every_instruction_costs_what_the_table_says")
            .env("RUNSEAL_MEASURE", "1"),
    )
}

fn build() -> Result<(PathBuf, String)> {
    let program = shell::timed("build the program", || sbf::build(PACKAGE))?;
    for package in FOR_TESTS {
        shell::timed(&format!("build {package}"), || sbf::build(package))?;
    }
    let interface = shell::timed("make the program's interface", idl::make)?;
    Ok((program, interface))
}

fn difference(built: &Provenance, committed: &Provenance) -> String {
    let advice = "run `cargo xtask program` and commit what changed";
    if built.route != committed.route || built.compiler != committed.compiler {
        return format!(
            "the committed program was built with {} ({}), and here is {} ({}): it cannot be \
             compared; {advice}",
            committed.compiler, committed.route, built.compiler, built.route
        );
    }
    format!(
        "the source builds to sha256 {} and the committed program has {}; {advice}",
        built.sha256, committed.sha256
    )
}

fn carried() -> PathBuf {
    workspace::root().join("client/runseal-ledger/program/runseal_registry.so")
}

fn provenance_path() -> PathBuf {
    carried().with_extension("json")
}

fn read_provenance() -> Result<Provenance> {
    let path = provenance_path();
    let text = fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("parse {}", path.display()))
}

fn to_json(provenance: &Provenance) -> Result<String> {
    Ok(format!("{}\n", serde_json::to_string_pretty(provenance)?))
}

fn shown(path: &Path) -> String {
    path.strip_prefix(workspace::root()).unwrap_or(path).display().to_string()
}
