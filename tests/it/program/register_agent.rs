use runseal_client::{instructions::agents, registry};
use runseal_registry::{
    RegistryError as Error,
    constants::{MAX_HEARTBEAT_CADENCE_SECONDS, MAX_URI_BYTES},
    instructions::RegisterAgentArgs,
    state::{Agent, AgentStatus, Moment},
};
use runseal_tests::{Chain, Refused, register_args, text_of};
use solana_address::Address;
use solana_instruction::{Instruction, error::InstructionError};
use solana_keypair::Keypair;
use solana_signer::Signer;

const AUTHORITY: usize = 1;
const IDENTITY: usize = 2;
const CONFIG: usize = 3;
const AGENT: usize = 4;
const SYSTEM_PROGRAM: usize = 5;

/// The instruction that works, with the chain's owner as the vendor.
fn instruction(chain: &Chain, identity: &Keypair, args: RegisterAgentArgs) -> Instruction {
    agents::register(chain.owner.pubkey(), chain.owner.pubkey(), identity.pubkey(), args)
}

/// Sends the instruction for a new identity with `edit` done to it.
fn send(chain: &mut Chain, edit: impl FnOnce(&mut Instruction)) -> Result<(), Refused> {
    let identity = Keypair::new();
    let mut instruction = instruction(chain, &identity, register_args());
    edit(&mut instruction);
    chain.send(&[instruction], &[&identity]).map(drop)
}

fn register(chain: &mut Chain, args: RegisterAgentArgs) -> Result<Agent, Refused> {
    let identity = Keypair::new();
    let instruction = instruction(chain, &identity, args);
    chain.send(&[instruction], &[&identity])?;
    Ok(chain.read::<Agent>(registry::agent_address(&identity.pubkey())).account)
}

#[test]
fn vendor_and_agent_together_register_the_agent() {
    let mut chain = Chain::configured();
    let identity = Keypair::new();
    let done =
        chain.send(&[instruction(&chain, &identity, register_args())], &[&identity]).unwrap();
    let (address, bump) =
        Address::find_program_address(&[b"agent", identity.pubkey().as_ref()], &registry::PROGRAM);
    let agent = chain.read::<Agent>(address).account;
    assert_eq!((agent.version, agent.bump), (1, bump));
    assert_eq!(agent.status(), Ok(AgentStatus::Registered));
    assert_eq!((agent.identity, agent.authority), (identity.pubkey(), chain.owner.pubkey()));
    assert_eq!(agent.pending_authority, Address::default());
    assert_eq!(agent.manifest_hash, register_args().manifest_hash);
    assert_eq!(agent.uri.as_str(), register_args().uri);
    assert_eq!(agent.heartbeat_cadence_seconds, 3_600);
    assert_eq!(agent.version_count, 0);
    let now = chain.now();
    let changes = [
        agent.registered_at,
        agent.updated_at,
        agent.status_changed_at,
        agent.authority_changed_at,
    ];
    assert_eq!(changes, [now; 4]);
    assert_eq!([agent.proposed_at, agent.last_heartbeat_at], [Moment::default(); 2]);
    assert_eq!(agent.reserved, [0; 64]);
    assert!(done.logs.iter().any(|line| line.starts_with("Program data: ")), "{:?}", done.logs);
}

#[test]
fn s1_nobody_takes_an_agent_s_address_without_its_key() {
    let mut chain = Chain::configured();
    let victim = Keypair::new();
    let mut squatting = instruction(&chain, &victim, register_args());
    squatting.accounts[IDENTITY].is_signer = false;
    let refused = chain.send(&[squatting], &[]).unwrap_err();
    assert_eq!(refused, Refused::with(InstructionError::MissingRequiredSignature));
    let rightful = instruction(&chain, &victim, register_args());
    chain.send(&[rightful], &[&victim]).unwrap();
}

