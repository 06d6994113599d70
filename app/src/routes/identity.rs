//! Who an agent is: its key, and the versions of what it is made of, each signed with that key.

use crate::{
    error::ApiError,
    ids,
    service::{Agent, Api, Service, hash_of, text_of},
    wire::{Answer, Body, Fields, Moment, Opaque, Segment, opaque_object},
};
use axum::Extension;
use runseal_client::store::{EntryFilter, EntryRecord};
use runseal_receipt::{
    json::{Object, Value},
    member::{integer, object_of},
};
use runseal_types::{Digest, Timestamp, to_hex};
use serde::Serialize;
use solana_signer::Signer;

const GENESIS: &str = "runseal/identity/v1";
const VERSION: &str = "runseal/identity-version/v1";
const SPEC: &str = "runseal/identity-spec/v1";
const TYPE: &str = "identity";
const BINDING: &str = "identity_binding";
const MOST_VERSIONS: usize = 10_000;

pub(crate) async fn create(Extension(service): Api, Body(body): Body) -> Answer<Opaque> {
    let mut fields = Fields::body(&body);
    let agent_id = fields.text("agent_id");
    let spec = fields.find_object("spec").unwrap_or_default();
    let (agent_id, spec) = fields.done((agent_id, spec))?;
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
            Ok(opaque_object(&object))
        })
        .await
}

pub(crate) async fn show(
    Extension(service): Api,
    Segment(agent_id): Segment<String>,
) -> Answer<Opaque> {
    service.work(move |service| Ok(opaque_object(&service.identity(&agent_id)?))).await
}

pub(crate) async fn update(
    Extension(service): Api,
    Segment(agent_id): Segment<String>,
    Body(body): Body,
) -> Answer<Opaque> {
    let mut fields = Fields::body(&body);
    let spec = fields.object("spec");
    let changes = fields.find_object("changes").unwrap_or_default();
    let (spec, changes) = fields.done((spec, changes))?;
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
            Ok(opaque_object(&content))
        })
        .await
}

#[derive(Serialize)]
pub(crate) struct Versions {
    agent_id: String,
    current_version: String,
    versions: Vec<Opaque>,
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
                opaque_object(&content)
            });
            Ok(Versions { agent_id, current_version, versions: later.collect() })
        })
        .await
}

#[derive(Serialize)]
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
}

pub(crate) async fn verify(
    Extension(service): Api,
    Segment(agent_id): Segment<String>,
) -> Answer<IdentityVerdict> {
    service.work(move |service| service.verify_identity(agent_id)).await
}

#[derive(Serialize)]
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

fn entry_id(agent_id: &str, seq: u64) -> String {
    format!("identity-{seq}-{agent_id}")
}

fn binding_id(agent_id: &str) -> String {
    format!("identity-binding-{agent_id}")
}

/// Hashes what an agent is made of, part by part.
fn spec_hashes(spec: &Object) -> Object {
    let part = |name: &str, empty: Value| {
        let value = spec.get(name).cloned().unwrap_or(empty);
        Value::from(hash_of(SPEC, object_of([("part", Value::from(name)), ("value", value)])))
    };
    object_of([
        ("fdaa_hash", part("fdaa", Value::Object(Object::new()))),
        ("skills_hash", part("skills", Value::List(Vec::new()))),
        ("config_hash", part("config", Value::Object(Object::new()))),
    ])
}

fn identity_key(agent: &Agent) -> String {
    to_hex(&agent.key.pubkey().to_bytes())
}

/// What the first version says, signed.
fn genesis(agent: &Agent, spec: &Object, at: Timestamp) -> Result<Object, ApiError> {
    let mut content = object_of([
        ("agent_id", Value::from(agent.agent_id.as_str())),
        ("created_at", Value::Text(Moment(at).to_string())),
        ("identity_key", Value::Text(identity_key(agent))),
        ("spec", Value::Object(spec_hashes(spec))),
    ]);
    let hash = hash_of(GENESIS, content.clone());
    content.extend(object_of([
        ("about", Value::from(agent.agent_id.as_str())),
        ("version_hash", Value::from(hash)),
        ("signature", Value::Text(agent.sign(GENESIS, &hash)?)),
    ]));
    Ok(content)
}

struct Version {
    seq: u64,
    before: String,
    spec: Object,
    changes: Object,
    timestamp: Timestamp,
}

impl Version {
    /// What the version says, signed.
    fn content(self, agent: &Agent) -> Result<Object, ApiError> {
        let mut content = object_of([
            ("agent_id", Value::from(agent.agent_id.as_str())),
            ("version_seq", integer(self.seq)),
            ("timestamp", Value::Text(Moment(self.timestamp).to_string())),
            ("changes", Value::Object(self.changes)),
            ("spec", Value::Object(self.spec)),
            ("prev_version_hash", Value::Text(self.before)),
        ]);
        let hash = hash_of(VERSION, content.clone());
        content.extend(object_of([
            ("about", Value::from(agent.agent_id.as_str())),
            ("version_hash", Value::from(hash)),
            ("signature", Value::Text(agent.sign(VERSION, &hash)?)),
        ]));
        Ok(content)
    }
}

