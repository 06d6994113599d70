//! A whole tree in memory, which can prove everything about its leaves.

use crate::{
    EMPTY_ROOT, Hash, ProofError, adjacent::PairShape, consistency, inclusion, node_hash,
    shape::to_usize,
};
use alloc::vec::Vec;

/// Every node of a tree: two hashes of memory a leaf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tree {
    /// The leaves' hashes, then each level above; the last has one node. No levels without leaves.
    levels: Vec<Vec<Hash>>,
}

impl Tree {
    /// Builds the tree over leaves whose hashes are given in their order.
    pub fn from_leaf_hashes(leaves: impl IntoIterator<Item = Hash>) -> Self {
        let mut levels = Vec::new();
        let mut level: Vec<Hash> = leaves.into_iter().collect();
        while level.len() > 1 {
            let above = level.chunks(2).map(join).collect();
            levels.push(core::mem::replace(&mut level, above));
        }
        levels.push(level);
        Self { levels }
    }

    /// Returns how many leaves there are.
    pub fn count(&self) -> u64 {
        let leaves = self.levels.first().map_or(0, Vec::len);
        u64::try_from(leaves).unwrap_or(u64::MAX)
    }

    /// Returns the root.
    pub fn root(&self) -> Hash {
        self.levels.last().and_then(|level| level.first()).copied().unwrap_or(EMPTY_ROOT)
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
        let mut proof = self.siblings_between(index, 0, level);
        proof.extend(self.siblings_between(next, 0, level));
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
        let seed = shape.has_seed.then(|| self.node(last, shape.level)).flatten();
        Ok(seed.into_iter().chain(self.siblings(last, shape.level)).collect())
    }

    /// The siblings on the way from the node above `index` at level `from` to the root.
    fn siblings(&self, index: u64, from: u32) -> Vec<Hash> {
        self.siblings_between(index, from, u64::BITS)
    }

    /// A node without a sibling was promoted, and its level adds nothing to a path.
    fn siblings_between(&self, index: u64, from: u32, to: u32) -> Vec<Hash> {
        let top = u32::try_from(self.levels.len()).unwrap_or(u32::MAX).saturating_sub(1);
        let levels = from..to.min(top);
        levels.filter_map(|level| self.at(level, index.checked_shr(level)? ^ 1)).collect()
    }

    fn node(&self, index: u64, level: u32) -> Option<Hash> {
        self.at(level, index.checked_shr(level)?)
    }

    fn at(&self, level: u32, position: u64) -> Option<Hash> {
        let level = self.levels.get(to_usize(level))?;
        level.get(usize::try_from(position).ok()?).copied()
    }
}

/// Joins two nodes, or promotes one that is alone. It is never joined with itself.
fn join(pair: &[Hash]) -> Hash {
    match pair {
        [left, right] => node_hash(left, right),
        [alone] => *alone,
        _ => EMPTY_ROOT,
    }
}
