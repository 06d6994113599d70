//! Roots over spans of agents' ledgers.

use crate::{
    error::ApiError,
    ids,
    service::{Api, Service},
    wire::{Answer, Limit, Moment, Params, Segment},
};
use axum::Extension;
use runseal_client::store::{
    CheckpointRecord, Conflict, MOST_ITEMS, StoreError, checkpoint_hash, entries_root,
};
use runseal_types::Digest;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
pub(crate) struct CheckpointView {
    checkpoint_id: String,
    agent_id: String,
    timestamp: Moment,
    from_seq: u64,
    to_seq: u64,
    entry_count: u64,
    merkle_root: String,
    prev_checkpoint_id: Option<String>,
    prev_merkle_root: Option<String>,
    checkpoint_hash: String,
    /// The hash of the checkpoint before, which this one's covers.
    prev_checkpoint_hash: Option<String>,
    created_at: String,
}

impl CheckpointView {
    fn new(record: &CheckpointRecord, before: Option<&CheckpointRecord>) -> Self {
        Self {
            checkpoint_id: record.checkpoint_id.clone(),
            agent_id: record.agent_id.clone(),
            timestamp: Moment(record.timestamp),
            from_seq: record.from_seq,
            to_seq: last_seq(record),
            entry_count: record.entry_count,
            merkle_root: record.root.to_string(),
            prev_checkpoint_id: before.map(|before| before.checkpoint_id.clone()),
            prev_merkle_root: before.map(|before| before.root.to_string()),
            checkpoint_hash: record.hash.to_string(),
            prev_checkpoint_hash: record.previous.map(|hash| hash.to_string()),
            created_at: Moment(record.timestamp).in_a_table(),
        }
    }
}

/// Returns the number of the last entry that a checkpoint covers.
pub(crate) fn last_seq(record: &CheckpointRecord) -> u64 {
    record.from_seq.saturating_add(record.entry_count).saturating_sub(1)
}

#[derive(Serialize, ToSchema)]
#[schema(as = CheckpointCreated)]
pub(crate) struct Created {
    status: &'static str,
    #[serde(flatten)]
    checkpoint: CheckpointView,
}

pub(crate) async fn create(
    Extension(service): Api,
    Segment(agent_id): Segment<String>,
) -> Answer<Created> {
    service
        .work(move |service| {
            let id = ids::stamped("ckpt")?;
            match service.store.put_checkpoint(&agent_id, &id, ids::now()?) {
                Err(StoreError::Conflict(Conflict::NothingToCheckpoint { .. })) => {
                    Err(ApiError::bad_request("No entries to checkpoint"))
                }
                made => {
                    let made = made?;
                    let before = service.checkpoint_before(&made)?;
                    let checkpoint = CheckpointView::new(&made, before.as_ref());
                    Ok(Created { status: "created", checkpoint })
                }
            }
        })
        .await
}

impl Service {
    /// Returns all checkpoints of an agent, the first one first.
    pub(crate) fn checkpoints_of(&self, agent_id: &str) -> Result<Vec<CheckpointRecord>, ApiError> {
        let mut checkpoints: Vec<CheckpointRecord> = Vec::new();
        loop {
            let next = checkpoints.last().map_or(0, |last| last_seq(last).saturating_add(1));
            let more = self.store.list_checkpoints(agent_id, next, MOST_ITEMS)?;
            let is_last = more.len() < MOST_ITEMS;
            checkpoints.extend(more);
            if is_last {
                return Ok(checkpoints);
            }
        }
    }

    fn checkpoint_before(
        &self,
        record: &CheckpointRecord,
    ) -> Result<Option<CheckpointRecord>, ApiError> {
        let (agent_id, seq) = (&record.agent_id, record.from_seq);
        Ok(self.store.list_checkpoints_before(agent_id, seq, 1)?.pop())
    }
}

#[derive(Serialize, ToSchema)]
pub(crate) struct CheckpointList {
    agent_id: String,
    checkpoints: Vec<CheckpointView>,
}

pub(crate) async fn list(
    Extension(service): Api,
    Segment(agent_id): Segment<String>,
    Params(Limit(limit)): Params<Limit<100>>,
) -> Answer<CheckpointList> {
    service
        .work(move |service| {
            let newest = service.store.list_checkpoints_before(&agent_id, u64::MAX, limit)?;
            let oldest = newest.last().map(|oldest| service.checkpoint_before(oldest));
            let before_oldest = oldest.transpose()?.flatten();
            let before = newest.iter().skip(1).map(Some).chain([before_oldest.as_ref()]);
            let checkpoints = newest.iter().zip(before);
            let checkpoints =
                checkpoints.map(|(record, before)| CheckpointView::new(record, before)).collect();
            Ok(CheckpointList { agent_id, checkpoints })
        })
        .await
}

