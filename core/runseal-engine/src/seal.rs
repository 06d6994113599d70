//! Sealing: a period's leaves become one tree, and never another.

use crate::proof::PeriodRoot;
use runseal_merkle::Tree;
use runseal_types::{Address, Digest, Leaf, Period, PeriodContext, SORT_KEY_BYTES, Sequence};

/// Which period of which log on which chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which chain.
    pub genesis_hash: Digest,
    /// The log's account.
    pub log: Address,
    /// The number of the period.
    pub period: Period,
}

impl Place {
    /// Returns what every leaf of the period begins with.
    #[must_use]
    pub fn context(&self) -> PeriodContext {
        PeriodContext::new(&self.genesis_hash, &self.log, self.period)
    }
}

/// Why leaves cannot be sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// An agent has two receipts with one number, or one receipt twice.
    #[error("receipt {sequence} of {agent} is there twice: {first} and {second}")]
    DuplicateReceipt {
        /// Whose.
        agent: Address,
        /// Which.
        sequence: Sequence,
        /// The smaller digest.
        first: Digest,
        /// The larger one; the same if one receipt is there twice.
        second: Digest,
    },
    /// The period was sealed with other leaves.
    #[error(
        "period {period} is sealed with {sealed_count} leaves under {sealed_root}, not with {found_count} under {found_root}"
    )]
    SealedOtherwise {
        /// Which period.
        period: Period,
        /// How many leaves it has.
        sealed_count: u64,
        /// The root of these.
        sealed_root: Digest,
        /// How many leaves came now.
        found_count: u64,
        /// The root of those.
        found_root: Digest,
    },
}

/// Why a published list of leaves is not what was sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MirrorError {
    /// It does not consist of whole leaves.
    #[error("{size_bytes} bytes are not a number of leaves of {SORT_KEY_BYTES}")]
    NotWholeLeaves {
        /// How long it is.
        size_bytes: usize,
    },
    /// A leaf does not stand behind the one before it.
    #[error("leaf {index} does not stand behind the one before it")]
    OutOfOrder {
        /// Which leaf, from 0.
        index: u64,
    },
    /// It has more or fewer leaves than the anchor says.
    #[error("{found} leaves, the anchor says {expected}")]
    CountMismatch {
        /// What the anchor says.
        expected: u64,
        /// How many there are.
        found: u64,
    },
    /// It leads to another root than the anchor's.
    #[error("the leaves lead to {found}, the anchor says {expected}")]
    RootMismatch {
        /// What the anchor says.
        expected: Digest,
        /// What the leaves lead to.
        found: Digest,
    },
}

/// A period that is closed: its leaves in their order, and the tree over them.
///
/// There is no way to add a leaf to it or to take one away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedPeriod {
    place: Place,
    leaves: Vec<Leaf>,
    tree: Tree,
}

impl SealedPeriod {
    /// Sorts leaves that come in any order, and builds the tree.
    pub fn seal(place: Place, leaves: impl IntoIterator<Item = Leaf>) -> Result<Self, SealError> {
        let mut leaves: Vec<Leaf> = leaves.into_iter().collect();
        leaves.sort_unstable();
        let mut pairs = leaves.iter().zip(leaves.iter().skip(1));
        match pairs.find(|(one, next)| key(one) == key(next)) {
            None => Ok(Self::build(place, leaves)),
            Some((one, next)) => Err(SealError::DuplicateReceipt {
                agent: one.agent,
                sequence: one.sequence,
                first: one.digest,
                second: next.digest,
            }),
        }
    }

    /// Seals again what is sealed, as after a crash: the same leaves or an error.
    pub fn check_same(&self, leaves: impl IntoIterator<Item = Leaf>) -> Result<(), SealError> {
        let other = Self::seal(self.place, leaves)?;
        if other == *self {
            return Ok(());
        }
        Err(SealError::SealedOtherwise {
            period: self.place.period,
            sealed_count: self.leaf_count(),
            sealed_root: self.root(),
            found_count: other.leaf_count(),
            found_root: other.root(),
        })
    }

