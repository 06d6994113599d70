//! Agents' ledgers: what happened to each, entry by entry.

use crate::{
    error::ApiError,
    service::{Api, Service},
    wire::{Answer, Fields, Moment, Opaque, Params, Read, Segment, opaque_object},
};
use axum::Extension;
use runseal_client::store::{EntryRecord, MOST_ITEMS, entry_hash};
use runseal_types::Digest;
use serde::Serialize;
use utoipa::ToSchema;

/// How many entries a range may have.
const MOST_IN_RANGE: usize = 10_000;

#[derive(Serialize, ToSchema)]
pub(crate) struct EntryView {
    entry_id: String,
    agent_id: String,
    seq: u64,
    timestamp: Moment,
    prev_hash: Option<String>,
    entry_hash: String,
    content_type: String,
    content: Opaque,
    created_at: String,
}

impl From<EntryRecord> for EntryView {
    fn from(entry: EntryRecord) -> Self {
        let draft = entry.draft;
        Self {
            seq: entry.seq,
            timestamp: Moment(draft.timestamp),
            prev_hash: entry.previous.map(|hash| hash.to_string()),
            entry_hash: entry.hash.to_string(),
            content: opaque_object(&draft.content),
            created_at: Moment(draft.timestamp).in_a_table(),
            entry_id: draft.entry_id,
            agent_id: draft.agent_id,
            content_type: draft.content_type,
        }
    }
}

#[derive(Serialize, ToSchema)]
pub(crate) struct EntryList {
    agent_id: String,
    total: u64,
    entries: Vec<EntryView>,
}

/// Which entries are to be listed, the newest first.
pub(crate) struct ListQuery {
    limit: usize,
    offset: u64,
}

impl Read for ListQuery {
    fn read(fields: &mut Fields<'_>) -> Self {
        let limit = fields.limit("limit", 100, MOST_ITEMS);
        Self { limit, offset: fields.find_integer("offset").unwrap_or(0) }
    }
}

pub(crate) async fn list(
    Extension(service): Api,
    Segment(agent_id): Segment<String>,
    Params(query): Params<ListQuery>,
) -> Answer<EntryList> {
    let ListQuery { limit, offset } = query;
    service
        .work(move |service| {
            let total = service.store.last_entry(&agent_id)?.map_or(0, |last| last.seq + 1);
            let end = total.saturating_sub(offset);
            let start = end.saturating_sub(u64::try_from(limit).unwrap_or(u64::MAX));
            let count = usize::try_from(end.saturating_sub(start)).unwrap_or(limit);
            let mut entries = match count {
                0 => Vec::new(),
                count => service.store.list_entries(&agent_id, start, count)?,
            };
            entries.reverse();
            let entries = entries.into_iter().map(EntryView::from).collect();
            Ok(EntryList { agent_id, total, entries })
        })
        .await
}

pub(crate) async fn latest(
    Extension(service): Api,
    Segment(agent_id): Segment<String>,
) -> Answer<EntryView> {
    service
        .work(move |service| {
            let missing =
                || ApiError::not_found(format!("No ledger entries for agent: {agent_id}"));
            Ok(service.store.last_entry(&agent_id)?.ok_or_else(missing)?.into())
        })
        .await
}

#[derive(Serialize, ToSchema)]
pub(crate) struct EntryRange {
    agent_id: String,
    from_seq: u64,
    to_seq: Option<u64>,
    entries: Vec<EntryView>,
    /// Where to go on, if there are more than one answer holds.
    next_seq: Option<u64>,
}

/// Which entries are to be listed, both ends included.
pub(crate) struct RangeQuery {
    from_seq: u64,
    to_seq: Option<u64>,
}

impl Read for RangeQuery {
    fn read(fields: &mut Fields<'_>) -> Self {
        let from_seq = fields.find_integer("from_seq").unwrap_or(0);
        Self { from_seq, to_seq: fields.find_integer("to_seq") }
    }
}

