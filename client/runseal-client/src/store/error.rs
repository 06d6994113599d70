use super::{LifecycleStatus, TransactionState};
use runseal_types::{Address, Digest, Period, Sequence};

/// Why a store did not do what it was asked. Nothing of it was done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// It contradicts what is stored.
    #[error(transparent)]
    Conflict(#[from] Conflict),
    /// Another process writes to the store.
    #[error("{store} is being written to by another process")]
    Locked {
        /// Which store.
        store: String,
    },
    /// A later version of this software made the store.
    #[error("{store} has version {found}, and this software knows versions up to {known}")]
    NewerVersion {
        /// Which store.
        store: String,
        /// Its version.
        found: u32,
        /// The last version that is known here.
        known: u32,
    },
    /// What is there is something else.
    #[error("{store} is not a store of Runseal: {reason}")]
    NotAStore {
        /// Which one.
        store: String,
        /// How that shows.
        reason: String,
    },
    /// Somebody changed the store's tables.
    #[error("{store} has another schema than its version: {object} {difference}")]
    SchemaDiffers {
        /// Which store.
        store: String,
        /// The table, index or migration.
        object: String,
        /// How it differs.
        difference: String,
    },
    /// There is no room left.
    #[error("{store} is full: this was not stored, and what was stored before is kept")]
    Full {
        /// Which store.
        store: String,
    },
    /// It can be read only.
    #[error("{store} cannot be written to: {reason}")]
    NotWritable {
        /// Which store.
        store: String,
        /// Why.
        reason: String,
    },
    /// What is stored is not what was stored.
    #[error("{store} is damaged: {reason}")]
    Damaged {
        /// Which store.
        store: String,
        /// What was found.
        reason: String,
    },
    /// It does not answer.
    #[error("{store} is not available: {reason}")]
    Unavailable {
        /// Which store.
        store: String,
        /// Why.
        reason: String,
    },
    /// The answer to a commit was lost. Whether it is stored shows when it is stored again.
    #[error("nobody knows whether {store} has it: {reason}")]
    Unknown {
        /// Which store.
        store: String,
        /// Why.
        reason: String,
    },
    /// A number is larger than the store can hold.
    #[error("{number} is larger than what can be stored")]
    NumberTooLarge {
        /// The number.
        number: u64,
    },
}

