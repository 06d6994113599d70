//! Versions of identities: what each says, how it is signed, and whether all of them hold.

use super::{GENESIS, IdentityVerdict, MOST_VERSIONS, SPEC, TYPE, VERSION};
use crate::{
    error::ApiError,
    service::{Agent, Service, hash_of, text_of},
    wire::Moment,
};
use runseal_client::store::{EntryFilter, EntryRecord};
use runseal_receipt::{
    json::{Object, Value},
    member::{integer, object_of},
};
use runseal_types::{Digest, Timestamp, to_hex};
use solana_address::Address;
use solana_signer::Signer;

pub(super) fn entry_id(agent_id: &str, seq: u64) -> String {
    format!("identity-{seq}-{agent_id}")
}

pub(super) fn binding_id(agent_id: &str) -> String {
    format!("identity-binding-{agent_id}")
}

/// Hashes what an agent is made of, part by part.
pub(super) fn spec_hashes(spec: &Object) -> Object {
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

pub(super) fn identity_key(agent: &Agent) -> String {
    to_hex(&agent.key.pubkey().to_bytes())
}

/// What the first version says, signed.
pub(super) fn genesis(agent: &Agent, spec: &Object, at: Timestamp) -> Result<Object, ApiError> {
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

pub(super) struct Version {
    pub(super) seq: u64,
    pub(super) before: String,
    pub(super) spec: Object,
    pub(super) changes: Object,
    pub(super) timestamp: Timestamp,
}

impl Version {
    /// What the version says, signed.
    pub(super) fn content(self, agent: &Agent) -> Result<Object, ApiError> {
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
    pub(super) fn versions(&self, agent_id: &str) -> Result<Vec<EntryRecord>, ApiError> {
        let filter = EntryFilter {
            content_type: TYPE.to_owned(),
            agent_id: Some(agent_id.to_owned()),
            ..EntryFilter::default()
        };
        self.entries(&filter, MOST_VERSIONS)
    }

    pub(super) fn load_versions(&self, agent_id: &str) -> Result<Vec<EntryRecord>, ApiError> {
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
    pub(super) fn identity(&self, agent_id: &str) -> Result<Object, ApiError> {
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

    /// Checks what the store has of an agent; where all of it holds, the key is returned too.
    pub(super) fn verify_identity(
        &self,
        agent_id: String,
    ) -> Result<(IdentityVerdict, Option<Address>), ApiError> {
        let nothing = IdentityVerdict {
            valid: false,
            agent_id: None,
            genesis_hash: None,
            current_version: None,
            version_count: None,
            error: None,
            registry: None,
        };
        let versions = self.versions(&agent_id)?;
        let (Some(first), Some(last)) = (versions.first(), versions.last()) else {
            let error = Some("Identity not found".to_owned());
            return Ok((IdentityVerdict { error, ..nothing }, None));
        };
        let agent = self.agent(&agent_id)?;
        if let Some(error) = version_problem(&agent, &versions) {
            let (agent_id, error) = (Some(agent_id), Some(error));
            return Ok((IdentityVerdict { error, agent_id, ..nothing }, None));
        }
        let hash = |entry: &EntryRecord| text_of(&entry.draft.content, "version_hash").to_owned();
        let verdict = IdentityVerdict {
            valid: true,
            genesis_hash: Some(hash(first)),
            current_version: Some(hash(last)),
            version_count: Some(versions.len().saturating_sub(1)),
            agent_id: Some(agent_id),
            ..nothing
        };
        Ok((verdict, Some(agent.key.pubkey())))
    }
}

/// Computes every version's hash again and checks every signature.
pub(super) fn version_problem(agent: &Agent, versions: &[EntryRecord]) -> Option<String> {
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