    /// Reads a list as a log publishes it, and checks what a cosigner must: that it is in order and
    /// that it is what was anchored.
    pub fn recompute(
        place: Place,
        published: &[u8],
        leaf_count: u64,
        root: Digest,
    ) -> Result<Self, MirrorError> {
        let sealed = Self::build(place, parse_leaves(published)?);
        sealed.check_is(leaf_count, root)?;
        Ok(sealed)
    }

    /// Refuses leaves that are not what was anchored.
    pub(crate) fn check_is(&self, leaf_count: u64, root: Digest) -> Result<(), MirrorError> {
        let (found, found_root) = (self.leaf_count(), self.root());
        if found != leaf_count {
            return Err(MirrorError::CountMismatch { expected: leaf_count, found });
        }
        if found_root != root {
            return Err(MirrorError::RootMismatch { expected: root, found: found_root });
        }
        Ok(())
    }

    /// Requires leaves in their order; in another one only what was anchored so can be shown.
    pub(crate) fn build(place: Place, leaves: Vec<Leaf>) -> Self {
        let context = place.context();
        let tree = Tree::from_leaves(leaves.iter().map(|leaf| leaf.to_bytes(&context)));
        Self { place, leaves, tree }
    }

    /// Returns which period it is.
    #[must_use]
    pub const fn place(&self) -> &Place {
        &self.place
    }

    /// Returns how many leaves there are.
    #[must_use]
    pub fn leaf_count(&self) -> u64 {
        self.tree.count()
    }

    /// Returns the root.
    #[must_use]
    pub fn root(&self) -> Digest {
        Digest::new(self.tree.root())
    }

    /// Returns what proofs are checked against.
    #[must_use]
    pub fn period_root(&self) -> PeriodRoot {
        PeriodRoot {
            context: self.place.context(),
            leaf_count: self.leaf_count(),
            root: self.root(),
        }
    }

    /// Returns the leaves in their order.
    #[must_use]
    pub fn leaves(&self) -> &[Leaf] {
        &self.leaves
    }

    pub(crate) const fn tree(&self) -> &Tree {
        &self.tree
    }

    /// Returns the list that the log publishes: 72 bytes a leaf, in order.
    #[must_use]
    pub fn published(&self) -> Vec<u8> {
        self.leaves.iter().flat_map(Leaf::sort_key).collect()
    }
}

/// Parses a published list of leaves: whole, and strictly in order.
pub fn parse_leaves(published: &[u8]) -> Result<Vec<Leaf>, MirrorError> {
    let leaves = parse_unordered(published)?;
    match first_out_of_order(&leaves) {
        Some(index) => Err(MirrorError::OutOfOrder { index }),
        None => Ok(leaves),
    }
}

/// Parses a published list of whole leaves, whatever their order.
pub(crate) fn parse_unordered(published: &[u8]) -> Result<Vec<Leaf>, MirrorError> {
    let (leaves, rest) = published.as_chunks::<SORT_KEY_BYTES>();
    if !rest.is_empty() {
        return Err(MirrorError::NotWholeLeaves { size_bytes: published.len() });
    }
    Ok(leaves.iter().map(Leaf::from_sort_key).collect())
}

/// Returns the index of the first leaf that does not stand behind the one before it.
pub(crate) fn first_out_of_order(leaves: &[Leaf]) -> Option<u64> {
    let pairs = leaves.iter().zip(leaves.iter().skip(1));
    (1..).zip(pairs).find(|(_, (one, next))| key(one) >= key(next)).map(|(index, _)| index)
}

/// What leaves are sorted by, and what no two may share.
pub(crate) const fn key(leaf: &Leaf) -> (Address, Sequence) {
    (leaf.agent, leaf.sequence)
}
