//! Comparing what is saved of anchors with what the chain says.

use crate::{
    anchors::{KnownLog, LogError},
    closed::{Anchors, AnchorsError, Closed, Known, OfferedBy, Refused},
    keys::theirs,
    ledger::{Ledger, MOST_IN_SNAPSHOT},
    mirror::{KeepError, ReadLists},
    published::StoredLists,
    store::{AnchorRecord, Anchoring, Periods, SavedCommitment, SealedPeriod, StoreError},
};
use runseal_types::{AnchorFacts, Digest, Period};

/// What a comparison found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// How many sealed periods were compared with an anchor: with its account or, where that is
    /// closed, with what the log proves that it said.
    pub anchors: u64,
    /// How many are anchored and have no account any more, and nothing proves what it said.
    pub unknown: u64,
    /// What is saved otherwise than the chain has it.
    pub differences: Vec<Difference>,
}

/// Something that is saved otherwise than the chain has it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
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
    /// What was noted of a closed anchor is not what it said.
    #[error("period {}: {refused}", refused.period)]
    Closed {
        /// What was noted.
        refused: Refused,
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
    store: &(impl Anchoring + Periods + Sync),
    ledger: &impl Ledger,
) -> Result<Compared, CompareError> {
    let mut compared = Compared::default();
    let Some(identity) = store.find_log()? else { return Ok(compared) };
    let log = KnownLog::read(ledger, theirs(&identity.log)).await?;
    let stored = StoredLists(store);
    let offers: [(OfferedBy, &dyn ReadLists); 1] = [(OfferedBy::Store, &stored)];
    let mut anchors = Anchors::new(ledger, &log, &offers);
    let mut next = Period(0);
    loop {
        let sealed = store.list_periods(next, MOST_IN_SNAPSHOT)?;
        let (Some(first), Some(last)) = (sealed.first(), sealed.last()) else { break };
        let noted = store.list_anchors(next, MOST_IN_SNAPSHOT)?;
        next = Period(last.period.0.saturating_add(1));
        let anchored = first.period.0..next.0.min(log.anchor_count());
        let known = if anchored.is_empty() { Vec::new() } else { anchors.read(anchored).await? };
        let mut known = known.into_iter();
        for sealed in &sealed {
            let noted = noted.iter().find(|noted| noted.period == sealed.period);
            compared.take(&log, sealed, noted, known.next())?;
        }
    }
    let refused = anchors.refused().into_iter();
    compared.differences.extend(refused.map(|refused| Difference::Closed { refused }));
    let (anchored_count, sealed_count) = (log.anchor_count(), next.0);
    if sealed_count < anchored_count {
        compared.differences.push(Difference::NotSealed { anchored_count, sealed_count });
    }
    Ok(compared)
}

/// Why nothing could be compared.
#[derive(Debug, thiserror::Error)]
pub enum CompareError {
    /// The chain could not be read.
    #[error(transparent)]
    Log(#[from] LogError),
    /// What was noted of anchors could not be.
    #[error(transparent)]
    Keep(#[from] KeepError),
    /// The store could not be.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<AnchorsError> for CompareError {
    fn from(error: AnchorsError) -> Self {
        match error {
            AnchorsError::Log(error) => Self::Log(error),
            AnchorsError::Keep(error) => Self::Keep(error),
        }
    }
}

impl Compared {
    /// Compares a sealed period with its anchor; `None` if the log has not come to it.
    fn take(
        &mut self,
        log: &KnownLog,
        sealed: &SealedPeriod,
        noted: Option<&AnchorRecord>,
        anchor: Option<Known>,
    ) -> Result<(), LogError> {
        match anchor {
            Some(Known::Open(anchor)) => {
                self.compare(sealed, noted, &log.check_anchor(sealed.period, &anchor)?);
            }
            Some(Known::Closed(facts)) => self.compare(sealed, noted, &facts),
            // It is among the differences.
            Some(Known::Unknown(Closed::Refuted)) => {}
            Some(Known::Unknown(_)) => self.unknown = self.unknown.saturating_add(1),
            None => self.without_anchor(sealed.period, noted, log.anchor_count()),
        }
        Ok(())
    }

    fn compare(
        &mut self,
        sealed: &SealedPeriod,
        noted: Option<&AnchorRecord>,
        anchor: &AnchorFacts,
    ) {
        self.anchors = self.anchors.saturating_add(1);
        let (period, root, hash) = (sealed.period, anchor.root, anchor.hash());
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

    fn without_anchor(
        &mut self,
        period: Period,
        noted: Option<&AnchorRecord>,
        anchored_count: u64,
    ) {
        if noted.is_some_and(|noted| noted.commitment == SavedCommitment::Finalized) {
            self.differences.push(Difference::NotAnchored { period, anchored_count });
        }
    }
}
