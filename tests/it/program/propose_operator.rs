use super::handover;
use runseal_registry::state::Log;
use runseal_tests::Handover;
use solana_address::Address;

#[test]
fn s9_the_operator_proposes_and_nobody_else() {
    handover::is_proposed(Handover::of_log());
}

#[test]
fn a_proposal_changes_nothing_else() {
    let mut log = Handover::of_log();
    let before = log.chain.read::<Log>(log.address).account;
    let pending_operator = Address::new_unique();
    log.propose(pending_operator).unwrap();
    let expected = Log { pending_operator, proposed_at: log.chain.now(), ..before };
    assert_eq!(log.chain.read::<Log>(log.address).account, expected);
}
