use super::handover;
use runseal_client::registry;
use runseal_registry::state::Config;
use runseal_tests::Handover;
use solana_address::Address;

#[test]
fn s9_a_typo_is_taken_back_by_the_authority_alone() {
    handover::is_cancelled(Handover::of_config());
}

#[test]
fn what_was_before_the_proposal_is_there_again() {
    let mut account = Handover::of_config();
    let before = account.chain.read::<Config>(registry::config_address()).account;
    account.propose(Address::new_unique()).unwrap();
    account.chain.advance(9);
    account.cancel().unwrap();
    let expected = Config { updated_at: account.chain.now(), ..before };
    assert_eq!(account.chain.read::<Config>(registry::config_address()).account, expected);
}
