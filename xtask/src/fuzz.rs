//! Feeding everything that reads or verifies what strangers send (tests/fuzz), for minutes or hours.
//!
//! cargo-fuzz wants a nightly compiler for flags that the stable one has and hides. There is one
//! compiler here, so it is told to show them, for the fuzz targets alone and without a sanitizer:
//! what is fuzzed has no `unsafe`.

use crate::{setup, shell, workspace};
use anyhow::{Context, Result, bail};
use clap::Args;
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// What is fuzzed, and for how long.
#[derive(Args)]
pub(crate) struct Fuzz {
    /// The target; all of them, one after the other, if none is named
    target: Option<String>,
    /// Minutes for each target
    #[arg(long, default_value_t = 2)]
    minutes: u32,
}

/// Builds the targets, starts from the vector files and from what earlier runs found, and says how
/// often each target ran. An input that breaks something is left in target/fuzz/artifacts.
pub(crate) fn run(fuzz: &Fuzz) -> Result<()> {
    let known = targets()?;
    let chosen = match &fuzz.target {
        None => known,
        Some(target) if known.contains(target) => vec![target.clone()],
        Some(target) => bail!("there is no target {target}; there are {}", known.join(", ")),
    };
    let folders = setup::for_fuzzing()?;
    let corpus = folder().join("corpus");
    shell::step(
        "make inputs to start from out of the vector files",
        // The same folder and flags as cargo-fuzz has are of no use here: this is not instrumented.
        shell::cargo()
            .args(["run", "--quiet", "--locked", "--example", "seeds", "--manifest-path"])
            .arg(fuzz_folder().join("Cargo.toml"))
            .arg("--target-dir")
            .arg(folder().join("build"))
            .arg("--")
            .arg(&corpus),
    )?;
    shell::step("build the targets", &mut cargo_fuzz(&folders, "build"))?;
    let mut broken = Vec::new();
    for target in &chosen {
        if let Err(error) = run_one(&folders, target, fuzz.minutes, &corpus.join(target)) {
            eprintln!("{error:#}");
            broken.push(target.as_str());
        }
    }
    if broken.is_empty() {
        return Ok(());
    }
    let artifacts = folder().join("artifacts");
    bail!("{} did not hold; the inputs are in {}", broken.join(", "), artifacts.display())
}

fn run_one(folders: &[PathBuf], target: &str, minutes: u32, corpus: &Path) -> Result<()> {
    let artifacts = folder().join("artifacts").join(target);
    for folder in [corpus, &artifacts] {
        fs::create_dir_all(folder).with_context(|| format!("make {}", folder.display()))?;
    }
    let mut command = cargo_fuzz(folders, "run");
    command.arg(target).arg(corpus).arg("--");
    command.arg(format!("-max_total_time={}", 60 * u64::from(minutes)));
    command.arg(format!("-artifact_prefix={}/", artifacts.display()));
    command.arg("-print_final_stats=1");
    shell::step(&format!("{target}, {minutes} minutes"), &mut command)
}

fn cargo_fuzz(folders: &[PathBuf], verb: &str) -> Command {
    let mut command = shell::cargo();
    shell::with_path(&mut command, folders);
    command.env("RUSTC_BOOTSTRAP", "1").args(["fuzz", verb, "--sanitizer", "none", "--fuzz-dir"]);
    command.arg(fuzz_folder()).arg("--target-dir").arg(folder().join("build"));
    command
}

/// The targets, as the manifest names them.
fn targets() -> Result<Vec<String>> {
    let path = fuzz_folder().join("Cargo.toml");
    let text = fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))?;
    let manifest: toml::Table = text.parse().context("tests/fuzz/Cargo.toml")?;
    let names = manifest.get("bin").and_then(toml::Value::as_array).into_iter().flatten();
    Ok(names.filter_map(|target| Some(target.get("name")?.as_str()?.to_owned())).collect())
}

fn fuzz_folder() -> PathBuf {
    workspace::root().join("tests/fuzz")
}

fn folder() -> PathBuf {
    workspace::target().join("fuzz")
}
