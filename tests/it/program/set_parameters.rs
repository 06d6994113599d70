use runseal_client::{instructions::config, registry};
use runseal_registry::{
    RegistryError as Error,
    constants::{MAX_CLAIMANT_BASIS_POINTS, MAX_NOTICE_SECONDS},
    instructions::{OpenLogArgs, SetParametersArgs},
    state::{Config, Log, Name},
};
use runseal_tests::{BOND_MINT, Chain, Refused, log_args};
use solana_address::Address;
use solana_instruction::error::InstructionError;
use solana_keypair::Keypair;
use solana_signer::Signer;

fn args() -> SetParametersArgs {
    SetParametersArgs {
        treasury: Address::new_from_array([21; 32]),
        bond_mint: Address::new_from_array([22; 32]),
        smallest_bond_amount: 23,
        claim_deposit_lamports: 24,
        authority_notice_seconds: 172_801,
        unbond_notice_seconds: 26,
        slash_claimant_basis_points: 27,
    }
}

fn set(chain: &mut Chain, args: SetParametersArgs) -> Result<Config, Refused> {
    chain.send(&[config::set_parameters(chain.owner.pubkey(), args)], &[])?;
    Ok(chain.read::<Config>(registry::config_address()).account)
}

#[test]
fn the_authority_sets_every_parameter_and_nothing_else() {
    let mut chain = Chain::configured();
    let before = chain.read::<Config>(registry::config_address()).account;
    chain.advance(7);
    let after = set(&mut chain, args()).unwrap();
    let expected = Config {
        treasury: args().treasury,
        bond_mint: args().bond_mint,
        smallest_bond_amount: 23,
        claim_deposit_lamports: 24,
        authority_notice_seconds: 172_801,
        unbond_notice_seconds: 26,
        slash_claimant_basis_points: 27,
        updated_at: chain.now(),
        ..before
    };
    assert_eq!(after, expected);
}

#[test]
fn every_parameter_out_of_bounds_is_refused_by_name() {
    let cases = [
        (
            SetParametersArgs {
                slash_claimant_basis_points: MAX_CLAIMANT_BASIS_POINTS + 1,
                ..args()
            },
            Error::ClaimantShareAboveHalf,
        ),
        (SetParametersArgs { smallest_bond_amount: 0, ..args() }, Error::SmallestBondIsZero),
        (
            SetParametersArgs { authority_notice_seconds: MAX_NOTICE_SECONDS + 1, ..args() },
            Error::NoticeTooLong,
        ),
        (SetParametersArgs { authority_notice_seconds: 172_799, ..args() }, Error::NoticeShortened),
        (
            SetParametersArgs { unbond_notice_seconds: MAX_NOTICE_SECONDS + 1, ..args() },
            Error::NoticeTooLong,
        ),
        (SetParametersArgs { treasury: Address::default(), ..args() }, Error::AddressNotSet),
        (SetParametersArgs { bond_mint: Address::default(), ..args() }, Error::AddressNotSet),
    ];
    let mut chain = Chain::configured();
    for (args, error) in cases {
        assert_eq!(set(&mut chain, args).unwrap_err(), Refused::by(error));
    }
}

#[test]
fn a_stranger_sets_nothing() {
    let mut chain = Chain::configured();
    let stranger = Keypair::new();
    for instruction in [
        config::set_parameters(stranger.pubkey(), args()),
        config::set_pause(stranger.pubkey(), true),
    ] {
        let refused = chain.send(std::slice::from_ref(&instruction), &[&stranger]).unwrap_err();
        assert_eq!(refused, Refused::by(Error::NotAuthority));
        let mut unsigned = instruction;
        unsigned.accounts[0].pubkey = chain.owner.pubkey();
        unsigned.accounts[0].is_signer = false;
        let payer = chain.rich();
        unsigned.accounts[0].pubkey = payer.pubkey();
        let refused = chain.send(&[unsigned], &[]).unwrap_err();
        assert_eq!(refused, Refused::with(InstructionError::MissingRequiredSignature));
    }
}

#[test]
fn every_parameter_at_its_bound_is_taken() {
    let mut chain = Chain::configured();
    let least = SetParametersArgs {
        smallest_bond_amount: 1,
        claim_deposit_lamports: 0,
        authority_notice_seconds: 172_800,
        unbond_notice_seconds: 0,
        slash_claimant_basis_points: 0,
        ..args()
    };
    let most = SetParametersArgs {
        smallest_bond_amount: u64::MAX,
        claim_deposit_lamports: u64::MAX,
        authority_notice_seconds: MAX_NOTICE_SECONDS,
        unbond_notice_seconds: MAX_NOTICE_SECONDS,
        slash_claimant_basis_points: MAX_CLAIMANT_BASIS_POINTS,
        ..args()
    };
    for args in [least.clone(), most] {
        let config = set(&mut chain, args.clone()).unwrap();
        assert_eq!(config.smallest_bond_amount, args.smallest_bond_amount);
        assert_eq!(config.slash_claimant_basis_points, args.slash_claimant_basis_points);
    }
    // The notice of a handover never becomes shorter.
    assert_eq!(set(&mut chain, least).unwrap_err(), Refused::by(Error::NoticeShortened));
}

#[test]
fn logs_that_exist_keep_their_mint() {
    let mut chain = Chain::configured();
    let log = chain.log(log_args());
    set(&mut chain, args()).unwrap();
    assert_eq!(chain.read::<Log>(log.address).account.bond_mint, BOND_MINT);
    let name = Name::parse("later").unwrap();
    let later = chain.log(OpenLogArgs { name, ..log_args() });
    assert_eq!(chain.read::<Log>(later.address).account.bond_mint, args().bond_mint);
}
