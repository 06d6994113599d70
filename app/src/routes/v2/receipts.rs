//! Receipts: taken in as their agents signed them, promised, and how far each is.

use super::{agent_of, find_address};
use crate::{
    error::ApiError,
    service::{Api, Chain, Promised, Service},
    wire::{Answer, Fields, Opaque, Params, Problem, Segment, Text, opaque},
};
use axum::{Extension, Json};
use runseal_client::{
    keys, promises,
    receipts::agent_key,
    registry,
    store::{
        CheckedReceipt, MOST_ITEMS, Position, Purpose, ReceiptFilter, ReceiptRow, SavedCommitment,
        Stored, StoredReceipt, TransactionState,
    },
};
use runseal_ed25519::PublicKey;
use runseal_receipt::{
    Receipt,
    json::{MOST_BYTES, Value},
};
use runseal_registry::state::Agent;
use runseal_types::{Address, Digest, Leaf, Period, Sequence};
use serde::Serialize;
use serde_json::value::RawValue;

#[derive(Serialize)]
pub(crate) struct Taken {
    stored: &'static str,
    #[serde(flatten)]
    place: Place,
    #[serde(flatten)]
    promised: Promised,
}

/// Which receipt, and where it stands.
#[derive(Serialize)]
struct Place {
    digest: String,
    agent: String,
    sequence: u64,
    position: u64,
    state: &'static str,
    period: Option<u64>,
}

/// Takes in a receipt that its agent signed. It is on the disk before it is promised, and promised
/// before this is answered.
pub(crate) async fn create(
    Extension(service): Api,
    Extension(ledger): Chain,
    Text(text): Text<MOST_BYTES>,
) -> Answer<Taken> {
    let receipt = Receipt::parse(&text).map_err(|error| refused(&error))?;
    let key = match agent_key(&receipt) {
        Some(key) => Some(key),
        // The account says it, if the receipt does not: the one follows from the other.
        None => {
            let address = keys::theirs(&receipt.facts().agent);
            let asked = service.ask(&ledger, move |_, ledger| async move {
                Ok(registry::find::<Agent>(&*ledger, address).await?)
            });
            let found = asked.await?;
            found.and_then(|it| PublicKey::parse(&it.account.identity.to_bytes()).ok())
        }
    };
    let Json((stored, digest)) =
        service.work(move |service| service.take_in(text.into(), key)).await?;
    let promised = service.promise(digest).await;
    let Json(place) = service.work(move |service| service.place(&digest)).await?;
    Ok(Json(Taken { stored, place, promised }))
}

fn refused(error: &impl ToString) -> ApiError {
    Problem::of("body", "receipt", "value_error", error.to_string(), &Value::Null).into()
}

#[derive(Serialize)]
pub(crate) struct ReceiptView {
    #[serde(flatten)]
    place: Place,
    promise: Option<Opaque>,
    receipt: Box<RawValue>,
}

pub(crate) async fn show(
    Extension(service): Api,
    Segment(digest): Segment<String>,
) -> Answer<ReceiptView> {
    let digest = digest_of(&digest)?;
    service
        .work(move |service| {
            let stored = service.load_receipt(&digest)?;
            let place = service.place_of(&stored)?;
            let promise = promises::find(&*service.store, &digest)?;
            let damaged = || ApiError::failed("a stored receipt is damaged");
            let text = String::from_utf8(stored.text).map_err(|_| damaged())?;
            // Byte for byte as it came.
            let receipt = RawValue::from_string(text).map_err(|_| damaged())?;
            let promise = promise.map(|promise| opaque(&promise.to_value()));
            Ok(ReceiptView { place, promise, receipt })
        })
        .await
}

/// Reads a digest from a path.
pub(super) fn digest_of(text: &str) -> Result<Digest, ApiError> {
    text.parse().map_err(|_| ApiError::not_found(format!("Receipt not found: {text}")))
}

