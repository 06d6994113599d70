//! Comparing what is saved of anchors with what the chain says.

use crate::{
    keys::theirs,
    ledger::{Ledger, MOST_IN_SNAPSHOT},
    registry::{self, ReadError},
    store::{AnchorRecord, Anchoring, Periods, SavedCommitment, SealedPeriod, StoreError},
};
use runseal_registry::state::{Anchor, Log};
use runseal_types::{Digest, Period};

/// What a comparison found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// How many sealed periods were compared with an anchor's account.
    pub anchors: u64,
    /// How many are anchored and have no account any more.
    pub unknown: u64,
    /// What is saved otherwise than the chain has it.
    pub differences: Vec<Difference>,
}

/// Something that is saved otherwise than the chain has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Difference {
    /// The anchor is not that of what was sealed.
    #[error("period {period} is sealed as {sealed} and anchored as {anchored}")]
    Root {
        /// Which period.
        period: Period,
        /// The root that was sealed.
        sealed: Digest,
        /// The root that is on chain.
        anchored: Digest,
    },
    /// It has another number of leaves.
    #[error("period {period} is sealed with {sealed} leaves and anchored with {anchored}")]
    LeafCount {
        /// Which period.
        period: Period,
        /// How many were sealed.
        sealed: u64,
        /// How many are anchored.
        anchored: u64,
    },
    /// What was noted of the anchor is not what it says.
    #[error("the anchor of period {period} is noted as {noted} and is {anchored}")]
    AnchorHash {
        /// Which period.
        period: Period,
        /// The hash that was noted.
        noted: Digest,
        /// The hash that is on chain.
        anchored: Digest,
    },
    /// The store calls a period anchored that the log has not come to.
    #[error("period {period} is noted as anchored; the log has anchored {anchored_count}")]
    NotAnchored {
        /// Which period.
        period: Period,
        /// How many periods the log has anchored.
        anchored_count: u64,
    },
    /// The log anchored a period that the store has not sealed.
    #[error("the log has anchored {anchored_count} periods; {sealed_count} are sealed here")]
    NotSealed {
        /// How many periods the log has anchored.
        anchored_count: u64,
        /// How many are sealed.
        sealed_count: u64,
    },
}

/// Compares every sealed period with its anchor in a finalized slot. A store that belongs to no log
/// has nothing to compare.
pub async fn compare(
    store: &(impl Anchoring + Periods + ?Sized),
    ledger: &impl Ledger,
) -> Result<Compared, CompareError> {
    let mut compared = Compared::default();
    let Some(identity) = store.find_log()? else { return Ok(compared) };
    let log = theirs(&identity.log);
    let raw = ledger.snapshot(&[log]).await.map_err(ReadError::from)?.accounts.pop().flatten();
    let raw = raw.ok_or(ReadError::Missing { address: log, expected: "log" })?;
    let anchored_count = registry::parse::<Log>(&raw).map_err(ReadError::from)?.account.next_period;
    let mut next = Period(0);
    loop {
        let sealed = store.list_periods(next, MOST_IN_SNAPSHOT)?;
        let Some(last) = sealed.last() else { break };
        let noted = store.list_anchors(next, MOST_IN_SNAPSHOT)?;
        let addresses: Vec<_> =
            sealed.iter().map(|one| registry::anchor_address(&log, one.period.0)).collect();
        let found = ledger.snapshot(&addresses).await.map_err(ReadError::from)?.accounts;
        next = Period(last.period.0.saturating_add(1));
        for (sealed, raw) in sealed.iter().zip(found) {
            let noted = noted.iter().find(|noted| noted.period == sealed.period);
            let raw = raw.filter(|raw| raw.owner == registry::PROGRAM);
            match raw.as_ref().map(registry::parse::<Anchor>).transpose() {
                Ok(Some(anchor)) => compared.compare(sealed, noted, &anchor.account),
                Ok(None) => compared.without_account(sealed.period, noted, anchored_count),
                Err(error) => return Err(ReadError::from(error).into()),
            }
        }
    }
    if next.0 < anchored_count {
        let sealed_count = next.0;
        compared.differences.push(Difference::NotSealed { anchored_count, sealed_count });
    }
    Ok(compared)
}

/// Why nothing could be compared.
#[derive(Debug, thiserror::Error)]
pub enum CompareError {
    /// The chain could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The store could not be.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Compared {
    fn compare(&mut self, sealed: &SealedPeriod, noted: Option<&AnchorRecord>, anchor: &Anchor) {
        self.anchors = self.anchors.saturating_add(1);
        let period = sealed.period;
        let (root, hash) = (Digest::new(anchor.root), Digest::new(anchor.anchor_hash));
        if sealed.root != root {
            let (sealed, anchored) = (sealed.root, root);
            self.differences.push(Difference::Root { period, sealed, anchored });
        }
        if sealed.leaf_count != anchor.leaf_count {
            let (sealed, anchored) = (sealed.leaf_count, anchor.leaf_count);
            self.differences.push(Difference::LeafCount { period, sealed, anchored });
        }
        if let Some(noted) = noted.filter(|noted| noted.anchor_hash != hash) {
            let (noted, anchored) = (noted.anchor_hash, hash);
            self.differences.push(Difference::AnchorHash { period, noted, anchored });
        }
    }

    fn without_account(
        &mut self,
        period: Period,
        noted: Option<&AnchorRecord>,
        anchored_count: u64,
    ) {
        let is_noted = noted.is_some_and(|noted| noted.commitment == SavedCommitment::Finalized);
        if period.0 < anchored_count {
            self.unknown = self.unknown.saturating_add(1);
        } else if is_noted {
            self.differences.push(Difference::NotAnchored { period, anchored_count });
        }
    }
}
