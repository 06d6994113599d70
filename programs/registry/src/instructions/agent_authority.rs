//! The three steps in which an agent changes its vendor.

use crate::{
    events::{AuthorityAccepted, AuthorityCancelled, AuthorityProposed},
    state::{Agent, Moment},
};
use anchor_lang::prelude::*;

/// The accounts of `propose_agent_authority`, `cancel_agent_authority` and `accept_agent_authority`.
#[derive(Accounts)]
pub struct AgentAuthority {
    /// The vendor; or, to accept, the one who was proposed.
    pub signer: Signer,
    /// The agent.
    #[account(mut)]
    pub agent: Account<Agent>,
}

impl AgentAuthority {
    /// Writes the proposal.
    pub fn propose(&mut self, pending: Address, now: Moment) -> Result<AuthorityProposed> {
        self.agent.check_authority(self.signer.address())?;
        self.agent.handover().propose(pending, now)?;
        self.agent.invariant()?;
        let (account, authority) = (*self.agent.address(), self.agent.authority);
        Ok(AuthorityProposed { account, authority, pending, at: now })
    }

    /// Withdraws it.
    pub fn cancel(&mut self, now: Moment) -> Result<AuthorityCancelled> {
        self.agent.check_authority(self.signer.address())?;
        self.agent.handover().cancel()?;
        self.agent.invariant()?;
        let (account, authority) = (*self.agent.address(), self.agent.authority);
        Ok(AuthorityCancelled { account, authority, at: now })
    }

    /// Gives the authority to the signer.
    pub fn accept(&mut self, now: Moment) -> Result<AuthorityAccepted> {
        let previous = self.agent.authority;
        // Only the vendor can propose, so an archived agent's proposal is as dead as the agent.
        self.agent.check_authority(&previous)?;
        self.agent.handover().accept(self.signer.address(), 0, now)?;
        self.agent.authority_changed_at = now;
        self.agent.invariant()?;
        let (account, authority) = (*self.agent.address(), self.agent.authority);
        Ok(AuthorityAccepted { account, previous, authority, at: now })
    }
}
