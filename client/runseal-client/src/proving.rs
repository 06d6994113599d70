//! Proofs about sealed periods, from the leaf lists that the store keeps.

use crate::store::{Conflict, LogIdentity, MOST_ITEMS, Periods, StoreError};
use runseal_engine::{MirrorError, Place, SealedPeriod};
use runseal_types::{Leaf, Period};

/// Why a sealed period cannot be read back.
#[derive(Debug, thiserror::Error)]
pub enum PeriodError {
    /// The store belongs to no log yet.
    #[error("the store belongs to no log yet")]
    NoLog,
    /// The period is not sealed.
    #[error("period {period} is not sealed")]
    NotSealed {
        /// Which.
        period: Period,
    },
    /// Its leaves are not what was sealed: the store is damaged.
    #[error("period {period} is damaged: {reason}")]
    Damaged {
        /// Which.
        period: Period,
        /// What is wrong.
        reason: MirrorError,
    },
    /// The store did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Reads which log the store belongs to.
pub fn load_log(store: &(impl Periods + ?Sized)) -> Result<LogIdentity, PeriodError> {
    store.find_log()?.ok_or(PeriodError::NoLog)
}

/// Reads a sealed period with all its leaves, and builds its tree again: what comes out is what was
/// sealed, or an error.
pub fn load_period(
    store: &(impl Periods + ?Sized),
    period: Period,
) -> Result<SealedPeriod, PeriodError> {
    let LogIdentity { genesis_hash, log } = load_log(store)?;
    let sealed = store.list_periods(period, 1)?.pop();
    let sealed = sealed.filter(|sealed| sealed.period == period);
    let sealed = sealed.ok_or(PeriodError::NotSealed { period })?;
    let published: Vec<u8> = load_leaves(store, period)?.iter().flat_map(Leaf::sort_key).collect();
    let place = Place { genesis_hash, log, period };
    SealedPeriod::recompute(place, &published, sealed.leaf_count, sealed.root)
        .map_err(|reason| PeriodError::Damaged { period, reason })
}

/// Reads all leaves of a sealed period in their order.
pub fn load_leaves(
    store: &(impl Periods + ?Sized),
    period: Period,
) -> Result<Vec<Leaf>, PeriodError> {
    let mut leaves = Vec::new();
    loop {
        let from = u64::try_from(leaves.len()).unwrap_or(u64::MAX);
        let more = match store.list_period_leaves(period, from, MOST_ITEMS) {
            Err(StoreError::Conflict(Conflict::PeriodNotSealed { period })) => {
                return Err(PeriodError::NotSealed { period });
            }
            more => more?,
        };
        if more.is_empty() {
            return Ok(leaves);
        }
        leaves.extend(more);
    }
}