#[test]
fn s3_a_lamport_sent_ahead_does_not_block_it() {
    let mut chain = Chain::configured();
    // The least that an empty account can hold, and more than the rent of the agent's.
    for lamports in [890_880, 5_000_000_000] {
        let identity = Keypair::new();
        chain.svm.airdrop(&registry::agent_address(&identity.pubkey()), lamports).unwrap();
        chain.send(&[instruction(&chain, &identity, register_args())], &[&identity]).unwrap();
    }
}

#[test]
fn the_vendor_must_sign() {
    let mut chain = Chain::configured();
    let (vendor, identity) = (Keypair::new(), Keypair::new());
    let mut unsigned =
        agents::register(chain.owner.pubkey(), vendor.pubkey(), identity.pubkey(), register_args());
    unsigned.accounts[AUTHORITY].is_signer = false;
    let refused = chain.send(&[unsigned], &[&identity]).unwrap_err();
    assert_eq!(refused, Refused::with(InstructionError::MissingRequiredSignature));
}

#[test]
fn payer_and_vendor_may_be_two_people() {
    let mut chain = Chain::configured();
    let (vendor, identity) = (Keypair::new(), Keypair::new());
    let instruction =
        agents::register(chain.owner.pubkey(), vendor.pubkey(), identity.pubkey(), register_args());
    chain.send(&[instruction], &[&vendor, &identity]).unwrap();
    let agent = chain.read::<Agent>(registry::agent_address(&identity.pubkey()));
    assert_eq!(agent.account.authority, vendor.pubkey());
}

#[test]
fn an_agent_is_not_its_own_vendor() {
    let mut chain = Chain::configured();
    let owner = chain.owner.pubkey();
    let alone = agents::register(owner, owner, owner, register_args());
    let refused = chain.send(&[alone], &[]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::AuthorityIsIdentity));
}

#[test]
fn an_agent_is_registered_once() {
    let mut chain = Chain::configured();
    let identity = Keypair::new();
    chain.send(&[instruction(&chain, &identity, register_args())], &[&identity]).unwrap();
    let before = chain.read::<Agent>(registry::agent_address(&identity.pubkey()));
    let again = RegisterAgentArgs { manifest_hash: [9; 32], ..register_args() };
    let refused = chain.send(&[instruction(&chain, &identity, again)], &[&identity]).unwrap_err();
    assert_eq!(refused, Refused::custom(0), "the system program's: the account is in use");
    assert_eq!(chain.read::<Agent>(before.address), before);
}

#[test]
fn nothing_is_registered_while_the_program_is_paused() {
    let mut chain = Chain::configured();
    // The byte behind the discriminator, the version and the bump.
    chain.edit(&registry::config_address(), |account| account.data[10] = 1);
    assert_eq!(register(&mut chain, register_args()), Err(Refused::by(Error::ProgramPaused)));
}

#[test]
fn every_argument_out_of_bounds_is_refused_by_name() {
    let args = register_args;
    let uri = |uri: &str| RegisterAgentArgs { uri: uri.to_owned(), ..args() };
    let cases = [
        (RegisterAgentArgs { manifest_hash: [0; 32], ..args() }, Error::ManifestHashIsZero),
        (
            RegisterAgentArgs {
                heartbeat_cadence_seconds: MAX_HEARTBEAT_CADENCE_SECONDS + 1,
                ..args()
            },
            Error::HeartbeatCadenceTooLong,
        ),
        (uri(&text_of(MAX_URI_BYTES + 1)), Error::UriTooLong),
        (uri("https://example.com/a b"), Error::UriNotPrintable),
        (uri("line\nbreak"), Error::UriNotPrintable),
        (uri("null\0byte"), Error::UriNotPrintable),
        (uri("\u{7f}"), Error::UriNotPrintable),
        (uri("münchen"), Error::UriNotPrintable),
    ];
    let mut chain = Chain::configured();
    for (args, error) in cases {
        assert_eq!(register(&mut chain, args.clone()), Err(Refused::by(error)), "{args:?}");
    }
}

