//! Proofs about sealed periods, from the leaf lists that the store keeps.

use crate::{
    sealing::CHUNK_LEAVES,
    store::{self, Conflict, LogIdentity, MOST_ITEMS, Periods, StoreError},
};
use runseal_engine::{
    MirrorError, Place, SealedPeriod,
    proof::{AskError, Inclusion, PeriodRoot},
};
use runseal_merkle::{ProofError, Tree};
use runseal_types::{Address, Digest, Leaf, Period, Sequence};

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
    /// A proof from what is kept does not lead to the root that was sealed: the store is damaged.
    #[error("the leaf list of period {period} is damaged: {reason}")]
    WrongProof {
        /// Which.
        period: Period,
        /// How that shows.
        reason: ProofError,
    },
    /// The receipt is not in the period.
    #[error(transparent)]
    Ask(#[from] AskError),
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
    let (place, sealed) = find_period(store, period)?;
    let published: Vec<u8> = load_leaves(store, period)?.iter().flat_map(Leaf::sort_key).collect();
    SealedPeriod::recompute(place, &published, sealed.leaf_count, sealed.root)
        .map_err(|reason| PeriodError::Damaged { period, reason })
}

/// Reads what is known of a sealed period without its leaves.
pub fn find_period(
    store: &(impl Periods + ?Sized),
    period: Period,
) -> Result<(Place, store::SealedPeriod), PeriodError> {
    let LogIdentity { genesis_hash, log } = load_log(store)?;
    let sealed = store.list_periods(period, 1)?.pop();
    let sealed = sealed.filter(|sealed| sealed.period == period);
    let sealed = sealed.ok_or(PeriodError::NotSealed { period })?;
    Ok((Place { genesis_hash, log, period }, sealed))
}

/// Proves that a receipt is in a sealed period, from its chunk of the leaf list and the roots of the
/// others: a thousandth of the period is read.
pub fn prove_inclusion(
    store: &(impl Periods + ?Sized),
    period: Period,
    agent: Address,
    sequence: Sequence,
) -> Result<Inclusion, PeriodError> {
    let (place, sealed) = find_period(store, period)?;
    let missing = || AskError::NotThere { agent, sequence };
    let chunk = store.find_chunk(period, &agent, sequence)?.ok_or_else(missing)?;
    let key = |leaf: &Leaf| (leaf.agent, leaf.sequence);
    let found = chunk.leaves.binary_search_by_key(&(agent, sequence), key);
    let within = found.map_err(|_| missing())?;
    let leaf = *chunk.leaves.get(within).ok_or_else(missing)?;
    let context = place.context();
    let inner = Tree::from_leaves(chunk.leaves.iter().map(|leaf| leaf.to_bytes(&context)));
    let roots = store.list_chunk_roots(period)?;
    let outer = Tree::from_leaf_hashes(roots.iter().map(|root| *root.as_bytes()));
    let within = u64::try_from(within).unwrap_or(u64::MAX);
    let wrong = |reason| PeriodError::WrongProof { period, reason };
    // A chunk's root is a node of the whole tree, so one way ends where the other begins.
    let mut path = inner.inclusion_path(within).map_err(wrong)?;
    path.extend(outer.inclusion_path(chunk.number).map_err(wrong)?);
    let chunk_leaves = u64::try_from(CHUNK_LEAVES).unwrap_or(u64::MAX);
    let index = chunk.number.saturating_mul(chunk_leaves).saturating_add(within);
    let inclusion = Inclusion { leaf, index, path: path.into_iter().map(Digest::new).collect() };
    let root = PeriodRoot { context, leaf_count: sealed.leaf_count, root: sealed.root };
    inclusion.check(&root).map_err(wrong)?;
    Ok(inclusion)
}

/// Counts an agent's receipts in a sealed period. They stand beside each other, so two chunks of the leaf
/// list say it.
pub fn count_receipts(
    store: &(impl Periods + ?Sized),
    period: Period,
    agent: &Address,
) -> Result<u64, PeriodError> {
    let place = |sequence, is_before: &dyn Fn(&Leaf) -> bool| {
        // What is before all leaves has none before it.
        let Some(chunk) = store.find_chunk(period, agent, sequence)? else { return Ok(0) };
        let within = chunk.leaves.partition_point(is_before);
        let chunk_leaves = u64::try_from(CHUNK_LEAVES).unwrap_or(u64::MAX);
        let within = u64::try_from(within).unwrap_or(u64::MAX);
        Ok(chunk.number.saturating_mul(chunk_leaves).saturating_add(within))
    };
    let placed = |place: Result<u64, StoreError>| match place {
        Err(StoreError::Conflict(Conflict::PeriodNotSealed { period })) => {
            Err(PeriodError::NotSealed { period })
        }
        place => Ok(place?),
    };
    let first = placed(place(Sequence::FIRST, &|leaf| leaf.agent < *agent))?;
    let end = placed(place(Sequence(u64::MAX), &|leaf| leaf.agent <= *agent))?;
    Ok(end.saturating_sub(first))
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
