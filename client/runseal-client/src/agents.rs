//! What a vendor does with agents.

use crate::{
    instructions,
    ledger::{Landed, Ledger, LedgerError},
    registry::{self, Found, ReadError, WorkflowError},
};
use runseal_registry::{
    instructions::{PublishVersionArgs, RegisterAgentArgs},
    state::{Agent, Version},
};
use solana_address::Address;
use solana_signer::Signer;

/// Registers an agent: `authority` pays and answers for it, `identity` proves that it agrees.
pub async fn register(
    ledger: &impl Ledger,
    authority: &(dyn Signer + Sync),
    identity: &(dyn Signer + Sync),
    args: RegisterAgentArgs,
) -> Result<Landed, LedgerError> {
    let payer = authority.try_pubkey()?;
    let instruction = instructions::agents::register(payer, payer, identity.try_pubkey()?, args);
    ledger.submit(&[instruction], &[authority, identity]).await
}

/// Returns an agent's address, from that or from its identity key.
pub fn address_of(key: Address) -> Address {
    // An agent's address is not on the curve and an identity key is, so one is never the other.
    if key.is_on_curve() { registry::agent_address(&key) } else { key }
}

/// Reads an agent by its address or by its identity key.
pub async fn load(ledger: &impl Ledger, key: Address) -> Result<Found<Agent>, ReadError> {
    registry::load(ledger, address_of(key)).await
}

/// Reads every version of an agent, the first published first.
pub async fn versions(
    ledger: &impl Ledger,
    agent: &Found<Agent>,
) -> Result<Vec<Found<Version>>, ReadError> {
    let mut versions = Vec::new();
    for index in 0..agent.account.version_count {
        let address = registry::version_address(&agent.address, index);
        versions.push(registry::load(ledger, address).await?);
    }
    Ok(versions)
}

/// Publishes an agent's next version and returns its address.
///
/// Two vendors' machines that publish at once cannot both succeed: the number is in the address.
pub async fn publish(
    ledger: &impl Ledger,
    authority: &(dyn Signer + Sync),
    agent: Address,
    args: PublishVersionArgs,
) -> Result<(Address, Landed), WorkflowError> {
    let agent = load(ledger, agent).await?;
    let (payer, index) = (authority.try_pubkey()?, agent.account.version_count);
    let publish = instructions::agents::publish_version(payer, payer, agent.address, index, args);
    let landed = ledger.submit(&[publish], &[authority]).await?;
    Ok((registry::version_address(&agent.address, index), landed))
}
