use runseal_client::{instructions::config::initialize, registry};
use runseal_registry::{
    RegistryError as Error,
    constants::{MAX_CLAIMANT_BASIS_POINTS, MAX_NOTICE_SECONDS},
    instructions::InitializeConfigArgs,
    state::{Config, Moment},
};
use runseal_tests::{Chain, Refused, config_args};
use solana_address::Address;
use solana_instruction::{Instruction, error::InstructionError};
use solana_keypair::Keypair;
use solana_signer::Signer;

const PAYER: usize = 0;
const UPGRADE_AUTHORITY: usize = 1;
const PROGRAM_DATA: usize = 2;
const CONFIG: usize = 3;
const SYSTEM_PROGRAM: usize = 4;

/// The instruction that works on a new chain.
fn instruction(chain: &Chain) -> Instruction {
    let owner = chain.owner.pubkey();
    initialize(owner, owner, config_args(owner))
}

/// Sends the instruction with `edit` done to it.
fn send(chain: &mut Chain, edit: impl FnOnce(&mut Instruction)) -> Result<(), Refused> {
    let mut instruction = instruction(chain);
    edit(&mut instruction);
    chain.send(&[instruction], &[]).map(drop)
}

#[test]
fn the_upgrade_authority_configures_the_program() {
    let mut chain = Chain::new();
    let owner = chain.owner.pubkey();
    let done = chain.send(&[instruction(&chain)], &[]).unwrap();
    let found = chain.read::<Config>(registry::config_address());
    let args = config_args(owner);
    let (_, bump) = Address::find_program_address(&[b"config"], &registry::PROGRAM);
    let expected = Config {
        version: 1,
        bump,
        paused: 0,
        reserved_flags: 0,
        slash_claimant_basis_points: args.slash_claimant_basis_points,
        reserved_shares: [0; 2],
        smallest_bond_amount: args.smallest_bond_amount,
        claim_deposit_lamports: args.claim_deposit_lamports,
        authority_notice_seconds: args.authority_notice_seconds,
        unbond_notice_seconds: args.unbond_notice_seconds,
        proposed_at: Moment::default(),
        created_at: chain.now(),
        updated_at: chain.now(),
        authority: owner,
        pending_authority: Address::default(),
        treasury: args.treasury,
        bond_mint: args.bond_mint,
        reserved: [0; 64],
    };
    assert_eq!(found.account, expected);
    assert!(done.logs.iter().any(|line| line.starts_with("Program data: ")), "{:?}", done.logs);
}

#[test]
fn a_stranger_cannot_be_first() {
    let mut chain = Chain::new();
    let stranger = Keypair::new();
    let instruction =
        initialize(chain.owner.pubkey(), stranger.pubkey(), config_args(stranger.pubkey()));
    let refused = chain.send(&[instruction], &[&stranger]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::NotUpgradeAuthority));
}

#[test]
fn a_program_that_nobody_can_upgrade_is_not_configured_by_anybody() {
    let mut chain = Chain::new();
    chain.edit(&registry::program_data_address(&registry::PROGRAM), |account| account.data[12] = 0);
    assert_eq!(send(&mut chain, |_| {}), Err(Refused::by(Error::NotUpgradeAuthority)));
}

#[test]
fn the_upgrade_authority_must_sign() {
    let mut chain = Chain::new();
    let mut instruction =
        initialize(chain.owner.pubkey(), Address::new_unique(), config_args(Address::new_unique()));
    instruction.accounts[UPGRADE_AUTHORITY].is_signer = false;
    let refused = chain.send(&[instruction], &[]).unwrap_err();
    assert_eq!(refused, Refused::with(InstructionError::MissingRequiredSignature));
}

#[test]
fn the_config_is_made_once() {
    let mut chain = Chain::configured();
    let before = chain.read::<Config>(registry::config_address());
    let already_in_use = Refused::with(InstructionError::Custom(0));
    assert_eq!(send(&mut chain, |_| {}), Err(already_in_use));
    assert_eq!(chain.read::<Config>(registry::config_address()), before);
}

#[test]
fn a_lamport_sent_ahead_does_not_block_it() {
    let mut chain = Chain::new();
    for lamports in [1, 5_000_000_000] {
        let mut chain_with_gift = Chain::new();
        chain_with_gift.svm.airdrop(&registry::config_address(), lamports.max(890_880)).unwrap();
        assert_eq!(send(&mut chain_with_gift, |_| {}), Ok(()));
    }
    assert_eq!(send(&mut chain, |_| {}), Ok(()));
}

