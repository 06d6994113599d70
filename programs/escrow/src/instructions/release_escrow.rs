use super::vault;
use crate::{EscrowError, Registry, constants::VAULT_SEED, events::EscrowReleased, state::Escrow};
use anchor_lang::prelude::*;
use pinocchio::cpi::get_return_data;
use runseal_registry::{cpi, state::Anchor};

/// The accounts of `release_escrow`. Anybody may send it.
#[derive(Accounts)]
pub struct ReleaseEscrow {
    /// The agreement; closed.
    #[account(mut, close = payer)]
    pub escrow: Account<Escrow>,
    /// Gets the rents back.
    #[account(mut)]
    pub payer: UncheckedAccount,
    /// The escrow's tokens; closed.
    #[account(mut, seeds = [VAULT_SEED, escrow.address().as_ref()], bump)]
    pub vault: UncheckedAccount,
    /// A token account of the payee's.
    #[account(mut)]
    pub payee_tokens: UncheckedAccount,
    /// The anchor of the receipt's period. Its type makes sure that the registry wrote it.
    pub anchor: Account<Anchor>,
    /// The registry. Its type makes sure that no other program is asked.
    pub registry: Program<Registry>,
    /// Moves the tokens.
    pub token_program: Program<Token>,
}

impl ReleaseEscrow {
    /// Reads only.
    pub fn check(&self, index: u64, path: Vec<[u8; 32]>, now_seconds: i64) -> Result<()> {
        let escrow = &self.escrow;
        require!(now_seconds <= escrow.deadline_seconds, EscrowError::DeadlineOver);
        require!(escrow.payer == *self.payer.address(), EscrowError::NotPayer);
        vault::check_account(self.payee_tokens.account(), &escrow.mint, &escrow.payee)?;
        // Anybody can open a log and anchor whatever he likes in it.
        require!(self.anchor.log == escrow.log, EscrowError::AnchorOfOtherLog);
        self.check_inclusion(index, path)
    }

    /// Asks the registry, which refuses the whole transaction unless the receipt is in the period.
    fn check_inclusion(&self, index: u64, path: Vec<[u8; 32]>) -> Result<()> {
        let accounts = cpi::accounts::VerifyInclusion { anchor: self.anchor.cpi_handle() };
        let context = CpiContext::new(self.registry.address(), accounts);
        cpi::verify_inclusion(context, index, self.escrow.receipt, path)?;
        // Success was the answer. What was returned is looked at all the same: it says that the
        // question was understood as it was meant.
        let answer = get_return_data().ok_or(EscrowError::UnexpectedAnswer)?;
        check_answer(answer.program_id(), answer.as_slice(), self.anchor.leaf_count)
    }

    /// Writes only.
    pub fn apply(&mut self) -> Result<EscrowReleased> {
        let (vault, to) = (self.vault.account(), self.payee_tokens.account());
        let amount = vault::empty(&self.escrow, vault, to, self.payer.account())?;
        let (escrow, payee) = (*self.escrow.address(), self.escrow.payee);
        Ok(EscrowReleased { escrow, anchor: *self.anchor.address(), payee, amount })
    }
}

/// Refuses return data unless the registry set it, to the period's number of leaves.
pub fn check_answer(setter: &Address, data: &[u8], leaf_count: u64) -> Result<()> {
    let expected = *setter == runseal_registry::ID && data == leaf_count.to_le_bytes();
    require!(expected, EscrowError::UnexpectedAnswer);
    Ok(())
}
