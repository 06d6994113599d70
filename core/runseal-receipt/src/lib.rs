//! Receipts of agent runs: what they say, how they are hashed and signed, and how they hang together.
//!
//! Bytes come in and are parsed strictly; what is hashed is what came in, in its one canonical
//! spelling. Each check is a function of its own with errors that have names: that a receipt agrees
//! with itself ([`Receipt::parse`]), that it is signed ([`Document::check_signed_as`]), that events
//! are its own ([`Receipt::check_events`]), that it follows from another ([`Receipt::check_follows`]),
//! that receipts are a [`graph`], that states are chains ([`state`]) and that policies were bypassed
//! only by leave ([`policy`]). docs/spec/receipt.md and docs/spec/graph.md have the bytes.
//!
//! ```
//! use runseal_receipt::{
//!     Event, Nonce, Receipt, ReceiptFacts, Role, SignatureDraft, Statements, Status, Trace,
//! };
//! use runseal_types::{Address, Sequence};
//! # use ed25519_dalek::{Signer, SigningKey};
//! # let key = SigningKey::from_bytes(&[1; 32]);
//!
//! // While the run goes on: one event after the other.
//! let mut trace = Trace::default();
//! let event = br#"{"event_id":"e0","type":"message.received","timestamp":"2026-03-17T00:00:00Z",
//!     "source":"channel","seq":0,"data":{"content":"How much is 2 + 2?"}}"#;
//! trace.push(&Event::parse(event)?)?;
//!
//! // When it ends: the receipt.
//! let facts = ReceiptFacts {
//!     run_id: "run-1".to_owned(),
//!     trace_id: "trace-1".to_owned(),
//!     agent: Address::new([3; 32]),
//!     agent_version: 0,
//!     adapter: "openclaw".to_owned(),
//!     runtime: None,
//!     started_at: "2026-03-17T00:00:00Z".parse()?,
//!     ended_at: "2026-03-17T00:00:08.5Z".parse()?,
//!     status: Status::Completed,
//!     reason: None,
//!     sequence: Sequence::FIRST,
//!     previous: None,
//!     nonce: Nonce::new(&[7; 16]).ok_or("too few bytes")?,
//!     event_chain: trace.head(),
//!     hashes: trace.hashes(),
//!     telemetry: Some(trace.telemetry().clone()),
//!     statements: Statements::default(),
//!     compact: None,
//!     payment: None,
//! };
//! let mut receipt = Receipt::new(&facts, Default::default())?;
//!
//! // Its agent signs it, wherever its key is.
//! let public = runseal_ed25519::PublicKey::parse(key.verifying_key().as_bytes())?;
//! let draft = SignatureDraft::new("agent:one", Role::Agent, &public, facts.ended_at);
//! let bytes = key.sign(&draft.message(&receipt.digest())).to_bytes();
//! receipt.attach(draft.complete(bytes)?)?;
//!
//! // Somebody else reads and checks it.
//! let text = receipt.document().to_value().canonical();
//! let read = Receipt::parse(&text)?;
//! read.document().check_signed_as(Role::Agent, &public)?;
//! read.check_events([&Event::parse(event)?])?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
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
mod limit;
pub mod member;
pub mod policy;
mod receipt;
pub mod signature;
pub mod state;
mod statement;
mod telemetry;
mod trace;
mod word;

pub use addendum::{ADDENDUM_VERSION, Addendum, AddendumError};
pub use batch::{BatchError, Claim, check_receipt, check_receipts, check_signed};
pub use document::{Document, DocumentError, MOST_SIGNATURES};
pub use event::{Event, EventError};
pub use limit::{LimitError, MOST_BODY_BYTES, MOST_BODY_DEPTH, MOST_SIGNATURE_BYTES};
pub use member::{MOST_TEXT_BYTES, MemberError};
pub use receipt::{
    EventsError, Nonce, RECEIPT_VERSION, Receipt, ReceiptError, ReceiptFacts, Status,
    SuccessionError,
};
pub use signature::{Role, Signature, SignatureDraft, SignatureError};
pub use statement::{MOST_STATEMENTS, Statements};
pub use telemetry::Telemetry;
pub use trace::{HashKind, RunHashes, Trace, TraceError};
