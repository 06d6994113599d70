//! The values that every part of Runseal speaks of, and the bytes that are hashed and signed of them.
//!
//! Parsing and printing only: nothing here decides. What `docs/spec/program.md` calls hashes and
//! messages is made here for clients; the program makes the same bytes from its own accounts.
//!
//! ```
//! use runseal_types::{Address, Digest, Leaf, Period, PeriodContext, Sequence};
//!
//! let genesis = Digest::new([1; 32]);
//! let context = PeriodContext::new(&genesis, &Address::new([2; 32]), Period(7));
//! let leaf = Leaf { agent: Address::new([3; 32]), sequence: Sequence(4), digest: Digest::new([5; 32]) };
//! assert_eq!(leaf.to_bytes(&context).len(), 104);
//! ```
#![forbid(unsafe_code)]
#![warn(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod address;
mod anchor;
mod digest;
mod hex;
mod leaf;
mod number;
mod period;
mod promise;
mod timestamp;

pub use address::{Address, AddressError};
pub use anchor::AnchorFacts;
pub use digest::Digest;
pub use hex::{HexError, parse_hex, to_hex};
pub use leaf::{LEAF_BYTES, Leaf, SORT_KEY_BYTES};
pub use number::{Period, Sequence};
pub use period::PeriodContext;
pub use promise::{PROMISE_MESSAGE_BYTES, Promise};
pub use timestamp::{Timestamp, TimestampError};
