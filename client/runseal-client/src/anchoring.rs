//! Anchoring: one step at a time, each decided anew from what is saved and what is on chain.
//!
//! Every step may be the last one before a crash. What is signed is stored before it is sent, and
//! nothing is called anchored before a finalized slot says so.

use crate::{
    anchors, clock,
    instructions::logs,
    keys::{digest, ours},
    ledger::{Ledger, LedgerError, Prepared, Snapshot},
    registry::{self, Found, ParseError, ReadError},
    store::{
        AnchorRecord, Anchoring as Anchors, Cut, LogIdentity, MOST_ITEMS, Outgoing, Periods,
        Purpose, SavedCommitment, SealedPeriod, StoreError, TransactionState,
    },
};
use runseal_engine::anchor_step::{
    AnchorStep, Attempt, Conflict, Delay, OnChain, Saved, SavedSeal, Schedule, next_anchor_step,
};
use runseal_registry::{
    instructions::PostAnchorArgs,
    state::{Anchor, Log},
};
use runseal_types::{Digest, Period};
use solana_address::Address;
use solana_signer::Signer;

/// How long a transaction is given before its bytes are sent again.
const RESEND_AFTER_SECONDS: u64 = 3;

/// What a step did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Nothing: nothing can be done before this time of the chain's clock.
    Waiting {
        /// Until when.
        until_seconds: i64,
        /// What that clock says now.
        now_seconds: i64,
    },
    /// A period was sealed.
    Sealed {
        /// What is sealed.
        period: SealedPeriod,
        /// How late it is already.
        delay: Delay,
        /// How many periods behind it are over too.
        behind_count: u64,
    },
    /// A transaction was signed, stored and sent.
    Sent {
        /// What it anchors.
        period: Period,
        /// Its name.
        signature: [u8; 64],
        /// How late it is.
        delay: Delay,
    },
    /// A stored transaction was sent again.
    Resent {
        /// What it anchors.
        period: Period,
        /// Its name.
        signature: [u8; 64],
    },
    /// A period's anchor is in a finalized slot, with the root that was sealed.
    Anchored {
        /// The anchor.
        anchor: Box<AnchorRecord>,
        /// How many leaves it has.
        leaf_count: u64,
    },
}

/// Why a step was not done. Nothing that was acknowledged is lost by any of these.
#[derive(Debug, thiserror::Error)]
pub enum AnchoringError {
    /// What is saved and what is on chain cannot both be right: stop, and look into it.
    #[error("stop: {0}")]
    Conflict(#[from] Conflict),
    /// The log is of another chain than the one that answers.
    #[error("the log is of the chain {expected}, the one that answers is {found}")]
    OtherChain {
        /// The log's.
        expected: Digest,
        /// The ledger's.
        found: Digest,
    },
    /// The key may not post this log's anchors.
    #[error("the log's anchoring key is {expected}, not {found}")]
    OtherKey {
        /// The log's.
        expected: Address,
        /// The one that was given.
        found: Address,
    },
    /// The log was opened so lately that no finalized slot has it.
    #[error("log {log} is in no finalized slot yet")]
    NotFinalized {
        /// The log.
        log: Address,
    },
    /// An account could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The ledger did not do it.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The store did not.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<ParseError> for AnchoringError {
    fn from(error: ParseError) -> Self {
        Self::Read(error.into())
    }
}

/// Brings one log's periods onto one ledger.
pub struct Anchoring<'a, S: ?Sized, L> {
    store: &'a S,
    ledger: &'a L,
    log: Address,
    key: &'a (dyn Signer + Sync),
    /// What the chain's clock said when this began.
    begun_seconds: i64,
    /// How many periods were over then.
    over_count: u64,
    /// Up to here the store is known to say that everything is anchored.
    anchored_count: u64,
    /// Which transaction was last sent by this process, and when.
    sent: Option<([u8; 64], i64)>,
}

/// What the chain says, read together.
struct Reading {
    log: Found<Log>,
    anchor: Option<Found<Anchor>>,
    block_height: u64,
    now_seconds: i64,
}

impl<'a, S: Anchors + Periods + Sync + ?Sized, L: Ledger> Anchoring<'a, S, L> {
    /// Makes the store this log's, if it is nobody's, and begins. `key` posts and pays.
    pub async fn begin(
        store: &'a S,
        ledger: &'a L,
        log: Address,
        key: &'a (dyn Signer + Sync),
    ) -> Result<Self, AnchoringError> {
        let found = digest(&ledger.genesis_hash().await?);
        let account = registry::load::<Log>(ledger, log).await?.account;
        let expected = Digest::new(account.genesis_hash);
        if expected != found {
            return Err(AnchoringError::OtherChain { expected, found });
        }
        let found = key.try_pubkey().map_err(LedgerError::from)?;
        if account.anchoring_key != found {
            return Err(AnchoringError::OtherKey { expected: account.anchoring_key, found });
        }
        store.bind_log(&LogIdentity { genesis_hash: expected, log: ours(&log) })?;
        let begun_seconds = clock::now(ledger).await?.unix_seconds;
        let over_count = schedule(&account).over_count(begun_seconds);
        let (anchored_count, sent) = (0, None);
        Ok(Self { store, ledger, log, key, begun_seconds, over_count, anchored_count, sent })
    }