pub(crate) async fn range(
    Extension(service): Api,
    Segment(agent_id): Segment<String>,
    Params(query): Params<RangeQuery>,
) -> Answer<EntryRange> {
    let RangeQuery { from_seq, to_seq } = query;
    service
        .work(move |service| {
            let (mut entries, mut next_seq) = (Vec::new(), Some(from_seq));
            while let Some(from) = next_seq.filter(|_| entries.len() < MOST_IN_RANGE) {
                let more = service.store.list_entries(&agent_id, from, MOST_ITEMS)?;
                next_seq =
                    more.last().map(|last| last.seq + 1).filter(|_| more.len() == MOST_ITEMS);
                entries.extend(more);
            }
            if let Some(to_seq) = to_seq {
                entries.retain(|entry| entry.seq <= to_seq);
                next_seq = next_seq.filter(|next| *next <= to_seq);
            }
            let entries = entries.into_iter().map(EntryView::from).collect();
            Ok(EntryRange { agent_id, from_seq, to_seq, entries, next_seq })
        })
        .await
}

/// Whether a ledger is the chain that it must be, and if not where.
#[derive(Serialize, ToSchema)]
#[schema(as = LedgerVerdict)]
pub(crate) struct ChainVerdict {
    agent_id: String,
    valid: bool,
    entries_checked: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    latest_seq: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    actual: Option<String>,
}

/// From which entry on a ledger is to be checked.
pub(crate) struct FromQuery(u64);

impl Read for FromQuery {
    fn read(fields: &mut Fields<'_>) -> Self {
        Self(fields.find_integer("from_seq").unwrap_or(0))
    }
}

pub(crate) async fn verify(
    Extension(service): Api,
    Segment(agent_id): Segment<String>,
    Params(FromQuery(from_seq)): Params<FromQuery>,
) -> Answer<ChainVerdict> {
    service.work(move |service| service.verify_ledger(agent_id, from_seq)).await
}

impl Service {
    /// Computes every entry's hash again, from this one on; the one before is where the chain begins.
    fn verify_ledger(&self, agent_id: String, from_seq: u64) -> Result<ChainVerdict, ApiError> {
        let mut verdict = ChainVerdict {
            agent_id,
            valid: false,
            entries_checked: 0,
            latest_seq: None,
            error: None,
            expected: None,
            actual: None,
        };
        let mut previous = self.hash_before(&verdict.agent_id, from_seq)?;
        let mut next = from_seq;
        loop {
            let entries = self.store.list_entries(&verdict.agent_id, next, MOST_ITEMS)?;
            for entry in &entries {
                let seq = entry.seq;
                let computed = entry_hash(&entry.draft, seq, entry.previous);
                let wrong = if seq != next || entry.previous != previous {
                    Some(("prev_hash", text(previous), text(entry.previous)))
                } else if computed != entry.hash {
                    Some(("entry_hash", text(Some(computed)), text(Some(entry.hash))))
                } else {
                    None
                };
                if let Some((what, expected, actual)) = wrong {
                    verdict.error = Some(format!("{what} mismatch at seq {seq}"));
                    (verdict.expected, verdict.actual) = (Some(expected), Some(actual));
                    return Ok(verdict);
                }
                verdict.entries_checked += 1;
                verdict.latest_seq = Some(seq);
                (previous, next) = (Some(entry.hash), seq.saturating_add(1));
            }
            if entries.len() < MOST_ITEMS {
                break;
            }
        }
        verdict.valid = verdict.entries_checked > 0;
        verdict.error = (!verdict.valid).then(|| "there are no entries to check".to_owned());
        Ok(verdict)
    }

    fn hash_before(&self, agent_id: &str, seq: u64) -> Result<Option<Digest>, ApiError> {
        let Some(before) = seq.checked_sub(1) else { return Ok(None) };
        let entry = self.store.list_entries(agent_id, before, 1)?.pop();
        Ok(entry.filter(|entry| entry.seq == before).map(|entry| entry.hash))
    }
}

fn text(hash: Option<Digest>) -> String {
    hash.map_or_else(|| "null".to_owned(), |hash| hash.to_string())
}
