//! Receipts: taken in as their agents signed them, promised, and how far each is.

mod lists;
mod standing;

pub(super) use lists::list;
pub(super) use standing::{digest_of, show};

use crate::{
    error::ApiError,
    service::{Api, Chain, Promised, Service},
    wire::{Answer, Problem, Text},
};
use axum::{Extension, Json};
use runseal_client::{
    keys,
    receipts::agent_key,
    registry,
    store::{CheckedReceipt, Stored},
};
use runseal_ed25519::PublicKey;
use runseal_receipt::{
    Receipt,
    json::{MOST_BYTES, Value},
};
use runseal_registry::state::Agent;
use runseal_types::Digest;
use serde::Serialize;
use standing::Place;

#[derive(Serialize)]
pub(crate) struct Taken {
    stored: &'static str,
    #[serde(flatten)]
    place: Place,
    #[serde(flatten)]
    promised: Promised,
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
}
