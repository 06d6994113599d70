//! Decides. What comes in are values, what goes out are values: no clock, no files, no network.
//!
//! [`SealedPeriod`] closes a period and proves things about it. [`promise_message`] is what a log signs at
//! intake. [`next_anchor_step`](anchor_step::next_anchor_step) says what an operator does next.
//! [`audit`] says whether all of an agent's receipts were anchored, and whether a log's anchors are one chain.
//! A [`Bundle`] is one file with everything that a verdict needs, and
//! [`verify`] is the verdict: check by check, by a [`Policy`] that the caller brings.
//!
//! The bytes of the registry's accounts are not known here: whoever wants a verdict brings a
//! [`ReadAccount`](account::ReadAccount).
#![forbid(unsafe_code)]
#![warn(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

pub mod account;
pub mod anchor_step;
pub mod answer;
pub mod audit;
pub mod bundle;
mod check;
pub mod disorder;
pub mod export;
mod policy;
mod promise;
pub mod proof;
mod report;
pub mod seal;
mod verdict;

pub use bundle::{BUNDLE_VERSION, Bundle, BundleError, BundleParts, LogPath, Statement};
pub use policy::{POLICY_VERSION, Policy};
pub use promise::{PROMISE_VERSION, PromiseError, SignedPromise, promise_message};
pub use report::{Check, CheckReport, Outcome, REPORT_VERSION, Reason, Report, Verdict};
pub use seal::{MirrorError, Place, SealError, SealedPeriod};
pub use verdict::{verify, verify_text};
