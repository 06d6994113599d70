use crate::Hash;

/// Why a proof proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// There is no such leaf.
    #[error("leaf index {index} is outside a tree of {count} leaves")]
    IndexOutsideTree {
        /// The index that was asked about.
        index: u64,
        /// How many leaves there are.
        count: u64,
    },
    /// The first tree has more leaves than the second, so it cannot be its beginning.
    #[error("a tree of {first_count} leaves is not the beginning of one of {second_count}")]
    CountsReversed {
        /// The count of the earlier tree.
        first_count: u64,
        /// The count of the later tree.
        second_count: u64,
    },
    /// A proof of its kind has another length.
    #[error("the proof has {found} hashes where {expected} belong")]
    WrongLength {
        /// How many it has.
        found: usize,
        /// How many belong there.
        expected: usize,
    },
    /// What was proved is another tree.
    #[error("the proof leads to another root than the one it was checked against")]
    RootMismatch {
        /// The root that it leads to.
        computed: Hash,
    },
}
