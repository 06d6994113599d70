//! What the program announces.

use anchor_lang::prelude::*;

/// Tokens were locked.
#[event]
#[allow(missing_docs, reason = "the fields are the account's fields of the same name")]
pub struct EscrowOpened {
    pub escrow: Address,
    pub payer: Address,
    pub payee: Address,
    pub amount: u64,
    pub deadline_seconds: i64,
}

/// The receipt was proved, and the payee was paid.
#[event]
#[allow(missing_docs, reason = "the fields are the account's fields of the same name")]
pub struct EscrowReleased {
    pub escrow: Address,
    pub anchor: Address,
    pub payee: Address,
    /// With what others sent to the vault.
    pub amount: u64,
}

/// The deadline was over, and the payer has his tokens back.
#[event]
#[allow(missing_docs, reason = "the fields are the account's fields of the same name")]
pub struct EscrowRefunded {
    pub escrow: Address,
    pub payer: Address,
    /// With what others sent to the vault.
    pub amount: u64,
}
