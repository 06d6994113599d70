mod hearing;

pub use hearing::Promising;

use super::Service;
use crate::{
    error::ApiError,
    wire::{Opaque, opaque},
};
use axum::Json;
use hearing::{Heard, reason};
use runseal_client::promises::{self, Promiser};
use runseal_engine::SignedPromise;
use runseal_types::Digest;
use serde::Serialize;
use std::sync::Arc;

/// A receipt's promise, or why it has none.
#[derive(Serialize)]
pub(crate) struct Promised {
    promise: Option<Opaque>,
    #[serde(skip_serializing_if = "Option::is_none")]
    no_promise: Option<String>,
}

impl From<String> for Promised {
    fn from(reason: String) -> Self {
        Self { promise: None, no_promise: Some(reason) }
    }
}

impl From<SignedPromise> for Promised {
    fn from(promise: SignedPromise) -> Self {
        Self { promise: Some(opaque(&promise.to_value())), no_promise: None }
    }
}

impl Service {
    /// Promises receipts that come in from now on.
    #[must_use]
    pub fn with_promises(mut self, promising: Promising) -> Self {
        self.promising = Some(promising);
        self
    }

    /// Says whether the service promises receipts.
    pub(crate) fn promises(&self) -> bool {
        self.promising.is_some()
    }

    /// Promises a stored receipt. Why there is no promise is no error: the receipt is stored, and
    /// whoever sends it again asks again.
    pub(crate) async fn promise(self: &Arc<Self>, digest: Digest) -> Promised {
        let heard = match &self.promising {
            Some(promising) => Some(promising.heard().await),
            None => None,
        };
        match self.work(move |service| service.promise_by(&digest, heard.as_ref())).await {
            Ok(Json(promised)) => promised,
            Err(_) => "the service could not make it now".to_owned().into(),
        }
    }

    fn promise_by(&self, digest: &Digest, heard: Option<&Heard>) -> Result<Promised, ApiError> {
        if let Some(promise) = promises::find(&*self.store, digest)? {
            return Ok(promise.into());
        }
        let (Some(heard), Some(promising)) = (heard, &self.promising) else {
            return Ok("the service promises for no log".to_owned().into());
        };
        let word = match &heard.word {
            Ok(word) => word.clone(),
            Err(reason) => return Ok(reason.clone().into()),
        };
        let missing = || ApiError::not_found(format!("Receipt not found: {digest}"));
        let stored = self.store.find_receipt(digest)?.ok_or_else(missing)?;
        let passed_seconds = heard.passed_seconds();
        let promiser = Promiser::new(&*self.store, word, passed_seconds, &promising.key);
        let made = self.news.tell_promise(stored.position, || promiser.promise(stored.leaf));
        Ok(made.map_or_else(|error| reason(&error).into(), Promised::from))
    }
}
