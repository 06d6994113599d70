use crate::{
    events::AgentUpdated,
    instructions::RegisterAgentArgs,
    state::{Agent, Moment, Uri},
};
use anchor_lang::prelude::*;

/// The accounts of `update_agent`.
#[derive(Accounts)]
pub struct UpdateAgent {
    /// The vendor.
    pub authority: Signer,
    /// The agent.
    #[account(mut)]
    pub agent: Account<Agent>,
}

impl UpdateAgent {
    /// Reads only.
    pub fn check(&self, args: &RegisterAgentArgs) -> Result<()> {
        self.agent.check_authority(self.authority.address())?;
        Uri::check(&args.uri)
    }

    /// Writes only.
    pub fn apply(&mut self, args: &RegisterAgentArgs, now: Moment) -> Result<AgentUpdated> {
        let agent = &mut self.agent;
        agent.manifest_hash = args.manifest_hash;
        agent.heartbeat_cadence_seconds = args.heartbeat_cadence_seconds;
        agent.uri.set(&args.uri)?;
        agent.updated_at = now;
        agent.invariant()?;
        Ok(AgentUpdated { agent: *agent.address(), manifest_hash: agent.manifest_hash, at: now })
    }
}