#[test]
fn every_parameter_out_of_bounds_is_refused_by_name() {
    type Edit = fn(&mut InitializeConfigArgs);
    let cases: [(Edit, Error); 7] = [
        (
            |args| args.slash_claimant_basis_points = MAX_CLAIMANT_BASIS_POINTS + 1,
            Error::ClaimantShareAboveHalf,
        ),
        (|args| args.smallest_bond_amount = 0, Error::SmallestBondIsZero),
        (|args| args.authority_notice_seconds = MAX_NOTICE_SECONDS + 1, Error::NoticeTooLong),
        (|args| args.unbond_notice_seconds = u64::MAX, Error::NoticeTooLong),
        (|args| args.authority = Address::default(), Error::AddressNotSet),
        (|args| args.treasury = Address::default(), Error::AddressNotSet),
        (|args| args.bond_mint = Address::default(), Error::AddressNotSet),
    ];
    for (edit, error) in cases {
        let mut chain = Chain::new();
        let owner = chain.owner.pubkey();
        let mut args = config_args(owner);
        edit(&mut args);
        let refused = chain.send(&[initialize(owner, owner, args)], &[]).unwrap_err();
        assert_eq!(refused, Refused::by(error));
        assert!(chain.svm.get_account(&registry::config_address()).is_none());
    }
}

#[test]
fn every_parameter_at_its_bound_is_taken() {
    let mut chain = Chain::new();
    let owner = chain.owner.pubkey();
    let args = InitializeConfigArgs {
        slash_claimant_basis_points: MAX_CLAIMANT_BASIS_POINTS,
        smallest_bond_amount: 1,
        authority_notice_seconds: MAX_NOTICE_SECONDS,
        unbond_notice_seconds: 0,
        claim_deposit_lamports: u64::MAX,
        ..config_args(owner)
    };
    chain.send(&[initialize(owner, owner, args)], &[]).unwrap();
    chain.read::<Config>(registry::config_address()).account.invariant().unwrap();
}

#[test]
fn every_account_replaced_by_a_wrong_one_is_refused() {
    let mut chain = Chain::new();
    let program_data = registry::program_data_address(&registry::PROGRAM);
    let copied_data = chain.copy(&program_data, |_| {});
    let system = solana_sdk_ids::system_program::ID;
    let invalid_seeds = Refused::with(InstructionError::InvalidSeeds);
    let cases = [
        (PROGRAM_DATA, copied_data, invalid_seeds.clone()),
        (PROGRAM_DATA, registry::PROGRAM, invalid_seeds.clone()),
        (CONFIG, Address::new_unique(), invalid_seeds),
        (SYSTEM_PROGRAM, registry::PROGRAM, Refused::with(InstructionError::IncorrectProgramId)),
    ];
    for (index, address, refused) in cases {
        let sent = send(&mut chain, |instruction| instruction.accounts[index].pubkey = address);
        assert_eq!(sent, Err(refused), "account {index}");
    }
    chain.edit(&program_data, |account| account.owner = system);
    let owner_wrong = send(&mut chain, |_| {});
    assert!(owner_wrong.is_err(), "program data of another owner");
}

#[test]
fn program_data_in_another_state_is_refused() {
    for state in [0, 1, 2, 4] {
        let mut chain = Chain::new();
        chain.edit(&registry::program_data_address(&registry::PROGRAM), |account| {
            account.data[0] = state
        });
        assert_eq!(
            send(&mut chain, |_| {}),
            Err(Refused::by(Error::NotProgramData)),
            "state {state}"
        );
    }
}

#[test]
fn accounts_must_be_writable_and_all_there() {
    let mut chain = Chain::new();
    let sent = send(&mut chain, |instruction| instruction.accounts[CONFIG].is_writable = false);
    assert!(sent.is_err());
    for count in PAYER..=SYSTEM_PROGRAM {
        let sent = send(&mut chain, |instruction| instruction.accounts.truncate(count));
        assert_eq!(sent, Err(Refused::for_too_few_accounts()), "{count} accounts");
    }
}

#[test]
fn instruction_data_cut_anywhere_is_refused() {
    let mut chain = Chain::new();
    let whole = instruction(&chain).data.len();
    for size in 0..whole {
        let sent = send(&mut chain, |instruction| instruction.data.truncate(size));
        assert_eq!(
            sent,
            Err(Refused::with(InstructionError::InvalidInstructionData)),
            "{size} bytes"
        );
    }
}
