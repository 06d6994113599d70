//! The checks. Each looks at the same case and finds one reason.

mod case;
mod certification;
mod chain;
mod policies;
mod receipts;
mod registry;
mod tree;

pub(crate) use case::Case;
pub(crate) use certification::certification;
pub(crate) use chain::{accounts, anchor, chain, cosigners, finality, log};
pub(crate) use policies::policies;
pub(crate) use receipts::{countersignatures, coverage, events, signature};
pub(crate) use registry::{agent, key, version};
pub(crate) use tree::proof;
