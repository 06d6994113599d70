//! Receipts of agent runs: what they say, how they are hashed and signed, and how they hang together.
//!
//! Bytes come in and are parsed strictly; what is hashed is what came in, in its one canonical
//! spelling. Each check is a function of its own with errors that have names: that a receipt agrees
//! with itself ([`Receipt::parse`]), that it is signed ([`Document::check_signed_as`]), that events
//! are its own ([`Receipt::check_events`]), that it follows from another ([`Receipt::check_follows`]),
//! that receipts are a [`graph`], that states are chains ([`state`]) and that policies were bypassed
//! only by leave ([`policy`]). docs/spec/receipt.md and docs/spec/graph.md have the bytes.
#![forbid(unsafe_code)]
#![warn(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod addendum;
mod batch;
pub mod chain;
mod document;
pub mod event;
pub mod fingerprint;
pub mod graph;
pub mod json;
mod member;
pub mod policy;
mod receipt;
pub mod signature;
pub mod state;
mod statement;
mod telemetry;
mod trace;
mod word;

pub use addendum::{ADDENDUM_VERSION, Addendum, AddendumError};
pub use batch::{BatchError, Claim, check_receipts, check_signed};
pub use document::{Document, DocumentError, MOST_SIGNATURES};
pub use event::{Event, EventError};
pub use member::{MOST_TEXT_BYTES, MemberError};
pub use receipt::{
    EventsError, Nonce, RECEIPT_VERSION, Receipt, ReceiptError, ReceiptFacts, Status,
    SuccessionError,
};
pub use signature::{Role, Signature, SignatureDraft, SignatureError};
pub use statement::{MOST_STATEMENTS, Statements};
pub use telemetry::Telemetry;
pub use trace::{HashKind, RunHashes, Trace, TraceError};
