//! What RunProof's API has no words for: receipts with promises, proofs, verdicts, the chain.

mod completeness;
mod cost;
mod events;
mod logs;
mod proofs;
mod receipts;
mod registry;
mod verify;

use crate::{access::Access, error::ApiError, wire::Fields};
use axum::{
    Router,
    routing::{get, post},
};
use runseal_client::{agents, keys};
use runseal_types::Address;
use std::sync::Arc;

pub(crate) fn routes() -> Router<Arc<Access>> {
    Router::new()
        .route("/v2/receipts", post(receipts::create).get(receipts::list))
        .route("/v2/receipts/{digest}", get(receipts::show))
        .route("/v2/receipts/{digest}/bundle", get(proofs::bundle))
        .route("/v2/receipts/{digest}/inclusion", get(proofs::inclusion))
        .route("/v2/agents/{agent}/absence", get(proofs::absence))
        .route("/v2/agents/{agent}/range", get(proofs::range))
        .route("/v2/agents/{agent}/completeness", get(completeness::audit))
        .route("/v2/verify", post(verify::verify))
        .route("/v2/logs/{log}", get(logs::show))
        .route("/v2/logs/{log}/periods", get(logs::periods))
        .route("/v2/logs/{log}/anchors", get(logs::anchors))
        .route("/v2/registry/agents", get(registry::agents))
        .route("/v2/registry/agents/{address}", get(registry::agent))
        .route("/v2/registry/versions", get(registry::versions))
        .route("/v2/registry/versions/{address}", get(registry::version))
        .route("/v2/registry/attestations", get(registry::attestations))
        .route("/v2/registry/certifiers", get(registry::certifiers))
        .route("/v2/registry/auditors", get(registry::auditors))
        .route("/v2/registry/logs", get(registry::logs))
        .route("/v2/registry/claims", get(registry::claims))
        .route("/v2/cost", get(cost::plan))
        .route("/v2/events", get(events::listen))
}

/// Reads an agent from a path: its address, or its identity key.
fn agent_of(text: &str) -> Result<Address, ApiError> {
    let key = address_of(text)?;
    Ok(keys::ours(&agents::address_of(keys::theirs(&key))))
}

fn address_of(text: &str) -> Result<Address, ApiError> {
    text.parse().map_err(|_| ApiError::not_found(format!("Not an address: {text}")))
}

/// Reads an address behind the question mark.
fn find_address(fields: &mut Fields<'_>, name: &str) -> Option<Address> {
    let text = fields.find_text(name)?;
    let address = text.parse().ok();
    if address.is_none() {
        fields.wrong(name, "value_error", "Input should be an address in base58");
    }
    address
}
