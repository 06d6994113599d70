use runseal_client::instructions::agents;
use runseal_registry::{
    RegistryError as Error,
    state::{Agent, AgentStatus as Status, Moment},
};
use runseal_tests::{Refused, agent_that_is};
use solana_instruction::error::InstructionError;
use solana_signer::Signer;

#[test]
fn a_heartbeat_is_the_agent_s_own() {
    let (mut chain, identity, agent) = agent_that_is(Status::Active);
    assert_eq!(chain.read::<Agent>(agent).account.last_heartbeat_at, Moment::default());
    for _ in 0..2 {
        chain.advance(60);
        chain.send(&[agents::heartbeat(identity.pubkey())], &[&identity]).unwrap();
        assert_eq!(chain.read::<Agent>(agent).account.last_heartbeat_at, chain.now());
    }
    let vendor = chain.owner.pubkey();
    let mut by_vendor = agents::heartbeat(vendor);
    by_vendor.accounts[1].pubkey = agent;
    let refused = chain.send(&[by_vendor], &[]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::NotIdentity));
    let mut unsigned = agents::heartbeat(identity.pubkey());
    unsigned.accounts[0].is_signer = false;
    let refused = chain.send(&[unsigned], &[]).unwrap_err();
    assert_eq!(refused, Refused::with(InstructionError::MissingRequiredSignature));
}
