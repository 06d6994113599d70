//! The three steps in which the config's authority changes hands.

use crate::{
    events::{AuthorityAccepted, AuthorityCancelled, AuthorityProposed},
    state::{Config, Moment},
};
use anchor_lang::prelude::*;

/// The accounts of `propose_config_authority`, `cancel_config_authority` and
/// `accept_config_authority`.
#[derive(Accounts)]
pub struct ConfigAuthority {
    /// The authority; or, to accept, the one who was proposed.
    pub signer: Signer,
    /// The config.
    #[account(mut)]
    pub config: Account<Config>,
}

impl ConfigAuthority {
    /// Writes the proposal.
    pub fn propose(&mut self, pending: Address, now: Moment) -> Result<AuthorityProposed> {
        self.config.check_authority(self.signer.address())?;
        self.config.handover().propose(pending, now)?;
        self.config.updated_at = now;
        self.config.invariant()?;
        let (account, authority) = (*self.config.address(), self.config.authority);
        Ok(AuthorityProposed { account, authority, pending, at: now })
    }

    /// Withdraws it.
    pub fn cancel(&mut self, now: Moment) -> Result<AuthorityCancelled> {
        self.config.check_authority(self.signer.address())?;
        self.config.handover().cancel()?;
        self.config.updated_at = now;
        self.config.invariant()?;
        let (account, authority) = (*self.config.address(), self.config.authority);
        Ok(AuthorityCancelled { account, authority, at: now })
    }

    /// Gives the authority to the signer.
    pub fn accept(&mut self, now: Moment) -> Result<AuthorityAccepted> {
        let previous = self.config.authority;
        let notice = self.config.authority_notice_seconds;
        self.config.handover().accept(self.signer.address(), notice, now)?;
        self.config.updated_at = now;
        self.config.invariant()?;
        let (account, authority) = (*self.config.address(), self.config.authority);
        Ok(AuthorityAccepted { account, previous, authority, at: now })
    }
}
