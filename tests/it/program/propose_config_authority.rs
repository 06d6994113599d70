use super::handover;
use runseal_client::registry;
use runseal_registry::state::Config;
use runseal_tests::Handover;
use solana_address::Address;

#[test]
fn s9_the_authority_proposes_and_nobody_else() {
    handover::is_proposed(Handover::of_config());
}

#[test]
fn a_proposal_changes_nothing_else() {
    let mut account = Handover::of_config();
    let before = account.chain.read::<Config>(registry::config_address()).account;
    account.chain.advance(9);
    let pending_authority = Address::new_unique();
    account.propose(pending_authority).unwrap();
    let now = account.chain.now();
    let expected = Config { pending_authority, proposed_at: now, updated_at: now, ..before };
    assert_eq!(account.chain.read::<Config>(registry::config_address()).account, expected);
}
