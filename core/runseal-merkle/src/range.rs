//! That the leaves from one index to another are these, all of them and nothing else.
//!
//! The proof, from left to right: the roots of the largest subtrees before the range, and of the
//! largest ones behind it. Leaves that are not in the range need not be known.

use crate::{
    EMPTY_ROOT, Hash, ProofError,
    inclusion::check_size,
    mountain_range::{MOST_LEVELS, append},
    node_hash,
    shape::{PathShape, is_right, to_usize},
};
use core::ops::Range;

/// Why leaves are not shown to be a range of a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RangeError {
    /// There is no such range, or it is empty. That nothing is in a tree is absence.
    #[error("{from}..{to} is no range of leaves in a tree of {count}")]
    NoSuchRange {
        /// The index of the first leaf.
        from: u64,
        /// The index behind the last leaf.
        to: u64,
        /// How many leaves there are.
        count: u64,
    },
    /// There were fewer leaves than the range has, or there was at least one more.
    #[error("the range {from}..{to} was shown with {found} leaves or more")]
    WrongLeafCount {
        /// The index of the first leaf.
        from: u64,
        /// The index behind the last leaf.
        to: u64,
        /// How many leaves were seen before that was clear.
        found: u64,
    },
    /// The proof has another length, or leads to another root.
    #[error(transparent)]
    Proof(#[from] ProofError),
}

/// Which nodes stand around a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RangeShape {
    first: u64,
    /// The index of the range's last leaf. What is behind the range is to the right of its path.
    pub(crate) last: u64,
    path: PathShape,
}

impl RangeShape {
    pub(crate) fn new(range: &Range<u64>, count: u64) -> Result<Self, RangeError> {
        let (from, to) = (range.start, range.end);
        let last = to.checked_sub(1).filter(|last| from <= *last && *last < count);
        let last = last.ok_or(RangeError::NoSuchRange { from, to, count })?;
        Ok(Self { first: from, last, path: PathShape::new(last, count) })
    }

    /// The levels of the subtrees before the range, from left to right: its count in binary.
    pub(crate) fn left_levels(self) -> impl Iterator<Item = u32> {
        (0..u64::BITS).rev().filter(move |level| is_right(self.first, *level))
    }

    /// The levels of the subtrees behind the range, from left to right.
    pub(crate) fn right_levels(self) -> impl Iterator<Item = u32> {
        (0..self.path.inner).filter(move |level| !is_right(self.last, *level))
    }

    fn left_size(self) -> usize {
        to_usize(self.first.count_ones())
    }

    fn size(self) -> usize {
        self.left_size().saturating_add(self.right_levels().count())
    }
}

/// Returns how many hashes the proof of a range has in a tree of `count` leaves.
pub fn proof_size(range: Range<u64>, count: u64) -> Result<usize, RangeError> {
    Ok(RangeShape::new(&range, count)?.size())
}

/// Checks that the leaves with these hashes are exactly those at `range` of the tree under `root`.
///
/// As with inclusion, `count` must come from where `root` does. Leaves are taken one at a time and
/// never more than one behind the range; memory is constant.
pub fn verify(
    leaves: impl IntoIterator<Item = Hash>,
    range: Range<u64>,
    count: u64,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), RangeError> {
    let shape = RangeShape::new(&range, count)?;
    check_size(proof, shape.size())?;
    let (left, right) = proof.split_at_checked(shape.left_size()).unwrap_or((proof, &[]));
    let mut peaks = [EMPTY_ROOT; MOST_LEVELS];
    for (level, peak) in shape.left_levels().zip(left) {
        put(&mut peaks, level, *peak);
    }
    let last = append_all_but_last(&mut peaks, leaves, &range)?;
    let computed = climb(last, shape, &peaks, right);
    if computed == *root { Ok(()) } else { Err(ProofError::RootMismatch { computed }.into()) }
}

/// Adds the leaves of the range to what is left of it, and returns the last one without adding it.
fn append_all_but_last(
    peaks: &mut [Hash; MOST_LEVELS],
    leaves: impl IntoIterator<Item = Hash>,
    range: &Range<u64>,
) -> Result<Hash, RangeError> {
    let (from, to) = (range.start, range.end);
    let wrong = |found| RangeError::WrongLeafCount { from, to, found };
    let mut leaves = leaves.into_iter();
    let mut last = leaves.next().ok_or(wrong(0))?;
    let mut behind = from.saturating_add(1);
    for leaf in leaves {
        let found = behind.saturating_sub(from);
        if behind == to {
            return Err(wrong(found.saturating_add(1)));
        }
        behind = append(peaks, behind.saturating_sub(1), last)
            .and_then(|count| count.checked_add(1))
            .ok_or(wrong(found))?;
        last = leaf;
    }
    if behind == to { Ok(last) } else { Err(wrong(behind.saturating_sub(from))) }
}

/// Climbs from the last leaf to the root: what is left of it are the peaks, what is right of it is
/// in the proof.
fn climb(last: Hash, shape: RangeShape, peaks: &[Hash; MOST_LEVELS], right: &[Hash]) -> Hash {
    let mut right = right.iter();
    let mut node = last;
    for (level, peak) in (0..).zip(peaks) {
        if is_right(shape.last, level) {
            node = node_hash(peak, &node);
        } else if level < shape.path.inner {
            // The proof has exactly as many hashes as there are such levels.
            node = right.next().map_or(node, |sibling| node_hash(&node, sibling));
        }
    }
    node
}

fn put(peaks: &mut [Hash; MOST_LEVELS], level: u32, peak: Hash) {
    if let Some(slot) = peaks.get_mut(to_usize(level)) {
        *slot = peak;
    }
}
