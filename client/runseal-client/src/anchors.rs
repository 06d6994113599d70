//! A log and its anchors, as a finalized slot has them: what every check of an operator begins with.

use crate::{
    keys::{digest, ours, theirs},
    ledger::{Ledger, LedgerError, MOST_IN_SNAPSHOT, RawAccount},
    registry::{self, ParseError, ReadError, RegistryAccount},
};
use runseal_engine::{
    Place,
    anchor_step::{Delay, Schedule},
    audit::log::{LogFacts, SeenAnchor},
};
use runseal_registry::state::{Anchor, Log, Timeliness};
use runseal_types::{Address, AnchorFacts, Digest, Period, PeriodContext};
use std::ops::Range;

/// Why nothing can be said of a log.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The log is of another chain than the one that answers.
    #[error("the log is of the chain {expected}, the one that answers is {found}")]
    OtherChain {
        /// The log's.
        expected: Digest,
        /// The ledger's.
        found: Digest,
    },
    /// An anchor's account contradicts itself: no program of ours wrote it.
    #[error("the anchor of period {period} is not what its hash says, or of another log or period")]
    BadAnchor {
        /// Which.
        period: Period,
    },
    /// The log's account holds numbers that the program never writes.
    #[error("the log counts more periods than its mountain range has levels for")]
    BadRange,
    /// An account could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
}

impl From<LedgerError> for LogError {
    fn from(error: LedgerError) -> Self {
        Self::Read(error.into())
    }
}

/// A log that was read in a finalized slot, of the chain that answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownLog {
    /// Where it lives.
    pub address: Address,
    /// What it holds.
    pub account: Log,
}

impl KnownLog {
    /// Reads a log.
    pub async fn read(
        ledger: &impl Ledger,
        address: solana_address::Address,
    ) -> Result<Self, LogError> {
        let found = digest(&ledger.genesis_hash().await?);
        let read = finalized::<Log>(ledger, &[address]).await?.pop().flatten();
        let account = read.ok_or(ReadError::Missing { address, expected: Log::NAME })?;
        let expected = Digest::new(account.genesis_hash);
        if expected != found {
            return Err(LogError::OtherChain { expected, found });
        }
        Ok(Self { address: ours(&address), account })
    }

    /// Returns the log's address as the chain's crates have it.
    pub fn chain_address(&self) -> solana_address::Address {
        theirs(&self.address)
    }

    /// Returns how many periods are anchored.
    pub fn anchor_count(&self) -> u64 {
        self.account.next_period
    }

    /// Returns what a period's leaves are bound to.
    pub fn place(&self, period: Period) -> Place {
        let genesis_hash = Digest::new(self.account.genesis_hash);
        Place { genesis_hash, log: self.address, period }
    }

    /// Returns the key whose promises for a period can be held against the log, if it is remembered.
    pub fn promise_key(&self, period: Period) -> Option<solana_address::Address> {
        self.account.promise_key_of(period.0).copied()
    }

    /// Returns the anchored periods in parts that can be read together.
    pub fn parts(&self) -> impl Iterator<Item = Range<u64>> + use<> {
        let (count, step) = (self.anchor_count(), u64::try_from(MOST_IN_SNAPSHOT).unwrap_or(1));
        let mut next = 0;
        std::iter::from_fn(move || {
            let part = next..count.min(u64::saturating_add(next, step));
            next = part.end;
            (!part.is_empty()).then_some(part)
        })
    }

    /// Reads the anchors of some periods, at most [`MOST_IN_SNAPSHOT`]; `None` where the account is
    /// closed.
    pub async fn read_anchors(
        &self,
        ledger: &impl Ledger,
        periods: Range<u64>,
    ) -> Result<Vec<Option<Anchor>>, LogError> {
        let log = self.chain_address();
        let addresses: Vec<_> =
            periods.map(|period| registry::anchor_address(&log, period)).collect();
        Ok(finalized::<Anchor>(ledger, &addresses).await?)
    }

    /// Returns what an anchor says, once it is sure that it says it of this period of this log.
    pub fn check_anchor(&self, period: Period, anchor: &Anchor) -> Result<AnchorFacts, LogError> {
        let facts = facts_of(anchor);
        let is_right = facts.context == self.place(period).context()
            && *facts.hash().as_bytes() == anchor.anchor_hash;
        is_right.then_some(facts).ok_or(LogError::BadAnchor { period })
    }

    /// Returns what the log says of itself, as a walk through its anchors needs it.
    pub fn facts(&self) -> Result<LogFacts, LogError> {
        let log = &self.account;
        let schedule = Schedule {
            start_seconds: log.start_seconds,
            cadence_seconds: log.cadence_seconds,
            grace_seconds: log.grace_seconds,
        };
        Ok(LogFacts {
            genesis_hash: Digest::new(log.genesis_hash),
            log: self.address,
            schedule,
            anchor_count: log.next_period,
            head_anchor_hash: Digest::new(log.head_anchor_hash),
            cumulative_leaf_count: log.cumulative_leaf_count,
            late_count: log.late_count,
            missed_count: log.missed_count,
            range_root: Digest::new(log.range_root().map_err(|_| LogError::BadRange)?),
        })
    }
}

/// Returns what stands in an anchor's account, believed or not.
pub fn seen(anchor: &Anchor) -> SeenAnchor {
    let delay = match anchor.timeliness {
        late if late == Timeliness::Late as u8 => Delay::Late,
        missed if missed == Timeliness::Missed as u8 => Delay::Missed,
        _ => Delay::InTime,
    };
    SeenAnchor { facts: facts_of(anchor), hash: Digest::new(anchor.anchor_hash), delay }
}

/// Returns what an anchor's account says, believed or not.
pub(crate) fn facts_of(anchor: &Anchor) -> AnchorFacts {
    AnchorFacts {
        context: PeriodContext::from_digest(Digest::new(anchor.context)),
        root: Digest::new(anchor.root),
        leaf_count: anchor.leaf_count,
        cumulative_leaf_count: anchor.cumulative_leaf_count,
        previous_anchor_hash: Digest::new(anchor.previous_anchor_hash),
        start_seconds: anchor.start_seconds,
        end_seconds: anchor.end_seconds,
        posted_slot: anchor.posted_at.slot,
        posted_unix_seconds: anchor.posted_at.unix_seconds,
    }
}

/// Reads accounts in one finalized slot; `None` where there is none any more.
async fn finalized<T: RegistryAccount>(
    ledger: &impl Ledger,
    addresses: &[solana_address::Address],
) -> Result<Vec<Option<T>>, ReadError> {
    let accounts = ledger.snapshot(addresses).await?.accounts;
    // Whoever sends lamports to the address of a closed account makes none of ours there.
    let ours = |raw: &RawAccount| raw.owner != solana_sdk_ids::system_program::ID;
    let parse = |raw: Option<RawAccount>| {
        let raw = raw.filter(ours);
        raw.map(|raw| registry::parse(&raw).map(|found| found.account)).transpose()
    };
    Ok(accounts.into_iter().map(parse).collect::<Result<_, ParseError>>()?)
}