impl Service {
    fn versions(&self, agent_id: &str) -> Result<Vec<EntryRecord>, ApiError> {
        let filter = EntryFilter {
            content_type: TYPE.to_owned(),
            agent_id: Some(agent_id.to_owned()),
            ..EntryFilter::default()
        };
        self.entries(&filter, MOST_VERSIONS)
    }

    fn load_versions(&self, agent_id: &str) -> Result<Vec<EntryRecord>, ApiError> {
        let versions = self.versions(agent_id)?;
        if versions.is_empty() {
            return Err(ApiError::not_found(format!("Identity not found: {agent_id}")));
        }
        Ok(versions)
    }

    /// Says whether an agent's ledger begins to be its identity's.
    pub(crate) fn is_bound(&self, agent_id: &str) -> Result<bool, ApiError> {
        Ok(self.store.find_entry(&binding_id(agent_id))?.is_some())
    }

    /// Returns an identity as it stands now.
    fn identity(&self, agent_id: &str) -> Result<Object, ApiError> {
        let versions = self.load_versions(agent_id)?;
        let missing = || ApiError::not_found(format!("Identity not found: {agent_id}"));
        let first = &versions.first().ok_or_else(missing)?.draft.content;
        let last = versions.last().ok_or_else(missing)?;
        let ledger_id = self.is_bound(agent_id)?.then(|| format!("ledger-{agent_id}"));
        let current = &last.draft.content;
        let seq = u64::try_from(versions.len()).unwrap_or(u64::MAX).saturating_sub(1);
        let spec = current.get("spec").cloned().unwrap_or(Value::Null);
        Ok(object_of([
            ("agent_id", Value::from(agent_id)),
            ("identity_key", Value::from(text_of(first, "identity_key"))),
            ("genesis_hash", Value::from(text_of(first, "version_hash"))),
            ("current_version", Value::from(text_of(current, "version_hash"))),
            ("version_seq", integer(seq)),
            ("spec", spec),
            ("ledger_id", Value::from(ledger_id.as_deref())),
            ("latest_checkpoint", Value::Null),
            ("created_at", Value::from(text_of(first, "created_at"))),
            ("updated_at", Value::Text(Moment(last.draft.timestamp).to_string())),
            ("signature", Value::from(text_of(current, "signature"))),
        ]))
    }

    fn verify_identity(&self, agent_id: String) -> Result<IdentityVerdict, ApiError> {
        let nothing = IdentityVerdict {
            valid: false,
            agent_id: None,
            genesis_hash: None,
            current_version: None,
            version_count: None,
            error: None,
        };
        let versions = self.versions(&agent_id)?;
        let (Some(first), Some(last)) = (versions.first(), versions.last()) else {
            let error = Some("Identity not found".to_owned());
            return Ok(IdentityVerdict { error, ..nothing });
        };
        let agent = self.agent(&agent_id)?;
        if let Some(error) = version_problem(&agent, &versions) {
            let agent_id = Some(agent_id);
            return Ok(IdentityVerdict { error: Some(error), agent_id, ..nothing });
        }
        let hash = |entry: &EntryRecord| text_of(&entry.draft.content, "version_hash").to_owned();
        Ok(IdentityVerdict {
            valid: true,
            genesis_hash: Some(hash(first)),
            current_version: Some(hash(last)),
            version_count: Some(versions.len().saturating_sub(1)),
            agent_id: Some(agent_id),
            error: None,
        })
    }
}

/// Computes every version's hash again and checks every signature.
fn version_problem(agent: &Agent, versions: &[EntryRecord]) -> Option<String> {
    let mut before = String::new();
    for (seq, entry) in (0u64..).zip(versions) {
        let mut said = entry.draft.content.clone();
        let signature = text_of(&said, "signature").to_owned();
        let claimed = text_of(&said, "version_hash").to_owned();
        let is_own_key = seq > 0 || text_of(&said, "identity_key") == identity_key(agent);
        for member in ["about", "version_hash", "signature"] {
            said.remove(member);
        }
        let domain = if seq == 0 { GENESIS } else { VERSION };
        let linked = seq == 0 || text_of(&said, "prev_version_hash") == before;
        let hash: Digest = hash_of(domain, said);
        if hash.to_string() != claimed || !linked || !is_own_key {
            return Some(match seq {
                0 => "Genesis hash mismatch".to_owned(),
                seq => format!("Version chain broken at seq {seq}"),
            });
        }
        if !agent.check(domain, &hash, &signature) {
            return Some(format!("Signature invalid at seq {seq}"));
        }
        before = claimed;
    }
    None
}
