use runseal_client::{instructions::certification, registry};
use runseal_registry::{RegistryError as Error, state::Attestation};
use runseal_tests::{ALL_STAGES, Ladder, Refused};
use solana_keypair::Keypair;
use solana_signer::Signer;

#[test]
fn a_revocation_is_for_good_and_has_a_reason() {
    let mut scene = Ladder::set_up();
    scene.pass(1).unwrap();
    for reason in [0, 6, 255] {
        assert_eq!(scene.revoke(1, reason), Err(Refused::by(Error::UnknownReason)));
    }
    scene.chain.advance(9);
    scene.revoke(1, 5).unwrap();
    let attestation = scene.chain.read::<Attestation>(scene.address(1, 0)).account;
    assert_eq!((attestation.revoked_reason, attestation.revoked_at), (5, scene.chain.now()));
    assert_eq!(attestation.revoked_by, scene.certifier.pubkey());
    assert_eq!(scene.revoke(1, 5), Err(Refused::by(Error::AlreadyRevoked)));
}

#[test]
fn the_certifier_and_the_config_s_authority_revoke_and_nobody_else() {
    let mut scene = Ladder::set_up();
    scene.pass(1).unwrap();
    let attestation = scene.address(1, 0);
    let others = scene.chain.certifier(ALL_STAGES);
    for stranger in [Keypair::new(), others, scene.identity.insecure_clone()] {
        let key = stranger.pubkey();
        for certifier in [scene.certifier_address(), registry::certifier_address(&key)] {
            let revoke = certification::revoke(key, certifier, attestation, 1);
            assert!(scene.chain.send(&[revoke], &[&stranger]).is_err());
        }
    }
    let owner = scene.chain.owner.pubkey();
    let revoke = certification::revoke(owner, scene.certifier_address(), attestation, 1);
    scene.chain.send(&[revoke], &[]).unwrap();
    let account = scene.chain.read::<Attestation>(attestation).account;
    assert_eq!(account.revoked_by, owner);
}

#[test]
fn s10_a_leaked_key_revokes_nothing_once_it_is_suspended() {
    let mut scene = Ladder::set_up();
    scene.pass(1).unwrap();
    let (owner, certifier) = (scene.chain.owner.pubkey(), scene.certifier_address());
    let slot = scene.chain.now().slot + 1;
    scene.chain.send(&[certification::suspend(owner, certifier, slot)], &[]).unwrap();
    assert_eq!(scene.revoke(1, 1), Err(Refused::by(Error::NotAuthority)));
}

#[test]
fn every_reason_is_written_down_and_nothing_else_changes() {
    for reason in 1..=5 {
        let mut scene = Ladder::set_up();
        let before = scene.pass(1).unwrap();
        scene.chain.advance(1_000_000);
        scene.revoke(1, reason).unwrap();
        let expected = Attestation {
            revoked_reason: reason,
            revoked_at: scene.chain.now(),
            revoked_by: scene.certifier.pubkey(),
            ..before
        };
        assert_eq!(scene.chain.read::<Attestation>(scene.address(1, 0)).account, expected);
    }
}
