//! What the pages and their JSON twins say: wire types, apart from the ledger's own.

use jiff::Timestamp;
use runseal_client::registry::{self, Found};
use runseal_registry::state::{Agent, Config};
use serde::Serialize;
use std::fmt::Display;

/// The front page.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OverviewView {
    pub(crate) ledger: String,
    pub(crate) genesis_hash: String,
    pub(crate) program: String,
    pub(crate) configured: bool,
    pub(crate) paused: bool,
    pub(crate) agents: Vec<AgentView>,
}

impl OverviewView {
    pub(crate) fn new(
        ledger: &str,
        genesis_hash: impl Display,
        config: Option<&Found<Config>>,
        agents: &[Found<Agent>],
    ) -> Self {
        Self {
            ledger: ledger.to_owned(),
            genesis_hash: genesis_hash.to_string(),
            program: registry::PROGRAM.to_string(),
            configured: config.is_some(),
            paused: config.is_some_and(|config| config.account.paused != 0),
            agents: agents.iter().map(AgentView::from).collect(),
        }
    }
}

/// One agent.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AgentView {
    pub(crate) address: String,
    pub(crate) identity: String,
    pub(crate) authority: String,
    pub(crate) status: &'static str,
    pub(crate) version_count: u64,
    pub(crate) manifest_hash: String,
    pub(crate) uri: String,
    pub(crate) heartbeat_cadence_seconds: u32,
    pub(crate) registered_slot: u64,
    pub(crate) registered_unix_seconds: i64,
    pub(crate) registered_utc: String,
}

impl AgentView {
    pub(crate) fn heartbeat(&self) -> String {
        match self.heartbeat_cadence_seconds {
            0 => "none promised".to_owned(),
            seconds => format!("every {seconds} s"),
        }
    }
}

impl From<&Found<Agent>> for AgentView {
    fn from(found: &Found<Agent>) -> Self {
        let agent = &found.account;
        Self {
            address: found.address.to_string(),
            identity: agent.identity.to_string(),
            authority: agent.authority.to_string(),
            status: agent.status().map_or("unknown", |status| status.as_str()),
            version_count: agent.version_count,
            manifest_hash: agent.manifest_hash.iter().map(|byte| format!("{byte:02x}")).collect(),
            uri: agent.uri.as_str().to_owned(),
            heartbeat_cadence_seconds: agent.heartbeat_cadence_seconds,
            registered_slot: agent.registered_at.slot,
            registered_unix_seconds: agent.registered_at.unix_seconds,
            registered_utc: utc(agent.registered_at.unix_seconds),
        }
    }
}

/// Writes Unix time as `2026-01-31 23:59:59 UTC`.
fn utc(unix_seconds: i64) -> String {
    match Timestamp::from_second(unix_seconds) {
        Ok(time) => time.strftime("%F %T UTC").to_string(),
        Err(_) => format!("Unix time {unix_seconds}"),
    }
}
