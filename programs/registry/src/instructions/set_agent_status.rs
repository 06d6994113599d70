use crate::{
    events::AgentStatusChanged,
    state::{Agent, AgentStatus, Moment},
    RegistryError,
};
use anchor_lang::prelude::*;

/// The accounts of `set_agent_status`.
#[derive(Accounts)]
pub struct SetAgentStatus {
    /// The vendor.
    pub authority: Signer,
    /// The agent.
    #[account(mut)]
    pub agent: Account<Agent>,
}

impl SetAgentStatus {
    /// Reads only.
    pub fn check(&self, status: u8) -> Result<()> {
        self.agent.check_authority(self.authority.address())?;
        let next = AgentStatus::from_byte(status).ok_or(RegistryError::UnknownStatus)?;
        let legal = self.agent.status()?.may_become(next);
        require!(legal, RegistryError::IllegalStatusChange);
        let can_act = next != AgentStatus::Active || self.agent.version_count > 0;
        require!(can_act, RegistryError::NoVersionYet);
        Ok(())
    }

    /// Writes only.
    pub fn apply(&mut self, status: u8, now: Moment) -> Result<AgentStatusChanged> {
        let previous = self.agent.status;
        self.agent.status = status;
        self.agent.status_changed_at = now;
        self.agent.invariant()?;
        let (agent, previous, status) = (*self.agent.address(), previous.into(), status.into());
        Ok(AgentStatusChanged { agent, previous, status, at: now })
    }
}
