use crate::{
    events::ClaimUpheld,
    state::{ClaimKind, Moment},
    RegistryError,
};
use super::slashing::*;
use anchor_lang::prelude::*;

/// The accounts of `settle_challenge`. Anybody may settle.
#[derive(Accounts)]
pub struct SettleChallenge {
    /// The accounts of the slash.
    pub slashing: Nested<Slashing>,
}

impl SettleChallenge {
    /// Reads only.
    pub fn check(&self, now: Moment) -> Result<()> {
        let claim = &self.slashing.claim;
        claim.check_open(ClaimKind::BrokenPromise, self.slashing.log.address())?;
        let over = now.unix_seconds > claim.answer_by_seconds;
        require!(over, RegistryError::SettleTooEarly);
        self.slashing.check()
    }

    /// Writes only.
    pub fn apply(&mut self, now: Moment) -> Result<ClaimUpheld> {
        let log = &mut self.slashing.log;
        log.open_claim_count = log.open_claim_count.saturating_sub(1);
        self.slashing.apply(now)
    }
}
