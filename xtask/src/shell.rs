//! Running other programs: what is run is said, and a failure names it.

use anyhow::{Context, Result, bail};
use std::{
    env,
    ffi::OsStr,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Instant,
};

/// Prepares `cargo`, in the workspace.
///
/// Rustup tells its children which toolchain it chose; Anchor takes that as an order to install it.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(crate::workspace::root()).env_remove("RUSTUP_TOOLCHAIN");
    command
}

/// Runs `command` under a heading and says how long it took.
pub(crate) fn step(heading: &str, command: &mut Command) -> Result<()> {
    timed(heading, || run(command))
}

/// Does `work` under a heading and says how long it took.
pub(crate) fn timed<T>(heading: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    eprintln!("\n==> {heading}");
    let started = Instant::now();
    let done = work()?;
    eprintln!("    {heading}: {:.0} s", started.elapsed().as_secs_f64());
    Ok(done)
}

/// Runs `command` and fails if it does.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.stdin(Stdio::null()).status().with_context(|| cannot_start(command))?;
    if !status.success() {
        bail!("{} failed ({status})", shown(command));
    }
    Ok(())
}

/// Runs `command` and returns what it printed.
pub(crate) fn read(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| cannot_start(command))?;
    if !output.status.success() {
        bail!("{} failed ({})", shown(command), output.status);
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Returns what `program --version` prints, if it can be run.
pub(crate) fn version_of(program: &Path) -> Option<String> {
    let output = Command::new(program).arg("--version").stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Looks for a program on the PATH.
pub(crate) fn find_program(name: &str) -> Option<PathBuf> {
    let paths = env::var_os("PATH")?;
    env::split_paths(&paths).map(|folder| folder.join(name)).find(|path| path.is_file())
}

/// Puts `folders` before the PATH of the command.
pub(crate) fn with_path(command: &mut Command, folders: &[PathBuf]) {
    let rest = env::var_os("PATH").unwrap_or_default();
    let all = folders.iter().cloned().chain(env::split_paths(&rest));
    if let Ok(path) = env::join_paths(all) {
        command.env("PATH", path);
    }
}

fn cannot_start(command: &Command) -> String {
    format!("{} cannot be started; is it installed?", command.get_program().to_string_lossy())
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}

/// Writes bytes as lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
