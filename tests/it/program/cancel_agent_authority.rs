use super::handover;
use runseal_registry::{RegistryError as Error, state::AgentStatus};
use runseal_tests::{Handover, Refused, set_status};
use solana_address::Address;

#[test]
fn s9_a_typo_is_taken_back_by_the_vendor_alone() {
    handover::is_cancelled(Handover::of_agent());
}

#[test]
fn an_archived_agent_s_proposal_stays_as_it_is() {
    let mut agent = Handover::of_agent();
    agent.propose(Address::new_unique()).unwrap();
    for status in [AgentStatus::Retired, AgentStatus::Archived] {
        let address = agent.address;
        set_status(&mut agent.chain, address, status).unwrap();
    }
    let before = agent.read();
    assert_eq!(agent.cancel(), Err(Refused::by(Error::AgentArchived)));
    assert_eq!(agent.read(), before);
}
