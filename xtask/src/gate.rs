//! The two gates: quick, and whole.

use crate::{anchor, browser, program, setup, shell, size, wasm};
use anyhow::Result;

/// Everything that needs no validator, and no second compiler once `cargo xtask program` ran.
pub(crate) fn check() -> Result<()> {
    setup::for_tests()?;
    formatting_and_lints()?;
    // The tests that need a validator have a module of their own.
    tests(&["--skip", "cluster::"])
}

/// Everything.
pub(crate) fn test() -> Result<()> {
    let tools = setup::everything()?;
    setup::for_tests()?;
    shell::timed("the committed program is what the source builds to", program::check)?;
    formatting_and_lints()?;
    wasm::check()?;
    tests(&["--skip", "cluster::"])?;
    anchor::test(&tools)?;
    browser::run(false)?;
    println!("\nAll checks passed.");
    Ok(())
}

fn formatting_and_lints() -> Result<()> {
    shell::step("formatting", shell::cargo().args(["fmt", "--all", "--check"]))?;
    // A workspace of its own.
    shell::step(
        "formatting of the fuzz targets",
        shell::cargo().args(["fmt", "--check", "--manifest-path", "tests/fuzz/Cargo.toml"]),
    )?;
    shell::timed("sizes", size::run)?;
    shell::step(
        "lints",
        shell::cargo()
            .args(["clippy", "--quiet", "--locked", "--workspace", "--all-targets"])
            .args(["--", "--deny", "warnings"]),
    )?;
    dependencies()?;
    shell::step(
        "documentation",
        shell::cargo()
            .args([
                "doc",
                "--quiet",
                "--locked",
                "--workspace",
                "--no-deps",
                "--document-private-items",
            ])
            .env("RUSTDOCFLAGS", "--deny warnings"),
    )
}

/// Licences and sources of the dependencies, where the tool for it is installed.
fn dependencies() -> Result<()> {
    if shell::find_program("cargo-deny").is_none() {
        eprintln!("\n==> dependencies: NOT CHECKED, `cargo install cargo-deny` makes it possible");
        return Ok(());
    }
    let checks = ["deny", "--offline", "check", "bans", "licenses", "sources"];
    shell::step("dependencies", shell::cargo().args(checks))
}

fn tests(filter: &[&str]) -> Result<()> {
    // The command's own tests run the command.
    shell::step(
        "build the runseal command",
        shell::cargo().args(["build", "--quiet", "--locked", "--package", "runseal-cli"]),
    )?;
    shell::step(
        "tests",
        shell::cargo().args(["test", "--locked", "--workspace", "--"]).args(filter),
    )
}
