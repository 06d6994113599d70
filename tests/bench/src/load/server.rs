//! The service that is measured.

use anyhow::{Context, Result, ensure};
use std::{
    io::{BufRead, BufReader, Read},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
};

/// A service that runs.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    program: PathBuf,
    home: PathBuf,
    child: Child,
}

impl Server {
    pub(crate) fn start(program: &Path, home: &Path) -> Result<Self> {
        for words in [&["keygen", "key.json"][..], &["-k", "key.json", "airdrop", "1"]] {
            let setup = command(program, home).args(words).output()?;
            ensure!(setup.status.success(), "{words:?} failed");
        }
        Self::listen(program, home, "127.0.0.1:0")
    }

    fn listen(program: &Path, home: &Path, listen: &str) -> Result<Self> {
        let mut child = command(program, home)
            .args(["serve", "--create-keys", "--log-level", "warn", "--listen", listen])
            .stderr(Stdio::piped())
            .spawn()?;
        let mut said = BufReader::new(child.stderr.take().context("no stderr")?);
        let mut first = String::new();
        said.read_line(&mut first)?;
        let address = first.split("http://").nth(1).and_then(|rest| rest.split(' ').next());
        let address = address.with_context(|| first.clone())?.parse()?;
        // Whatever else it says is read, so that it never waits to say it.
        thread::spawn(move || said.read_to_string(&mut String::new()));
        Ok(Self { address, program: program.to_owned(), home: home.to_owned(), child })
    }

    /// Ends it as a power cut would, and starts it where it was.
    pub(crate) fn kill_and_restart(mut self) -> Result<Self> {
        self.child.kill()?;
        self.child.wait()?;
        Self::listen(&self.program, &self.home, &self.address.to_string())
    }

    /// Tells it to end, which must go well.
    pub(crate) fn end(mut self) -> Result<()> {
        let pid = self.child.id().to_string();
        ensure!(Command::new("kill").args(["-s", "TERM", &pid]).status()?.success());
        let status = self.child.wait()?;
        ensure!(status.success(), "the service ended badly: {status}");
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// The command in a home of its own.
pub(crate) fn command(program: &Path, home: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(home).env("RUNSEAL_HOME", home.join("home")).env("HOME", home);
    for name in ["RUNSEAL_URL", "RUNSEAL_KEYPAIR", "RUNSEAL_LOG"] {
        command.env_remove(name);
    }
    command
}
