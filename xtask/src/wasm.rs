//! Building the verdict for browsers, and running the committed bundles through it.

use crate::{setup, shell, workspace};
use anyhow::{Context, Result, bail};
use std::{fs, path::PathBuf, process::Command};

const TARGET: &str = "wasm32-unknown-unknown";

/// The most that a page should have to load for a verdict.
const MOST_BYTES: u64 = 400_000;

/// Builds the module, checks its size and, where node is installed, its verdicts.
pub(crate) fn run() -> Result<()> {
    shell::timed("build the verdict for browsers", build)?;
    let module = module();
    let size = fs::metadata(&module)
        .with_context(|| format!("the build left no {}", module.display()))?
        .len();
    println!("{}: {size} bytes, {MOST_BYTES} allowed", module.display());
    if size >= MOST_BYTES {
        bail!("the module is too large for a page");
    }
    let Some(node) = shell::find_program("node") else {
        println!("verdicts: NOT CHECKED, node makes it possible");
        return Ok(());
    };
    let mut check = Command::new(node);
    check.arg("app/wasm/tests/vectors.mjs").arg(&module).arg("tests/vectors/bundle");
    shell::step("verdicts", check.current_dir(workspace::root()))
}

fn module() -> PathBuf {
    workspace::target().join(TARGET).join("page/runseal_wasm.wasm")
}

fn build() -> Result<()> {
    let mut command = shell::cargo();
    command.args(["build", "--quiet", "--locked", "--package=runseal-wasm", "--profile=page"]);
    command.arg(format!("--target={TARGET}"));
    if !has_target()? {
        with_debian_rustc(&mut command)?;
    }
    shell::run(&mut command)
}

/// Whether the compiler has the target's standard library, which rustup can bring.
fn has_target() -> Result<bool> {
    let there = || -> Result<bool> {
        let sysroot = shell::read(Command::new("rustc").args(["--print", "sysroot"]))?;
        let library = PathBuf::from(sysroot.trim()).join("lib/rustlib").join(TARGET);
        Ok(library.join("lib").is_dir())
    };
    if there()? {
        return Ok(true);
    }
    let added = shell::find_program("rustup").is_some_and(|rustup| {
        shell::run(Command::new(rustup).args(["target", "add", TARGET])).is_ok()
    });
    Ok(added && there()?)
}

/// Builds the standard library too, with Debian's compiler and its sources.
fn with_debian_rustc(command: &mut Command) -> Result<()> {
    let rustc = setup::debian_rustc()?;
    let sysroot = shell::read(Command::new("rustc").args(["--print", "sysroot"]))?;
    let host = shell::read(Command::new("rustc").args(["--print", "host-tuple"]))?;
    let linker = PathBuf::from(sysroot.trim()).join("lib/rustlib").join(host.trim());
    let linker = linker.join("bin/rust-lld");
    let flags = format!("-Clinker={}\u{1f}-Clinker-flavor=wasm-ld", linker.display());
    command
        .arg("-Zbuild-std=std,panic_abort")
        .env("RUSTC", rustc.path)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_ENCODED_RUSTFLAGS", flags);
    Ok(())
}
