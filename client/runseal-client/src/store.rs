//! The port to what an operator keeps: receipts, runs, periods, promises, transactions.
//!
//! Every method returns when its effect is durable, or has none. Lists come in pages, in an order
//! that later writes do not change. docs/spec/store.md says what is promised.

mod agents;
mod anchoring;
mod error;
mod ledgers;
mod periods;
mod promises;
mod receipts;
mod relations;
mod run_lists;
mod runs;
mod vitals;

pub use agents::{AgentName, Agents, Lifecycle, LifecycleStatus};
pub use anchoring::{
    AnchorRecord, Anchoring, Outgoing, Purpose, SavedCommitment, TransactionState,
};
pub use error::{Conflict, StoreError};
pub use ledgers::{
    CheckpointRecord, EntryDraft, EntryFilter, EntryRecord, Ledgers, checkpoint_hash, entries_root,
    entry_hash,
};
pub use periods::{Cut, LeafChunk, LogIdentity, Periods, SealedPeriod};
pub use promises::{Promises, SignedPromise};
pub use receipts::{CheckedReceipt, Columns, ReceiptFilter, ReceiptRow, Receipts, StoredReceipt};
pub use relations::{AddendumRefusal, CheckedAddendum, Direction, PolicyRow, Relations, StateRow};
pub use run_lists::{ListedRun, RunCount, RunFilter, RunLists, Standing};
pub use runs::{Appended, NewEvent, NewRun, RunRow, RunState, Runs, StoredEvent, UnnumberedEvent};
pub use vitals::{Committed, Vitals};

/// The most items that one page of a list has.
pub const MOST_ITEMS: usize = 1_000;

/// All that is kept, as one thing.
pub trait Store:
    Receipts
    + Runs
    + RunLists
    + Periods
    + Promises
    + Anchoring
    + Relations
    + Agents
    + Ledgers
    + Vitals
    + Send
    + Sync
{
}

impl<T> Store for T where
    T: Receipts
        + Runs
        + RunLists
        + Periods
        + Promises
        + Anchoring
        + Relations
        + Agents
        + Ledgers
        + Vitals
        + Send
        + Sync
{
}

/// What became of something that was to be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    /// It is stored now.
    New,
    /// It was stored before, the same.
    Before,
}

/// A place in a list; later additions stand behind earlier ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position(pub u64);

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// What is in it, in the order of the list.
    pub items: Vec<T>,
    /// Where to go on; none where the list ended.
    pub next: Option<Position>,
}