#[derive(Serialize)]
pub(crate) struct ReceiptList {
    receipts: Vec<Row>,
    /// What to pass as `after`, or for one agent as `from`, for the next page.
    next: Option<u64>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Row {
    OfAll {
        digest: String,
        agent: String,
        sequence: u64,
        position: u64,
        run_id: String,
        status: &'static str,
        ended_at: String,
    },
    OfAgent {
        digest: String,
        agent: String,
        sequence: u64,
    },
}

pub(crate) async fn list(Extension(service): Api, Params(query): Params) -> Answer<ReceiptList> {
    let mut fields = Fields::query(&query);
    let limit = fields.limit("limit", 100, MOST_ITEMS);
    let agent = find_address(&mut fields, "agent");
    let after = fields.find_integer("after").map(Position);
    let from = Sequence(fields.find_integer("from").unwrap_or(0));
    let to = fields.find_integer("to").map(Sequence);
    if agent.is_none() && (query.contains_key("from") || query.contains_key("to")) {
        fields.wrong("from", "value_error", "Sequences are those of one agent: pass agent");
    }
    let (limit, after) = fields.done((limit, after))?;
    let agent = agent.map(|agent| agent_of(&agent.to_string())).transpose()?;
    service
        .work(move |service| match agent {
            Some(agent) => service.receipts_of(&agent, from, to, limit),
            None => {
                let filter = ReceiptFilter::default();
                let page = service.store.list_receipts(&filter, after, limit)?;
                let receipts = page.items.iter().map(Row::from).collect();
                Ok(ReceiptList { receipts, next: page.next.map(|next| next.0) })
            }
        })
        .await
}

impl From<&ReceiptRow> for Row {
    fn from(row: &ReceiptRow) -> Self {
        let columns = &row.columns;
        Self::OfAll {
            digest: columns.leaf.digest.to_string(),
            agent: columns.leaf.agent.to_string(),
            sequence: columns.leaf.sequence.0,
            position: row.position.0,
            run_id: columns.run_id.clone(),
            status: columns.status.as_str(),
            ended_at: columns.ended_at.to_string(),
        }
    }
}

impl From<&Leaf> for Row {
    fn from(leaf: &Leaf) -> Self {
        let (digest, agent) = (leaf.digest.to_string(), leaf.agent.to_string());
        Self::OfAgent { digest, agent, sequence: leaf.sequence.0 }
    }
}

impl Service {
    /// Stores a receipt, if its agent signed it.
    fn take_in(
        &self,
        text: Vec<u8>,
        key: Option<PublicKey>,
    ) -> Result<(&'static str, Digest), ApiError> {
        let checked = CheckedReceipt::check(text, |_| key).map_err(|error| refused(&error))?;
        let digest = checked.columns().leaf.digest;
        let stored = self.store.put_receipts(vec![checked])?.pop();
        let stored = stored.ok_or_else(|| ApiError::failed("the store did not answer"))?;
        let stored = stored.map_err(|conflict| ApiError::conflict(conflict.to_string()))?;
        self.news.changed();
        Ok((if stored == Stored::New { "new" } else { "before" }, digest))
    }

    pub(super) fn load_receipt(&self, digest: &Digest) -> Result<StoredReceipt, ApiError> {
        let missing = || ApiError::not_found(format!("Receipt not found: {digest}"));
        self.store.find_receipt(digest)?.ok_or_else(missing)
    }

    fn place(&self, digest: &Digest) -> Result<Place, ApiError> {
        self.place_of(&self.load_receipt(digest)?)
    }

    fn place_of(&self, stored: &StoredReceipt) -> Result<Place, ApiError> {
        let Leaf { agent, sequence, digest } = stored.leaf;
        Ok(Place {
            digest: digest.to_string(),
            agent: agent.to_string(),
            sequence: sequence.0,
            position: stored.position.0,
            state: self.state_of(stored)?,
            period: stored.period.map(|period| period.0),
        })
    }

    /// How far a receipt is on its way to the chain.
    fn state_of(&self, stored: &StoredReceipt) -> Result<&'static str, ApiError> {
        let Some(period) = stored.period else {
            let promise = self.store.find_promise(&stored.leaf.digest)?;
            return Ok(if promise.is_some() { "promised" } else { "stored" });
        };
        self.anchor_state(period)
    }

    /// How far a sealed period is.
    pub(super) fn anchor_state(&self, period: Period) -> Result<&'static str, ApiError> {
        let anchor = self.store.list_anchors(period, 1)?.pop();
        if let Some(anchor) = anchor.filter(|anchor| anchor.period == period) {
            let is_final = anchor.commitment == SavedCommitment::Finalized;
            return Ok(if is_final { "finalized" } else { "posted" });
        }
        let newest = self.store.list_transactions(&Purpose::PostAnchor(period), 1)?.pop();
        let is_sent = newest.is_some_and(|it| {
            matches!(it.state, TransactionState::Sent | TransactionState::Landed { .. })
        });
        Ok(if is_sent { "posted" } else { "sealed" })
    }

    fn receipts_of(
        &self,
        agent: &Address,
        from: Sequence,
        to: Option<Sequence>,
        limit: usize,
    ) -> Result<ReceiptList, ApiError> {
        let mut leaves = self.store.list_leaves(agent, from, limit)?;
        let is_whole = leaves.len() < limit;
        if let Some(to) = to {
            leaves.retain(|leaf| leaf.sequence <= to);
        }
        let next = leaves.last().and_then(|last| last.sequence.next()).map(|next| next.0);
        let next = next.filter(|next| !is_whole && to.is_none_or(|to| *next <= to.0));
        Ok(ReceiptList { receipts: leaves.iter().map(Row::from).collect(), next })
    }
}
