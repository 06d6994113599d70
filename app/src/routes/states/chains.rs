//! Chains of states: their heads, and whether they hold.

use super::{ChainVerdict, Gap, MOST_CHAIN, content_type};
use crate::{
    error::ApiError,
    service::{Service, text_of},
};
use runseal_client::store::{EntryFilter, EntryRecord, MOST_ITEMS, StateRow};
use runseal_receipt::{
    json::{Object, Value},
    state::{StateProof, StateType, check_chain},
};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn find_text(content: &Object, member: &str) -> Option<String> {
    Some(text_of(content, member)).filter(|text| !text.is_empty()).map(str::to_owned)
}

pub(super) fn sequence_of(content: &Object) -> u64 {
    match content.get("sequence") {
        Some(Value::Number(number)) => number.as_u64().unwrap_or(0),
        _ => 0,
    }
}

impl Service {
    pub(super) fn chain_entries(
        &self,
        state_type: StateType,
        agent_id: Option<&str>,
    ) -> Result<Vec<EntryRecord>, ApiError> {
        let filter = EntryFilter {
            content_type: content_type(state_type),
            agent_id: agent_id.map(str::to_owned),
            ..EntryFilter::default()
        };
        self.entries(&filter, MOST_CHAIN)
    }

    /// Checks each agent's chain apart: as it is told in the ledger, and as it is signed.
    pub(super) fn verify_chain(
        &self,
        state_type: StateType,
        agent_id: Option<String>,
    ) -> Result<ChainVerdict, ApiError> {
        let entries = self.chain_entries(state_type, agent_id.as_deref())?;
        let gaps = gaps(&entries);
        let agents: BTreeSet<&str> =
            entries.iter().map(|entry| entry.draft.agent_id.as_str()).collect();
        let mut error = entries.is_empty().then(|| "there is nothing to check".to_owned());
        for agent_id in agents {
            let wrong = self.signed_chain_problem(agent_id, state_type)?;
            error = error.or(wrong.map(|wrong| format!("{agent_id}: {wrong}")));
        }
        let text = |entry: Option<&EntryRecord>, member: &str| {
            entry.and_then(|entry| find_text(&entry.draft.content, member))
        };
        Ok(ChainVerdict {
            state_type: state_type.as_str(),
            agent_id,
            chain_valid: error.is_none() && gaps.is_empty(),
            entries: entries.len(),
            first_state: text(entries.first(), "prev_state_hash")
                .or_else(|| text(entries.first(), "next_state_hash")),
            current_state: text(entries.last(), "next_state_hash"),
            gaps,
            error,
        })
    }

    /// Checks what an agent's receipts and addenda say of a state.
    pub(super) fn signed_chain_problem(
        &self,
        agent_id: &str,
        state_type: StateType,
    ) -> Result<Option<String>, ApiError> {
        let Some(name) = self.store.find_agent(agent_id)? else {
            return Ok(Some("it has no account".to_owned()));
        };
        let mut rows: Vec<StateRow> = Vec::new();
        loop {
            let more = self.store.list_states(&name.agent, state_type, rows.last(), MOST_ITEMS)?;
            let is_last = more.len() < MOST_ITEMS;
            rows.extend(more);
            if is_last {
                break;
            }
        }
        let proofs: Vec<StateProof> = rows.iter().map(|row| row.proof).collect();
        Ok(check_chain(&proofs).err().map(|error| error.to_string()))
    }
}

/// Finds where a change does not begin where its agent's last one ended.
pub(super) fn gaps(entries: &[EntryRecord]) -> Vec<Gap> {
    let mut current: BTreeMap<&str, &str> = BTreeMap::new();
    let mut gaps = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        let content = &entry.draft.content;
        let found = text_of(content, "prev_state_hash");
        let next = text_of(content, "next_state_hash");
        match current.insert(&entry.draft.agent_id, next) {
            Some(expected) if expected != found => gaps.push(Gap {
                index,
                expected: expected.to_owned(),
                found: find_text(content, "prev_state_hash"),
                entry_id: entry.draft.entry_id.clone(),
            }),
            _ => {}
        }
    }
    gaps
}
