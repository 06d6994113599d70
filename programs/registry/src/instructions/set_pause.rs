use crate::{
    events::PauseSet,
    state::{Config, Moment},
};
use anchor_lang::prelude::*;

/// The accounts of `set_pause`.
#[derive(Accounts)]
pub struct SetPause {
    /// The config's authority.
    pub authority: Signer,
    /// The config.
    #[account(mut)]
    pub config: Account<Config>,
}

impl SetPause {
    /// Reads only.
    pub fn check(&self) -> Result<()> {
        self.config.check_authority(self.authority.address())
    }

    /// Writes only.
    pub fn apply(&mut self, paused: u8, now: Moment) -> Result<PauseSet> {
        self.config.paused = paused;
        self.config.updated_at = now;
        self.config.invariant()?;
        Ok(PauseSet { config: *self.config.address(), paused: paused.into(), at: now })
    }
}
