use runseal_client::{instructions::logs, registry};
use runseal_registry::{
    RegistryError as Error,
    instructions::OpenLogArgs,
    state::{Anchor, Name},
};
use runseal_tests::{Chain, Refused, leaves, log_args};
use solana_instruction::error::InstructionError;
use solana_signer::Signer;

#[test]
fn s8_an_anchor_is_closed_after_its_retention_and_never_comes_back() {
    let mut chain = Chain::configured();
    let log = chain.log(log_args());
    chain.post(&log, &leaves(3));
    let address = registry::anchor_address(&log.address, 0);
    let owner = chain.owner.pubkey();
    let close = logs::close_anchor(owner, owner, log.address, 0);
    chain.advance(1_000);
    let refused = chain.send(std::slice::from_ref(&close), &[]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::RetentionNotOver));
    chain.advance(1);
    let stranger = chain.rich();
    let to_stranger = logs::close_anchor(owner, stranger.pubkey(), log.address, 0);
    let refused = chain.send(&[to_stranger], &[]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::NotAuthority));
    let by_stranger = logs::close_anchor(stranger.pubkey(), owner, log.address, 0);
    let refused = chain.send(&[by_stranger], &[&stranger]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::NotAuthority));
    // Whoever pays the lamports back in the same transaction revives nothing.
    let rent = chain.svm.get_account(&address).unwrap().lamports;
    let refund = Chain::transfer(&owner, &address, rent);
    let before = chain.svm.get_balance(&owner).unwrap();
    chain.send(&[close, refund], &[]).unwrap();
    let left = chain.svm.get_account(&address).unwrap_or_default();
    assert!(left.data.is_empty() && left.owner != registry::PROGRAM, "{left:?}");
    assert!(chain.svm.get_balance(&owner).unwrap() <= before);
    let (args, _) = chain.anchor_args(&log, &leaves(3));
    assert_eq!(args.period, 1, "only the next period can be anchored");
}

#[test]
fn an_anchor_of_another_log_is_not_closed() {
    let mut chain = Chain::configured();
    let log = chain.log(log_args());
    let other = chain.log(OpenLogArgs { name: Name::parse("other").unwrap(), ..log_args() });
    chain.post(&log, &leaves(1));
    chain.advance(2_000);
    let owner = chain.owner.pubkey();
    let mut close = logs::close_anchor(owner, owner, other.address, 0);
    close.accounts[3].pubkey = registry::anchor_address(&log.address, 0);
    let refused = chain.send(&[close], &[]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::AnchorOfOtherLog));
}

#[test]
fn s7_a_closed_anchor_is_not_posted_again_in_one_transaction_or_in_two() {
    let mut chain = Chain::configured();
    let log = chain.log(log_args());
    let (args, _) = chain.anchor_args(&log, &leaves(3));
    chain.post(&log, &leaves(3));
    chain.advance(1_001);
    let owner = chain.owner.pubkey();
    let close = logs::close_anchor(owner, owner, log.address, 0);
    let again = logs::post_anchor(owner, log.anchoring.pubkey(), log.address, args);
    let both = [close.clone(), again.clone()];
    chain.send(&both, &[&log.anchoring]).unwrap_err();
    chain.send(std::slice::from_ref(&close), &[]).unwrap();
    let refused = chain.send(&[again], &[&log.anchoring]).unwrap_err();
    // Its address is no longer the one that the log's next anchor has.
    assert_eq!(refused, Refused::with(InstructionError::InvalidSeeds));
    let refused = chain.send(&[close], &[]).unwrap_err();
    assert!(chain.svm.get_account(&registry::anchor_address(&log.address, 0)).is_none());
    assert_ne!(refused, Refused::by(Error::NotAuthority));
}

#[test]
fn m14_a_retention_that_cannot_be_counted_is_never_over() {
    let mut chain = Chain::configured();
    let log = chain.log(log_args());
    chain.post(&log, &leaves(3));
    let anchor = registry::anchor_address(&log.address, 0);
    chain.rewrite::<Anchor>(&anchor, |account| account.posted_at.unix_seconds = i64::MAX);
    let owner = chain.owner.pubkey();
    let close = logs::close_anchor(owner, owner, log.address, 0);
    assert_eq!(chain.send(&[close], &[]).unwrap_err(), Refused::by(Error::Overflow));
}

#[test]
fn the_rent_goes_back_to_whoever_paid_it() {
    let mut chain = Chain::configured();
    let (log, payer) = (chain.log(log_args()), chain.rich());
    let (args, _) = chain.anchor_args(&log, &leaves(3));
    chain.advance(60);
    let post = logs::post_anchor(payer.pubkey(), log.anchoring.pubkey(), log.address, args);
    let before = chain.svm.get_balance(&payer.pubkey()).unwrap();
    chain.send(&[post], &[&payer, &log.anchoring]).unwrap();
    assert!(chain.svm.get_balance(&payer.pubkey()).unwrap() < before);
    chain.advance(1_001);
    let owner = chain.owner.pubkey();
    chain.send(&[logs::close_anchor(owner, payer.pubkey(), log.address, 0)], &[]).unwrap();
    assert_eq!(chain.svm.get_balance(&payer.pubkey()).unwrap(), before);
}
