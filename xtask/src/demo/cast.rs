//! Everybody in the demo, their folder, and what they spent.

use crate::{shell, workspace};
use anyhow::{Context, Result};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

const LAMPORTS_PER_SOL: f64 = 1e9;

/// Runs `runseal` in a folder with everybody's keys.
pub(super) struct Cast {
    folder: PathBuf,
    /// The home that the next command gets.
    home: PathBuf,
    /// What each had when that was last looked at.
    balances: BTreeMap<String, u64>,
    costs: String,
}

impl Cast {
    pub(super) fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            home: folder.join("home"),
            balances: BTreeMap::new(),
            costs: String::new(),
        }
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Runs a command, shows it and what it prints, and returns the latter; it must succeed.
    pub(super) fn show(&self, line: &str) -> Result<String> {
        println!("$ runseal {line}");
        let printed = self.quiet(line)?;
        print!("{printed}");
        Ok(printed)
    }

    /// Runs a command that must succeed.
    pub(super) fn quiet(&self, line: &str) -> Result<String> {
        shell::read(&mut self.command(line))
    }

    /// Runs a command, shows it and what it prints, and returns its exit code.
    pub(super) fn show_code(&self, line: &str) -> Result<Option<i32>> {
        println!("$ runseal {line}");
        let output = self.command(line).output()?;
        print!("{}", String::from_utf8_lossy(&output.stdout));
        print!("{}", String::from_utf8_lossy(&output.stderr));
        println!("(exit code {})", output.status.code().unwrap_or(-1));
        Ok(output.status.code())
    }

    /// Runs a command and reads what it prints for programs.
    pub(super) fn json(&self, line: &str) -> Result<Value> {
        let printed = self.quiet(&format!("{line} --output json"))?;
        serde_json::from_str(&printed).with_context(|| format!("runseal {line}: {printed}"))
    }

    /// Runs a command that does something to an account, shows it, and returns the address.
    pub(super) fn address(&self, line: &str) -> Result<String> {
        let printed = self.show(line)?;
        let first = printed.lines().next().and_then(|line| line.rsplit(' ').next());
        first.map(str::to_owned).context("the command names no address")
    }

    /// Makes a key with some lamports, and returns its address.
    pub(super) fn new_key(&mut self, name: &str) -> Result<String> {
        self.quiet(&format!("keygen {name}.json"))?;
        self.quiet(&format!("-k {name}.json airdrop 10"))?;
        let address = self.quiet(&format!("-k {name}.json address"))?;
        self.balances.insert(name.to_owned(), self.balance(name)?);
        Ok(address.trim().to_owned())
    }

    /// Notes what somebody spent since that was last looked at.
    pub(super) fn note_cost(&mut self, what: &str, name: &str) -> Result<()> {
        let now = self.balance(name)?;
        let before = self.balances.insert(name.to_owned(), now).unwrap_or(now);
        let spent = before as f64 - now as f64;
        writeln!(self.costs, "{:>13.6} SOL  {what}", spent / LAMPORTS_PER_SOL)?;
        Ok(())
    }

    pub(super) fn costs(&self) -> &str {
        &self.costs
    }

    fn balance(&self, name: &str) -> Result<u64> {
        let found = self.json(&format!("-k {name}.json balance"))?;
        found["lamports"].as_u64().context("a balance is a number")
    }

    /// The digest of the first receipt of a file of answers.
    pub(super) fn first_digest(&self, answers: &str) -> Result<String> {
        let text = fs::read_to_string(self.path(answers))?;
        let first: Value = serde_json::from_str(text.lines().next().unwrap_or_default())?;
        first["digest"].as_str().map(str::to_owned).context("the first answer has no digest")
    }

    /// Keeps a copy of the operator's store.
    pub(super) fn copy_store(&self, name: &str) -> Result<PathBuf> {
        let kept = self.path(name);
        fs::copy(self.home.join("store.db"), &kept)?;
        Ok(kept)
    }

    /// Puts the copy in the store's place, as somebody would who wants a receipt forgotten.
    pub(super) fn restore_store(&self, kept: &Path) -> Result<()> {
        for left in ["store.db-wal", "store.db-shm"] {
            drop(fs::remove_file(self.home.join(left)));
        }
        fs::copy(kept, self.home.join("store.db"))?;
        Ok(())
    }

    /// From now on commands are the auditor's: another home on the same ledger.
    pub(super) fn move_auditor_in(&mut self) -> Result<()> {
        let home = self.path("auditor");
        fs::create_dir(&home)?;
        std::os::unix::fs::symlink(self.home.join("ledger"), home.join("ledger"))?;
        self.home = home;
        Ok(())
    }

    fn command(&self, line: &str) -> Command {
        let mut command = Command::new(workspace::target().join("debug/runseal"));
        command.args(line.split_whitespace()).current_dir(&self.folder);
        command.env("RUNSEAL_HOME", &self.home).env("HOME", &self.folder);
        for name in ["RUNSEAL_URL", "RUNSEAL_KEYPAIR"] {
            command.env_remove(name);
        }
        command
    }
}
