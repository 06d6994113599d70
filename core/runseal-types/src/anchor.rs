use crate::{Digest, PeriodContext};

const DOMAIN: &[u8] = b"runseal/anchor/v1";

/// What an anchor says, as far as its hash covers it.
///
/// The hash is what the next anchor names as its previous one, and what the log's mountain range
/// has as a leaf: `runseal_merkle::leaf_hash(&[hash])`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnchorFacts {
    /// The period's context, and with it chain, log and number.
    pub context: PeriodContext,
    /// The root of the period's leaves.
    pub root: Digest,
    /// How many leaves the period has.
    pub leaf_count: u64,
    /// How many leaves the log has, these included.
    pub cumulative_leaf_count: u64,
    /// The hash of the anchor before; zero for the first.
    pub previous_anchor_hash: Digest,
    /// Unix time at which the period begins.
    pub start_seconds: i64,
    /// Unix time at which it ends.
    pub end_seconds: i64,
    /// The slot in which the anchor was posted.
    pub posted_slot: u64,
    /// Unix time at which it was.
    pub posted_unix_seconds: i64,
}

impl AnchorFacts {
    /// Computes the anchor's hash.
    #[must_use]
    pub fn hash(&self) -> Digest {
        Digest::of(&[
            DOMAIN,
            self.context.as_bytes(),
            self.root.as_bytes(),
            &self.leaf_count.to_le_bytes(),
            &self.cumulative_leaf_count.to_le_bytes(),
            self.previous_anchor_hash.as_bytes(),
            &self.start_seconds.to_le_bytes(),
            &self.end_seconds.to_le_bytes(),
            &self.posted_slot.to_le_bytes(),
            &self.posted_unix_seconds.to_le_bytes(),
        ])
    }
}
