//! The API against its own document: a real service, called in every way that the document allows, and
//! in many that it does not.

use crate::{setup, shell, workspace};
use anyhow::{Context, Result, bail};
use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    thread::{self, JoinHandle},
};

/// What is checked of every answer.
const CHECKS: &[&str] = &[
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "missing_required_header",
    "unsupported_method",
    "allow_header_conformance",
    "use_after_free",
    "ensure_resource_availability",
    "ignored_auth",
];

/// What is not, and why.
const NOT_CHECKED: &[(&str, &str)] = &[
    (
        "positive_data_acceptance",
        "whether good data are taken depends on what is stored: a retired agent is not paused, and \
         no schema says that a JSON integer has at most 2^53 - 1",
    ),
    (
        "object_level_authorization",
        "it needs two users; a test with two tenants looks for every byte of the other",
    ),
];

/// How the API is called.
#[derive(clap::Args)]
pub(crate) struct Contract {
    /// How many calls are made up for each route and phase
    #[arg(long, default_value_t = 30)]
    examples: u32,
    /// What the calls are made up from; the same number makes the same calls
    #[arg(long, default_value_t = 1)]
    seed: u32,
}

/// Calls a service that has a store and a ledger of its own, and fails on the first finding.
pub(crate) fn run(contract: &Contract) -> Result<()> {
    let schemathesis = setup::schemathesis()?;
    shell::step(
        "build the runseal command",
        shell::cargo().args(["build", "--quiet", "--locked", "--package", "runseal-cli"]),
    )?;
    for (check, reason) in NOT_CHECKED {
        eprintln!("not checked: {check}: {reason}");
    }
    let home = tempfile::tempdir()?;
    let mut service = Service::start(home.path())?;
    let mut command = Command::new(schemathesis);
    command
        .arg("run")
        .arg(format!("{}/openapi.json", service.address))
        .args(["--phases", "examples,coverage,fuzzing,stateful"])
        .args(["--checks", &CHECKS.join(",")])
        .args(["--max-examples", &contract.examples.to_string()])
        .args(["--seed", &contract.seed.to_string()])
        .args(["--warnings", "off", "--no-color", "--continue-on-failure"])
        // It keeps its own findings where it runs.
        .current_dir(home.path());
    shell::step("the API, against its document", &mut command)?;
    service.stop()
}

struct Service {
    child: Child,
    address: String,
    /// What it says after that, to the end.
    said: Option<JoinHandle<Vec<String>>>,
}

impl Service {
    /// Starts the command as a user would, and waits until it says where it listens.
    fn start(home: &Path) -> Result<Self> {
        let key = home.join("key.json");
        shell::run(runseal(home).arg("keygen").arg(&key))?;
        shell::run(runseal(home).arg("-k").arg(&key).args(["airdrop", "1"]))?;
        let mut serve = runseal(home);
        serve.args(["serve", "--create-keys", "--listen", "127.0.0.1:0"]);
        let mut child = serve.stdin(Stdio::null()).stderr(Stdio::piped()).spawn()?;
        let output = child.stderr.take();
        let mut service = Self { child, address: String::new(), said: None };
        let mut lines = BufReader::new(output.context("the service says nothing")?).lines();
        let first = lines.next().transpose()?.unwrap_or_default();
        let address = first.split_whitespace().find(|word| word.starts_with("http://"));
        service.address =
            address.with_context(|| format!("the service says {first:?}"))?.to_owned();
        service.said = Some(thread::spawn(move || lines.map_while(Result::ok).collect()));
        Ok(service)
    }

    /// Fails if it ended before it was told to, or panicked: whatever was sent, it must go on.
    fn stop(&mut self) -> Result<()> {
        if let Some(status) = self.child.try_wait()? {
            bail!("the service ended meanwhile ({status})");
        }
        self.child.kill().context("end the service")?;
        self.child.wait().context("end the service")?;
        let said = self.said.take().and_then(|said| said.join().ok()).unwrap_or_default();
        match said.iter().find(|line| line.contains("panicked")) {
            Some(line) => bail!("the service: {line}"),
            None => Ok(()),
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // Nothing if it ended already.
        self.child.kill().and_then(|()| self.child.wait()).ok();
    }
}

fn runseal(home: &Path) -> Command {
    let mut command = Command::new(workspace::target().join("debug/runseal"));
    command.env("RUNSEAL_HOME", home.join("home"));
    command
}
