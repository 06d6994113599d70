use crate::{
    events::UnbondRequested,
    state::{Log, Moment},
    RegistryError,
};
use anchor_lang::prelude::*;

/// The accounts of `request_unbond`.
#[derive(Accounts)]
pub struct RequestUnbond {
    /// The operator.
    pub operator: Signer,
    /// The log.
    #[account(mut)]
    pub log: Account<Log>,
}

impl RequestUnbond {
    /// Reads only.
    pub fn check(&self, amount: u64) -> Result<()> {
        self.log.check_operator(self.operator.address())?;
        require!(amount <= self.log.bond_amount, RegistryError::AmountAboveBond);
        Ok(())
    }

    /// Writes only. A new request replaces the one before and starts its notice anew; zero takes
    /// the request back.
    pub fn apply(&mut self, amount: u64, now: Moment) -> Result<UnbondRequested> {
        self.log.unbond_amount = amount;
        self.log.unbond_requested_at = if amount == 0 { Moment::default() } else { now };
        self.log.invariant()?;
        Ok(UnbondRequested { log: *self.log.address(), amount, at: now })
    }
}
