use runseal_client::{
    instructions::certification::{self, Subject},
    registry,
};
use runseal_registry::{
    RegistryError as Error,
    instructions::AttestStageArgs,
    state::{Attestation, Version},
};
use runseal_tests::{ALL_STAGES, Ladder, Refused, attest_args};
use solana_signer::Signer;

#[test]
fn a_renewal_follows_the_certifier_s_own_last_round() {
    let mut scene = Ladder::set_up();
    scene.pass(1).unwrap();
    for round in 1..4 {
        scene.chain.advance(60);
        let args = AttestStageArgs { round, ..attest_args(&scene.chain, 1) };
        let renewed = scene.attest(args).unwrap();
        assert_eq!((renewed.round, renewed.previous), (round, scene.address(1, round - 1)));
    }
    let args = AttestStageArgs { round: 5, ..attest_args(&scene.chain, 1) };
    assert!(scene.attest(args).is_err(), "round 4 is missing");
    // Another certifier's round does not count as one's own.
    let own = scene.address(1, 3);
    scene.certifier = scene.chain.certifier(ALL_STAGES);
    let args = AttestStageArgs { round: 4, ..attest_args(&scene.chain, 1) };
    let (owner, key) = (scene.chain.owner.pubkey(), scene.certifier.pubkey());
    let mut attest = certification::attest(owner, key, scene.subject(1), args);
    attest.accounts[8].pubkey = own;
    let refused = scene.chain.send(&[attest], &[&scene.certifier]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::NotTheEarlierRound));
}

#[test]
fn only_the_round_before_of_this_version_stage_and_certifier_is_renewed() {
    let mut scene = Ladder::set_up();
    scene.pass(1).unwrap();
    scene.pass(2).unwrap();
    let other = scene.chain.version(scene.agent, 1);
    let of_other = registry::attestation_address(&other, 1, &scene.certifier_address(), 0);
    let (owner, key) = (scene.chain.owner.pubkey(), scene.certifier.pubkey());
    let subject = Subject { version: other, ..scene.subject(1) };
    let args = attest_args(&scene.chain, 1);
    let attest = certification::attest(owner, key, subject, args.clone());
    scene.chain.send(&[attest], &[&scene.certifier]).unwrap();
    let wrong = Refused::by(Error::NotTheEarlierRound);
    for earlier in [of_other, scene.address(2, 0), registry::PROGRAM] {
        let args = AttestStageArgs { round: 1, ..args.clone() };
        let mut renew = certification::attest(owner, key, scene.subject(1), args);
        renew.accounts[8].pubkey = earlier;
        assert_eq!(scene.chain.send(&[renew], &[&scene.certifier]).unwrap_err(), wrong);
    }
    for round in [2, 3, u32::MAX] {
        let args = AttestStageArgs { round, ..args.clone() };
        let mut renew = certification::attest(owner, key, scene.subject(1), args);
        renew.accounts[8].pubkey = scene.address(1, 0);
        assert_eq!(scene.chain.send(&[renew], &[&scene.certifier]).unwrap_err(), wrong);
    }
}

#[test]
fn m14_rounds_end_where_they_cannot_be_counted() {
    let mut scene = Ladder::set_up();
    scene.pass(1).unwrap();
    let first = scene.address(1, 0);
    scene.chain.rewrite::<Attestation>(&first, |account| account.round = u32::MAX);
    let (owner, key) = (scene.chain.owner.pubkey(), scene.certifier.pubkey());
    let mut first_word = attest_args(&scene.chain, 1);
    first_word.round = 1;
    let mut renew = certification::attest(owner, key, scene.subject(1), first_word);
    renew.accounts[8].pubkey = first;
    let refused = scene.chain.send(&[renew], &[&scene.certifier]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::NotTheEarlierRound));
}

#[test]
fn what_failed_expired_or_was_revoked_is_renewed_and_stays_what_it_is() {
    let mut scene = Ladder::set_up();
    let failed = AttestStageArgs { outcome: 2, ..attest_args(&scene.chain, 1) };
    scene.attest(failed).unwrap();
    scene.revoke(1, 1).unwrap();
    scene.chain.advance(200_000);
    let old = scene.chain.read::<Attestation>(scene.address(1, 0)).account;
    let renewed = scene.attest(AttestStageArgs { round: 1, ..attest_args(&scene.chain, 1) });
    let renewed = renewed.unwrap();
    assert_eq!((renewed.outcome, renewed.revoked_reason), (1, 0));
    assert_eq!(scene.chain.read::<Attestation>(scene.address(1, 0)).account, old);
    let version = scene.chain.read::<Version>(scene.version).account;
    assert_eq!(version.newest_attestation(1), Ok(&scene.address(1, 1)));
}
