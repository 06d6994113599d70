//! What the shape of a tree follows from: its count of leaves, and nothing else.

/// The path from a leaf to the root, as RFC 9162's tree has it.
///
/// From the bottom, `inner` levels at which the leaf's side follows from its index, and then
/// `border` levels at which everything else is to the left: there the odd node of a level was
/// promoted, so levels at which nothing joined do not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PathShape {
    pub(crate) inner: u32,
    pub(crate) border: u32,
}

impl PathShape {
    /// Requires `index < count`.
    pub(crate) fn new(index: u64, count: u64) -> Self {
        let inner = bit_length(index ^ count.saturating_sub(1));
        let border = index.checked_shr(inner).unwrap_or(0).count_ones();
        Self { inner, border }
    }

    pub(crate) fn size(self) -> usize {
        to_usize(self.inner).saturating_add(to_usize(self.border))
    }
}

/// How many bits `number` needs; none for zero.
pub(crate) fn bit_length(number: u64) -> u32 {
    u64::BITS.saturating_sub(number.leading_zeros())
}

/// Counts of levels fit every platform's `usize`.
pub(crate) fn to_usize(levels: u32) -> usize {
    usize::try_from(levels).unwrap_or(usize::MAX)
}

/// Says whether the node above `index` at `level` is a right child.
pub(crate) fn is_right(index: u64, level: u32) -> bool {
    index.checked_shr(level).unwrap_or(0) & 1 == 1
}
