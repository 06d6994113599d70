use super::{MomentView, hex, set};
use crate::durations::Seconds;
use runseal_client::registry::Found;
use runseal_registry::state::{Agent, Version};
use serde::Serialize;
use std::fmt::{self, Display, Formatter};

/// An agent's account.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AgentView {
    address: String,
    identity: String,
    authority: String,
    pending_authority: Option<String>,
    status: &'static str,
    manifest_hash: String,
    uri: String,
    heartbeat_cadence_seconds: u32,
    version_count: u64,
    registered_at: MomentView,
    status_changed_at: Option<MomentView>,
    last_heartbeat_at: Option<MomentView>,
}

impl From<&Found<Agent>> for AgentView {
    fn from(found: &Found<Agent>) -> Self {
        let agent = &found.account;
        Self {
            address: found.address.to_string(),
            identity: agent.identity.to_string(),
            authority: agent.authority.to_string(),
            pending_authority: set(&agent.pending_authority),
            status: agent.status().map_or("unknown", |status| status.as_str()),
            manifest_hash: hex(&agent.manifest_hash),
            uri: agent.uri.as_str().to_owned(),
            heartbeat_cadence_seconds: agent.heartbeat_cadence_seconds,
            version_count: agent.version_count,
            registered_at: agent.registered_at.into(),
            status_changed_at: MomentView::set(agent.status_changed_at),
            last_heartbeat_at: MomentView::set(agent.last_heartbeat_at),
        }
    }
}

impl Display for AgentView {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "Agent          {}", self.address)?;
        writeln!(f, "Identity key   {}", self.identity)?;
        writeln!(f, "Vendor         {}", self.authority)?;
        if let Some(pending) = &self.pending_authority {
            writeln!(f, "Proposed       {pending}")?;
        }
        match &self.status_changed_at {
            Some(at) => writeln!(f, "Status         {} since {at}", self.status)?,
            None => writeln!(f, "Status         {}", self.status)?,
        }
        writeln!(f, "Versions       {}", self.version_count)?;
        writeln!(f, "Manifest hash  {}", self.manifest_hash)?;
        writeln!(f, "Manifest URI   {}", if self.uri.is_empty() { "none" } else { &self.uri })?;
        match self.heartbeat_cadence_seconds {
            0 => writeln!(f, "Heartbeat      none promised")?,
            seconds => writeln!(f, "Heartbeat      every {}", Seconds(seconds.into()))?,
        }
        match &self.last_heartbeat_at {
            Some(at) => writeln!(f, "Last heard of  {at}")?,
            None => writeln!(f, "Last heard of  never")?,
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

/// A version of an agent.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VersionView {
    address: String,
    agent: String,
    index: u64,
    version: String,
    manifest_hash: String,
    code_hash: String,
    uri: String,
    yanked: bool,
    published_at: MomentView,
}

impl From<&Found<Version>> for VersionView {
    fn from(found: &Found<Version>) -> Self {
        let version = &found.account;
        let semantic = version.semantic;
        Self {
            address: found.address.to_string(),
            agent: version.agent.to_string(),
            index: version.index,
            version: format!("{}.{}.{}", semantic.major, semantic.minor, semantic.patch),
            manifest_hash: hex(&version.manifest_hash),
            code_hash: hex(&version.code_hash),
            uri: version.uri.as_str().to_owned(),
            yanked: version.yanked != 0,
            published_at: version.published_at.into(),
        }
    }
}

/// An agent and its versions.
#[derive(Serialize)]
pub(crate) struct AgentWithVersions {
    #[serde(flatten)]
    pub(crate) agent: AgentView,
    pub(crate) versions: Vec<VersionView>,
}

impl Display for AgentWithVersions {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.agent)?;
        self.versions.iter().try_for_each(|version| {
            let state = if version.yanked { "yanked" } else { "live" };
            write!(
                f,
                "\nVersion {:<6} {:<11} {state:<7} {}",
                version.index, version.version, version.address
            )
        })
    }
}
