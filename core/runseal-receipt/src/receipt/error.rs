use crate::{
    document::DocumentError,
    fingerprint::Level,
    trace::{HashKind, TraceError},
};
use runseal_types::{Address, Digest, Sequence};

/// Why bytes are not a receipt.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// They are no such document.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// Events travel beside a receipt, never in it.
    #[error("events travel beside a receipt, not in it")]
    EventsInside,
    /// The run ends before it starts.
    #[error("the run ends before it starts")]
    EndsBeforeStart,
    /// An agent's first receipt names one before it.
    #[error("receipt 0 names a previous one")]
    FirstHasPrevious,
    /// A later receipt names none before it.
    #[error("receipt {sequence} names no previous one")]
    NoPrevious {
        /// Its number.
        sequence: Sequence,
    },
    /// The chain has no events and a root, or events and none.
    #[error("a chain of {count} events cannot have the root {root}")]
    ImpossibleChain {
        /// How many events it claims.
        count: u64,
        /// The root that it claims.
        root: Digest,
    },
    /// The telemetry counts another number of events than the chain.
    #[error("the telemetry counts {counted} events, the chain has {count}")]
    TelemetryCount {
        /// What the telemetry says.
        counted: u64,
        /// What the chain says.
        count: u64,
    },
    /// A fingerprint is not what the rest of the receipt makes it.
    #[error("the {level} fingerprint is {claimed}, but the receipt makes it {computed}")]
    FingerprintMismatch {
        /// Which one.
        level: Level,
        /// What the receipt says.
        claimed: Digest,
        /// What it comes to.
        computed: Digest,
    },
}

/// Why events are not those of a receipt.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EventsError {
    /// They are no run's.
    #[error(transparent)]
    Trace(#[from] TraceError),
    /// There are more or fewer.
    #[error("{computed} events, the receipt has {claimed}")]
    CountMismatch {
        /// How many the receipt has.
        claimed: u64,
        /// How many there are.
        computed: u64,
    },
    /// Some are others, or they are in another order.
    #[error("the events lead to {computed}, the receipt says {claimed}")]
    RootMismatch {
        /// The root that the receipt has.
        claimed: Digest,
        /// The root that they lead to.
        computed: Digest,
    },
    /// Input, output or environment hash to something else.
    #[error("the {kind} of the events hashes to {computed:?}, the receipt says {claimed:?}")]
    HashMismatch {
        /// Which of the three.
        kind: HashKind,
        /// The hash that the receipt has.
        claimed: Option<Digest>,
        /// The hash of the events.
        computed: Option<Digest>,
    },
    /// They count to something else.
    #[error("the receipt counts its events otherwise")]
    TelemetryMismatch,
}

/// Why a receipt is not the next behind another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SuccessionError {
    /// They are of two agents.
    #[error("the receipt is of {found}, the one before of {expected}")]
    OtherAgent {
        /// Whose the earlier is.
        expected: Address,
        /// Whose the later is.
        found: Address,
    },
    /// Its number is not the next.
    #[error("receipt {found} is not the next behind {previous}")]
    NotNext {
        /// The number of the earlier.
        previous: Sequence,
        /// The number of the later.
        found: Sequence,
    },
    /// It names another receipt before it.
    #[error("it names {claimed:?} as the one before, which is {computed}")]
    OtherPrevious {
        /// What it names.
        claimed: Option<Digest>,
        /// The digest of the earlier.
        computed: Digest,
    },
}
