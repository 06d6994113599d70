//! Debian's packages, through Debian's own tool.

use crate::shell;
use anyhow::{Result, bail};
use std::process::{Command, Stdio};

/// Installs the Debian packages of a list that are not there yet.
pub(super) fn install_packages(why: &str, packages: &[&str]) -> Result<()> {
    let missing: Vec<&str> = packages.iter().copied().filter(|name| !is_installed(name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(" ");
    if shell::find_program("apt-get").is_none() {
        bail!(
            "{why} needs the Debian packages {list}, and there is no apt-get here: install them by hand"
        );
    }
    let heading = format!("install Debian packages for {why}, about a minute: {list}");
    shell::timed(&heading, || {
        shell::run(as_root(&["apt-get", "update", "-qq"]).stdout(Stdio::null()))?;
        let install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends"];
        let mut command = as_root(&[&install[..], &missing[..]].concat());
        shell::run(command.env("DEBIAN_FRONTEND", "noninteractive").stdout(Stdio::null()))
    })
}

fn is_installed(package: &str) -> bool {
    Command::new("dpkg-query")
        .args(["-W", "-f=${db:Status-Status}", package])
        .output()
        .is_ok_and(|output| output.stdout == b"installed")
}

/// Prepares a command to be run by root, through sudo where the user is somebody else.
fn as_root(words: &[&str]) -> Command {
    let is_root = shell::read(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    let prefix: &[&str] = if is_root { &[] } else { &["sudo"] };
    let words = [prefix, words].concat();
    let mut command = Command::new(words[0]);
    command.args(&words[1..]);
    command
}
