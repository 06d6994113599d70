//! Promises: the log's signed word, at intake, on the period that a receipt will be in.

use crate::{
    clock,
    keys::{digest, ours},
    ledger::{Ledger, LedgerError, RawAccount},
    registry::{self, ParseError, ReadError},
    store::{Conflict, LogIdentity, Periods, Promises, SignedPromise as StoredPromise, StoreError},
    utc::Utc,
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
    #[error("the promise key of period {period} is {}, not {found}", known(expected.as_ref()))]
    OtherKey {
        /// Which period.
        period: Period,
        /// The key that serves it.
        expected: Option<Address>,
        /// The one that was given.
        found: Address,
    },
    /// The log's first period has not begun.
    #[error("the log's first period begins at {}", Utc(*start_seconds))]
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

fn known(key: Option<&Address>) -> String {
    key.map_or_else(|| "not known any more".to_owned(), Address::to_string)
}

/// What the chain says of a log and of the time, in one slot.
#[derive(Clone, Debug)]
pub struct Word {
    identity: LogIdentity,
    log: Log,
    now_seconds: i64,
}

impl Word {
    /// Hears the chain, as of a finalized slot.
    pub async fn hear(ledger: &impl Ledger, log: Address) -> Result<Self, PromiseError> {
        let accounts = ledger.snapshot(&[clock::ADDRESS, log]).await?.accounts;
        Self::of(ledger, log, accounts).await
    }

    /// Hears the chain at the commitment that the ledger reads at.
    async fn hear_early(ledger: &impl Ledger, log: Address) -> Result<Self, PromiseError> {
        let accounts = ledger.read(&[clock::ADDRESS, log]).await?;
        Self::of(ledger, log, accounts).await
    }

    async fn of(
        ledger: &impl Ledger,
        log: Address,
        accounts: Vec<Option<RawAccount>>,
    ) -> Result<Self, PromiseError> {
        let found = digest(&ledger.genesis_hash().await?);
        let mut accounts = accounts.into_iter();
        let mut next = |address, expected| {
            let missing = ReadError::Missing { address, expected };
            accounts.next().flatten().ok_or(missing)
        };
        let clock = next(clock::ADDRESS, "clock")?;
        let account = registry::parse::<Log>(&next(log, "log")?).map_err(ReadError::from)?.account;
        let wrong = ParseError::WrongKind { address: clock::ADDRESS, expected: "clock" };
        let now_seconds = clock::parse(&clock.data).ok_or(ReadError::from(wrong))?.unix_seconds;
        let expected = Digest::new(account.genesis_hash);
        if expected != found {
            return Err(PromiseError::OtherChain { expected, found });
        }
        let identity = LogIdentity { genesis_hash: expected, log: ours(&log) };
        Ok(Self { identity, log: account, now_seconds })
    }

    /// Returns the log.
    pub fn identity(&self) -> LogIdentity {
        self.identity
    }

    /// Returns the period that goes on when so many seconds have passed since the chain was heard.
    pub fn period_after(&self, passed_seconds: u64) -> Result<Period, PromiseError> {
        let start_seconds = self.log.start_seconds;
        let passed = self.now_seconds.checked_sub(start_seconds);
        let passed = passed.and_then(|it| u64::try_from(it).ok());
        let passed = passed.ok_or(PromiseError::NotBegun { start_seconds })?;
        let passed = passed.saturating_add(passed_seconds);
        Ok(Period(passed.checked_div(self.log.cadence_seconds).unwrap_or(0)))
    }

    /// Refuses a key whose promises for a period nobody could hold against the log.
    pub fn check_key(&self, period: Period, key: &dyn Signer) -> Result<(), PromiseError> {
        let found = key.try_pubkey()?;
        match self.log.promise_key_of(period.0).copied() {
            Some(expected) if expected == found => Ok(()),
            expected => Err(PromiseError::OtherKey { period, expected, found }),
        }
    }
}

/// How often a promise is tried anew because sealing, or another promise, came first.
const MOST_TRIES: usize = 4;

/// Promises receipts of one store for one log, by what the chain said.
pub struct Promiser<'a, S: ?Sized> {
    store: &'a S,
    word: Word,
    passed_seconds: u64,
    key: &'a (dyn Signer + Sync),
}

