use runseal_client::instructions::certification;
use runseal_registry::{RegistryError as Error, state::Certifier};
use runseal_tests::{Ladder, Refused};
use solana_keypair::Keypair;
use solana_signer::Signer;

#[test]
fn s10_a_leaked_key_is_voided_from_a_slot_and_further_back_only() {
    let mut scene = Ladder::set_up();
    scene.pass(1).unwrap();
    let certifier = scene.certifier_address();
    let owner = scene.chain.owner.pubkey();
    let now = scene.chain.now();
    let suspend = |slot| certification::suspend(owner, certifier, slot);
    scene.chain.send(&[suspend(now.slot)], &[]).unwrap();
    assert_eq!(scene.pass(2).unwrap_err(), Refused::by(Error::CertifierSuspended));
    let refused = scene.chain.send(&[suspend(now.slot)], &[]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::VoidFromMovesForward));
    scene.chain.send(&[suspend(now.slot - 1)], &[]).unwrap();
    let account = scene.chain.read::<Certifier>(certifier).account;
    assert_eq!((account.suspended, account.void_from_slot), (1, now.slot - 1));
    let stranger = Keypair::new();
    let by_stranger = certification::suspend(stranger.pubkey(), certifier, 0);
    let refused = scene.chain.send(&[by_stranger], &[&stranger]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::NotAuthority));
}

#[test]
fn a_key_is_voided_from_any_slot_the_first_time() {
    for slot in [0, 1, 1 << 40, u64::MAX] {
        let mut scene = Ladder::set_up();
        scene.pass(1).unwrap();
        let (owner, certifier) = (scene.chain.owner.pubkey(), scene.certifier_address());
        let before = scene.chain.read::<Certifier>(certifier).account;
        scene.chain.advance(3);
        scene.chain.send(&[certification::suspend(owner, certifier, slot)], &[]).unwrap();
        let expected = Certifier {
            suspended: 1,
            void_from_slot: slot,
            suspended_at: scene.chain.now(),
            ..before
        };
        assert_eq!(scene.chain.read::<Certifier>(certifier).account, expected);
        // The same again is no step back, and there is none behind slot 0.
        for later in [slot, slot.saturating_add(1), u64::MAX] {
            let again = certification::suspend(owner, certifier, later);
            let refused = scene.chain.send(&[again], &[]).unwrap_err();
            assert_eq!(refused, Refused::by(Error::VoidFromMovesForward));
        }
    }
}
