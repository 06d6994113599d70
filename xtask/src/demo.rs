//! The main job, shown with the commands that a user would type.

use crate::{shell, workspace};
use anyhow::Result;
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Runs the demo on an embedded ledger in a folder of its own.
pub(crate) fn run() -> Result<()> {
    shell::step(
        "build the runseal command (the first time: a few minutes)",
        shell::cargo().args(["build", "--quiet", "--locked", "--package", "runseal-cli"]),
    )?;
    let home = tempfile::tempdir()?;
    let demo = Demo { home: home.path().to_owned() };
    demo.register_an_agent()
}

struct Demo {
    home: PathBuf,
}

impl Demo {
    fn register_an_agent(&self) -> Result<()> {
        fs::copy(
            workspace::root().join("migrations/program/0001_config.toml"),
            self.home.join("config.toml"),
        )?;
        fs::write(self.home.join("manifest.json"), "{\"name\":\"demo agent\"}\n")?;

        say("A vendor has a key, and lamports to pay with.");
        self.runseal(&["keygen", "vendor.json"])?;
        self.runseal(&["-k", "vendor.json", "airdrop", "10"])?;

        say("The program is configured once, by its upgrade authority.");
        self.runseal(&["-k", "vendor.json", "config", "init", "config.toml"])?;

        say("The agent gets a key of its own, and both keys sign its registration.");
        self.runseal(&["keygen", "agent.json"])?;
        let registered = self.runseal(&[
            "-k",
            "vendor.json",
            "agent",
            "register",
            "--identity",
            "agent.json",
            "--manifest",
            "manifest.json",
            "--uri",
            "https://example.com/manifest.json",
        ])?;

        say("Anybody reads it back.");
        let address = registered.lines().next().and_then(|line| line.rsplit(' ').next());
        self.runseal(&["agent", "show", address.unwrap_or_default()])?;
        say("All of this ran on the real program, in a virtual machine inside the command.");
        Ok(())
    }

    /// Runs `runseal`, shows the command and what it prints, and returns the latter.
    fn runseal(&self, arguments: &[&str]) -> Result<String> {
        println!("\n$ runseal {}", arguments.join(" "));
        let mut command = Command::new(binary());
        command.args(arguments).current_dir(&self.home).env("RUNSEAL_HOME", self.home.join("home"));
        for name in ["RUNSEAL_URL", "RUNSEAL_KEYPAIR"] {
            command.env_remove(name);
        }
        let printed = shell::read(&mut command)?;
        print!("{printed}");
        Ok(printed)
    }
}

fn binary() -> PathBuf {
    let name: &Path = Path::new("debug/runseal");
    workspace::target().join(name)
}

fn say(sentence: &str) {
    println!("\n# {sentence}");
}
