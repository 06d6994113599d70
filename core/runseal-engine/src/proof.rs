//! What one root proves: that a receipt is there, that it is not, and that nothing is left out.

mod absence;
mod completeness;
mod inclusion;

pub use absence::{Absence, AbsenceError, Gap};
pub use completeness::{CompletenessError, Ends, Span};
pub use inclusion::Inclusion;

use runseal_merkle::{Hash, leaf_hash};
use runseal_types::{Address, Digest, Leaf, PeriodContext, Sequence};

/// What proofs are checked against. It comes from an anchor and never from whoever sent the proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeriodRoot {
    /// The period's context.
    pub context: PeriodContext,
    /// How many leaves it has.
    pub leaf_count: u64,
    /// The root of these.
    pub root: Digest,
}

impl PeriodRoot {
    fn leaf_hash(&self, leaf: &Leaf) -> Hash {
        leaf_hash(&[&leaf.to_bytes(&self.context)])
    }
}

/// Why a sealed period cannot prove what was asked of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AskError {
    /// There is no such receipt.
    #[error("the period has no receipt {sequence} of {agent}")]
    NotThere {
        /// Whose.
        agent: Address,
        /// Which.
        sequence: Sequence,
    },
    /// There is such a receipt.
    #[error("the period has receipt {sequence} of {agent}, at {index}")]
    IsThere {
        /// Whose.
        agent: Address,
        /// Which.
        sequence: Sequence,
        /// Where.
        index: u64,
    },
    /// The last receipt of a range is before its first.
    #[error("there is no range from receipt {from} to {to}")]
    Reversed {
        /// The first.
        from: Sequence,
        /// The last.
        to: Sequence,
    },
}

fn to_digests(hashes: Vec<Hash>) -> Vec<Digest> {
    hashes.into_iter().map(Digest::new).collect()
}

fn to_hashes(digests: &[Digest]) -> Vec<Hash> {
    digests.iter().map(|digest| *digest.as_bytes()).collect()
}

/// Indices of leaves in memory fit 64 bits everywhere.
fn to_u64(index: usize) -> u64 {
    u64::try_from(index).unwrap_or(u64::MAX)
}
