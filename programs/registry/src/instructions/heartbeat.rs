use crate::{
    state::{Agent, Moment},
    RegistryError,
};
use anchor_lang::{address_eq, prelude::*};

/// The accounts of `heartbeat`.
#[derive(Accounts)]
pub struct Heartbeat {
    /// The agent's own key: only it can show that it is alive.
    pub identity: Signer,
    /// The agent.
    #[account(mut)]
    pub agent: Account<Agent>,
}

impl Heartbeat {
    /// Reads only.
    pub fn check(&self) -> Result<()> {
        let is_identity = address_eq(&self.agent.identity, self.identity.address());
        require!(is_identity, RegistryError::NotIdentity);
        self.agent.check_not_retired()
    }

    /// Writes only. There is no event: the account says it all, and an event would cost as much again.
    pub fn apply(&mut self, now: Moment) {
        self.agent.last_heartbeat_at = now;
    }
}
