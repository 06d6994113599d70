//! Runseal's workflows: what vendors, operators and auditors do, written against one port.
//!
//! Nothing here knows which ledger it talks to, and nothing here waits, prints or reads files.

pub mod agents;
pub mod certification;
pub mod clock;
pub mod config;
pub mod cost;
pub mod instructions;
pub mod ledger;
pub mod program;
pub mod refusal;
pub mod registry;

pub use ledger::{Ledger, LedgerError};
