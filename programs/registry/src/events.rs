//! What the program announces. Past tense, ids first; nothing a verifier needs lives only here.

#![warn(missing_docs)]

use crate::state::Moment;
use anchor_lang::prelude::*;

/// The program got its configuration.
#[event]
pub struct ConfigInitialized {
    /// The config account.
    pub config: Address,
    /// Who may change it.
    pub authority: Address,
    /// When.
    pub at: Moment,
}

/// An agent entered the registry.
#[event]
pub struct AgentRegistered {
    /// The agent's account.
    pub agent: Address,
    /// The key that the agent signs its receipts with.
    pub identity: Address,
    /// The vendor that answers for it.
    pub authority: Address,
    /// SHA-256 of the agent's manifest.
    pub manifest_hash: [u8; 32],
    /// When.
    pub at: Moment,
}
