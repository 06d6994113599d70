use runseal_client::{
    instructions::certification::{self},
    registry,
};
use runseal_registry::{
    RegistryError as Error,
    instructions::AccreditCertifierArgs,
    state::{Certifier, Name},
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
