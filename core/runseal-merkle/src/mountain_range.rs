//! A tree that only grows, kept as its peaks: the roots of its largest full subtrees.
//!
//! One peak for each bit that is set in the count, so it takes constant memory however long the
//! tree gets. The peaks are kept by level, and their root is RFC 9162's for the same leaves: so a
//! proof of any earlier leaf is an ordinary inclusion proof.

use crate::{EMPTY_ROOT, Hash, node_hash, shape::to_usize};

/// As many levels as a count of leaves can have bits.
pub const MOST_LEVELS: usize = 64;

/// Adds a leaf's hash to a range of `count` leaves with these peaks.
///
/// Returns `None`, and changes nothing, if there are fewer levels than the new count needs. A level
/// of `peaks` means something only while its bit is set in the count.
#[inline(always)]
#[must_use]
pub fn append(peaks: &mut [Hash], count: u64, leaf: Hash) -> Option<u64> {
    let level = count.trailing_ones();
    let new_count = count.checked_add(1)?;
    let (full, rest) = peaks.split_at_mut_checked(to_usize(level))?;
    let slot = rest.first_mut()?;
    *slot = full.iter().fold(leaf, |node, peak| node_hash(peak, &node));
    Some(new_count)
}

/// Returns the root of a range of `count` leaves with these peaks; `None` if peaks are missing.
#[inline(always)]
#[must_use]
pub fn root(peaks: &[Hash], count: u64) -> Option<Hash> {
    let mut rest = count;
    let mut root = None;
    while rest != 0 {
        let peak = peaks.get(to_usize(rest.trailing_zeros()))?;
        root = Some(root.map_or(*peak, |lower| node_hash(peak, &lower)));
        rest &= rest.wrapping_sub(1);
    }
    Some(root.unwrap_or(EMPTY_ROOT))
}

/// A range with room for every count: the root of a stream of leaves in constant memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MountainRange {
    peaks: [Hash; MOST_LEVELS],
    count: u64,
}

impl Default for MountainRange {
    fn default() -> Self {
        Self { peaks: [EMPTY_ROOT; MOST_LEVELS], count: 0 }
    }
}

impl MountainRange {
    /// Adds a leaf's hash; `false`, and nothing is added, if there are 2^64 - 1 leaves already.
    #[must_use]
    pub fn push(&mut self, leaf: Hash) -> bool {
        let count = append(&mut self.peaks, self.count, leaf);
        self.count = count.unwrap_or(self.count);
        count.is_some()
    }

    /// Returns how many leaves there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Returns the root of all leaves so far.
    pub fn root(&self) -> Hash {
        root(&self.peaks, self.count).unwrap_or(EMPTY_ROOT)
    }
}
