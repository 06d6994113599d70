use runseal_client::instructions::{claims, logs};
use runseal_registry::{
    RegistryError as Error,
    instructions::RotateLogKeysArgs,
    state::{Leaf, Log, Promise},
};
use runseal_tests::{Chain, Dispute, Refused, SLASH, leaves, missing, second};
use solana_address::Address;
use solana_keypair::Keypair;
use solana_signer::Signer;

#[test]
fn a_period_that_was_never_posted_is_challenged_after_its_grace() {
    let mut scene = Dispute::new(SLASH);
    scene.chain.advance(70);
    assert_eq!(scene.challenge(0, &missing()), Err(second(Error::ChallengeTooEarly)));
    scene.chain.advance(1);
    let claim = scene.challenge(0, &missing()).unwrap();
    scene.chain.advance(31);
    scene.settle(claim).unwrap();
    assert_eq!(scene.log().upheld_count, 1);
}

#[test]
fn a_challenge_comes_within_its_window() {
    let mut scene = Dispute::new(SLASH);
    scene.chain.post(&scene.log.clone_keys(), &leaves(1));
    // The period ended at second 60; its promises can be challenged for 10 + 100 seconds.
    scene.chain.advance(110);
    scene.challenge(0, &missing()).unwrap();
    scene.chain.advance(1);
    let other = Leaf { sequence: 1_000u64.to_be_bytes(), ..missing() };
    assert_eq!(scene.challenge(0, &other), Err(second(Error::ChallengeTooLate)));
}

#[test]
fn s20_only_the_promise_that_the_ed25519_program_checked_counts() {
    let mut scene = Dispute::new(SLASH);
    scene.chain.post(&scene.log.clone_keys(), &leaves(1));
    let promise = scene.promise(0, &missing());
    let good = scene.shown(&promise);
    let challenge = scene.challenge_of(&promise);
    let edited = |edit: fn(&mut Vec<u8>)| {
        let mut shown = good.clone();
        edit(&mut shown.data);
        shown
    };
    // Nothing before it, something else before it, it before something else.
    let alone = scene.send_by_claimant(std::slice::from_ref(&challenge)).unwrap_err();
    assert_eq!(alone, Refused::by(Error::SignatureMissing));
    let transfer = Chain::transfer(&scene.chain.owner.pubkey(), &Address::new_unique(), 1_000_000);
    let between = [good.clone(), transfer, challenge.clone()];
    assert!(scene.send_by_claimant(&between).is_err());
    assert!(scene.send_by_claimant(&[challenge.clone(), good.clone()]).is_err());
    // Another signer, another message.
    let stranger = Keypair::new();
    let signature = stranger.sign_message(&promise.message());
    let by_stranger = claims::show_promise(&stranger.pubkey(), &signature, &promise);
    let refused = scene.send_by_claimant(&[by_stranger, challenge.clone()]).unwrap_err();
    assert_eq!(refused, second(Error::SignatureByOtherKey));
    for other in [
        Promise { sequence: 998, ..promise },
        Promise { period: 1, ..promise },
        Promise { digest: [1; 32], ..promise },
        Promise { agent: [1; 32], ..promise },
        scene.promise(1, &missing()),
    ] {
        let refused = scene.send_by_claimant(&[scene.shown(&other), challenge.clone()]);
        assert_eq!(refused, Err(second(Error::SignatureOverOther)));
    }
    // A header that points elsewhere: the Ed25519 program or the registry refuses.
    for edit in [
        (|data| data[0] = 0) as fn(&mut Vec<u8>),
        |data| data[0] = 2,
        |data| data[4] = 0,
        |data| data[6] ^= 1,
        |data| data[8..10].fill(0),
        |data| data[12] -= 1,
        |data| data[14..16].fill(0),
        |data| data.push(0),
        |data| data.truncate(100),
        |data| data[50] ^= 1,
    ] {
        let sent = scene.send_by_claimant(&[edited(edit), challenge.clone()]);
        assert!(sent.is_err());
    }
    // Whole in itself, and with a byte behind the message that nobody signed.
    scene.send_by_claimant(&[good, challenge]).unwrap();
}

#[test]
fn a_rotated_promise_key_still_answers_for_its_periods() {
    let mut scene = Dispute::new(2 * SLASH);
    let old = scene.log.clone_keys();
    let next = Keypair::new();
    let args = RotateLogKeysArgs { anchoring_key: Address::default(), promise_key: next.pubkey() };
    let owner = scene.chain.owner.pubkey();
    scene.chain.send(&[logs::rotate_keys(owner, scene.log.address, args)], &[]).unwrap();
    scene.chain.post(&old, &leaves(1));
    scene.chain.post(&old, &leaves(1));
    scene.challenge(0, &missing()).unwrap();
    // The old key promises nothing for the next key's period, and the other way round.
    assert_eq!(scene.challenge(1, &missing()), Err(second(Error::SignatureByOtherKey)));
    scene.log.promise = next;
    scene.challenge(1, &missing()).unwrap();
    let other = Leaf { sequence: 1_000u64.to_be_bytes(), ..missing() };
    assert_eq!(scene.challenge(0, &other), Err(second(Error::SignatureByOtherKey)));
}

#[test]
fn a_period_whose_key_is_forgotten_has_no_promises() {
    let mut scene = Dispute::new(SLASH);
    scene.chain.post(&scene.log.clone_keys(), &leaves(1));
    // The program forgets no key that can still be challenged, so this is done behind its back.
    let log = scene.log.address;
    scene.chain.rewrite::<Log>(&log, |account| account.promise_keys[0].from_period = 1);
    assert_eq!(scene.challenge(0, &missing()), Err(second(Error::NoPromiseKey)));
}

#[test]
fn m14_a_period_that_cannot_be_counted_is_not_challenged() {
    let mut scene = Dispute::new(SLASH);
    for period in [u64::MAX, u64::MAX / 60, u64::MAX / 120] {
        assert_eq!(scene.challenge(period, &missing()), Err(second(Error::Overflow)), "{period}");
    }
}

#[test]
fn m14_open_claims_are_counted_as_far_as_they_can_be() {
    let mut scene = Dispute::new(SLASH);
    scene.chain.post(&scene.log.clone_keys(), &leaves(1));
    let log = scene.log.address;
    scene.chain.rewrite::<Log>(&log, |account| account.open_claim_count = u32::MAX);
    assert_eq!(scene.challenge(0, &missing()), Err(second(Error::Overflow)));
}

#[test]
fn every_promise_at_the_edges_of_its_numbers_is_challenged() {
    let mut scene = Dispute::new(SLASH);
    scene.chain.post(&scene.log.clone_keys(), &leaves(1));
    for sequence in [0u64, 1, 1 << 63, u64::MAX] {
        let leaf = Leaf { agent: [0; 32], sequence: sequence.to_be_bytes(), digest: [0; 32] };
        let claim = scene.challenge(0, &leaf).unwrap();
        assert_eq!(scene.claim(claim).leaf, leaf);
    }
    assert_eq!(scene.log().open_claim_count, 4);
}
