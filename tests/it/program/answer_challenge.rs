use runseal_client::{instructions::claims, registry};
use runseal_registry::{
    RegistryError as Error,
    instructions::OpenLogArgs,
    state::{ClaimState, Leaf, Name},
};
use runseal_tests::{DEPOSIT, Dispute, Refused, SLASH, leaves, log_args, second};
use solana_signer::Signer;

#[test]
fn a_kept_promise_is_answered_and_the_deposit_pays_for_it() {
    let mut scene = Dispute::new(5 * SLASH);
    let (_, tree) = scene.chain.post(&scene.log.clone_keys(), &leaves(9));
    let claim = scene.challenge(0, &leaves(9)[4]).unwrap();
    assert_eq!(scene.answer(claim, 3, &tree), Err(Refused::by(Error::RootMismatch)));
    scene.chain.advance(30);
    let operator = scene.chain.owner.pubkey();
    let before = scene.lamports(&operator);
    scene.answer(claim, 4, &tree).unwrap();
    let account = scene.claim(claim);
    assert_eq!((account.state, account.index), (ClaimState::Answered as u8, 4));
    // He paid the fee of the answer as well.
    assert_eq!(scene.lamports(&operator), before + DEPOSIT - 5_000);
    let log = scene.log();
    assert_eq!((log.open_claim_count, log.upheld_count, log.bond_amount), (0, 0, 5 * SLASH));
    scene.chain.advance(100);
    assert_eq!(scene.settle(claim), Err(Refused::by(Error::ClaimNotOpen)));
    assert_eq!(scene.answer(claim, 4, &tree), Err(Refused::by(Error::ClaimNotOpen)));
    // A promise is challenged once.
    let again = scene.challenge(0, &leaves(9)[4]).unwrap_err();
    assert!(again != second(Error::ChallengeTooLate), "{again:?}");
}

#[test]
fn an_answer_to_one_promise_is_none_to_another_for_the_same_place() {
    let mut scene = Dispute::new(SLASH);
    let (_, tree) = scene.chain.post(&scene.log.clone_keys(), &leaves(3));
    let kept = leaves(3)[1];
    let broken = Leaf { digest: [66; 32], ..kept };
    let first = scene.challenge(0, &kept).unwrap();
    scene.answer(first, 1, &tree).unwrap();
    let second = scene.challenge(0, &broken).unwrap();
    assert_ne!(first, second);
    assert_eq!(scene.answer(second, 1, &tree), Err(Refused::by(Error::RootMismatch)));
    scene.chain.advance(31);
    scene.settle(second).unwrap();
}

#[test]
fn the_deposit_of_an_answered_challenge_goes_to_nobody_but_the_operator() {
    let mut scene = Dispute::new(SLASH);
    let (_, tree) = scene.chain.post(&scene.log.clone_keys(), &leaves(2));
    let claim = scene.challenge(0, &leaves(2)[1]).unwrap();
    let (claimant, path) = (scene.claimant.pubkey(), tree.inclusion_path(1).unwrap());
    let to_himself = claims::answer(claimant, scene.log.address, 0, claim, 1, path);
    let refused = scene.chain.send(&[to_himself], &[]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::NotAuthority));
}

#[test]
fn an_answer_comes_in_time_or_not_at_all() {
    let mut scene = Dispute::new(SLASH);
    let (_, tree) = scene.chain.post(&scene.log.clone_keys(), &leaves(2));
    let claim = scene.challenge(0, &leaves(2)[1]).unwrap();
    scene.chain.advance(31);
    assert_eq!(scene.answer(claim, 1, &tree), Err(Refused::by(Error::AnswerTooLate)));
    scene.settle(claim).unwrap();
}

#[test]
fn a_changed_receipt_is_a_broken_promise() {
    let mut scene = Dispute::new(SLASH);
    let promised = leaves(3)[1];
    let mut posted = leaves(3);
    posted[1].digest = [77; 32];
    let (_, tree) = scene.chain.post(&scene.log.clone_keys(), &posted);
    let claim = scene.challenge(0, &promised).unwrap();
    assert_eq!(scene.answer(claim, 1, &tree), Err(Refused::by(Error::RootMismatch)));
}

#[test]
fn m4_m5_only_the_promised_leaf_at_its_place_is_an_answer() {
    let mut scene = Dispute::new(SLASH);
    let (_, tree) = scene.chain.post(&scene.log.clone_keys(), &leaves(5));
    let claim = scene.challenge(0, &leaves(5)[2]).unwrap();
    let (operator, log) = (scene.chain.owner.pubkey(), scene.log.address);
    let path = tree.inclusion_path(2).unwrap();
    let mut longer = path.clone();
    longer.push([0; 32]);
    let cases = [
        (5, path.clone(), Error::IndexOutsideTree),
        (u64::MAX, path.clone(), Error::IndexOutsideTree),
        (2, Vec::new(), Error::WrongProofLength),
        (2, longer, Error::WrongProofLength),
        (4, path.clone(), Error::WrongProofLength),
        (3, path.clone(), Error::RootMismatch),
    ];
    for (index, path, error) in cases {
        let answer = claims::answer(operator, log, 0, claim, index, path);
        assert_eq!(scene.chain.send(&[answer], &[]).unwrap_err(), Refused::by(error));
    }
    scene.answer(claim, 2, &tree).unwrap();
}

#[test]
fn m10_an_anchor_of_another_period_or_log_answers_nothing() {
    let mut scene = Dispute::new(SLASH);
    let (_, tree) = scene.chain.post(&scene.log.clone_keys(), &leaves(5));
    scene.chain.post(&scene.log.clone_keys(), &leaves(5));
    let other = OpenLogArgs { name: Name::parse("other").unwrap(), ..log_args() };
    let other = scene.chain.log(other);
    scene.chain.post(&other, &leaves(5));
    let claim = scene.challenge(0, &leaves(5)[2]).unwrap();
    let (operator, log) = (scene.chain.owner.pubkey(), scene.log.address);
    for anchor in [registry::anchor_address(&log, 1), registry::anchor_address(&other.address, 0)] {
        let path = tree.inclusion_path(2).unwrap();
        let mut answer = claims::answer(operator, log, 0, claim, 2, path);
        answer.accounts[2].pubkey = anchor;
        let refused = scene.chain.send(&[answer], &[]).unwrap_err();
        assert_eq!(refused, Refused::by(Error::AnchorOfOtherLog));
    }
    // The other log of the same operator is not accused.
    let path = tree.inclusion_path(2).unwrap();
    let elsewhere = claims::answer(operator, other.address, 0, claim, 2, path);
    let refused = scene.chain.send(&[elsewhere], &[]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::ClaimOfOther));
}
