use crate::{
    constants::AGENT_SEED,
    events::AgentRegistered,
    state::{Agent, AgentStatus, Config, Moment, Uri},
};
use anchor_lang::prelude::*;

/// What is said about an agent when it is registered.
#[derive(Clone, Debug, PartialEq, Eq, IdlType, SchemaRead, SchemaWrite)]
pub struct RegisterAgentArgs {
    /// SHA-256 of the agent's manifest.
    pub manifest_hash: [u8; 32],
    /// How often the agent promises to be heard of; 0 promises nothing.
    pub heartbeat_cadence_seconds: u32,
    /// Where the manifest can be found; may be empty.
    pub uri: String,
}

/// The accounts of `register_agent`.
#[derive(Accounts)]
pub struct RegisterAgent {
    /// Pays the rent of the agent's account.
    // Often the same key as a signer below. Nothing borrows its data, so that is sound.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    /// The vendor.
    pub authority: Signer,
    /// The agent's own key. It signs, so that nobody can take an agent's address before it.
    pub identity: Signer,
    /// Says whether the program is paused.
    pub config: Account<Config>,
    /// The account to create.
    #[account(init, payer = payer, seeds = [AGENT_SEED, identity.address().as_ref()], bump)]
    pub agent: Account<Agent>,
    /// Creates the account.
    pub system_program: Program<System>,
}

impl RegisterAgent {
    /// Reads only.
    pub fn check(&self, args: &RegisterAgentArgs) -> Result<()> {
        self.config.check_not_paused()?;
        Uri::check(&args.uri)
    }

    /// Writes only.
    pub fn apply(
        &mut self,
        args: &RegisterAgentArgs,
        bump: u8,
        now: Moment,
    ) -> Result<AgentRegistered> {
        let agent = &mut self.agent;
        agent.version = Agent::VERSION;
        agent.bump = bump;
        agent.status = AgentStatus::Registered as u8;
        agent.heartbeat_cadence_seconds = args.heartbeat_cadence_seconds;
        agent.registered_at = now;
        agent.updated_at = now;
        agent.status_changed_at = now;
        agent.authority_changed_at = now;
        agent.identity = *self.identity.address();
        agent.authority = *self.authority.address();
        agent.manifest_hash = args.manifest_hash;
        agent.uri.set(&args.uri)?;
        agent.invariant()?;
        Ok(AgentRegistered {
            agent: *agent.address(),
            identity: agent.identity,
            authority: agent.authority,
            manifest_hash: agent.manifest_hash,
            at: now,
        })
    }
}
