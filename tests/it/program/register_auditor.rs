use runseal_client::{
    instructions::{config, logs},
    registry,
};
use runseal_registry::{
    RegistryError as Error,
    instructions::RegisterAuditorArgs,
    state::{Auditor, Name},
};
use runseal_tests::{Chain, Refused, text_of};
use solana_address::Address;
use solana_keypair::Keypair;
use solana_signer::Signer;

const KEY: Address = Address::new_from_array([8; 32]);

fn args() -> RegisterAuditorArgs {
    let organisation = Name::parse("auditor.example").unwrap();
    RegisterAuditorArgs { auditor_authority: KEY, organisation }
}

fn register(chain: &mut Chain, args: RegisterAuditorArgs) -> Result<Auditor, Refused> {
    let (owner, address) =
        (chain.owner.pubkey(), registry::auditor_address(&args.auditor_authority));
    chain.send(&[logs::register_auditor(owner, owner, args)], &[])?;
    Ok(chain.read::<Auditor>(address).account)
}

#[test]
fn the_config_s_authority_registers_a_key_for_an_organisation() {
    let mut chain = Chain::configured();
    let auditor = register(&mut chain, args()).unwrap();
    let (_, bump) = Address::find_program_address(&[b"auditor", KEY.as_ref()], &registry::PROGRAM);
    let expected = Auditor {
        version: 1,
        bump,
        reserved_flags: [0; 6],
        registered_at: chain.now(),
        authority: KEY,
        organisation: args().organisation,
        reserved: [0; 64],
    };
    assert_eq!(auditor, expected);
    // An organisation has as many keys as it likes; a key has one organisation.
    let key = RegisterAuditorArgs { auditor_authority: Address::new_unique(), ..args() };
    register(&mut chain, key).unwrap();
    let other = RegisterAuditorArgs { organisation: Name::parse("other").unwrap(), ..args() };
    let again = register(&mut chain, other).unwrap_err();
    assert_eq!(again, Refused::custom(0), "the system program's: the account is in use");
}

#[test]
fn nobody_else_registers_auditors() {
    let mut chain = Chain::configured();
    let (owner, stranger) = (chain.owner.pubkey(), Keypair::new());
    let own = RegisterAuditorArgs { auditor_authority: stranger.pubkey(), ..args() };
    let register = logs::register_auditor(owner, stranger.pubkey(), own);
    let refused = chain.send(&[register], &[&stranger]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::NotAuthority));
}

#[test]
fn every_argument_out_of_bounds_is_refused_by_name() {
    let mut chain = Chain::configured();
    let nobody = RegisterAuditorArgs { auditor_authority: Address::default(), ..args() };
    assert_eq!(register(&mut chain, nobody), Err(Refused::by(Error::AddressNotSet)));
    let mut gap = args().organisation.bytes;
    gap[31] = b'x';
    for bytes in [[0; 32], [b' '; 32], [0x7f; 32], [0xff; 32], gap] {
        let unnamed = RegisterAuditorArgs { organisation: Name { bytes }, ..args() };
        assert_eq!(register(&mut chain, unnamed), Err(Refused::by(Error::NameNotValid)));
    }
    let longest = Name::parse(&text_of(32)).unwrap();
    register(&mut chain, RegisterAuditorArgs { organisation: longest, ..args() }).unwrap();
}

#[test]
fn nobody_is_registered_while_the_program_is_paused() {
    let mut chain = Chain::configured();
    let owner = chain.owner.pubkey();
    chain.send(&[config::set_pause(owner, true)], &[]).unwrap();
    assert_eq!(register(&mut chain, args()), Err(Refused::by(Error::ProgramPaused)));
    chain.send(&[config::set_pause(owner, false)], &[]).unwrap();
    register(&mut chain, args()).unwrap();
}
