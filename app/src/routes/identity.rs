//! Who an agent is: its key, and the versions of what it is made of, each signed with that key.

mod form;
mod registered;
mod versions;

use crate::{
    error::ApiError,
    ids,
    service::{Api, Chain, text_of},
    wire::{Answer, Body, Fields, Kept, Read, Segment},
};
use axum::{Extension, Json};
use form::{Identity, IdentityVersion};
use registered::Registered;
use runseal_receipt::{
    json::{Object, Value},
    member::object_of,
};
use serde::Serialize;
use utoipa::ToSchema;
use versions::{Version, binding_id, entry_id, genesis, spec_hashes};

const GENESIS: &str = "runseal/identity/v1";
const VERSION: &str = "runseal/identity-version/v1";
const SPEC: &str = "runseal/identity-spec/v1";
const TYPE: &str = "identity";
const BINDING: &str = "identity_binding";
const MOST_VERSIONS: usize = 10_000;

/// What an agent is made of.
pub(crate) struct IdentityRequest {
    agent_id: String,
    spec: Object,
}

impl Read for IdentityRequest {
    fn read(fields: &mut Fields<'_>) -> Self {
        let agent_id = fields.text("agent_id");
        Self { agent_id, spec: fields.find_object("spec").unwrap_or_default() }
    }
}

pub(crate) async fn create(
    Extension(service): Api,
    Body(request): Body<IdentityRequest>,
) -> Answer<Identity> {
    let IdentityRequest { agent_id, spec } = request;
    service
        .work(move |service| {
            let agent = service.agent(&agent_id)?;
            let _lock = service.lock(&agent_id);
            if !service.versions(&agent_id)?.is_empty() {
                let taken = format!("Identity already exists: {agent_id}");
                return Err(ApiError::conflict(taken));
            }
            let content = genesis(&agent, &spec, ids::now()?)?;
            service.append(&agent_id, entry_id(&agent_id, 0), TYPE, content)?;
            let mut object = service.identity(&agent_id)?;
            object.insert("status".to_owned(), Value::from("created"));
            Ok(Kept::new(&object))
        })
        .await
}

pub(crate) async fn show(
    Extension(service): Api,
    Segment(agent_id): Segment<String>,
) -> Answer<Identity> {
    service.work(move |service| Ok(Kept::new(&service.identity(&agent_id)?))).await
}

/// What an agent is made of now, and what changed.
pub(crate) struct VersionRequest {
    spec: Object,
    changes: Object,
}

impl Read for VersionRequest {
    fn read(fields: &mut Fields<'_>) -> Self {
        let spec = fields.object("spec");
        Self { spec, changes: fields.find_object("changes").unwrap_or_default() }
    }
}

pub(crate) async fn update(
    Extension(service): Api,
    Segment(agent_id): Segment<String>,
    Body(request): Body<VersionRequest>,
) -> Answer<IdentityVersion> {
    let VersionRequest { spec, changes } = request;
    service
        .work(move |service| {
            let _lock = service.lock(&agent_id);
            let versions = service.load_versions(&agent_id)?;
            let agent = service.agent(&agent_id)?;
            let seq = u64::try_from(versions.len()).unwrap_or(u64::MAX);
            let before = versions.last().map(|it| text_of(&it.draft.content, "version_hash"));
            let version = Version {
                seq,
                before: before.unwrap_or_default().to_owned(),
                spec: spec_hashes(&spec),
                changes,
                timestamp: ids::now()?,
            };
            let mut content = version.content(&agent)?;
            service.append(&agent_id, entry_id(&agent_id, seq), TYPE, content.clone())?;
            content.remove("about");
            content.insert("status".to_owned(), Value::from("updated"));
            Ok(Kept::new(&content))
        })
        .await
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Versions {
    agent_id: String,
    current_version: String,
    versions: Vec<IdentityVersion>,
}

pub(crate) async fn versions(
    Extension(service): Api,
    Segment(agent_id): Segment<String>,
) -> Answer<Versions> {
    service
        .work(move |service| {
            let versions = service.load_versions(&agent_id)?;
            let last = versions.last().map(|it| text_of(&it.draft.content, "version_hash"));
            let current_version = last.unwrap_or_default().to_owned();
            let later = versions.iter().skip(1).map(|version| {
                let mut content = version.draft.content.clone();
                content.remove("about");
                Kept::new(&content)
            });
            Ok(Versions { agent_id, current_version, versions: later.collect() })
        })
        .await
}

#[derive(Serialize, ToSchema)]
pub(crate) struct IdentityVerdict {
    valid: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    agent_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    genesis_hash: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    current_version: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version_count: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    /// What the chain says of the agent.
    #[serde(skip_serializing_if = "Option::is_none")]
    registry: Option<Registered>,
}

pub(crate) async fn verify(
    Extension(service): Api,
    Extension(ledger): Chain,
    Segment(agent_id): Segment<String>,
) -> Answer<IdentityVerdict> {
    let verified = service.work(move |service| service.verify_identity(agent_id)).await?;
    let Json((mut verdict, key)) = verified;
    if let Some(key) = key {
        verdict.registry = Some(Registered::ask(&ledger, key).await);
    }
    Ok(Json(verdict))
}

#[derive(Serialize, ToSchema)]
#[schema(as = LedgerBound)]
pub(crate) struct Bound {
    status: &'static str,
    agent_id: String,
    ledger_id: String,
}

pub(crate) async fn bind_ledger(
    Extension(service): Api,
    Segment(agent_id): Segment<String>,
) -> Answer<Bound> {
    service
        .work(move |service| {
            let _lock = service.lock(&agent_id);
            let identity = service.identity(&agent_id)?;
            let ledger_id = format!("ledger-{agent_id}");
            if !service.is_bound(&agent_id)? {
                let content = object_of([
                    ("identity_key", Value::from(text_of(&identity, "identity_key"))),
                    ("genesis_hash", Value::from(text_of(&identity, "genesis_hash"))),
                    ("ledger_id", Value::from(ledger_id.as_str())),
                ]);
                service.append(&agent_id, binding_id(&agent_id), BINDING, content)?;
            }
            Ok(Bound { status: "bound", agent_id, ledger_id })
        })
        .await
}
