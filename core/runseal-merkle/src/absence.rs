//! That something is not in a tree whose leaves are sorted: the place where it would stand is empty.
//!
//! This says which leaves stand around that place. The caller holds their bytes, hashes them, and
//! compares their keys with the one that is missing; and he knows that the leaves are sorted.

use crate::{EMPTY_ROOT, Hash, ProofError, adjacent, consistency, inclusion};

/// A place between leaves, by the hashes of the leaves around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gap<'a> {
    /// There are no leaves at all.
    EmptyTree,
    /// Before the first leaf.
    BeforeFirst {
        /// The first leaf.
        first: &'a Hash,
    },
    /// Between two leaves.
    Between {
        /// The leaf at `index`.
        left: &'a Hash,
        /// The leaf at `index + 1`.
        right: &'a Hash,
        /// Where the left leaf stands.
        index: u64,
    },
    /// Behind the last leaf.
    AfterLast {
        /// The last leaf.
        last: &'a Hash,
    },
}

/// Checks that nothing stands in a gap of the tree of `count` leaves under `root`.
///
/// As with inclusion, `count` must come from where `root` does. Between leaves the proof is that of
/// [`adjacent`], at an edge that of [`inclusion`], and an empty tree needs none.
pub fn verify(gap: Gap<'_>, count: u64, proof: &[Hash], root: &Hash) -> Result<(), ProofError> {
    match gap {
        Gap::EmptyTree => consistency::verify((count, root), (0, &EMPTY_ROOT), proof),
        Gap::BeforeFirst { first } => inclusion::verify(first, 0, count, proof, root),
        Gap::Between { left, right, index } => {
            adjacent::verify(left, right, index, count, proof, root)
        }
        Gap::AfterLast { last } => {
            inclusion::verify(last, count.saturating_sub(1), count, proof, root)
        }
    }
}
