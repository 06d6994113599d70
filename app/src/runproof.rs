//! RunProof's documents: made of receipts and events, and checked, also those that others made.

mod check;
mod document;
mod legacy;
mod posted;

pub(crate) use check::{Check, Outcome, SignatureResult, Verdict};
pub(crate) use document::{Overlay, Proof, SPEC_VERSION, content_hash, runproof_members};
pub(crate) use posted::check_posted;
