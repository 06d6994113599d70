//! That two leaves stand next to each other, with the part of their paths that they share sent once.
//!
//! In a tree whose leaves are sorted, nothing stands between them: that is how absence is proved.
//!
//! The proof, from the bottom: the left leaf's siblings below the node where the two paths meet, the
//! right leaf's siblings below it, the siblings above it.

use crate::{
    Hash, ProofError,
    inclusion::{check_index, check_size, climb},
    node_hash,
    shape::{PathShape, bit_length, to_usize},
};

/// Where the paths of the leaves at `index` and `index + 1` meet, and how long their parts are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PairShape {
    /// The level of the two children of the node where the paths meet. Every sibling of the left
    /// leaf below it is to the left.
    pub(crate) level: u32,
    /// How many siblings the right leaf has below it. Each is to the right, and there are fewer of
    /// them than levels where the tree ends.
    pub(crate) right: u32,
    whole: PathShape,
}

impl PairShape {
    pub(crate) fn new(index: u64, count: u64) -> Result<Self, ProofError> {
        let next = index.checked_add(1).ok_or(ProofError::IndexOutsideTree { index, count })?;
        check_index(next, count)?;
        let level = index.trailing_ones();
        let behind = count.saturating_sub(next);
        let full = 1u64.checked_shl(level).unwrap_or(u64::MAX);
        let right = bit_length(behind.min(full).saturating_sub(1));
        Ok(Self { level, right, whole: PathShape::new(index, count) })
    }

    /// The lengths of the three parts.
    pub(crate) fn sizes(self) -> (usize, usize, usize) {
        let joined = to_usize(self.level).saturating_add(1);
        let above = self.whole.size().saturating_sub(joined);
        (to_usize(self.level), to_usize(self.right), above)
    }
}

/// Returns how many hashes the proof of the leaves at `index` and `index + 1` has.
pub fn proof_size(index: u64, count: u64) -> Result<usize, ProofError> {
    let (left, right, above) = PairShape::new(index, count)?.sizes();
    Ok(left.saturating_add(right).saturating_add(above))
}

/// Checks that `left` stands at `index` and `right` at `index + 1` of the tree under `root`.
///
/// As with inclusion, `count` must come from where `root` does.
pub fn verify(
    left: &Hash,
    right: &Hash,
    index: u64,
    count: u64,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), ProofError> {
    let shape = PairShape::new(index, count)?;
    let (left_size, right_size, _) = shape.sizes();
    check_size(proof, proof_size(index, count)?)?;
    let (left_path, rest) = proof.split_at_checked(left_size).unwrap_or((proof, &[]));
    let (right_path, above) = rest.split_at_checked(right_size).unwrap_or((rest, &[]));
    let left = left_path.iter().fold(*left, |node, sibling| node_hash(sibling, &node));
    let right = right_path.iter().fold(*right, |node, sibling| node_hash(&node, sibling));
    let joined = node_hash(&left, &right);
    let computed = climb(joined, index, shape.whole, shape.level.saturating_add(1), above);
    if computed == *root { Ok(()) } else { Err(ProofError::RootMismatch { computed }) }
}
