//! Where the registry's accounts live and how their bytes are read.

use crate::ledger::{Ledger, LedgerError, RawAccount, Snapshot};
use anchor_lang::{AccountDeserialize, Discriminator, Owner};
use runseal_registry::{
    constants::{
        AGENT_SEED, ANCHOR_SEED, ATTESTATION_SEED, AUDITOR_SEED, BOND_SEED, CERTIFIER_SEED,
        CLAIM_SEED, CONFIG_SEED, COSIGNATURE_SEED, LOG_SEED, VERSION_SEED,
    },
    state::{ClaimKind, Name},
};
use solana_address::Address;

/// The address of the registry program.
pub const PROGRAM: Address = runseal_registry::ID;

/// Returns the address that the program derives from these seeds.
fn derived(seeds: &[&[u8]]) -> Address {
    Address::find_program_address(seeds, &PROGRAM).0
}

/// Returns the address of the one config account.
pub fn config_address() -> Address {
    derived(&[CONFIG_SEED])
}

/// Returns the address of the agent with this identity key.
pub fn agent_address(identity: &Address) -> Address {
    derived(&[AGENT_SEED, identity.as_ref()])
}

/// Returns the address of an agent's version.
pub fn version_address(agent: &Address, index: u64) -> Address {
    derived(&[VERSION_SEED, agent.as_ref(), &index.to_le_bytes()])
}

/// Returns the address of the certifier with this key.
pub fn certifier_address(authority: &Address) -> Address {
    derived(&[CERTIFIER_SEED, authority.as_ref()])
}

/// Returns the address of one round of a certifier's attestations of a stage (1 to 5).
pub fn attestation_address(
    version: &Address,
    stage: u8,
    certifier: &Address,
    round: u32,
) -> Address {
    let (stage, round) = ([stage], round.to_le_bytes());
    derived(&[ATTESTATION_SEED, version.as_ref(), &stage, certifier.as_ref(), &round])
}

/// Returns the address of the log that `founder` opened under this name.
pub fn log_address(founder: &Address, name: &Name) -> Address {
    derived(&[LOG_SEED, founder.as_ref(), &name.bytes])
}

/// Returns the address of a period's anchor.
pub fn anchor_address(log: &Address, period: u64) -> Address {
    derived(&[ANCHOR_SEED, log.as_ref(), &period.to_le_bytes()])
}

/// Returns the address of the token account that holds a log's bond.
pub fn bond_address(log: &Address) -> Address {
    derived(&[BOND_SEED, log.as_ref()])
}

/// Returns the address of the auditor with this key.
pub fn auditor_address(authority: &Address) -> Address {
    derived(&[AUDITOR_SEED, authority.as_ref()])
}

/// Returns the address of an organisation's signature under an anchor.
pub fn cosignature_address(anchor: &Address, organisation: &Name) -> Address {
    derived(&[COSIGNATURE_SEED, anchor.as_ref(), &organisation.bytes])
}

/// Returns the address of a claim. The number is the receipt's sequence where a promise is said to
/// be broken, and the index of the first of the two leaves where the order is.
pub fn claim_address(
    log: &Address,
    kind: ClaimKind,
    period: u64,
    agent: &Address,
    number: u64,
    digest: &[u8; 32],
) -> Address {
    let (kind, period, number) = ([kind as u8], period.to_le_bytes(), number.to_le_bytes());
    derived(&[CLAIM_SEED, log.as_ref(), &kind, &period, agent.as_ref(), &number, digest])
}

/// Returns where the loader keeps a program's code and its upgrade authority.
pub fn program_data_address(program: &Address) -> Address {
    let loader = solana_sdk_ids::bpf_loader_upgradeable::ID;
    Address::find_program_address(&[program.as_ref()], &loader).0
}

/// One of the registry's accounts, read and believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found<T> {
    /// Where it lives.
    pub address: Address,
    /// What it holds.
    pub account: T,
}

/// Reads the account at `address`; `None` where there is none.
pub async fn find<T: RegistryAccount>(
    ledger: &impl Ledger,
    address: Address,
) -> Result<Option<Found<T>>, ReadError> {
    let raw = ledger.read(&[address]).await?.into_iter().next().flatten();
    // An address that only holds lamports is one where nothing was created yet.
    match raw.filter(|raw| raw.owner != solana_sdk_ids::system_program::ID) {
        Some(raw) => Ok(Some(parse(&raw)?)),
        None => Ok(None),
    }
}

