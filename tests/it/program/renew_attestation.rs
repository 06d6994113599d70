use runseal_client::instructions::certification::{self};
use runseal_registry::{RegistryError as Error, instructions::AttestStageArgs};
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
