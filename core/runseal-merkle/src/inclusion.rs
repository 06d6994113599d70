//! That a leaf stands at an index of a tree.

use crate::{
    Hash, ProofError, node_hash,
    shape::{PathShape, to_usize},
};

/// Returns how many hashes the proof of the leaf at `index` has in a tree of `count` leaves.
pub fn path_size(index: u64, count: u64) -> Result<usize, ProofError> {
    check_index(index, count)?;
    Ok(PathShape::new(index, count).size())
}

/// Checks that the leaf with this hash stands at `index` of the tree of `count` leaves under `root`.
///
/// `count` must come from where `root` does, never from whoever sent the proof: a path alone says
/// neither how large its tree is nor where in it the leaf stands.
#[inline(always)]
pub fn verify(
    leaf: &Hash,
    index: u64,
    count: u64,
    path: &[Hash],
    root: &Hash,
) -> Result<(), ProofError> {
    let computed = root_of(leaf, index, count, path)?;
    if computed == *root { Ok(()) } else { Err(ProofError::RootMismatch { computed }) }
}

/// Returns the root that a leaf and its path lead to.
#[inline(always)]
pub fn root_of(leaf: &Hash, index: u64, count: u64, path: &[Hash]) -> Result<Hash, ProofError> {
    check_index(index, count)?;
    let shape = PathShape::new(index, count);
    check_size(path, shape.size())?;
    Ok(climb(*leaf, index, shape, 0, path))
}

/// Climbs from the node above `index` at level `from` to the root, along a path of the right length.
#[inline(always)]
pub(crate) fn climb(
    mut node: Hash,
    index: u64,
    shape: PathShape,
    from: u32,
    path: &[Hash],
) -> Hash {
    let inner = to_usize(shape.inner.saturating_sub(from)).min(path.len());
    let (inner, border) = path.split_at(inner);
    let mut sides = index.checked_shr(from).unwrap_or(0);
    for sibling in inner {
        let is_right = sides & 1 == 1;
        let (left, right) = if is_right { (sibling, &node) } else { (&node, sibling) };
        node = node_hash(left, right);
        sides >>= 1;
    }
    border.iter().fold(node, |node, sibling| node_hash(sibling, &node))
}

pub(crate) fn check_index(index: u64, count: u64) -> Result<(), ProofError> {
    if index < count { Ok(()) } else { Err(ProofError::IndexOutsideTree { index, count }) }
}

pub(crate) fn check_size(proof: &[Hash], expected: usize) -> Result<(), ProofError> {
    if proof.len() == expected {
        return Ok(());
    }
    Err(ProofError::WrongLength { found: proof.len(), expected })
}