    /// Returns what the chain's clock said when this began.
    pub fn begun_seconds(&self) -> i64 {
        self.begun_seconds
    }

    /// Returns how many of the log's periods were over then.
    pub fn over_count(&self) -> u64 {
        self.over_count
    }

    /// Does what is to be done next, if anything is.
    pub async fn step(&mut self) -> Result<Progress, AnchoringError> {
        self.count_anchored()?;
        let period = Period(self.anchored_count);
        let outgoing = self.store.list_transactions(&Purpose::PostAnchor(period), 1)?.pop();
        let saved = self.saved(period, outgoing.as_ref())?;
        let reading = self.read(period).await?;
        let step = next_anchor_step(
            &schedule(&reading.log.account),
            &saved,
            &on_chain(&reading),
            reading.now_seconds,
            RESEND_AFTER_SECONDS,
        );
        match step {
            AnchorStep::Conflict(conflict) => Err(conflict.into()),
            AnchorStep::Wait { until_seconds } => {
                Ok(Progress::Waiting { until_seconds, now_seconds: reading.now_seconds })
            }
            AnchorStep::SealNext { period, delay, behind_count } => {
                let period = self.store.seal_period(period, Cut::Everything)?;
                Ok(Progress::Sealed { period, delay, behind_count })
            }
            AnchorStep::Send { seal, previous_anchor_hash, delay } => {
                self.retire(outgoing.as_ref())?;
                let signature = self.send(seal, previous_anchor_hash, reading.now_seconds).await?;
                Ok(Progress::Sent { period, signature, delay })
            }
            AnchorStep::Resend { .. } => match outgoing {
                Some(outgoing) => self.resend(period, &outgoing, reading.now_seconds).await,
                // An attempt is only ever made of a stored transaction.
                None => Ok(Progress::Waiting {
                    until_seconds: reading.now_seconds,
                    now_seconds: reading.now_seconds,
                }),
            },
            AnchorStep::Done { period } => self.finish(period, &reading, outgoing.as_ref()),
        }
    }

    /// Goes on from what was counted before to the first period whose anchor is not finalized.
    fn count_anchored(&mut self) -> Result<(), AnchoringError> {
        loop {
            let anchors = self.store.list_anchors(Period(self.anchored_count), MOST_ITEMS)?;
            let before = self.anchored_count;
            for anchor in &anchors {
                let is_next = anchor.period == Period(self.anchored_count);
                if !is_next || anchor.commitment != SavedCommitment::Finalized {
                    return Ok(());
                }
                self.anchored_count = self.anchored_count.saturating_add(1);
            }
            if self.anchored_count == before {
                return Ok(());
            }
        }
    }

    fn saved(&self, period: Period, outgoing: Option<&Outgoing>) -> Result<Saved, AnchoringError> {
        let sealed = self.store.list_periods(period, 1)?.pop();
        let seal = sealed.filter(|sealed| sealed.period == period).map(|sealed| SavedSeal {
            period,
            root: sealed.root,
            leaf_count: sealed.leaf_count,
        });
        let attempt = outgoing.filter(|outgoing| outgoing.state.can_land());
        let attempt = attempt.map(|outgoing| Attempt {
            period,
            last_valid_block_height: outgoing.last_valid_block_height,
            sent_at_seconds: self.sent_at(&outgoing.signature),
        });
        Ok(Saved { anchored_count: period.0, seal, attempt })
    }

    /// When this process last sent a transaction; long ago if it never did.
    fn sent_at(&self, signature: &[u8; 64]) -> i64 {
        self.sent.filter(|(sent, _)| sent == signature).map_or(i64::MIN, |(_, at)| at)
    }

