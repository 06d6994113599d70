use super::Service;
use crate::{
    error::ApiError,
    keys::{AgentKey, KeyError},
};
use axum::http::StatusCode;
use runseal_client::{
    keys::ours,
    registry,
    store::{AgentName, Conflict, StoreError},
};
use runseal_types::Address;
use solana_signer::SignerError;

/// An agent that the service signs for.
pub(crate) struct Agent {
    /// What it is called here.
    pub(crate) agent_id: String,
    /// Its account in the registry, which follows from its key.
    pub(crate) address: Address,
    /// Its identity key.
    pub(crate) key: AgentKey,
}

impl Service {
    /// Finds the agent of this name and its key, and keeps for good which account it is.
    pub(crate) fn agent(&self, agent_id: &str) -> Result<Agent, ApiError> {
        let key = self.keys.agent(agent_id)?;
        let address = ours(&registry::agent_address(&key.pubkey()));
        let name = AgentName { agent_id: agent_id.to_owned(), agent: address };
        // Only the first time is anything written.
        if self.store.find_agent(agent_id)?.as_ref() != Some(&name) {
            self.store.name_agent(&name)?;
        }
        Ok(Agent { agent_id: name.agent_id, address, key })
    }

    /// Finds the key of an agent that has one. Nothing is made or kept for a question.
    pub(crate) fn existing_key(&self, agent_id: &str) -> Result<AgentKey, ApiError> {
        let key = self.keys.existing(agent_id)?;
        let address = ours(&registry::agent_address(&key.pubkey()));
        match self.store.find_agent(agent_id)? {
            Some(known) if known.agent != address => {
                let (agent_id, stored) = (agent_id.to_owned(), known.agent.to_string());
                Err(StoreError::from(Conflict::AgentDiffers { agent_id, stored, offered: address })
                    .into())
            }
            _ => Ok(key),
        }
    }

    /// Finds the agent that has this account.
    pub(crate) fn agent_at(&self, address: &Address) -> Result<Agent, ApiError> {
        let agent_id = self.agent_id(address)?;
        let agent = self.agent(&agent_id)?;
        if agent.address == *address {
            return Ok(agent);
        }
        let (stored, offered) = (address.to_string(), agent.address);
        Err(StoreError::from(Conflict::AgentDiffers { agent_id, stored, offered }).into())
    }

    /// Returns what the agent of this account is called here.
    pub(crate) fn agent_id(&self, address: &Address) -> Result<String, ApiError> {
        let name = self.store.find_agent_name(address)?;
        // A run that another program stored has an agent that nobody named.
        Ok(name.map_or_else(|| address.to_string(), |name| name.agent_id))
    }
}

impl From<KeyError> for ApiError {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Unknown { agent_id } => {
                Self::refused(StatusCode::FORBIDDEN, format!("Agent has no key here: {agent_id}"))
            }
            // Where keys are kept is nobody's business.
            KeyError::Open { .. } => {
                let detail = "the agent's key file can be read by others";
                Self::told(StatusCode::INTERNAL_SERVER_ERROR, detail, error)
            }
            KeyError::NotAKey { .. } | KeyError::Unreadable { .. } => {
                let detail = "the agent's key file cannot be used";
                Self::told(StatusCode::INTERNAL_SERVER_ERROR, detail, error)
            }
            KeyError::Signer(fault) => SignerError::from(fault).into(),
        }
    }
}

impl From<SignerError> for ApiError {
    fn from(error: SignerError) -> Self {
        let (status, detail) = match &error {
            SignerError::Connection(_) => {
                (StatusCode::SERVICE_UNAVAILABLE, "the signer does not answer")
            }
            SignerError::UserCancel(_) => (StatusCode::FORBIDDEN, "the signer refuses"),
            _ => (StatusCode::INTERNAL_SERVER_ERROR, "the signer's answer cannot be used"),
        };
        Self::told(status, detail, error)
    }
}