impl<'a, S: Periods + Promises + ?Sized> Promiser<'a, S> {
    /// Makes the store this log's, if it is nobody's, and hears the chain.
    pub async fn begin(
        store: &'a S,
        ledger: &impl Ledger,
        log: Address,
        key: &'a (dyn Signer + Sync),
    ) -> Result<Self, PromiseError> {
        let word = Word::hear_early(ledger, log).await?;
        store.bind_log(&word.identity)?;
        Ok(Self::new(store, word, 0, key))
    }

    /// Promises by a word that is so old, on a store that is bound to its log.
    pub fn new(
        store: &'a S,
        word: Word,
        passed_seconds: u64,
        key: &'a (dyn Signer + Sync),
    ) -> Self {
        Self { store, word, passed_seconds, key }
    }

    /// Returns what the chain's clock said when it was heard.
    pub fn heard_seconds(&self) -> i64 {
        self.word.now_seconds
    }

    /// Promises a stored receipt for the period that goes on, or the first behind it that is not
    /// sealed. The promise is stored before it is returned; one that was made before is returned as
    /// it is.
    pub fn promise(&self, leaf: Leaf) -> Result<SignedPromise, PromiseError> {
        let mut tries = 1;
        loop {
            if let Some(made) = self.store.find_promise(&leaf.digest)? {
                return Ok(signed(&self.word.identity, &made));
            }
            match self.make(leaf) {
                Err(PromiseError::Store(StoreError::Conflict(
                    Conflict::PeriodSealed { .. } | Conflict::PromiseDiffers { .. },
                ))) if tries < MOST_TRIES => tries += 1,
                made => return made,
            }
        }
    }

    fn make(&self, leaf: Leaf) -> Result<SignedPromise, PromiseError> {
        let period = self.open_period()?;
        self.word.check_key(period, self.key)?;
        let LogIdentity { genesis_hash, log } = self.word.identity;
        let place = Place { genesis_hash, log, period };
        let signature = self.key.try_sign_message(&promise_message(&place, leaf))?;
        let promise = Promise { context: place.context(), period, leaf };
        let made = StoredPromise { promise, signature: signature.into() };
        self.store.put_promise(&made)?;
        Ok(signed(&self.word.identity, &made))
    }

    /// The period that goes on by the chain's clock; a later one if that is sealed.
    fn open_period(&self) -> Result<Period, PromiseError> {
        let mut period = self.word.period_after(self.passed_seconds)?;
        let is_sealed = |period: Period| {
            let sealed = self.store.list_periods(period, 1)?;
            Ok::<_, StoreError>(sealed.first().is_some_and(|it| it.period == period))
        };
        while is_sealed(period)? {
            period = Period(period.0.saturating_add(1));
        }
        Ok(period)
    }
}

/// Finds the promise of a receipt, as it is handed out.
pub fn find(
    store: &(impl Periods + Promises + ?Sized),
    receipt: &Digest,
) -> Result<Option<SignedPromise>, StoreError> {
    let Some(made) = store.find_promise(receipt)? else { return Ok(None) };
    Ok(store.find_log()?.map(|identity| signed(&identity, &made)))
}

/// Puts a stored promise into the form in which it is handed out.
fn signed(identity: &LogIdentity, made: &StoredPromise) -> SignedPromise {
    let LogIdentity { genesis_hash, log } = *identity;
    SignedPromise {
        place: Place { genesis_hash, log, period: made.promise.period },
        leaf: made.promise.leaf,
        signature: made.signature.into(),
    }
}
