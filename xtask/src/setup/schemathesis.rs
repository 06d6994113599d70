use super::{packages::install_packages, tools_folder};
use crate::shell;
use anyhow::Result;
use std::{path::PathBuf, process::Command};

const VERSION: &str = "4.32.5";

/// Returns schemathesis, which calls an API as its document says and otherwise; from PyPI, into a
/// folder of its own beside the other tools.
pub(crate) fn schemathesis() -> Result<PathBuf> {
    let folder = tools_folder()?.join(format!("schemathesis-{VERSION}"));
    let program = folder.join("bin/schemathesis");
    let is_right = shell::version_of(&program).is_some_and(|version| version.contains(VERSION));
    if is_right {
        return Ok(program);
    }
    if shell::find_program("python3").is_none() {
        install_packages("Python, which schemathesis is written in", &["python3", "python3-venv"])?;
    }
    let mut venv = Command::new("python3");
    shell::step("a folder for schemathesis", venv.args(["-m", "venv", "--clear"]).arg(&folder))?;
    let mut install = Command::new(folder.join("bin/pip"));
    let version = format!("schemathesis=={VERSION}");
    install.args(["install", "--quiet", "--disable-pip-version-check", &version]);
    shell::step("install schemathesis: it calls the API in every way", &mut install)?;
    Ok(program)
}
