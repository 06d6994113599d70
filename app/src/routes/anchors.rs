//! That something was also written down elsewhere: on another chain, by a notary.
//!
//! Who confirms gives a hint. The service says `confirmed` only of what it has seen itself: receipts
//! in a period whose anchor its own log has at a finalized slot, and hashes under which an authority
//! put a time whose token it has verified. Everything else is kept as a claim.

mod seen;
mod stamps;

use crate::{
    error::ApiError,
    ids,
    service::{Api, hash_of, text_of},
    wire::{Answer, Body, Fields, Opaque, Params, Segment, opaque_object},
};
use axum::{Extension, Json};
use runseal_client::store::{EntryFilter, MOST_ITEMS};
use runseal_receipt::{json::Value, member::object_of};
use serde::Serialize;

const TYPE: &str = "anchor";
const CLAIM: &str = "anchor_claim";
const PROOF_TYPES: [&str; 4] = ["run", "graph", "state_chain", "checkpoint"];
const ANCHOR_TYPES: [&str; 5] = ["bitcoin", "ethereum", "solana", "notary", TYPE_OF_AUTHORITY];
const TYPE_OF_AUTHORITY: &str = "timestamping_authority";
const GRAPH_DEPTH: usize = 20;
const MOST_OF_RUN: usize = 10_000;
/// How many anchors are looked at for those that nobody confirmed.
const MOST_LOOKED_AT: usize = 100_000;

struct AnchorRequest {
    proof_id: String,
    proof_type: String,
    anchor_type: String,
    anchor_network: Option<String>,
    agent_id: Option<String>,
}

pub(crate) async fn create(Extension(service): Api, Body(body): Body) -> Answer<Opaque> {
    let mut fields = Fields::body(&body);
    let request = AnchorRequest {
        proof_id: fields.text("proof_id"),
        proof_type: fields.text("proof_type"),
        anchor_type: fields.text("anchor_type"),
        anchor_network: fields.find_text("anchor_network"),
        agent_id: fields.find_text("agent_id"),
    };
    let request = fields.done(request)?;
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
    service.work(move |service| Ok(opaque_object(&service.anchor_told(&entry, reason)?))).await
}

pub(crate) async fn show(
    Extension(service): Api,
    Segment(anchor_id): Segment<String>,
) -> Answer<Opaque> {
    service
        .work(move |service| {
            let entry = service.load_anchor(&anchor_id)?;
            Ok(opaque_object(&service.anchor_view(&entry)?))
        })
        .await
}

pub(crate) async fn confirm(
    Extension(service): Api,
    Segment(anchor_id): Segment<String>,
    Body(body): Body,
) -> Answer<Opaque> {
    let mut fields = Fields::body(&body);
    let confirmation = fields.find_object("confirmation_data");
    let claim = object_of([
        ("about", Value::from(anchor_id.as_str())),
        ("anchor_tx_id", Value::Text(fields.text("anchor_tx_id"))),
        ("anchor_block", Value::from(fields.find_text("anchor_block").as_deref())),
        ("anchor_timestamp", Value::from(fields.find_text("anchor_timestamp").as_deref())),
        ("anchor_url", Value::from(fields.find_text("anchor_url").as_deref())),
        ("confirmation_data", Value::from(confirmation.clone())),
    ]);
    let claim = fields.done(claim)?;
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
            Ok(opaque_object(&service.anchor_view(&entry)?))
        })
        .await
}

#[derive(Serialize)]
pub(crate) struct OfRun {
    proof_id: String,
    anchors: Vec<Opaque>,
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
                anchors: views.iter().map(opaque_object).collect(),
            })
        })
        .await
}

#[derive(Serialize)]
pub(crate) struct Pending {
    pending: Vec<Opaque>,
    count: usize,
}

pub(crate) async fn pending(Extension(service): Api, Params(query): Params) -> Answer<Pending> {
    let mut fields = Fields::query(&query);
    let limit = fields.limit("limit", 50, MOST_ITEMS);
    let limit = fields.done(limit)?;
    service
        .work(move |service| {
            let filter = EntryFilter { content_type: TYPE.to_owned(), ..EntryFilter::default() };
            let mut pending = Vec::new();
            for entry in service.entries(&filter, MOST_LOOKED_AT)? {
                let view = service.anchor_view(&entry)?;
                if text_of(&view, "status") == "pending" {
                    pending.push(opaque_object(&view));
                }
                if pending.len() == limit {
                    break;
                }
            }
            Ok(Pending { count: pending.len(), pending })
        })
        .await
}
