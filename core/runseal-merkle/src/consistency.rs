//! That a tree is the beginning of a larger one.

use crate::{
    Hash, ProofError,
    inclusion::check_size,
    node_hash,
    shape::{PathShape, is_right, to_usize},
};

/// How a proof between two counts is made: the path of the first tree's last leaf, without the
/// levels of the full subtree that it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shape {
    /// The level of the subtree that the first tree ends with.
    pub(crate) level: u32,
    /// The proof begins with that subtree's root, unless it is the whole first tree.
    pub(crate) has_seed: bool,
    pub(crate) path: PathShape,
}

impl Shape {
    /// Requires `0 < first_count < second_count`.
    pub(crate) fn new(first_count: u64, second_count: u64) -> Self {
        let last = first_count.saturating_sub(1);
        let level = first_count.trailing_zeros();
        let path = PathShape::new(last, second_count);
        Self { level, has_seed: !first_count.is_power_of_two(), path }
    }

    pub(crate) fn size(self) -> usize {
        let path = self.path.size().saturating_sub(to_usize(self.level));
        path.saturating_add(usize::from(self.has_seed))
    }
}

/// Returns how many hashes a proof between two counts has.
pub fn proof_size(first_count: u64, second_count: u64) -> Result<usize, ProofError> {
    if first_count > second_count {
        return Err(ProofError::CountsReversed { first_count, second_count });
    }
    if first_count == 0 || first_count == second_count {
        return Ok(0);
    }
    Ok(Shape::new(first_count, second_count).size())
}

/// Checks that the tree under `first_root` is the beginning of the tree under `second_root`.
///
/// Both roots are recomputed from the proof. The first must come from the verifier's own memory or
/// from the chain, as must both counts.
pub fn verify(
    (first_count, first_root): (u64, &Hash),
    (second_count, second_root): (u64, &Hash),
    proof: &[Hash],
) -> Result<(), ProofError> {
    check_size(proof, proof_size(first_count, second_count)?)?;
    if first_count == second_count {
        check_root(*second_root, first_root)?;
    }
    // Also of an empty tree beside itself: two equal roots could both be wrong.
    if first_count == 0 {
        return check_root(crate::EMPTY_ROOT, first_root);
    }
    if first_count == second_count {
        return Ok(());
    }
    let shape = Shape::new(first_count, second_count);
    let (seed, path) = match (shape.has_seed, proof.split_first()) {
        (true, Some((seed, path))) => (*seed, path),
        _ => (*first_root, proof),
    };
    let (first, second) = climb_both(seed, first_count.saturating_sub(1), shape, path);
    check_root(first, first_root)?;
    check_root(second, second_root)
}

/// Climbs from the subtree that the first tree ends with to the roots of both trees.
fn climb_both(seed: Hash, last: u64, shape: Shape, path: &[Hash]) -> (Hash, Hash) {
    let inner = to_usize(shape.path.inner.saturating_sub(shape.level));
    let (mut first, mut second) = (seed, seed);
    for (level, sibling) in (shape.level..).zip(path.iter().take(inner)) {
        if is_right(last, level) {
            first = node_hash(sibling, &first);
            second = node_hash(sibling, &second);
        } else {
            // What is to the right of the last leaf came later, so only the second tree has it.
            second = node_hash(&second, sibling);
        }
    }
    for sibling in path.iter().skip(inner) {
        first = node_hash(sibling, &first);
        second = node_hash(sibling, &second);
    }
    (first, second)
}

fn check_root(computed: Hash, root: &Hash) -> Result<(), ProofError> {
    if computed == *root { Ok(()) } else { Err(ProofError::RootMismatch { computed }) }
}
