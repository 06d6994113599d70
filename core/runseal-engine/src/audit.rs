//! Audits: what an outsider can conclude of a log, and what nobody can yet.
//!
//! [`agent`] asks whether all of an agent's receipts were anchored, [`log`] whether a log's anchors are
//! one chain and are what the log says of them, [`closed`] whether what is offered of closed anchors is
//! what was anchored. docs/spec/audit.md has the rules.

pub mod agent;
pub mod closed;
pub mod log;
