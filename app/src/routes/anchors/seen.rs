//! What an anchor stands for, and whether it was seen.

use super::{AnchorRequest, CLAIM, GRAPH_DEPTH, TYPE};
use crate::{
    error::ApiError,
    ids,
    service::{Service, hash_of, text_of},
    wire::Moment,
};
use runseal_client::store::{AnchorRecord, EntryFilter, EntryRecord, SavedCommitment};
use runseal_receipt::{
    json::{Object, Value},
    member::{integer, object_of},
    state::StateType,
};
use runseal_types::{Digest, Period};
use solana_signature::Signature;

/// What is anchored: its hash, and the agent in whose ledger that is noted.
pub(super) struct Anchored {
    hash: String,
    agent_id: String,
}

impl Service {
    pub(super) fn anchor(&self, request: &AnchorRequest) -> Result<EntryRecord, ApiError> {
        let missing = || ApiError::not_found(format!("Proof not found: {}", request.proof_id));
        let Anchored { hash, agent_id } = self.anchored(request)?.ok_or_else(missing)?;
        let content = object_of([
            ("about", Value::from(request.proof_id.as_str())),
            ("proof_id", Value::from(request.proof_id.as_str())),
            ("proof_type", Value::from(request.proof_type.as_str())),
            ("proof_hash", Value::Text(hash)),
            ("anchor_type", Value::from(request.anchor_type.as_str())),
            ("anchor_network", Value::from(request.anchor_network.as_deref())),
        ]);
        // The same proof anchored in the same place is one anchor.
        let named = object_of([
            ("agent_id", Value::from(agent_id.as_str())),
            ("anchor", Value::Object(content.clone())),
        ]);
        let id = ids::derived("anc", &hash_of("runseal/anchor-id/v1", named));
        let _lock = self.lock(&agent_id);
        match self.store.find_entry(&id)? {
            Some(entry) => Ok(entry),
            None => self.append(&agent_id, id, TYPE, content),
        }
    }

    /// What is said of an anchor that was just asked for; if it is pending, for this reason.
    pub(super) fn anchor_told(
        &self,
        entry: &EntryRecord,
        reason: Option<String>,
    ) -> Result<Object, ApiError> {
        let mut whole = self.anchor_view(entry)?;
        if let Some(reason) = reason {
            whole.insert("reason".to_owned(), Value::Text(reason));
        }
        let told = [
            "status",
            "id",
            "proof_id",
            "proof_type",
            "proof_hash",
            "anchor_type",
            "anchor_network",
            "reason",
        ];
        Ok(whole.into_iter().filter(|(member, _)| told.contains(&member.as_str())).collect())
    }

    pub(super) fn anchored(&self, request: &AnchorRequest) -> Result<Option<Anchored>, ApiError> {
        let proof_id = request.proof_id.as_str();
        let of_run = |hash: String| {
            let Some(row) = self.find_run(proof_id)? else { return Ok(None) };
            Ok(Some(Anchored { hash, agent_id: self.agent_id(&row.run.agent)? }))
        };
        match request.proof_type.as_str() {
            "run" => match self.find_receipt(proof_id)? {
                Some(stored) => of_run(stored.leaf.digest.to_string()),
                None => Ok(None),
            },
            "graph" => match self.find_receipt(proof_id)? {
                Some(_) => of_run(self.proof_graph(proof_id, GRAPH_DEPTH)?.hash()?),
                None => Ok(None),
            },
            "checkpoint" => Ok(self
                .store
                .find_checkpoint(proof_id)?
                .map(|found| Anchored { hash: found.hash.to_string(), agent_id: found.agent_id })),
            _ => self.anchored_state(proof_id, request.agent_id.as_deref()),
        }
    }

    /// Each agent has a chain of its own, so it must be said whose is meant.
    pub(super) fn anchored_state(
        &self,
        state_type: &str,
        agent_id: Option<&str>,
    ) -> Result<Option<Anchored>, ApiError> {
        let Some(state_type) = StateType::find(state_type) else { return Ok(None) };
        let missing = || ApiError::bad_request("agent_id must say whose state chain is meant");
        let agent_id = agent_id.ok_or_else(missing)?;
        Ok(self.state_head(agent_id, state_type)?.map(|head| Anchored {
            hash: text_of(&head.draft.content, "next_state_hash").to_owned(),
            agent_id: agent_id.to_owned(),
        }))
    }

