//! Promises: the log's signed word, at intake, on the period that a receipt will be in.

use crate::{
    clock,
    keys::{digest, ours},
    ledger::{Ledger, LedgerError},
    registry::{self, ReadError},
    store::{LogIdentity, Periods, Promises, SignedPromise as StoredPromise, StoreError},
};
use runseal_engine::{Place, SignedPromise, promise_message};
use runseal_registry::state::Log;
use runseal_types::{Digest, Leaf, Period, Promise};
use solana_address::Address;
use solana_signer::{Signer, SignerError};

/// Why no promise was made.
#[derive(Debug, thiserror::Error)]
pub enum PromiseError {
    /// The key is not the one that serves the period.
    #[error("the promise key of period {period} is {expected:?}, not {found}")]
    OtherKey {
        /// Which period.
        period: Period,
        /// The key that serves it.
        expected: Option<Address>,
        /// The one that was given.
        found: Address,
    },
    /// The log's first period has not begun.
    #[error("the log's first period begins at Unix time {start_seconds}")]
    NotBegun {
        /// When it begins.
        start_seconds: i64,
    },
    /// The log is of another chain than the one that answers.
    #[error("the log is of the chain {expected}, the one that answers is {found}")]
    OtherChain {
        /// The log's.
        expected: Digest,
        /// The ledger's.
        found: Digest,
    },
    /// The key did not sign.
    #[error("signing failed: {0}")]
    Signing(#[from] SignerError),
    /// The chain could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The ledger does not answer.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The store did not take it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Promises receipts of one store for one log, by what the chain said when it began.
pub struct Promiser<'a, S: ?Sized> {
    store: &'a S,
    identity: LogIdentity,
    log: Log,
    now_seconds: i64,
    key: &'a (dyn Signer + Sync),
}

impl<'a, S: Periods + Promises + ?Sized> Promiser<'a, S> {
    /// Makes the store this log's, if it is nobody's, and looks at the log and at the clock.
    pub async fn begin(
        store: &'a S,
        ledger: &impl Ledger,
        log: Address,
        key: &'a (dyn Signer + Sync),
    ) -> Result<Self, PromiseError> {
        let account = registry::load::<Log>(ledger, log).await?.account;
        let (expected, found) =
            (Digest::new(account.genesis_hash), digest(&ledger.genesis_hash().await?));
        if expected != found {
            return Err(PromiseError::OtherChain { expected, found });
        }
        let identity = LogIdentity { genesis_hash: expected, log: ours(&log) };
        store.bind_log(&identity)?;
        let now_seconds = clock::now(ledger).await?.unix_seconds;
        Ok(Self { store, identity, log: account, now_seconds, key })
    }

    /// Promises a stored receipt for the period that goes on, or the first behind it that is not
    /// sealed. The promise is stored before it is returned; one that was made before is returned as
    /// it is.
    pub fn promise(&self, leaf: Leaf) -> Result<SignedPromise, PromiseError> {
        if let Some(made) = self.store.find_promise(&leaf.digest)? {
            return Ok(signed(&self.identity, &made));
        }
        let period = present_period(self.store, &self.log, self.now_seconds)?;
        check_key(&self.log, period, self.key)?;
        let LogIdentity { genesis_hash, log } = self.identity;
        let place = Place { genesis_hash, log, period };
        let signature = self.key.try_sign_message(&promise_message(&place, leaf))?;
        let promise = Promise { context: place.context(), period, leaf };
        let made = StoredPromise { promise, signature: signature.into() };
        self.store.put_promise(&made)?;
        Ok(signed(&self.identity, &made))
    }
}

/// The period that goes on by the chain's clock; a later one if that is sealed.
fn present_period(
    store: &(impl Periods + ?Sized),
    log: &Log,
    now_seconds: i64,
) -> Result<Period, PromiseError> {
    let start_seconds = log.start_seconds;
    let passed = now_seconds.checked_sub(start_seconds).and_then(|it| u64::try_from(it).ok());
    let passed = passed.ok_or(PromiseError::NotBegun { start_seconds })?;
    let mut period = passed.checked_div(log.cadence_seconds).unwrap_or(0);
    while store.list_periods(Period(period), 1)?.first().is_some_and(|it| it.period.0 == period) {
        period = period.saturating_add(1);
    }
    Ok(Period(period))
}

/// Refuses a key whose promises nobody could hold against the log.
fn check_key(log: &Log, period: Period, key: &dyn Signer) -> Result<(), PromiseError> {
    let found = key.try_pubkey()?;
    let serving = log
        .promise_keys
        .iter()
        .find(|known| known.key != Address::default() && known.from_period <= period.0);
    match serving.map(|known| known.key) {
        Some(expected) if expected == found => Ok(()),
        expected => Err(PromiseError::OtherKey { period, expected, found }),
    }
}

fn signed(identity: &LogIdentity, made: &StoredPromise) -> SignedPromise {
    let LogIdentity { genesis_hash, log } = *identity;
    SignedPromise {
        place: Place { genesis_hash, log, period: made.promise.period },
        leaf: made.promise.leaf,
        signature: made.signature.into(),
    }
}
