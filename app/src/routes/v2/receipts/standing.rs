use crate::{
    error::ApiError,
    service::{Api, Service},
    wire::{Answer, Opaque, Segment, opaque},
};
use axum::Extension;
use runseal_client::{
    promises,
    store::{Purpose, SavedCommitment, StoredReceipt, TransactionState},
};
use runseal_types::{Digest, Leaf, Period};
use serde::Serialize;
use serde_json::value::RawValue;

/// Which receipt, and where it stands.
#[derive(Serialize)]
pub(super) struct Place {
    digest: String,
    agent: String,
    sequence: u64,
    position: u64,
    state: &'static str,
    period: Option<u64>,
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
pub(crate) fn digest_of(text: &str) -> Result<Digest, ApiError> {
    text.parse().map_err(|_| ApiError::not_found(format!("Receipt not found: {text}")))
}

impl Service {
    pub(crate) fn load_receipt(&self, digest: &Digest) -> Result<StoredReceipt, ApiError> {
        let missing = || ApiError::not_found(format!("Receipt not found: {digest}"));
        self.store.find_receipt(digest)?.ok_or_else(missing)
    }

    pub(super) fn place(&self, digest: &Digest) -> Result<Place, ApiError> {
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
    pub(crate) fn anchor_state(&self, period: Period) -> Result<&'static str, ApiError> {
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
}
