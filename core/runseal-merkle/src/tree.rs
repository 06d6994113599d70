//! A whole tree in memory, which can prove everything about its leaves.

use crate::{
    EMPTY_ROOT, Hash, ProofError,
    adjacent::PairShape,
    bulk::{BulkHash, fastest, leaf_hashes, level_above},
    consistency, inclusion, mountain_range,
    range::{RangeError, RangeShape},
    shape::to_usize,
};
use alloc::vec::Vec;
use core::ops::Range;

/// The lowest level that is kept beside the leaves. What is between is computed again when a proof
/// needs it, at most fourteen hashes: that saves more than a third of the memory.
const LOWEST_KEPT: u32 = 4;
/// So many leaves are under a node of that level.
const GROUP: usize = 16;
/// The lower levels are built for so many leaves at a time, so that they stay in the nearest cache.
const BLOCK: usize = 16 * GROUP;

/// A tree that serves every proof: 36 bytes of memory a leaf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tree {
    leaves: Vec<Hash>,
    /// The levels from `LOWEST_KEPT` up, with promoted nodes; the last has one node. No levels
    /// without leaves.
    kept: Vec<Vec<Hash>>,
}

impl Tree {
    /// Builds the tree over leaves whose bytes are given in their order.
    ///
    /// Memory is asked for once if the iterator knows how many there are.
    pub fn from_leaves<const N: usize>(leaves: impl IntoIterator<Item = [u8; N]>) -> Self {
        Self::from_leaves_with(&fastest(), leaves)
    }

    /// Builds the tree over leaves whose hashes are given in their order.
    pub fn from_leaf_hashes(leaves: impl IntoIterator<Item = Hash>) -> Self {
        Self::build(&fastest(), leaves.into_iter().collect())
    }

    /// Builds the tree over leaves whose bytes are given, hashing as `bulk` does.
    pub fn from_leaves_with<const N: usize>(
        bulk: &impl BulkHash,
        leaves: impl IntoIterator<Item = [u8; N]>,
    ) -> Self {
        Self::build(bulk, leaf_hashes(bulk, leaves))
    }

    fn build(bulk: &impl BulkHash, leaves: Vec<Hash>) -> Self {
        let mut kept = Vec::new();
        let mut level = lowest_kept(bulk, &leaves);
        while level.len() > 1 {
            let mut above = Vec::with_capacity(level.len().div_ceil(2));
            level_above(bulk, &level, &mut above);
            kept.push(core::mem::replace(&mut level, above));
        }
        kept.push(level);
        Self { leaves, kept }
    }

    /// Returns how many leaves there are.
    pub fn count(&self) -> u64 {
        u64::try_from(self.leaves.len()).unwrap_or(u64::MAX)
    }

    /// Returns the hashes of the leaves in their order.
    pub fn leaf_hashes(&self) -> &[Hash] {
        &self.leaves
    }

    /// Returns the root.
    pub fn root(&self) -> Hash {
        self.kept.last().and_then(|level| level.first()).copied().unwrap_or(EMPTY_ROOT)
    }

    /// Returns the proof that the leaf at `index` is there.
    pub fn inclusion_path(&self, index: u64) -> Result<Vec<Hash>, ProofError> {
        inclusion::check_index(index, self.count())?;
        Ok(self.siblings(index, 0))
    }

    /// Returns the proof that the leaves at `index` and `index + 1` stand next to each other.
    pub fn adjacent_proof(&self, index: u64) -> Result<Vec<Hash>, ProofError> {
        let level = PairShape::new(index, self.count())?.level;
        let next = index.saturating_add(1);
        let mut proof = self.siblings_between(index, 0..level);
        proof.extend(self.siblings_between(next, 0..level));
        proof.extend(self.siblings(index, level.saturating_add(1)));
        Ok(proof)
    }

    /// Returns the proof that the tree of the first `first_count` leaves is this one's beginning.
    pub fn consistency_proof(&self, first_count: u64) -> Result<Vec<Hash>, ProofError> {
        if consistency::proof_size(first_count, self.count())? == 0 {
            return Ok(Vec::new());
        }
        let shape = consistency::Shape::new(first_count, self.count());
        let last = first_count.saturating_sub(1);
        let seed = shape.has_seed.then(|| self.above(last, shape.level)).flatten();
        Ok(seed.into_iter().chain(self.siblings(last, shape.level)).collect())
    }

    /// Returns the proof that the leaves of a range are these and no others.
    pub fn range_proof(&self, range: Range<u64>) -> Result<Vec<Hash>, RangeError> {
        let shape = RangeShape::new(&range, self.count())?;
        let left = shape.left_levels().filter_map(|level| self.sibling(range.start, level));
        let right = shape.right_levels().filter_map(|level| self.sibling(shape.last, level));
        Ok(left.chain(right).collect())
    }

    /// The siblings on the way from the node above `index` at level `from` to the root.
    fn siblings(&self, index: u64, from: u32) -> Vec<Hash> {
        self.siblings_between(index, from..u64::BITS)
    }

    fn siblings_between(&self, index: u64, levels: Range<u32>) -> Vec<Hash> {
        levels.filter_map(|level| self.sibling(index, level)).collect()
    }

    /// A node without a sibling was promoted, and its level adds nothing to a path.
    fn sibling(&self, index: u64, level: u32) -> Option<Hash> {
        self.node(level, index.checked_shr(level)? ^ 1)
    }

    fn above(&self, index: u64, level: u32) -> Option<Hash> {
        self.node(level, index.checked_shr(level)?)
    }

    fn node(&self, level: u32, position: u64) -> Option<Hash> {
        let position = usize::try_from(position).ok()?;
        match level.checked_sub(LOWEST_KEPT) {
            Some(kept) => self.kept.get(to_usize(kept))?.get(position).copied(),
            None => self.computed(level, position),
        }
    }

    /// The root of the few leaves under a node that is not kept.
    fn computed(&self, level: u32, position: usize) -> Option<Hash> {
        let start = position.checked_shl(level).filter(|start| start >> level == position)?;
        let leaves = self.leaves.get(start..)?.iter().take(1 << level);
        let mut peaks = [EMPTY_ROOT; 4];
        let mut count = 0;
        for leaf in leaves {
            count = mountain_range::append(&mut peaks, count, *leaf)?;
        }
        if count == 0 { None } else { mountain_range::root(&peaks, count) }
    }
}

/// Builds the lowest level that is kept, through the ones that are not.
fn lowest_kept(bulk: &impl BulkHash, leaves: &[Hash]) -> Vec<Hash> {
    let mut lowest = Vec::with_capacity(leaves.len().div_ceil(GROUP));
    let (mut level, mut above) = (Vec::new(), Vec::new());
    for block in leaves.chunks(BLOCK) {
        level_above(bulk, block, &mut level);
        for _ in 1..LOWEST_KEPT {
            level_above(bulk, &level, &mut above);
            core::mem::swap(&mut level, &mut above);
        }
        lowest.extend_from_slice(&level);
    }
    lowest
}