    async fn read(&self, period: Period) -> Result<Reading, AnchoringError> {
        let anchor = registry::anchor_address(&self.log, period.0);
        let addresses = [clock::ADDRESS, self.log, anchor];
        let Snapshot { block_height, accounts, .. } = self.ledger.snapshot(&addresses).await?;
        let mut accounts = accounts.into_iter();
        let mut next = || accounts.next().flatten();
        let missing = |address, expected| ReadError::Missing { address, expected };
        let now = next().and_then(|raw| clock::parse(&raw.data));
        let now = now.ok_or_else(|| missing(clock::ADDRESS, "clock"))?;
        // It was there when this began, or there would be no `self`.
        let log = next().ok_or(AnchoringError::NotFinalized { log: self.log })?;
        let anchor = next().filter(|raw| raw.owner == registry::PROGRAM);
        Ok(Reading {
            log: registry::parse(&log)?,
            anchor: anchor.as_ref().map(registry::parse).transpose()?,
            block_height,
            now_seconds: now.unix_seconds,
        })
    }

    /// The chain showed that a stored transaction can no longer land.
    fn retire(&self, outgoing: Option<&Outgoing>) -> Result<(), AnchoringError> {
        match outgoing.filter(|outgoing| outgoing.state.can_land()) {
            Some(outgoing) => {
                Ok(self.store.move_transaction(&outgoing.signature, TransactionState::Expired)?)
            }
            None => Ok(()),
        }
    }

    /// Signs, stores and only then sends.
    async fn send(
        &mut self,
        seal: SavedSeal,
        previous_anchor_hash: Digest,
        now_seconds: i64,
    ) -> Result<[u8; 64], AnchoringError> {
        let payer = self.key.try_pubkey().map_err(LedgerError::from)?;
        let args = PostAnchorArgs {
            period: seal.period.0,
            leaf_count: seal.leaf_count,
            root: *seal.root.as_bytes(),
            previous_anchor_hash: *previous_anchor_hash.as_bytes(),
        };
        let instruction = logs::post_anchor(payer, payer, self.log, args);
        let prepared = self.ledger.prepare(&[instruction], &[self.key]).await?;
        let Prepared { signature, bytes, last_valid_block_height } = prepared;
        let outgoing = Outgoing {
            purpose: Purpose::PostAnchor(seal.period),
            signature: signature.into(),
            bytes,
            last_valid_block_height,
            state: TransactionState::Prepared,
        };
        self.store.put_transaction(&outgoing)?;
        self.hand_over(&outgoing, now_seconds).await?;
        Ok(outgoing.signature)
    }

    async fn resend(
        &mut self,
        period: Period,
        outgoing: &Outgoing,
        now_seconds: i64,
    ) -> Result<Progress, AnchoringError> {
        self.hand_over(outgoing, now_seconds).await?;
        Ok(Progress::Resent { period, signature: outgoing.signature })
    }

    async fn hand_over(
        &mut self,
        outgoing: &Outgoing,
        now_seconds: i64,
    ) -> Result<(), AnchoringError> {
        self.sent = Some((outgoing.signature, now_seconds));
        self.ledger.send(&outgoing.bytes).await?;
        Ok(self.store.move_transaction(&outgoing.signature, TransactionState::Sent)?)
    }

    /// Notes that a period is anchored as it was sealed.
    fn finish(
        &mut self,
        period: Period,
        reading: &Reading,
        outgoing: Option<&Outgoing>,
    ) -> Result<Progress, AnchoringError> {
        let address = registry::anchor_address(&self.log, period.0);
        let missing = ReadError::Missing { address, expected: "anchor" };
        let account = &reading.anchor.as_ref().ok_or(missing)?.account;
        let slot = account.posted_at.slot;
        let ours = outgoing.filter(|outgoing| outgoing.state != TransactionState::Expired);
        let anchor = AnchorRecord {
            period,
            root: Digest::new(account.root),
            anchor_hash: Digest::new(account.anchor_hash),
            signature: ours.map(|outgoing| outgoing.signature),
            slot,
            commitment: SavedCommitment::Finalized,
            facts: Some(anchors::facts_of(account)),
        };
        self.store.put_anchor(&anchor)?;
        if let Some(outgoing) = ours.filter(|outgoing| outgoing.state.can_land()) {
            let landed = TransactionState::Landed { slot };
            self.store.move_transaction(&outgoing.signature, landed)?;
        }
        Ok(Progress::Anchored { anchor: Box::new(anchor), leaf_count: account.leaf_count })
    }
}

fn schedule(log: &Log) -> Schedule {
    Schedule {
        start_seconds: log.start_seconds,
        cadence_seconds: log.cadence_seconds,
        grace_seconds: log.grace_seconds,
    }
}

fn on_chain(reading: &Reading) -> OnChain {
    let log = &reading.log.account;
    OnChain {
        next_period: Period(log.next_period),
        head_anchor_hash: Digest::new(log.head_anchor_hash),
        block_height: reading.block_height,
        anchor: reading.anchor.as_ref().map(|anchor| SavedSeal {
            period: Period(anchor.account.period),
            root: Digest::new(anchor.account.root),
            leaf_count: anchor.account.leaf_count,
        }),
    }
}
