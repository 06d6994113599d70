use super::vault;
use crate::{EscrowError, constants::VAULT_SEED, events::EscrowRefunded, state::Escrow};
use anchor_lang::prelude::*;

/// The accounts of `refund_escrow`. Anybody may send it.
#[derive(Accounts)]
pub struct RefundEscrow {
    /// The agreement; closed.
    #[account(mut, close = payer)]
    pub escrow: Account<Escrow>,
    /// Gets the rents back.
    #[account(mut)]
    pub payer: UncheckedAccount,
    /// The escrow's tokens; closed.
    #[account(mut, seeds = [VAULT_SEED, escrow.address().as_ref()], bump)]
    pub vault: UncheckedAccount,
    /// A token account of the payer's.
    #[account(mut)]
    pub payer_tokens: UncheckedAccount,
    /// Moves the tokens.
    pub token_program: Program<Token>,
}

impl RefundEscrow {
    /// Reads only.
    pub fn check(&self, now_seconds: i64) -> Result<()> {
        let escrow = &self.escrow;
        require!(now_seconds > escrow.deadline_seconds, EscrowError::DeadlineNotOver);
        require!(escrow.payer == *self.payer.address(), EscrowError::NotPayer);
        vault::check_account(self.payer_tokens.account(), &escrow.mint, &escrow.payer)
    }

    /// Writes only.
    pub fn apply(&mut self) -> Result<EscrowRefunded> {
        let (vault, to) = (self.vault.account(), self.payer_tokens.account());
        let amount = vault::empty(&self.escrow, vault, to, self.payer.account())?;
        let (escrow, payer) = (*self.escrow.address(), self.escrow.payer);
        Ok(EscrowRefunded { escrow, payer, amount })
    }
}