#[test]
fn every_argument_at_its_bound_is_taken() {
    let mut chain = Chain::configured();
    for size in [0, 1, MAX_URI_BYTES - 1, MAX_URI_BYTES] {
        let args = RegisterAgentArgs {
            uri: text_of(size),
            heartbeat_cadence_seconds: MAX_HEARTBEAT_CADENCE_SECONDS,
            ..register_args()
        };
        assert_eq!(register(&mut chain, args).unwrap().uri.as_str(), text_of(size));
    }
}

#[test]
fn text_that_is_not_utf_8_is_refused() {
    let mut chain = Chain::configured();
    let sent = send(&mut chain, |instruction| *instruction.data.last_mut().unwrap() = 0xff);
    assert_eq!(sent, Err(Refused::with(InstructionError::InvalidInstructionData)));
}

#[test]
fn every_account_replaced_by_a_wrong_one_is_refused() {
    let mut chain = Chain::configured();
    let other = register(&mut chain, register_args()).unwrap();
    let other = registry::agent_address(&other.identity);
    let config = registry::config_address();
    let foreign = chain.copy(&config, |account| account.owner = Address::new_unique());
    let shorter = chain.copy(&config, |account| account.data.truncate(100));
    let renamed = chain.copy(&config, |account| account.data[0] ^= 1);
    let nothing = Address::new_unique();
    let wrong_type = Refused::with(InstructionError::InvalidAccountData);
    let wrong_seeds = Refused::with(InstructionError::InvalidSeeds);
    let cases = [
        (
            "config of another program",
            CONFIG,
            foreign,
            Refused::with(InstructionError::IllegalOwner),
        ),
        ("S5: an agent as config", CONFIG, other, wrong_type.clone()),
        ("another discriminator", CONFIG, renamed, wrong_type),
        (
            "too short a config",
            CONFIG,
            shorter,
            Refused::with(InstructionError::AccountDataTooSmall),
        ),
        ("no config", CONFIG, nothing, Refused::with(InstructionError::UninitializedAccount)),
        ("another agent's account", AGENT, other, wrong_seeds.clone()),
        ("one account twice", AGENT, config, Refused::custom(2040)),
        ("S12: no derived address", AGENT, nothing, wrong_seeds),
        (
            "another program",
            SYSTEM_PROGRAM,
            registry::PROGRAM,
            Refused::with(InstructionError::IncorrectProgramId),
        ),
    ];
    for (name, index, address, refused) in cases {
        let sent = send(&mut chain, |instruction| instruction.accounts[index].pubkey = address);
        assert_eq!(sent, Err(refused), "{name}");
    }
}

#[test]
fn accounts_must_be_writable_and_all_there() {
    let mut chain = Chain::configured();
    assert!(
        send(&mut chain, |instruction| instruction.accounts[AGENT].is_writable = false).is_err()
    );
    for count in 0..=SYSTEM_PROGRAM {
        let identity = Keypair::new();
        let mut short = instruction(&chain, &identity, register_args());
        short.accounts.truncate(count);
        let signers: &[&Keypair] = if count > IDENTITY { &[&identity] } else { &[] };
        let refused = chain.send(&[short], signers).unwrap_err();
        assert_eq!(refused, Refused::for_too_few_accounts(), "{count} accounts");
    }
}

#[test]
fn instruction_data_cut_anywhere_is_refused() {
    let mut chain = Chain::configured();
    let identity = Keypair::new();
    let whole = instruction(&chain, &identity, register_args());
    for size in 0..whole.data.len() {
        let mut cut = whole.clone();
        cut.data.truncate(size);
        let refused = chain.send(&[cut], &[&identity]).unwrap_err();
        assert_eq!(
            refused,
            Refused::with(InstructionError::InvalidInstructionData),
            "{size} bytes"
        );
    }
}
