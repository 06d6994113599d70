use crate::{
    constants::{BOND_SEED, WITHDRAWAL_EXPIRY_SECONDS},
    events::BondWithdrawn,
    instructions::token,
    state::{Config, Log, Moment},
    RegistryError,
};
use anchor_lang::prelude::*;

/// The accounts of `withdraw_bond`.
#[derive(Accounts)]
pub struct WithdrawBond {
    /// The operator.
    pub operator: Signer,
    /// Says how long the notice is.
    pub config: Account<Config>,
    /// The log.
    #[account(mut)]
    pub log: Account<Log>,
    /// The token account of the bond.
    #[account(mut, seeds = [BOND_SEED, log.address().as_ref()], bump)]
    pub bond_account: UncheckedAccount,
    /// The operator's token account.
    #[account(mut)]
    pub destination: UncheckedAccount,
    /// Moves the tokens.
    pub token_program: Program<Token>,
}

impl WithdrawBond {
    /// Reads only. The notice is never shorter than the time in which a promise that was given
    /// until the request can be challenged.
    pub fn check(&self, now: Moment) -> Result<()> {
        let log = &self.log;
        log.check_operator(self.operator.address())?;
        require!(log.unbond_amount > 0, RegistryError::NoUnbondRequested);
        require!(log.open_claim_count == 0, RegistryError::ClaimOpen);
        let challengeable = log.cadence_seconds
            + log.grace_seconds
            + log.challenge_window_seconds
            + log.answer_window_seconds;
        let notice = self.config.unbond_notice_seconds.max(challengeable);
        let from = log.unbond_requested_at.plus_seconds(notice)?;
        require!(now.unix_seconds > from, RegistryError::UnbondTooEarly);
        let until = from.saturating_add_unsigned(WITHDRAWAL_EXPIRY_SECONDS);
        require!(now.unix_seconds <= until, RegistryError::UnbondExpired);
        let destination = self.destination.account();
        token::check_account(destination, &log.bond_mint, self.operator.address())
    }

    /// Writes only.
    pub fn apply(&mut self, now: Moment) -> Result<BondWithdrawn> {
        let amount = self.log.unbond_amount;
        let (from, to) = (self.bond_account.account(), self.destination.account());
        token::pay_out(&self.log, from, to, amount)?;
        self.log.bond_amount = self.log.bond_amount.saturating_sub(amount);
        self.log.unbond_amount = 0;
        self.log.unbond_requested_at = Moment::default();
        self.log.invariant()?;
        let (log, bond_amount) = (*self.log.address(), self.log.bond_amount);
        Ok(BondWithdrawn { log, amount, bond_amount, at: now })
    }
}
