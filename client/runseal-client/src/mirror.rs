//! Mirroring: fetching what a log publishes, and believing none of it before it is what was anchored.

mod bringing;

pub use bringing::Mirror;

use crate::{
    anchors::LogError,
    closed::{AnchorsError, Closed},
};
use runseal_engine::{MirrorError as ListError, Place, SealedPeriod, disorder::find_disorder};
use runseal_types::{AnchorFacts, Digest, Period, SORT_KEY_BYTES};
use std::future::Future;

/// Where an operator, or another mirror, publishes the leaf lists of one log.
pub trait LeafSource: Send + Sync {
    /// A list on its way.
    type Pieces: Pieces;

    /// Opens a period's list at a byte or, where a source cannot do that, at its beginning; `None` if it
    /// has no such list.
    fn open(
        &self,
        period: Period,
        at_bytes: u64,
    ) -> impl Future<Output = Result<Option<Self::Pieces>, SourceError>> + Send;

    /// Fetches what a period's anchor said, no further than it can be long; `None` if the source does
    /// not have it.
    fn fetch_anchor(
        &self,
        period: Period,
    ) -> impl Future<Output = Result<Option<Vec<u8>>, SourceError>> + Send;
}

/// A list on its way, piece by piece. Nothing is known of how long it will be.
pub trait Pieces: Send {
    /// Returns which byte of the list the first piece begins with.
    fn start_bytes(&self) -> u64;

    /// Returns the next piece; `None` at the end of the list. A list that breaks off is an error.
    fn next(&mut self) -> impl Future<Output = Result<Option<Vec<u8>>, SourceError>> + Send;
}

/// A source that does not answer, or breaks off. What it sent is kept, and the next try goes on there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name} does not answer: {reason}")]
pub struct SourceError {
    /// Which source.
    pub name: String,
    /// What went wrong.
    pub reason: String,
}

/// A copy of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copy {
    /// The one that was checked.
    Kept,
    /// The one that is being fetched.
    Part,
}

/// Leaf lists of one log that can be read: a mirror's, or an operator's own.
pub trait ReadLists: Send + Sync {
    /// Reads a copy; `None` if there is none.
    fn load(&self, period: Period, copy: Copy) -> Result<Option<Vec<u8>>, KeepError>;

    /// Reads what is kept of a period's anchor; `None` if nothing is.
    fn load_anchor(&self, period: Period) -> Result<Option<Vec<u8>>, KeepError>;
}

/// Where a mirror keeps the leaf lists of one log. docs/spec/mirror.md has the files.
pub trait LeafLists: ReadLists {
    /// Writes at a byte of the part. What stood there and behind it is gone.
    fn write_part(&self, period: Period, at_bytes: u64, bytes: &[u8]) -> Result<(), KeepError>;

    /// Makes the part the period's list. It appears under that name when it is whole and durable.
    fn keep(&self, period: Period) -> Result<(), KeepError>;

    /// Puts a copy aside as evidence, beside whatever lies there, and returns what it is called.
    fn set_aside(&self, period: Period, copy: Copy) -> Result<String, KeepError>;

    /// Keeps what a period's anchor says, durably. Something else that was kept is put aside.
    fn keep_anchor(&self, period: Period, text: &[u8]) -> Result<(), KeepError>;

    /// Keeps as evidence what somebody says of a period's anchor, and returns what it is called.
    fn put_anchor_aside(&self, period: Period, text: &[u8]) -> Result<String, KeepError>;

    /// Reads what lies aside.
    fn list_aside(&self, period: Period) -> Result<Vec<Vec<u8>>, KeepError>;
}

/// A mirror's files cannot be read or written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path} {problem}")]
pub struct KeepError {
    /// Which file.
    pub path: String,
    /// What is wrong.
    pub problem: String,
}

/// How a list differs from what was anchored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Difference {
    /// It goes on behind the anchor's last leaf. No more than a leaf of that is read.
    #[error("the list is longer than the {leaf_count} leaves of the anchor")]
    TooLong {
        /// How many leaves the anchor has.
        leaf_count: u64,
    },
    /// It is not what was anchored.
    #[error(transparent)]
    NotAnchored(#[from] ListError),
    /// It is what was anchored, and that is out of order: which can be proved on chain.
    #[error("leaf {index} does not stand behind the one before it, and was anchored like that")]
    AnchoredOutOfOrder {
        /// Which leaf, from 0.
        index: u64,
    },
}

/// Checks that a list is what was anchored, and in order.
pub fn check_list(
    place: Place,
    facts: &AnchorFacts,
    list: &[u8],
) -> Result<SealedPeriod, Difference> {
    let (leaf_count, root) = (facts.leaf_count, facts.root);
    if u64::try_from(list.len()).unwrap_or(u64::MAX) > size_bytes(leaf_count) {
        return Err(Difference::TooLong { leaf_count });
    }
    SealedPeriod::recompute(place, list, leaf_count, root).map_err(|reason| match reason {
        ListError::OutOfOrder { index } => match find_disorder(place, list, leaf_count, root) {
            Ok(Some(_)) => Difference::AnchoredOutOfOrder { index },
            _ => reason.into(),
        },
        reason => reason.into(),
    })
}

/// How long a list of so many leaves is.
fn size_bytes(leaf_count: u64) -> u64 {
    leaf_count.saturating_mul(u64::try_from(SORT_KEY_BYTES).unwrap_or(u64::MAX))
}

/// What a mirror has of a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PeriodState {
    /// Its list, which is what was anchored.
    Checked {
        /// How many leaves it has.
        leaf_count: u64,
        /// Their root.
        root: Digest,
        /// Whether it was there already.
        was_kept: bool,
        /// Whether the anchor's account is closed, and what it said proven by the log.
        is_anchor_closed: bool,
    },
    /// A list that is not, put aside.
    Differs {
        /// How it differs.
        difference: Difference,
        /// What it is called now.
        kept_as: String,
    },
    /// Nothing: the source has no such list.
    Missing,
    /// Nothing that could be checked: the anchor's account is closed.
    AnchorClosed(Closed),
    /// Nothing that could be checked: what is offered of the closed anchor is something else.
    AnchorDiffers {
        /// How it differs.
        reason: String,
        /// What it is called.
        kept_as: String,
    },
    /// Nothing: the period is not anchored.
    NotAnchored,
}

/// Why a mirror did not get further.
#[derive(Debug, thiserror::Error)]
pub enum MirrorError {
    /// The chain could not be read.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The source broke off.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The mirror's own files could not be used.
    #[error(transparent)]
    Keep(#[from] KeepError),
}

impl From<AnchorsError> for MirrorError {
    fn from(error: AnchorsError) -> Self {
        match error {
            AnchorsError::Log(error) => Self::Log(error),
            AnchorsError::Keep(error) => Self::Keep(error),
        }
    }
}
