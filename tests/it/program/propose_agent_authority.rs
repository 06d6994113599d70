use super::handover;
use runseal_client::instructions::agents;
use runseal_registry::{RegistryError as Error, state::AgentStatus};
use runseal_tests::{Handover, Refused, set_status};
use solana_address::Address;
use solana_signer::Signer;

#[test]
fn s9_the_vendor_proposes_and_nobody_else() {
    handover::is_proposed(Handover::of_agent());
}

#[test]
fn a_retired_agent_changes_hands_and_an_archived_one_does_not() {
    let mut agent = Handover::of_agent();
    let (address, next) = (agent.address, Address::new_unique());
    set_status(&mut agent.chain, address, AgentStatus::Retired).unwrap();
    agent.propose(next).unwrap();
    set_status(&mut agent.chain, address, AgentStatus::Archived).unwrap();
    assert_eq!(agent.propose(next), Err(Refused::by(Error::AgentArchived)));
}

#[test]
fn the_agent_s_own_key_proposes_nobody() {
    let mut agent = Handover::of_agent();
    let (identity, address) = agent.chain.agent();
    let propose = agents::propose_authority(identity.pubkey(), address, identity.pubkey());
    let refused = agent.chain.send(&[propose], &[&identity]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::NotAuthority));
}
