//! That something was also written down elsewhere: on another chain, by a notary.
//!
//! Who confirms gives a hint. The service says `confirmed` only of what it has seen itself: receipts
//! in a period whose anchor its own log has at a finalized slot, and hashes under which an authority
//! put a time whose token it has verified. Everything else is kept as a claim.

mod form;
mod seen;
mod stamps;

use crate::{
    error::ApiError,
    ids,
    service::{Api, hash_of, text_of},
    wire::{Answer, Body, Fields, Kept, Limit, Params, Read, Segment},
};
use axum::{Extension, Json};
use form::Anchor;
use runseal_client::store::EntryFilter;
use runseal_receipt::{
    json::{Object, Value},
    member::object_of,
};
use serde::Serialize;
use utoipa::ToSchema;

const TYPE: &str = "anchor";
const CLAIM: &str = "anchor_claim";
const PROOF_TYPES: [&str; 4] = ["run", "graph", "state_chain", "checkpoint"];
const ANCHOR_TYPES: [&str; 5] = ["bitcoin", "ethereum", "solana", "notary", TYPE_OF_AUTHORITY];
const TYPE_OF_AUTHORITY: &str = "timestamping_authority";
const GRAPH_DEPTH: usize = 20;
const MOST_OF_RUN: usize = 10_000;
/// How many anchors are looked at for those that nobody confirmed.
const MOST_LOOKED_AT: usize = 100_000;

/// What is to be anchored, and where.
pub(crate) struct AnchorRequest {
    proof_id: String,
    proof_type: String,
    anchor_type: String,
    anchor_network: Option<String>,
    agent_id: Option<String>,
}

impl Read for AnchorRequest {
    fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            proof_id: fields.text("proof_id"),
            proof_type: fields.word("proof_type", PROOF_TYPES.to_vec()),
            anchor_type: fields.word("anchor_type", ANCHOR_TYPES.to_vec()),
            anchor_network: fields.find_text("anchor_network"),
            agent_id: fields.find_text("agent_id"),
        }
    }
}

pub(crate) async fn create(
    Extension(service): Api,
    Body(request): Body<AnchorRequest>,
) -> Answer<Anchor> {
    for (name, word, words) in [
        ("proof_type", &request.proof_type, PROOF_TYPES.as_slice()),
        ("anchor_type", &request.anchor_type, ANCHOR_TYPES.as_slice()),
    ] {
        if !words.contains(&word.as_str()) {
            let words = words.join(", ");
            return Err(ApiError::bad_request(format!("Invalid {name}. Must be one of: {words}")));
        }
    }
    let Json(entry) = service.work(move |service| service.anchor(&request)).await?;
    let reason = service.stamp(&entry).await?;
    service.work(move |service| Ok(Kept::new(&service.anchor_told(&entry, reason)?))).await
}

pub(crate) async fn show(
    Extension(service): Api,
    Segment(anchor_id): Segment<String>,
) -> Answer<Anchor> {
    service
        .work(move |service| {
            let entry = service.load_anchor(&anchor_id)?;
            Ok(Kept::new(&service.anchor_view(&entry)?))
        })
        .await
}

/// What somebody says of an anchor.
pub(crate) struct Claim(Object);

impl Read for Claim {
    fn read(fields: &mut Fields<'_>) -> Self {
        Self(object_of([
            ("anchor_tx_id", Value::Text(fields.text("anchor_tx_id"))),
            ("anchor_block", Value::from(fields.find_text("anchor_block").as_deref())),
            ("anchor_timestamp", Value::from(fields.find_text("anchor_timestamp").as_deref())),
            ("anchor_url", Value::from(fields.find_text("anchor_url").as_deref())),
            ("confirmation_data", Value::from(fields.find_object("confirmation_data"))),
        ]))
    }
}

pub(crate) async fn confirm(
    Extension(service): Api,
    Segment(anchor_id): Segment<String>,
    Body(Claim(mut claim)): Body<Claim>,
) -> Answer<Anchor> {
    claim.insert("about".to_owned(), Value::from(anchor_id.as_str()));
    let confirmation = match claim.get("confirmation_data") {
        Some(Value::Object(data)) => Some(data.clone()),
        _ => None,
    };
    service
        .work(move |service| {
            let entry = service.load_anchor(&anchor_id)?;
            let _lock = service.lock(&entry.draft.agent_id);
            if service.is_confirmed(&entry)? {
                return Err(ApiError::conflict("Anchor already confirmed"));
            }
            service.take_token(&entry, confirmation.as_ref())?;
            let id = ids::derived("claim", &hash_of("runseal/anchor-claim/v1", claim.clone()));
            if service.store.find_entry(&id)?.is_none() {
                service.append(&entry.draft.agent_id, id, CLAIM, claim)?;
            }
            Ok(Kept::new(&service.anchor_view(&entry)?))
        })
        .await
}

#[derive(Serialize, ToSchema)]
#[schema(as = AnchorsOfRun)]
pub(crate) struct OfRun {
    proof_id: String,
    anchors: Vec<Anchor>,
    count: usize,
    confirmed: usize,
    pending: usize,
}

pub(crate) async fn of_run(
    Extension(service): Api,
    Segment(run_id): Segment<String>,
) -> Answer<OfRun> {
    service
        .work(move |service| {
            if service.find_receipt(&run_id)?.is_none() {
                return Err(ApiError::not_found(format!("Proof not found: {run_id}")));
            }
            let filter = EntryFilter {
                content_type: TYPE.to_owned(),
                about: Some(run_id.clone()),
                ..EntryFilter::default()
            };
            let entries = service.entries(&filter, MOST_OF_RUN)?;
            let views = entries.iter().map(|entry| service.anchor_view(entry));
            let views = views.collect::<Result<Vec<_>, _>>()?;
            let confirmed =
                views.iter().filter(|view| text_of(view, "status") == "confirmed").count();
            Ok(OfRun {
                proof_id: run_id,
                count: views.len(),
                confirmed,
                pending: views.len().saturating_sub(confirmed),
                anchors: views.iter().map(Kept::new).collect(),
            })
        })
        .await
}

#[derive(Serialize, ToSchema)]
#[schema(as = PendingAnchors)]
pub(crate) struct Pending {
    pending: Vec<Anchor>,
    count: usize,
}

pub(crate) async fn pending(
    Extension(service): Api,
    Params(Limit(limit)): Params<Limit<50>>,
) -> Answer<Pending> {
    service
        .work(move |service| {
            let filter = EntryFilter { content_type: TYPE.to_owned(), ..EntryFilter::default() };
            let mut pending = Vec::new();
            for entry in service.entries(&filter, MOST_LOOKED_AT)? {
                let view = service.anchor_view(&entry)?;
                if text_of(&view, "status") == "pending" {
                    pending.push(Kept::new(&view));
                }
                if pending.len() == limit {
                    break;
                }
            }
            Ok(Pending { count: pending.len(), pending })
        })
        .await
}