/// Reads the account at `address`, which must be there.
pub async fn load<T: RegistryAccount>(
    ledger: &impl Ledger,
    address: Address,
) -> Result<Found<T>, ReadError> {
    let found = find(ledger, address).await?;
    found.ok_or(ReadError::Missing { address, expected: T::NAME })
}

/// Reads every account of one kind, ordered by address.
pub async fn find_all<T: RegistryAccount>(
    ledger: &impl Ledger,
) -> Result<Vec<Found<T>>, ReadError> {
    let raw = ledger.scan(&PROGRAM, T::DISCRIMINATOR).await?;
    Ok(raw.iter().map(parse).collect::<Result<_, _>>()?)
}

/// Reads the account at `address` in a finalized slot, and which slot that was.
pub async fn find_in_slot<T: RegistryAccount>(
    ledger: &impl Ledger,
    address: Address,
) -> Result<(u64, Option<Found<T>>), ReadError> {
    let Snapshot { slot, accounts, .. } = ledger.snapshot(&[address]).await?;
    let raw = accounts.into_iter().next().flatten();
    let raw = raw.filter(|raw| raw.owner != solana_sdk_ids::system_program::ID);
    Ok((slot, raw.as_ref().map(parse).transpose()?))
}

/// Turns bytes into an account of the registry: right owner, kind, size, or a named error.
pub fn parse<T: RegistryAccount>(raw: &RawAccount) -> Result<Found<T>, ParseError> {
    let address = raw.address;
    if raw.owner != T::OWNER {
        return Err(ParseError::ForeignOwner { address, owner: raw.owner });
    }
    let expected = T::DISCRIMINATOR.len() + size_of::<T>();
    if raw.data.len() != expected {
        return Err(ParseError::UnexpectedSize { address, size: raw.data.len(), expected });
    }
    let account = T::try_deserialize(&mut raw.data.as_slice())
        .map_err(|_| ParseError::WrongKind { address, expected: T::NAME })?;
    Ok(Found { address, account })
}

/// A kind of account that the registry program writes.
pub trait RegistryAccount: AccountDeserialize + Discriminator + Owner {
    /// What it is called in messages.
    const NAME: &'static str;
}

macro_rules! accounts {
    ($($account:ident: $name:literal),* $(,)?) => {$(
        impl RegistryAccount for runseal_registry::state::$account {
            const NAME: &'static str = $name;
        }
    )*};
}

accounts! {
    Agent: "agent", Anchor: "anchor", Attestation: "attestation", Auditor: "auditor",
    Certifier: "certifier", Claim: "claim", Config: "config", Cosignature: "cosignature",
    Log: "log", Version: "version",
}

/// Why an account is not what it was expected to be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// Another program wrote it.
    #[error("account {address} belongs to {owner}, not to the registry program")]
    ForeignOwner {
        /// The account.
        address: Address,
        /// Who owns it.
        owner: Address,
    },
    /// It is too long or too short.
    #[error("account {address} has {size} bytes where {expected} were expected")]
    UnexpectedSize {
        /// The account.
        address: Address,
        /// How long it is.
        size: usize,
        /// How long it should be.
        expected: usize,
    },
    /// It is of another kind.
    #[error("account {address} is no {expected} account")]
    WrongKind {
        /// The account.
        address: Address,
        /// What it should be.
        expected: &'static str,
    },
}

/// Why an account could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The ledger did not return it.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The ledger returned something else.
    #[error(transparent)]
    Parse(#[from] ParseError),
    /// The ledger has nothing there.
    #[error("there is no {expected} at {address}")]
    Missing {
        /// The account.
        address: Address,
        /// What should be there.
        expected: &'static str,
    },
}

/// Why a workflow that reads and then writes did not get to its end.
#[derive(Debug, thiserror::Error)]
pub enum WorkflowError {
    /// What it needed to know could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The ledger did not take what it sent.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl From<solana_signer::SignerError> for WorkflowError {
    fn from(error: solana_signer::SignerError) -> Self {
        Self::Ledger(error.into())
    }
}
