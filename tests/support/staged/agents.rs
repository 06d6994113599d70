use super::Staged;
use crate::{Town, register_args, version_args};
use runseal_client::instructions::agents;
use runseal_registry::state::AgentStatus;
use solana_signer::Signer;

pub(super) fn staged(town: &mut Town) -> Vec<Staged> {
    let (owner, payer) = (town.chain.owner.insecure_clone(), town.payer.insecure_clone());
    let (key, agent, version) = (town.owner(), town.agents[0].agent, town.agents[0].version);
    let (new, next) = (town.chain.rich(), town.chain.rich());
    let identity = town.agents[0].identity.insecure_clone();
    let register = agents::register(payer.pubkey(), key, new.pubkey(), register_args());
    let update = agents::update(key, agent, register_args());
    let status = agents::set_status(key, agent, AgentStatus::Active);
    let publish = agents::publish_version(payer.pubkey(), key, agent, 1, version_args());
    let propose = agents::propose_authority(key, agent, next.pubkey());
    let mut staged = vec![
        Staged::new("register_agent", town, register, &[&payer, &owner, &new]),
        Staged::new("update_agent", town, update, &[&owner]),
        Staged::new("set_agent_status", town, status, &[&owner]),
        Staged::new("heartbeat", town, agents::heartbeat(identity.pubkey()), &[&identity]),
        Staged::new("publish_version", town, publish, &[&payer, &owner]),
        Staged::new("yank_version", town, agents::yank_version(key, agent, version), &[&owner]),
        Staged::new("propose_agent_authority", town, propose.clone(), &[&owner]),
    ];
    let cancel = agents::cancel_authority(key, agent);
    let accept = agents::accept_authority(next.pubkey(), agent);
    for proposed in [
        Staged::new("cancel_agent_authority", town, cancel, &[&owner]),
        Staged::new("accept_agent_authority", town, accept, &[&next]),
    ] {
        let mut proposed = proposed;
        proposed.chain.send(std::slice::from_ref(&propose), &[]).unwrap();
        staged.push(proposed);
    }
    staged
}
