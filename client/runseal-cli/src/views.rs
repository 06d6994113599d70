//! Results as users see them: fields for programs, lines for people.

use runseal_client::{
    ledger::Landed,
    program::Deployed,
    registry::{self, Found},
};
use runseal_ledger::PROGRAM_BYTES;
use runseal_registry::state::{Agent, Config, Moment};
use serde::Serialize;
use std::fmt::{self, Display, Formatter};

/// A moment of the chain.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MomentView {
    slot: u64,
    unix_seconds: i64,
}

impl From<Moment> for MomentView {
    fn from(moment: Moment) -> Self {
        Self { slot: moment.slot, unix_seconds: moment.unix_seconds }
    }
}

impl Display for MomentView {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "slot {} (Unix time {})", self.slot, self.unix_seconds)
    }
}

/// An agent's account.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AgentView {
    address: String,
    identity: String,
    authority: String,
    status: &'static str,
    manifest_hash: String,
    uri: String,
    heartbeat_cadence_seconds: u32,
    version_count: u64,
    registered_at: MomentView,
}

impl From<&Found<Agent>> for AgentView {
    fn from(found: &Found<Agent>) -> Self {
        let agent = &found.account;
        Self {
            address: found.address.to_string(),
            identity: agent.identity.to_string(),
            authority: agent.authority.to_string(),
            status: agent.status().map_or("unknown", |status| status.as_str()),
            manifest_hash: hex(&agent.manifest_hash),
            uri: agent.uri.as_str().to_owned(),
            heartbeat_cadence_seconds: agent.heartbeat_cadence_seconds,
            version_count: agent.version_count,
            registered_at: agent.registered_at.into(),
        }
    }
}

impl Display for AgentView {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "Agent          {}", self.address)?;
        writeln!(f, "Identity key   {}", self.identity)?;
        writeln!(f, "Vendor         {}", self.authority)?;
        writeln!(f, "Status         {}", self.status)?;
        writeln!(f, "Versions       {}", self.version_count)?;
        writeln!(f, "Manifest hash  {}", self.manifest_hash)?;
        writeln!(f, "Manifest URI   {}", if self.uri.is_empty() { "none" } else { &self.uri })?;
        match self.heartbeat_cadence_seconds {
            0 => writeln!(f, "Heartbeat      none promised")?,
            seconds => writeln!(f, "Heartbeat      every {seconds} s")?,
        }
        write!(f, "Registered at  {}", self.registered_at)
    }
}

/// Several agents.
#[derive(Serialize)]
#[serde(transparent)]
pub(crate) struct AgentListView(pub(crate) Vec<AgentView>);

impl Display for AgentListView {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{:<44}  {:<10}  VENDOR", "AGENT", "STATUS")?;
        let mut rows = self.0.iter();
        rows.try_for_each(|row| {
            write!(f, "\n{:<44}  {:<10}  {}", row.address, row.status, row.authority)
        })
    }
}

/// The config account.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConfigView {
    address: String,
    authority: String,
    pending_authority: Option<String>,
    treasury: String,
    bond_mint: String,
    smallest_bond_amount: u64,
    claim_deposit_lamports: u64,
    slash_claimant_basis_points: u16,
    authority_notice_seconds: u64,
    unbond_notice_seconds: u64,
    paused: bool,
    updated_at: MomentView,
}

impl From<&Found<Config>> for ConfigView {
    fn from(found: &Found<Config>) -> Self {
        let config = &found.account;
        let pending = Some(config.pending_authority).filter(|key| *key != Default::default());
        Self {
            address: found.address.to_string(),
            authority: config.authority.to_string(),
            pending_authority: pending.map(|key| key.to_string()),
            treasury: config.treasury.to_string(),
            bond_mint: config.bond_mint.to_string(),
            smallest_bond_amount: config.smallest_bond_amount,
            claim_deposit_lamports: config.claim_deposit_lamports,
            slash_claimant_basis_points: config.slash_claimant_basis_points,
            authority_notice_seconds: config.authority_notice_seconds,
            unbond_notice_seconds: config.unbond_notice_seconds,
            paused: config.paused != 0,
            updated_at: config.updated_at.into(),
        }
    }
}

impl Display for ConfigView {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "Config            {}", self.address)?;
        writeln!(f, "Authority         {}", self.authority)?;
        if let Some(pending) = &self.pending_authority {
            writeln!(f, "Proposed          {pending}")?;
        }
        writeln!(f, "Treasury          {}", self.treasury)?;
        writeln!(f, "Bond mint         {}", self.bond_mint)?;
        writeln!(f, "Smallest bond     {} base units", self.smallest_bond_amount)?;
        writeln!(f, "Claim deposit     {} lamports", self.claim_deposit_lamports)?;
        writeln!(f, "Claimant's share  {} basis points", self.slash_claimant_basis_points)?;
        writeln!(f, "Authority notice  {} s", self.authority_notice_seconds)?;
        writeln!(f, "Unbond notice     {} s", self.unbond_notice_seconds)?;
        writeln!(f, "Paused            {}", if self.paused { "yes" } else { "no" })?;
        write!(f, "Updated at        {}", self.updated_at)
    }
}

/// The program as the ledger has it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ProgramView {
    address: String,
    program_data: String,
    upgrade_authority: Option<String>,
    deployed_in_slot: u64,
    size: usize,
    sha256: String,
    /// Whether it is the program that this command carries.
    is_carried: bool,
}

impl From<&Deployed> for ProgramView {
    fn from(deployed: &Deployed) -> Self {
        Self {
            address: registry::PROGRAM.to_string(),
            program_data: deployed.program_data.to_string(),
            upgrade_authority: deployed.upgrade_authority.map(|key| key.to_string()),
            deployed_in_slot: deployed.slot,
            size: deployed.bytes.len(),
            sha256: hex(&deployed.sha256()),
            is_carried: deployed.is(PROGRAM_BYTES),
        }
    }
}

impl Display for ProgramView {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let authority = self.upgrade_authority.as_deref();
        writeln!(f, "Program            {}", self.address)?;
        writeln!(f, "Program data       {}", self.program_data)?;
        writeln!(f, "Upgrade authority  {}", authority.unwrap_or("none: it can no longer change"))?;
        writeln!(f, "Deployed in slot   {}", self.deployed_in_slot)?;
        writeln!(f, "Size               {} bytes, without zeros at the end", self.size)?;
        writeln!(f, "SHA-256 of these   {}", self.sha256)?;
        let carried = if self.is_carried { "the one that this command carries" } else { "another" };
        write!(f, "Which program      {carried}")
    }
}

/// What a transaction did.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DoneView {
    /// What happened, as a sentence without its full stop.
    pub(crate) done: String,
    /// The account that it is about.
    pub(crate) address: String,
    /// The transaction; none if nothing had to be done.
    pub(crate) signature: Option<String>,
    /// The slot it landed in.
    pub(crate) slot: Option<u64>,
}

impl DoneView {
    pub(crate) fn new(done: &str, address: impl Display, landed: Option<Landed>) -> Self {
        Self {
            done: done.to_owned(),
            address: address.to_string(),
            signature: landed.map(|landed| landed.signature.to_string()),
            slot: landed.map(|landed| landed.slot),
        }
    }
}

impl Display for DoneView {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.done, self.address)?;
        if let (Some(signature), Some(slot)) = (&self.signature, self.slot) {
            write!(f, "\nTransaction {signature} in slot {slot}")?;
        }
        Ok(())
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
