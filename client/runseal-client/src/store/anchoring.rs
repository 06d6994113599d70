use super::{StoreError, Stored};
use runseal_types::{AnchorFacts, Digest, Period};
use std::fmt;

/// What a transaction is for. Two that can both land are never signed for one purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// To post a period's anchor.
    PostAnchor(Period),
    /// To close one whose retention is over.
    CloseAnchor(Period),
    /// To answer a challenge: a hash of what is claimed.
    AnswerChallenge(Digest),
}

impl fmt::Display for Purpose {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PostAnchor(period) => write!(formatter, "post-anchor:{period}"),
            Self::CloseAnchor(period) => write!(formatter, "close-anchor:{period}"),
            Self::AnswerChallenge(claim) => write!(formatter, "answer-challenge:{claim}"),
        }
    }
}

/// How far a transaction is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransactionState {
    /// It is signed, and nobody has seen it.
    Prepared,
    /// It was sent and can land.
    Sent,
    /// It landed in this slot.
    Landed {
        /// The slot.
        slot: u64,
    },
    /// Its blockhash is too old: it can no longer land.
    Expired,
}

impl TransactionState {
    /// Says whether the transaction may still change the chain.
    pub const fn can_land(self) -> bool {
        matches!(self, Self::Prepared | Self::Sent)
    }

    /// Says whether a transaction may go from this state to another one.
    pub const fn may_become(self, next: Self) -> bool {
        match (self, next) {
            (Self::Prepared, Self::Sent | Self::Expired) => true,
            (Self::Prepared | Self::Sent, Self::Landed { .. }) | (Self::Sent, Self::Expired) => {
                true
            }
            // A fork may drop it; then the same bytes are sent again.
            (Self::Landed { .. }, Self::Sent) => true,
            _ => false,
        }
    }
}

/// A signed transaction, saved before it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// What for.
    pub purpose: Purpose,
    /// Its first signature, which is its name.
    pub signature: [u8; 64],
    /// The bytes that are sent, each time the same.
    pub bytes: Vec<u8>,
    /// The last block height at which it can land.
    pub last_valid_block_height: u64,
    /// How far it is.
    pub state: TransactionState,
}

/// How sure it is that an anchor stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SavedCommitment {
    /// Voted for by a supermajority.
    Confirmed,
    /// For good.
    Finalized,
}

/// An anchor that was seen on chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnchorRecord {
    /// Its period.
    pub period: Period,
    /// The root that it has.
    pub root: Digest,
    /// Its hash.
    pub anchor_hash: Digest,
    /// The transaction that posted it, if that is known.
    pub signature: Option<[u8; 64]>,
    /// The slot in which it was posted.
    pub slot: u64,
    /// How sure that is.
    pub commitment: SavedCommitment,
    /// Everything that it says, for the day on which its account is closed; `None` where it was
    /// stored before this was kept.
    pub facts: Option<AnchorFacts>,
}

/// What was signed for the chain, and what came of it.
pub trait Anchoring {
    /// Stores a transaction before it is sent. Refused while another one for the same purpose can
    /// land.
    fn put_transaction(&self, transaction: &Outgoing) -> Result<Stored, StoreError>;

    /// Notes how far a transaction is.
    fn move_transaction(
        &self,
        signature: &[u8; 64],
        state: TransactionState,
    ) -> Result<(), StoreError>;

    /// Lists the transactions for a purpose, the last one first.
    fn list_transactions(
        &self,
        purpose: &Purpose,
        limit: usize,
    ) -> Result<Vec<Outgoing>, StoreError>;

    /// Stores an anchor that was seen. Once it is finalized it does not change; before, a fork may
    /// have moved it to another slot.
    fn put_anchor(&self, anchor: &AnchorRecord) -> Result<Stored, StoreError>;

    /// Lists anchors, from this period on.
    fn list_anchors(&self, from: Period, limit: usize) -> Result<Vec<AnchorRecord>, StoreError>;
}
