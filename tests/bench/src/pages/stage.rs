//! What the pages are about.

use crate::{line::Line, lines, server::command};
use anyhow::{Context, Result, ensure};
use runseal_client::{
    keys::{ours, theirs},
    registry,
};
use runseal_receipt::Receipt;
use runseal_store_contract::samples::Agent;
use serde_json::Value;
use std::{fs, path::Path, process::Stdio};

const AGENTS: u64 = 20;
/// Periods that are anchored: the receipts are in the first two.
const PERIODS: u32 = 40;
const RUN_EVENTS: u32 = 1_000;
const CONFIG: &str = include_str!("../../../../migrations/program/0001_config.toml");

/// Names of what is there.
pub(crate) struct Stage {
    agent: String,
    vendor: String,
    log: String,
    root: String,
    /// A receipt in the middle of the first period.
    digest: String,
    imported_run: String,
}

impl Stage {
    /// Brings everything about by the command line, on an embedded ledger.
    pub(crate) fn set(program: &Path, home: &Path, receipts: u64) -> Result<Self> {
        let run = |words: &str| call(program, home, words);
        fs::write(home.join("config.toml"), CONFIG)?;
        for name in ["manifest.json", "code.tar"] {
            fs::write(home.join(name), format!("# {name}\n"))?;
        }
        for name in ["stage", "anchoring", "promise"] {
            run(&format!("keygen {name}.json"))?;
            run(&format!("-k {name}.json airdrop 1000"))?;
        }
        run("-k stage.json config init config.toml")?;
        let agents = (0..AGENTS).map(|number| {
            let agent = Agent::new(number);
            let file = format!("agent-{number}.json");
            fs::write(home.join(&file), agent.keypair_file())?;
            run(&format!(
                "-k stage.json agent register --identity {file} --manifest manifest.json"
            ))?;
            let account = ours(&registry::agent_address(&theirs(&agent.address())));
            let version = "--semver 1.0.0 --manifest manifest.json --code code.tar";
            run(&format!("-k stage.json agent publish {account} {version}"))?;
            Ok(agent.registered(account))
        });
        let agents = agents.collect::<Result<Vec<_>>>()?;
        let agent = agents.first().context("no agent")?.address().to_string();
        let [anchoring, promise] = ["anchoring", "promise"]
            .map(|name| run(&format!("-k {name}.json address")).map(|text| text.trim().to_owned()));
        let keys = format!("--anchoring-key {} --promise-key {}", anchoring?, promise?);
        let opened =
            run(&format!("-k stage.json --output json log open stage {keys} --cadence 1h"))?;
        let opened: Value = serde_json::from_str(&opened)?;
        let log = opened["address"].as_str().context("the log has no address")?.to_owned();
        eprintln!("{receipts} receipts are signed, imported, sealed and anchored");
        let all = lines::of(agents, receipts);
        let middle = all.len() / 2;
        let half = middle + all[middle..].iter().position(|byte| *byte == b'\n').unwrap_or(0) + 1;
        for part in [&all[..half], &all[half..]] {
            fs::write(home.join("receipts.jsonl"), part)?;
            run("receipt import receipts.jsonl")?;
            run("warp 1h")?;
            run(&format!("-k anchoring.json anchor post --log {log}"))?;
        }
        fs::remove_file(home.join("receipts.jsonl"))?;
        run(&format!("warp {}h", PERIODS - 2))?;
        run(&format!("-k anchoring.json anchor post --log {log}"))?;
        let vendor = run("-k stage.json address")?.trim().to_owned();
        let period: Value = serde_json::from_str(&run("--output json period show 0")?)?;
        let root = period["root"].as_str().context("the period has no root")?.to_owned();
        let text = all[..half].split(|byte| *byte == b'\n').nth(1_000).unwrap_or_default();
        let receipt = Receipt::parse(text)?;
        let digest = receipt.digest().to_string();
        Ok(Self { agent, vendor, log, root, digest, imported_run: receipt.facts().run_id.clone() })
    }

    /// Every page, as it is called here, and where it is.
    pub(crate) fn pages(&self) -> Vec<(&'static str, String)> {
        let Self { agent, vendor, log, root, digest, imported_run } = self;
        vec![
            ("front", "/".to_owned()),
            ("front.json", "/index.json".to_owned()),
            ("agent", format!("/agents/{agent}")),
            ("vendor", format!("/vendors/{vendor}")),
            ("log", format!("/logs/{log}")),
            ("period of half of them", format!("/logs/{log}/periods/0")),
            ("period without any", format!("/logs/{log}/periods/9")),
            ("receipt", format!("/receipts/{digest}")),
            ("its bundle", format!("/receipts/{digest}/bundle.json")),
            ("run that was imported", format!("/run?id={imported_run}")),
            ("run of 1,000 events", "/run?id=long-run".to_owned()),
            ("graph of a run", "/graph?id=long-run".to_owned()),
            ("search: digest", format!("/search?q={digest}")),
            ("search: run", format!("/search?q={imported_run}")),
            ("search: agent", format!("/search?q={agent}")),
            ("search: vendor", format!("/search?q={vendor}")),
            ("search: root", format!("/search?q={root}")),
            ("search: log", format!("/search?q={log}")),
            ("search: period", format!("/search?q={log}/1")),
            ("search: a digest of nothing", format!("/search?q={}", "ab".repeat(32))),
            ("search: a word", "/search?q=nobody.example".to_owned()),
            ("search: an address of nothing", format!("/search?q={}", Agent::new(999).address())),
            ("verify here", "/verify-here".to_owned()),
            ("acting with a wallet", "/act/register-agent".to_owned()),
            ("API", "/docs".to_owned()),
            ("health", "/health".to_owned()),
            ("ready", "/health/ready".to_owned()),
            ("metrics", "/metrics".to_owned()),
            ("v1 stats", "/v1/stats".to_owned()),
            ("v1 runs", "/v1/runs".to_owned()),
            ("v1 pending anchors", "/v1/anchors/pending".to_owned()),
            ("v2 receipts", "/v2/receipts".to_owned()),
            ("v2 receipts of an agent", format!("/v2/receipts?agent={agent}")),
        ]
    }
}

/// Posts a long run.
pub(crate) async fn run(line: &mut Line) -> Result<()> {
    let mut post = async |path: &str, body: String| {
        let answer = line.call("POST", path, &body).await?;
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        ensure!(answer.status == 200, "{path}: {} {text}", answer.status);
        anyhow::Ok(())
    };
    let start = r#"{"run_id":"long-run","agent_id":"poster"}"#;
    post("/v1/run/start", start.to_owned()).await?;
    for number in 0..RUN_EVENTS {
        let event = format!(
            r#"{{"run_id":"long-run","event_id":"e{number}","type":"tool.call","timestamp":"2026-01-01T00:00:00Z","source":"bench","data":{{"content":"number {number}"}}}}"#
        );
        post("/v1/run/event", event).await?;
    }
    post("/v1/run/end", r#"{"run_id":"long-run"}"#.to_owned()).await
}

fn call(program: &Path, home: &Path, words: &str) -> Result<String> {
    let mut command = command(program, home);
    let output = command.args(words.split(' ')).stdin(Stdio::null()).output()?;
    let error = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "runseal {words}: {error}");
    Ok(String::from_utf8(output.stdout)?)
}