    /// Returns an anchor as it stands: what the chain says where that is known, or else the claim.
    pub(super) fn anchor_view(&self, entry: &EntryRecord) -> Result<Object, ApiError> {
        let mut view = entry.draft.content.clone();
        view.remove("about");
        let created_at = Moment(entry.draft.timestamp).in_a_table();
        view.insert("id".to_owned(), Value::from(entry.draft.entry_id.as_str()));
        view.insert("created_at".to_owned(), Value::Text(created_at));
        let claim = self.last_claim(&entry.draft.entry_id)?;
        let said = |member: &str| {
            let said = claim.as_ref().and_then(|claim| claim.draft.content.get(member));
            said.cloned().unwrap_or(Value::Null)
        };
        view.extend(object_of([
            ("anchor_tx_id", said("anchor_tx_id")),
            ("anchor_block", block(said("anchor_block"))),
            ("anchor_timestamp", said("anchor_timestamp")),
            ("anchor_url", said("anchor_url")),
            ("confirmation_data", said("confirmation_data")),
            ("confirmed_at", Value::Null),
        ]));
        let seen = self.seen(&entry.draft.content)?.map(|seen| confirmed(&seen));
        let stamped = self.find_stamp(entry)?.map(|kept| kept.confirmed());
        match seen.or(stamped) {
            Some(confirmed) => view.extend(confirmed),
            None => view.extend(object_of([
                ("status", Value::from("pending")),
                (
                    "reason",
                    Value::from(match claim {
                        Some(_) => "what was claimed is not verified here",
                        None => "nobody has confirmed it",
                    }),
                ),
            ])),
        }
        Ok(view)
    }

    pub(super) fn is_confirmed(&self, entry: &EntryRecord) -> Result<bool, ApiError> {
        let is_seen = self.seen(&entry.draft.content)?.is_some();
        Ok(is_seen || self.find_stamp(entry)?.is_some())
    }

    pub(super) fn last_claim(&self, anchor_id: &str) -> Result<Option<EntryRecord>, ApiError> {
        let filter = EntryFilter {
            content_type: CLAIM.to_owned(),
            about: Some(anchor_id.to_owned()),
            agent_id: None,
            newest_first: true,
        };
        Ok(self.entries(&filter, 1)?.pop())
    }

    /// Finds the finalized anchor of the period that a run's receipt is in, on our own chain.
    pub(super) fn seen(&self, anchor: &Object) -> Result<Option<AnchorRecord>, ApiError> {
        let is_ours =
            text_of(anchor, "anchor_type") == "solana" && text_of(anchor, "proof_type") == "run";
        let Ok(digest) = text_of(anchor, "proof_hash").parse::<Digest>() else { return Ok(None) };
        if !is_ours {
            return Ok(None);
        }
        let period: Option<Period> =
            self.store.find_receipt(&digest)?.and_then(|stored| stored.period);
        let Some(period) = period else { return Ok(None) };
        let seen = self.store.list_anchors(period, 1)?.pop();
        let is_final = |seen: &AnchorRecord| {
            seen.period == period && seen.commitment == SavedCommitment::Finalized
        };
        Ok(seen.filter(is_final))
    }

    pub(super) fn load_anchor(&self, anchor_id: &str) -> Result<EntryRecord, ApiError> {
        let missing = || ApiError::not_found(format!("Anchor not found: {anchor_id}"));
        let found = self.store.find_entry(anchor_id)?;
        found.filter(|entry| entry.draft.content_type == TYPE).ok_or_else(missing)
    }
}

pub(super) fn confirmed(seen: &AnchorRecord) -> Object {
    let signature = seen.signature.map(|bytes| Value::Text(Signature::from(bytes).to_string()));
    object_of([
        ("status", Value::from("confirmed")),
        ("reason", Value::Null),
        ("anchor_tx_id", signature.unwrap_or(Value::Null)),
        ("anchor_block", integer(seen.slot)),
        ("anchor_hash", Value::from(seen.anchor_hash)),
    ])
}

/// A block that is a number comes back as one.
pub(super) fn block(value: Value) -> Value {
    match &value {
        Value::Text(text) => text.parse().map_or(value, integer),
        _ => value,
    }
}