/// How something contradicts what is stored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Conflict {
    /// The agent has another receipt with this number.
    #[error("receipt {sequence} of {agent} is {stored}, not {offered}")]
    PlaceTaken {
        /// Whose.
        agent: Address,
        /// Which.
        sequence: Sequence,
        /// The one that is stored.
        stored: Digest,
        /// The one that was offered.
        offered: Digest,
    },
    /// A receipt names another one before it than the one that is stored.
    #[error(
        "receipt {sequence} of {agent} names {claimed:?} as the one before it, which is {stored}"
    )]
    BrokenLink {
        /// Whose.
        agent: Address,
        /// The later of the two.
        sequence: Sequence,
        /// What it names.
        claimed: Option<Digest>,
        /// The earlier of the two.
        stored: Digest,
    },
    /// There is no such receipt.
    #[error("receipt {digest} is not stored")]
    UnknownReceipt {
        /// Which.
        digest: Digest,
    },
    /// The run was started with other facts.
    #[error("run {run_id} was started with another {fact}")]
    RunDiffers {
        /// Which run.
        run_id: String,
        /// The first fact that differs.
        fact: &'static str,
    },
    /// Nobody started the run.
    #[error("run {run_id} is not known")]
    UnknownRun {
        /// Which run.
        run_id: String,
    },
    /// The run has its receipt and cannot change any more.
    #[error("run {run_id} is finished, with receipt {receipt}")]
    RunFinished {
        /// Which run.
        run_id: String,
        /// Its receipt.
        receipt: Digest,
    },
    /// The receipt is of another run.
    #[error("the receipt is of run {found}, not of {expected}")]
    OtherRun {
        /// The run that was to end.
        expected: String,
        /// The run that the receipt names.
        found: String,
    },
    /// The run has another event with this id.
    #[error("event {event_id} of run {run_id} is stored with other content")]
    EventDiffers {
        /// Which run.
        run_id: String,
        /// Which event.
        event_id: String,
    },
    /// The event's number is not larger than that of the run's last event.
    #[error("event {seq} of run {run_id} cannot follow event {last_seq}")]
    SeqNotIncreasing {
        /// Which run.
        run_id: String,
        /// The event's number.
        seq: u64,
        /// That of the last event.
        last_seq: u64,
    },
    /// The receipt claims other events than the run has.
    #[error("the receipt claims {claimed} events, run {run_id} has {stored}")]
    EventCount {
        /// Which run.
        run_id: String,
        /// What the receipt says.
        claimed: u64,
        /// What is stored.
        stored: u64,
    },
    /// The store is no log's yet.
    #[error("the store belongs to no log yet")]
    NoLog,
    /// The store is another log's, or that log's on another chain.
    #[error("the store belongs to log {stored} on chain {genesis_hash}")]
    OtherLog {
        /// Whose it is.
        stored: Address,
        /// On which chain.
        genesis_hash: Digest,
    },
    /// Periods are sealed one after the other.
    #[error("period {expected} is the next to seal, not {found}")]
    PeriodNotNext {
        /// The next.
        expected: Period,
        /// What was asked for.
        found: Period,
    },
    /// The period is sealed and does not change.
    #[error("period {period} is sealed, with root {root}")]
    PeriodSealed {
        /// Which.
        period: Period,
        /// Its root.
        root: Digest,
    },
    /// The period is not sealed.
    #[error("period {period} is not sealed")]
    PeriodNotSealed {
        /// Which.
        period: Period,
    },
    /// The receipt is in a period.
    #[error("receipt {digest} is in period {period}")]
    ReceiptSealed {
        /// Which receipt.
        digest: Digest,
        /// Its period.
        period: Period,
    },
    /// Another promise was given for the receipt.
    #[error("receipt {digest} was promised for period {period}")]
    PromiseDiffers {
        /// Which receipt.
        digest: Digest,
        /// What was promised.
        period: Period,
    },
    /// The promise is not of this log's period, or not of the receipt.
    #[error("the promise has another {part} than the stored one")]
    PromiseOfOther {
        /// What differs.
        part: &'static str,
    },
    /// A transaction for the same purpose can still land.
    #[error("transaction {signature} for {purpose} can still land")]
    TransactionOpen {
        /// What for.
        purpose: String,
        /// Its signature in hexadecimal.
        signature: String,
    },
    /// Another transaction has this signature.
    #[error("transaction {signature} is stored with other bytes")]
    TransactionDiffers {
        /// Its signature in hexadecimal.
        signature: String,
    },
    /// The transaction is not stored.
    #[error("transaction {signature} is not stored")]
    UnknownTransaction {
        /// Its signature in hexadecimal.
        signature: String,
    },
    /// A transaction cannot go from this state to that one.
    #[error("a transaction that is {from:?} cannot become {to:?}")]
    IllegalMove {
        /// Its state.
        from: TransactionState,
        /// What it should become.
        to: TransactionState,
    },
    /// The period was anchored otherwise.
    #[error("period {period} is anchored with another {part}")]
    AnchorDiffers {
        /// Which period.
        period: Period,
        /// What differs.
        part: &'static str,
    },
    /// An addendum is by another agent than the receipt.
    #[error("an addendum by {found} to a receipt of {expected}")]
    AddendumByOther {
        /// Whose receipt it is.
        expected: Address,
        /// Whose addendum.
        found: Address,
    },
    /// The agent's status is not what the caller saw.
    #[error("agent {agent_id} is {stored:?}, not {expected:?}")]
    LifecycleChanged {
        /// Which agent.
        agent_id: String,
        /// Its status.
        stored: Option<LifecycleStatus>,
        /// What the caller saw.
        expected: Option<LifecycleStatus>,
    },
    /// There is no entry that is not in a checkpoint.
    #[error("agent {agent_id} has no entries since its last checkpoint")]
    NothingToCheckpoint {
        /// Which agent.
        agent_id: String,
    },
    /// The name is another agent's, or the agent has another name.
    #[error("agent {agent_id} is {stored}, not {offered}")]
    AgentDiffers {
        /// The name.
        agent_id: String,
        /// The agent or the name that is stored.
        stored: String,
        /// The agent that was offered.
        offered: Address,
    },
    /// The name is taken.
    #[error("{kind} {id} is stored with other content")]
    IdTaken {
        /// Of what kind.
        kind: &'static str,
        /// Which name.
        id: String,
    },
}
