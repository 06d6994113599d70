use runseal_client::{instructions::certification, registry};
use runseal_registry::{
    RegistryError as Error,
    instructions::AccreditCertifierArgs,
    state::{Certifier, Moment, Name},
};
use runseal_tests::{ALL_STAGES, Chain, Refused};
use solana_address::Address;
use solana_keypair::Keypair;
use solana_signer::Signer;

#[test]
fn certifiers_are_accredited_by_the_config_s_authority() {
    let mut chain = Chain::configured();
    let (owner, stranger) = (chain.owner.pubkey(), Keypair::new());
    let args = |stages| AccreditCertifierArgs {
        certifier_authority: Address::new_from_array([8; 32]),
        organisation: Name::parse("certifier.example").unwrap(),
        stages,
    };
    let by_stranger = certification::accredit(owner, stranger.pubkey(), args(1));
    let refused = chain.send(&[by_stranger], &[&stranger]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::NotAuthority));
    for stages in [0, 0b100000, 0xff] {
        let accredit = certification::accredit(owner, owner, args(stages));
        let refused = chain.send(&[accredit], &[]).unwrap_err();
        assert_eq!(refused, Refused::by(Error::StagesOutOfRange));
    }
    for bytes in [[0; 32], [b' '; 32], [0xff; 32]] {
        let args = AccreditCertifierArgs { organisation: Name { bytes }, ..args(1) };
        let refused = chain.send(&[certification::accredit(owner, owner, args)], &[]).unwrap_err();
        assert_eq!(refused, Refused::by(Error::NameNotValid));
    }
    let nobody =
        AccreditCertifierArgs { certifier_authority: Address::default(), ..args(ALL_STAGES) };
    let refused = chain.send(&[certification::accredit(owner, owner, nobody)], &[]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::AddressNotSet));
    chain.send(&[certification::accredit(owner, owner, args(ALL_STAGES))], &[]).unwrap();
    let address = registry::certifier_address(&Address::new_from_array([8; 32]));
    let certifier = chain.read::<Certifier>(address).account;
    assert_eq!((certifier.stages, certifier.void_from_slot), (ALL_STAGES, u64::MAX));
    assert_eq!(certifier.organisation.as_str(), "certifier.example");
    let again = chain.send(&[certification::accredit(owner, owner, args(1))], &[]).unwrap_err();
    assert_eq!(again, Refused::custom(0));
}

#[test]
fn s17_a_name_is_one_to_32_printable_bytes_and_then_zeros() {
    let mut chain = Chain::configured();
    let owner = chain.owner.pubkey();
    let (mut gap, mut late, mut most) = ([0; 32], [0; 32], [b'a'; 32]);
    (gap[0], gap[2]) = (b'a', b'b');
    (late[0], late[31]) = (b'a', 0x7f);
    let mut accredit = |bytes| {
        let certifier_authority = Address::new_unique();
        let args =
            AccreditCertifierArgs { certifier_authority, organisation: Name { bytes }, stages: 1 };
        chain.send(&[certification::accredit(owner, owner, args)], &[]).map(drop)
    };
    for bytes in [gap, late, [b' '; 32], [0x80; 32]] {
        assert_eq!(accredit(bytes), Err(Refused::by(Error::NameNotValid)), "{bytes:?}");
    }
    let mut least = [0; 32];
    least[0] = b'!';
    (most[0], most[31]) = (b'!', b'~');
    for bytes in [least, most] {
        assert_eq!(accredit(bytes), Ok(()));
    }
}

#[test]
fn every_set_of_stages_is_what_was_said() {
    let mut chain = Chain::configured();
    for stages in 1..=ALL_STAGES {
        let key = chain.certifier(stages);
        let certifier = chain.read::<Certifier>(registry::certifier_address(&key.pubkey())).account;
        assert_eq!((certifier.stages, certifier.suspended), (stages, 0));
        assert_eq!(
            (certifier.accredited_at, certifier.suspended_at),
            (chain.now(), Moment::default())
        );
    }
}
