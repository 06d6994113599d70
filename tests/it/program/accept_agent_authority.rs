use super::handover;
use runseal_client::instructions::agents;
use runseal_registry::{
    RegistryError as Error,
    state::{Agent, AgentStatus},
};
use runseal_tests::{Handover, Refused, set_status};
use solana_keypair::Keypair;
use solana_signer::Signer;

#[test]
fn s9_whoever_is_proposed_takes_over_by_signing() {
    handover::is_accepted(Handover::of_agent());
}

#[test]
fn a_proposal_needs_no_notice_and_expires() {
    handover::is_accepted_in_time(Handover::of_agent());
}

#[test]
fn it_is_written_down_when_an_agent_changed_hands() {
    let mut agent = Handover::of_agent();
    let next = Keypair::new();
    let before = agent.chain.read::<Agent>(agent.address).account;
    agent.propose(next.pubkey()).unwrap();
    agent.chain.advance(8);
    agent.accept(&next).unwrap();
    let now = agent.chain.now();
    let expected = Agent { authority: next.pubkey(), authority_changed_at: now, ..before };
    assert_eq!(agent.chain.read::<Agent>(agent.address).account, expected);
}

#[test]
fn an_archived_agent_changes_hands_no_more() {
    let mut agent = Handover::of_agent();
    let next = Keypair::new();
    agent.propose(next.pubkey()).unwrap();
    for status in [AgentStatus::Retired, AgentStatus::Archived] {
        let address = agent.address;
        set_status(&mut agent.chain, address, status).unwrap();
    }
    assert_eq!(agent.accept(&next), Err(Refused::by(Error::AgentArchived)));
}

#[test]
fn an_agent_does_not_become_its_own_vendor() {
    let mut agent = Handover::of_agent();
    let (identity, address) = agent.chain.agent();
    let owner = agent.chain.owner.pubkey();
    let propose = agents::propose_authority(owner, address, identity.pubkey());
    agent.chain.send(&[propose], &[]).unwrap();
    let accept = agents::accept_authority(identity.pubkey(), address);
    let refused = agent.chain.send(&[accept], &[&identity]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::AuthorityIsIdentity));
    assert_eq!(agent.chain.read::<Agent>(address).account.authority, owner);
}
