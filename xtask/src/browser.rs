//! The explorer in a real browser, against the real service: tests/browser, and pictures of every page.

use crate::{setup, shell, workspace};
use anyhow::Result;
use std::{path::Path, process::Command};

/// Runs the tests on the embedded ledger, which also takes the pictures, and on a validator unless
/// `only_embedded`.
pub(crate) fn run(only_embedded: bool) -> Result<()> {
    setup::for_browsers()?;
    let folder = workspace::root().join("tests/browser");
    install(&folder)?;
    shell::step(
        "build the runseal command",
        shell::cargo().args(["build", "--quiet", "--locked", "--package", "runseal-cli"]),
    )?;
    let pictures = workspace::target().join("screenshots");
    shell::step("the explorer in a browser, on the embedded ledger", &mut tests(&pictures)?)?;
    println!("Pictures of every page are in {}", pictures.display());
    if only_embedded {
        return Ok(());
    }
    let tools: Vec<_> = setup::validator()?.into_iter().collect();
    let mut on_validator = tests(&pictures)?;
    on_validator.arg("--validator");
    shell::with_path(&mut on_validator, &tools);
    shell::step("the explorer in a browser, on a validator", &mut on_validator)
}

/// Gets the two packages that the tests use, as the lockfile has them.
fn install(folder: &Path) -> Result<()> {
    let npm = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    shell::step(
        "install playwright-core and axe-core",
        Command::new("npm").args(npm).current_dir(folder),
    )
}

fn tests(pictures: &Path) -> Result<Command> {
    let mut command = Command::new(setup::node()?);
    command
        .arg(workspace::root().join("tests/browser/main.mjs"))
        .arg(workspace::target().join("debug/runseal"))
        .args([workspace::root(), pictures]);
    Ok(command)
}
