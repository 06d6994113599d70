use super::{Tool, ensure, packages::install_packages};
use crate::shell;
use anyhow::Result;
use std::path::PathBuf;

const FUZZER: Tool = Tool {
    name: "cargo-fuzz",
    version: "0.13.2",
    why: "builds and runs the fuzz targets",
    minutes: 1,
    install: &["cargo-fuzz", "--version=0.13.2", "--locked"],
    packages: &[],
};

/// Installs what fuzzing needs; returns the folders to put before the PATH.
pub(crate) fn for_fuzzing() -> Result<Vec<PathBuf>> {
    // libFuzzer is compiled with the targets, by whichever compiler is there.
    if shell::find_program("c++").is_none() {
        install_packages("libFuzzer, which is compiled with the targets", &["g++"])?;
    }
    Ok(ensure(&FUZZER)?.into_iter().collect())
}
