//! The one account.

use crate::EscrowError;
use anchor_lang::prelude::*;
use runseal_registry::state::Leaf;

/// An agreement: these tokens are the payee's if this receipt is proved by this time. Seeds
/// `"escrow"`, payer, number.
#[account]
#[derive(Debug, PartialEq, Eq)]
pub struct Escrow {
    /// Layout version; see [`Escrow::VERSION`].
    pub version: u8,
    /// Canonical bump of this account's address.
    pub bump: u8,
    /// Zero.
    pub reserved_flags: [u8; 6],
    /// The payer's number for it.
    pub number: u64,
    /// What was locked, in the mint's base units.
    pub amount: u64,
    /// Unix time until when, included, the receipt can be proved.
    pub deadline_seconds: i64,
    /// Whose tokens these are until then; paid the rent as well and gets it back.
    pub payer: Address,
    /// Whose they become.
    pub payee: Address,
    /// The SPL mint.
    pub mint: Address,
    /// The log of the registry that the receipt must be anchored in.
    pub log: Address,
    /// The receipt: agent, number and digest. The digest is part of the agreement, because a number
    /// alone would be satisfied by whatever the log's operator puts there.
    pub receipt: Leaf,
    /// Zero, for later versions of the layout.
    pub reserved: [u8; 32],
}

impl Escrow {
    /// The layout that this program writes.
    pub const VERSION: u8 = 1;

    /// Holds after every instruction that writes the account.
    pub fn invariant(&self) -> Result<()> {
        require!(self.version == Self::VERSION, EscrowError::UnknownLayoutVersion);
        require!(self.amount > 0, EscrowError::AmountIsZero);
        require!(self.payee != Address::default(), EscrowError::PayeeNotSet);
        Ok(())
    }
}
