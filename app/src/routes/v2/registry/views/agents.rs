use super::{MomentView, come, set};
use runseal_client::registry::Found;
use runseal_registry::state::{Agent, Version};
use runseal_types::to_hex;
use serde::Serialize;

#[derive(Serialize)]
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
            manifest_hash: to_hex(&agent.manifest_hash),
            uri: agent.uri.as_str().to_owned(),
            heartbeat_cadence_seconds: agent.heartbeat_cadence_seconds,
            version_count: agent.version_count,
            registered_at: agent.registered_at.into(),
            status_changed_at: come(agent.status_changed_at),
            last_heartbeat_at: come(agent.last_heartbeat_at),
        }
    }
}

#[derive(Serialize)]
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
    yanked_at: Option<MomentView>,
}

impl From<&Found<Version>> for VersionView {
    fn from(found: &Found<Version>) -> Self {
        let version = &found.account;
        let semantic = version.semantic;
        let is_yanked = version.yanked != 0;
        Self {
            address: found.address.to_string(),
            agent: version.agent.to_string(),
            index: version.index,
            version: format!("{}.{}.{}", semantic.major, semantic.minor, semantic.patch),
            manifest_hash: to_hex(&version.manifest_hash),
            code_hash: to_hex(&version.code_hash),
            uri: version.uri.as_str().to_owned(),
            yanked: is_yanked,
            published_at: version.published_at.into(),
            yanked_at: is_yanked.then(|| version.yanked_at.into()),
        }
    }
}
