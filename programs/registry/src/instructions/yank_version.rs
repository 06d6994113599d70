use crate::{
    events::VersionYanked,
    state::{Agent, Moment, Version},
    RegistryError,
};
use anchor_lang::prelude::*;

/// The accounts of `yank_version`.
#[derive(Accounts)]
pub struct YankVersion {
    /// The vendor.
    pub authority: Signer,
    /// The agent.
    pub agent: Account<Agent>,
    /// The version.
    #[account(mut)]
    pub version: Account<Version>,
}

impl YankVersion {
    /// Reads only.
    pub fn check(&self) -> Result<()> {
        self.agent.check_authority(self.authority.address())?;
        let its_own = self.version.agent == *self.agent.address();
        require!(its_own, RegistryError::VersionOfOtherAgent);
        require!(self.version.yanked == 0, RegistryError::VersionYanked);
        Ok(())
    }

    /// Writes only.
    pub fn apply(&mut self, now: Moment) -> Result<VersionYanked> {
        self.version.yanked = 1;
        self.version.yanked_at = now;
        self.version.invariant()?;
        let (agent, version) = (self.version.agent, *self.version.address());
        Ok(VersionYanked { agent, version, at: now })
    }
}
