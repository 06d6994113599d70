use super::Service;
use crate::{
    error::ApiError,
    wire::{Opaque, opaque},
};
use axum::Json;
use runseal_client::{
    promises::{self, PromiseError, Promiser, Word},
    store::Store,
};
use runseal_engine::SignedPromise;
use runseal_ledger::AnyLedger;
use runseal_types::{Digest, Period};
use serde::Serialize;
use solana_address::Address;
use solana_keypair::Keypair;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{sync::Mutex, time::timeout};
use utoipa::ToSchema;

/// How old the chain's word may be before it is heard anew.
const FRESH: Duration = Duration::from_secs(2);
/// How long a receipt waits for the chain's word. It is stored by then.
const PATIENCE: Duration = Duration::from_secs(5);
/// How many milliseconds of the chain's clock are allowed for each that passed here.
const HASTE: u64 = 2;

/// The log's word on receipts that come in, given with a key that is always at hand.
pub struct Promising {
    ledger: Arc<AnyLedger>,
    log: Address,
    key: Keypair,
    heard: Mutex<Heard>,
}

/// What the chain said, or why not.
#[derive(Clone)]
struct Heard {
    /// When it was asked: so its word is never taken for younger than it is.
    asked_at: Instant,
    /// When it answered, or was given up.
    heard_at: Instant,
    word: Result<Word, String>,
}

impl Heard {
    /// Asks the chain.
    async fn ask(ledger: &AnyLedger, log: Address) -> Self {
        let asked_at = Instant::now();
        let word = match timeout(PATIENCE, Word::hear(ledger, log)).await {
            Ok(word) => word.map_err(|error| reason(&error)),
            Err(_) => Err("the ledger does not answer in time".to_owned()),
        };
        Self { asked_at, heard_at: Instant::now(), word }
    }
}

impl Promising {
    /// Makes the store the log's, and refuses a key that does not serve its present period.
    pub async fn begin(
        store: &dyn Store,
        ledger: Arc<AnyLedger>,
        log: Address,
        key: Keypair,
    ) -> Result<Self, PromiseError> {
        let asked_at = Instant::now();
        let word = Word::hear(&*ledger, log).await?;
        let period = match word.period_after(0) {
            Err(PromiseError::NotBegun { .. }) => Period(0),
            period => period?,
        };
        word.check_key(period, &key)?;
        store.bind_log(&word.identity())?;
        let heard = Heard { asked_at, heard_at: Instant::now(), word: Ok(word) };
        Ok(Self { ledger, log, key, heard: Mutex::new(heard) })
    }

    /// Returns the chain's word. Whoever comes while it is heard waits for the same answer.
    async fn heard(&self) -> Heard {
        let mut heard = self.heard.lock().await;
        // Those who waited for an answer take it, however long it took.
        if heard.heard_at.elapsed() >= FRESH {
            *heard = Heard::ask(&self.ledger, self.log).await;
        }
        heard.clone()
    }
}

/// By how much the chain's clock may have gone on since it was asked, in whole seconds. The first
/// one is for the part of a second that its word leaves out.
fn passed_seconds(age: Duration) -> u64 {
    let passed = u64::try_from(age.as_millis()).unwrap_or(u64::MAX).saturating_mul(HASTE);
    passed.saturating_add(1_000).div_ceil(1_000)
}

/// A receipt's promise, or why it has none.
#[derive(Serialize, ToSchema)]
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
        let passed_seconds = passed_seconds(heard.asked_at.elapsed());
        let promiser = Promiser::new(&*self.store, word, passed_seconds, &promising.key);
        let made = self.news.tell_promise(stored.position, || promiser.promise(stored.leaf));
        Ok(made.map_or_else(|error| reason(&error).into(), Promised::from))
    }
}

/// Says why there is no promise. Where the ledger is, is nobody's business.
fn reason(error: &PromiseError) -> String {
    match error {
        PromiseError::Ledger(_) | PromiseError::Read(_) => "the ledger does not answer".to_owned(),
        PromiseError::Store(runseal_client::StoreError::Conflict(conflict)) => conflict.to_string(),
        PromiseError::Store(_) => "the store did not take the promise".to_owned(),
        error => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use runseal_ledger::Rpc;
    use solana_commitment_config::CommitmentConfig;

    #[test]
    fn the_chain_s_clock_is_never_taken_for_earlier_than_it_may_be() {
        for (milliseconds, seconds) in [(0, 1), (1, 2), (500, 2), (501, 3), (2_000, 5)] {
            assert_eq!(passed_seconds(Duration::from_millis(milliseconds)), seconds);
        }
        assert!(passed_seconds(Duration::MAX) > 1 << 50);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn those_who_wait_for_a_silent_ledger_wait_once() {
        let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", silent.local_addr().unwrap());
        let ledger = Arc::new(AnyLedger::Rpc(Rpc::new(&url, CommitmentConfig::finalized())));
        let (log, key) = (Address::default(), Keypair::new());
        let long_ago = Instant::now().checked_sub(FRESH).unwrap();
        let heard = Heard { asked_at: long_ago, heard_at: long_ago, word: Err(String::new()) };
        let promising = Arc::new(Promising { ledger, log, key, heard: Mutex::new(heard) });
        let begun = Instant::now();
        let waiting = (0..30).map(|_| {
            let promising = Arc::clone(&promising);
            tokio::spawn(async move { promising.heard().await.word.unwrap_err() })
        });
        for one in waiting.collect::<Vec<_>>() {
            assert!(one.await.unwrap().contains("does not answer"));
        }
        // One after the other would be 150 seconds.
        assert!(begun.elapsed() < 10 * PATIENCE);
    }
}
