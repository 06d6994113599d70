//! What `settle_challenge` and `prove_disorder` share: the accounts of a slash, and the slash.

use crate::{
    constants::BOND_SEED,
    events::ClaimUpheld,
    instructions::{answer_challenge::pay_out_deposit, token},
    state::{Claim, ClaimState, Config, Log, Moment},
    RegistryError,
};
use anchor_lang::prelude::*;

/// The same accounts by their addresses, for clients.
pub use __client_accounts_slashing::Slashing as SlashingAddresses;

/// The accounts of a slash.
#[derive(Accounts)]
pub struct Slashing {
    /// Says how a slash is split.
    pub config: Account<Config>,
    /// The log.
    #[account(mut)]
    pub log: Account<Log>,
    /// The claim.
    #[account(mut)]
    pub claim: Account<Claim>,
    /// The claimant; gets the deposit back.
    #[account(mut)]
    pub claimant: UncheckedAccount,
    /// The token account of the bond.
    #[account(mut, seeds = [BOND_SEED, log.address().as_ref()], bump)]
    pub bond_account: UncheckedAccount,
    /// The claimant's token account.
    #[account(mut)]
    pub claimant_tokens: UncheckedAccount,
    /// The treasury's token account.
    #[account(mut)]
    pub treasury_tokens: UncheckedAccount,
    /// Moves the tokens.
    pub token_program: Program<Token>,
}

impl Slashing {
    /// Reads only. A log without a bond has nothing to move, so its token accounts need not exist.
    pub fn check(&self) -> Result<()> {
        let is_claimant = self.claim.claimant == *self.claimant.address();
        require!(is_claimant, RegistryError::NotClaimant);
        if self.log.bond_amount == 0 {
            return Ok(());
        }
        let (mint, config) = (&self.log.bond_mint, &self.config);
        token::check_account(self.claimant_tokens.account(), mint, self.claimant.address())?;
        token::check_account(self.treasury_tokens.account(), mint, &config.treasury)
    }

    /// Writes only: decides the claim, moves the tokens and the deposit, marks the log.
    pub fn apply(&mut self, now: Moment) -> Result<ClaimUpheld> {
        let amount = token::slashed_amount(&self.config, &self.log);
        let share = token::claimant_share(&self.config, amount)?;
        let bond = self.bond_account.account();
        token::pay_out(&self.log, bond, self.claimant_tokens.account(), share)?;
        let rest = amount.saturating_sub(share);
        token::pay_out(&self.log, bond, self.treasury_tokens.account(), rest)?;
        pay_out_deposit(&mut self.claim, self.claimant.account())?;
        self.claim.decide(ClaimState::Upheld, amount, now);
        let log = &mut self.log;
        log.bond_amount = log.bond_amount.saturating_sub(amount);
        log.unbond_amount = log.unbond_amount.min(log.bond_amount);
        log.upheld_count = log.upheld_count.saturating_add(1);
        log.invariant()?;
        let (log, claim) = (*log.address(), *self.claim.address());
        Ok(ClaimUpheld { log, claim, slashed_amount: amount, at: now })
    }
}
