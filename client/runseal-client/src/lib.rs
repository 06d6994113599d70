//! Runseal's workflows: what vendors, operators and auditors do, written against two ports.
//!
//! Nothing here knows which ledger or store it talks to, and nothing here prints or opens files.

pub mod agents;
pub mod anchoring;
pub mod anchors;
pub mod audits;
pub mod bonds;
pub mod bundles;
pub mod certification;
pub mod claims;
pub mod clock;
pub mod closed;
pub mod config;
pub mod cosigning;
pub mod cost;
pub mod deployment;
pub mod evidence;
pub mod import;
pub mod instructions;
pub mod keys;
pub mod ledger;
pub mod mirror;
pub mod program;
pub mod promises;
pub mod proving;
pub mod published;
pub mod receipts;
pub mod reconcile;
pub mod refusal;
pub mod registry;
pub mod sealing;
pub mod sql;
pub mod store;
pub mod utc;
pub mod verdicts;

pub use ledger::{Ledger, LedgerError};
pub use store::{Store, StoreError};
