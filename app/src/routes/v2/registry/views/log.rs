use super::{MomentView, set};
use runseal_client::registry::Found;
use runseal_registry::state::Log;
use runseal_types::to_hex;
use serde::Serialize;
use solana_address::Address;

#[derive(Serialize)]
pub(crate) struct LogView {
    address: String,
    name: String,
    founder: String,
    operator: String,
    pending_operator: Option<String>,
    anchoring_key: String,
    /// Newest first, each with the first period that it serves.
    promise_keys: Vec<PromiseKeyView>,
    genesis_hash: String,
    start_seconds: i64,
    cadence_seconds: u64,
    grace_seconds: u64,
    answer_window_seconds: u64,
    challenge_window_seconds: u64,
    retention_seconds: u64,
    next_period: u64,
    head_anchor_hash: String,
    cumulative_leaf_count: u64,
    late_count: u64,
    missed_count: u64,
    upheld_count: u64,
    open_claim_count: u32,
    bond_mint: String,
    bond_amount: u64,
    unbond_amount: u64,
    opened_at: MomentView,
}

#[derive(Serialize)]
struct PromiseKeyView {
    key: String,
    from_period: u64,
}

impl From<&Found<Log>> for LogView {
    fn from(found: &Found<Log>) -> Self {
        let log = &found.account;
        let keys = log.promise_keys.iter().filter_map(|key| {
            Some(PromiseKeyView { key: set(&key.key)?, from_period: key.from_period })
        });
        Self {
            address: found.address.to_string(),
            name: log.name.as_str().to_owned(),
            founder: log.founder.to_string(),
            operator: log.operator.to_string(),
            pending_operator: set(&log.pending_operator),
            anchoring_key: log.anchoring_key.to_string(),
            promise_keys: keys.collect(),
            genesis_hash: Address::new_from_array(log.genesis_hash).to_string(),
            start_seconds: log.start_seconds,
            cadence_seconds: log.cadence_seconds,
            grace_seconds: log.grace_seconds,
            answer_window_seconds: log.answer_window_seconds,
            challenge_window_seconds: log.challenge_window_seconds,
            retention_seconds: log.retention_seconds,
            next_period: log.next_period,
            head_anchor_hash: to_hex(&log.head_anchor_hash),
            cumulative_leaf_count: log.cumulative_leaf_count,
            late_count: log.late_count,
            missed_count: log.missed_count,
            upheld_count: log.upheld_count,
            open_claim_count: log.open_claim_count,
            bond_mint: log.bond_mint.to_string(),
            bond_amount: log.bond_amount,
            unbond_amount: log.unbond_amount,
            opened_at: log.opened_at.into(),
        }
    }
}
