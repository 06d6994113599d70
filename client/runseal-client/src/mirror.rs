//! Mirroring: fetching what a log publishes, and believing none of it before it is what was anchored.

use crate::{
    anchors::{KnownLog, LogError},
    ledger::Ledger,
};
use runseal_engine::{MirrorError as ListError, Place, SealedPeriod, disorder::find_disorder};
use runseal_registry::state::Anchor;
use runseal_types::{AnchorFacts, Digest, Period, SORT_KEY_BYTES};
use std::future::Future;

/// So much is fetched before it is written.
const WRITE_BYTES: usize = 1 << 20;

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
}

/// Where a mirror keeps the leaf lists of one log. docs/spec/mirror.md has the files.
pub trait LeafLists: ReadLists {
    /// Writes at a byte of the part. What stood there and behind it is gone.
    fn write_part(&self, period: Period, at_bytes: u64, bytes: &[u8]) -> Result<(), KeepError>;

    /// Makes the part the period's list. It appears under that name when it is whole and durable.
    fn keep(&self, period: Period) -> Result<(), KeepError>;

    /// Puts a copy aside as evidence, beside whatever lies there, and returns what it is called.
    fn set_aside(&self, period: Period, copy: Copy) -> Result<String, KeepError>;

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
    AnchorClosed,
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

/// Brings one log's lists from a source into a mirror.
pub struct Mirror<'a, S, K> {
    /// The log.
    pub log: &'a KnownLog,
    /// Where the lists come from.
    pub source: &'a S,
    /// Where they are kept.
    pub lists: &'a K,
}

impl<S: LeafSource, K: LeafLists> Mirror<'_, S, K> {
    /// Mirrors a period that is not among those that were read with [`KnownLog::read_anchors`].
    pub async fn mirror_one(
        &self,
        ledger: &impl Ledger,
        period: Period,
        progress: &mut (dyn FnMut(usize) + Send),
    ) -> Result<PeriodState, MirrorError> {
        if period.0 >= self.log.anchor_count() {
            return Ok(PeriodState::NotAnchored);
        }
        let only = period.0..period.0.saturating_add(1);
        let anchor = self.log.read_anchors(ledger, only).await?.pop().flatten();
        self.mirror(period, anchor.as_ref(), progress).await
    }

    /// Mirrors an anchored period. `progress` is told of every byte that comes.
    ///
    /// A list that is kept is checked again. One that was half fetched is gone on with, and fetched
    /// anew if the whole of it differs, because its beginning may be of another day.
    pub async fn mirror(
        &self,
        period: Period,
        anchor: Option<&Anchor>,
        progress: &mut (dyn FnMut(usize) + Send),
    ) -> Result<PeriodState, MirrorError> {
        let Some(anchor) = anchor else { return Ok(PeriodState::AnchorClosed) };
        let (place, facts) = (self.log.place(period), self.log.check_anchor(period, anchor)?);
        if let Some(list) = self.lists.load(period, Copy::Kept)? {
            if check_list(place, &facts, &list).is_ok() {
                return Ok(checked(&facts, true));
            }
            self.lists.set_aside(period, Copy::Kept)?;
        }
        let mut begun = self.lists.load(period, Copy::Part)?.unwrap_or_default();
        loop {
            let was_begun = !begun.is_empty();
            let Some(list) = self.fetch(period, &facts, begun, progress).await? else {
                return Ok(PeriodState::Missing);
            };
            match check_list(place, &facts, &list) {
                Ok(_) => {
                    self.lists.keep(period)?;
                    return Ok(checked(&facts, false));
                }
                Err(_) if was_begun => begun = Vec::new(),
                Err(difference) => {
                    let kept_as = self.lists.set_aside(period, Copy::Part)?;
                    return Ok(PeriodState::Differs { difference, kept_as });
                }
            }
        }
    }

    /// Fetches the rest of a list, no further than a leaf behind the anchor's last.
    async fn fetch(
        &self,
        period: Period,
        facts: &AnchorFacts,
        mut list: Vec<u8>,
        progress: &mut (dyn FnMut(usize) + Send),
    ) -> Result<Option<Vec<u8>>, MirrorError> {
        let most = usize::try_from(size_bytes(facts.leaf_count)).unwrap_or(usize::MAX);
        let is_whole = list.len() == most;
        if is_whole {
            // Nothing is to be fetched: the period is empty, or only the renaming was left to do.
            self.lists.write_part(period, to_u64(list.len()), &[])?;
            return Ok(Some(list));
        }
        list.truncate(most);
        let Some(mut pieces) = self.source.open(period, to_u64(list.len())).await? else {
            return Ok(None);
        };
        list.truncate(usize::try_from(pieces.start_bytes()).unwrap_or(usize::MAX));
        let mut written = list.len();
        loop {
            let piece = pieces.next().await;
            let is_end = !matches!(piece, Ok(Some(_)));
            if let Ok(Some(piece)) = &piece {
                progress(piece.len());
                list.extend_from_slice(piece);
            }
            let is_too_long = list.len() > most;
            list.truncate(most.saturating_add(SORT_KEY_BYTES));
            let fresh = list.get(written..).unwrap_or_default();
            if is_end || is_too_long || fresh.len() >= WRITE_BYTES {
                self.lists.write_part(period, to_u64(written), fresh)?;
                written = list.len();
            }
            piece?;
            if is_end || is_too_long {
                return Ok(Some(list));
            }
        }
    }
}

fn to_u64(size: usize) -> u64 {
    u64::try_from(size).unwrap_or(u64::MAX)
}

fn checked(facts: &AnchorFacts, was_kept: bool) -> PeriodState {
    PeriodState::Checked { leaf_count: facts.leaf_count, root: facts.root, was_kept }
}
