use crate::{Chain, Refused};
use runseal_client::instructions::agents;
use runseal_registry::state::AgentStatus as Status;
use solana_address::Address;
use solana_keypair::Keypair;
use solana_signer::Signer;

/// Moves an agent of the owner's to another status.
pub fn set_status(chain: &mut Chain, agent: Address, status: Status) -> Result<(), Refused> {
    let owner = chain.owner.pubkey();
    chain.send(&[agents::set_status(owner, agent, status)], &[]).map(drop)
}

/// A chain with an agent that has a version and this status.
pub fn agent_that_is(status: Status) -> (Chain, Keypair, Address) {
    let mut chain = Chain::configured();
    let (identity, agent) = chain.agent();
    chain.version(agent, 0);
    let way: &[Status] = match status {
        Status::Registered => &[],
        Status::Active => &[Status::Active],
        Status::Paused => &[Status::Active, Status::Paused],
        Status::Retired => &[Status::Retired],
        Status::Archived => &[Status::Retired, Status::Archived],
    };
    for step in way {
        set_status(&mut chain, agent, *step).unwrap();
    }
    (chain, identity, agent)
}
