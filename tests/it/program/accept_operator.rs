use super::handover;
use runseal_client::instructions::bonds;
use runseal_registry::state::Log;
use runseal_tests::{BOND_MINT, Handover};
use solana_keypair::Keypair;
use solana_signer::Signer;

#[test]
fn s9_whoever_is_proposed_takes_over_by_signing() {
    handover::is_accepted(Handover::of_log());
}

#[test]
fn a_proposal_needs_no_notice_and_expires() {
    handover::is_accepted_in_time(Handover::of_log());
}

#[test]
fn keys_bond_and_a_request_to_unbond_go_along() {
    let mut log = Handover::of_log();
    log.chain.make_mint();
    let (owner, address, next) = (log.chain.owner.pubkey(), log.address, Keypair::new());
    let purse = log.chain.tokens(BOND_MINT, owner, 90);
    let deposit = bonds::deposit(owner, owner, address, BOND_MINT, purse, 90);
    let request = bonds::request_unbond(owner, address, 40);
    log.chain.send(&[deposit, request], &[]).unwrap();
    let before = log.chain.read::<Log>(address).account;
    assert_eq!((before.bond_amount, before.unbond_amount), (90, 40));
    log.propose(next.pubkey()).unwrap();
    log.accept(&next).unwrap();
    let expected = Log { operator: next.pubkey(), ..before };
    assert_eq!(log.chain.read::<Log>(address).account, expected);
}
