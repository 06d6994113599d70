use super::handover;
use runseal_registry::state::Log;
use runseal_tests::Handover;
use solana_address::Address;

#[test]
fn s9_a_typo_is_taken_back_by_the_operator_alone() {
    handover::is_cancelled(Handover::of_log());
}

#[test]
fn what_was_before_the_proposal_is_there_again() {
    let mut log = Handover::of_log();
    let before = log.chain.read::<Log>(log.address).account;
    log.propose(Address::new_unique()).unwrap();
    log.chain.advance(7);
    log.cancel().unwrap();
    assert_eq!(log.chain.read::<Log>(log.address).account, before);
}
