use super::{Position, StoreError};
use runseal_types::{Address, Digest, Leaf, Period, PeriodContext, Sequence};

/// Which log on which chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogIdentity {
    /// The chain.
    pub genesis_hash: Digest,
    /// The log's account.
    pub log: Address,
}

impl LogIdentity {
    /// Returns the context of one of the log's periods.
    pub fn context(&self, period: Period) -> PeriodContext {
        PeriodContext::new(&self.genesis_hash, &self.log, period)
    }
}

/// A period whose leaves are fixed for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealedPeriod {
    /// Its number.
    pub period: Period,
    /// The root of its leaves.
    pub root: Digest,
    /// How many there are.
    pub leaf_count: u64,
}

/// A part of a sealed period's leaf list, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeafChunk {
    /// Which part: how many chunks stand before it.
    pub number: u64,
    /// Its leaves, in order.
    pub leaves: Vec<Leaf>,
}

/// Up to which receipt a period is sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// All that are stored.
    Everything,
    /// Up to this one, and whatever else was promised.
    Through(Position),
}

/// The periods of the one log that a store belongs to. A sealed period never changes.
pub trait Periods {
    /// Makes the store this log's, for good.
    fn bind_log(&self, identity: &LogIdentity) -> Result<(), StoreError>;

    /// Returns the log that the store belongs to, if it does.
    fn find_log(&self) -> Result<Option<LogIdentity>, StoreError>;

    /// Seals the next period: every receipt up to the cut that is in no period and not promised for
    /// a later one, and every one that is promised for this one. A sealed period is returned as it
    /// is.
    fn seal_period(&self, period: Period, cut: Cut) -> Result<SealedPeriod, StoreError>;

    /// Lists sealed periods, from this one on.
    fn list_periods(&self, from: Period, limit: usize) -> Result<Vec<SealedPeriod>, StoreError>;

    /// Returns leaves of a sealed period in their order, from this index on.
    fn list_period_leaves(
        &self,
        period: Period,
        from_index: u64,
        limit: usize,
    ) -> Result<Vec<Leaf>, StoreError>;

    /// Finds the chunk of a sealed period in which an agent's receipt of this number stands, or would
    /// stand; none if it is before the first leaf.
    fn find_chunk(
        &self,
        period: Period,
        agent: &Address,
        sequence: Sequence,
    ) -> Result<Option<LeafChunk>, StoreError>;

    /// Returns the roots of a sealed period's chunks in their order.
    fn list_chunk_roots(&self, period: Period) -> Result<Vec<Digest>, StoreError>;
}