pub(crate) async fn latest(
    Extension(service): Api,
    Segment(agent_id): Segment<String>,
) -> Answer<CheckpointView> {
    service
        .work(move |service| {
            let newest = service.store.list_checkpoints_before(&agent_id, u64::MAX, 2)?;
            let missing = || ApiError::not_found(format!("No checkpoints for agent: {agent_id}"));
            let last = newest.first().ok_or_else(missing)?;
            Ok(CheckpointView::new(last, newest.get(1)))
        })
        .await
}

pub(crate) async fn show(
    Extension(service): Api,
    Segment((agent_id, checkpoint_id)): Segment<(String, String)>,
) -> Answer<CheckpointView> {
    service
        .work(move |service| {
            let found = service.store.find_checkpoint(&checkpoint_id)?;
            let found = found.filter(|found| found.agent_id == agent_id);
            let missing = || ApiError::not_found(format!("Checkpoint not found: {checkpoint_id}"));
            let found = found.ok_or_else(missing)?;
            Ok(CheckpointView::new(&found, service.checkpoint_before(&found)?.as_ref()))
        })
        .await
}

#[derive(Serialize, ToSchema)]
pub(crate) struct CheckpointsVerdict {
    agent_id: String,
    valid: bool,
    checkpoints_checked: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    latest_checkpoint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    actual: Option<String>,
}

pub(crate) async fn verify(
    Extension(service): Api,
    Segment(agent_id): Segment<String>,
) -> Answer<CheckpointsVerdict> {
    service.work(move |service| service.verify_checkpoints(agent_id)).await
}

impl Service {
    fn verify_checkpoints(&self, agent_id: String) -> Result<CheckpointsVerdict, ApiError> {
        let mut verdict = CheckpointsVerdict {
            agent_id,
            valid: false,
            checkpoints_checked: 0,
            latest_checkpoint: None,
            error: None,
            expected: None,
            actual: None,
        };
        let mut before: Option<CheckpointRecord> = None;
        for record in self.checkpoints_of(&verdict.agent_id)? {
            if let Some((what, expected, actual)) = self.checkpoint_problem(&record, &before)? {
                let id = &record.checkpoint_id;
                verdict.error = Some(format!("{what} mismatch at checkpoint {id}"));
                (verdict.expected, verdict.actual) = (Some(expected), Some(actual));
                return Ok(verdict);
            }
            verdict.checkpoints_checked += 1;
            verdict.latest_checkpoint = Some(record.checkpoint_id.clone());
            before = Some(record);
        }
        verdict.valid = verdict.checkpoints_checked > 0;
        verdict.error = (!verdict.valid).then(|| "there are no checkpoints to check".to_owned());
        Ok(verdict)
    }

    /// Computes a checkpoint again: what differs, what it should be, and what it is.
    fn checkpoint_problem(
        &self,
        record: &CheckpointRecord,
        before: &Option<CheckpointRecord>,
    ) -> Result<Option<(&'static str, String, String)>, ApiError> {
        let next = before.as_ref().map_or(0, |before| last_seq(before).saturating_add(1));
        if record.from_seq != next {
            return Ok(Some(("from_seq", next.to_string(), record.from_seq.to_string())));
        }
        let expected = before.as_ref().map(|before| before.hash);
        if record.previous != expected {
            let (expected, actual) = (format!("{expected:?}"), format!("{:?}", record.previous));
            return Ok(Some(("prev_checkpoint_id", expected, actual)));
        }
        let root = entries_root(self.hashes_under(record)?);
        if record.root != root {
            return Ok(Some(("merkle_root", root.to_string(), record.root.to_string())));
        }
        let hash = checkpoint_hash(record);
        let differs = hash != record.hash;
        Ok(differs.then(|| ("checkpoint_hash", hash.to_string(), record.hash.to_string())))
    }

    /// Returns the hashes of the entries that a checkpoint covers, as far as they are there.
    fn hashes_under(&self, record: &CheckpointRecord) -> Result<Vec<Digest>, ApiError> {
        let mut hashes = Vec::new();
        let mut from = record.from_seq;
        while from <= last_seq(record) {
            // Many checkpoints have an entry or two: no more than theirs are read for each.
            let missing = last_seq(record).saturating_sub(from).saturating_add(1);
            let limit = usize::try_from(missing).unwrap_or(MOST_ITEMS).min(MOST_ITEMS);
            let entries = self.store.list_entries(&record.agent_id, from, limit)?;
            let inside = entries.iter().filter(|entry| entry.seq <= last_seq(record));
            hashes.extend(inside.map(|entry| entry.hash));
            match entries.last() {
                Some(last) => from = last.seq.saturating_add(1),
                None => break,
            }
        }
        Ok(hashes)
    }
}
