//! Where the registry's accounts live and how their bytes are read.

use crate::ledger::{Ledger, LedgerError, RawAccount};
use anchor_lang::{AccountDeserialize, Discriminator, Owner};
use runseal_registry::constants::{AGENT_SEED, CONFIG_SEED};
use solana_address::Address;

/// The address of the registry program.
pub const PROGRAM: Address = runseal_registry::ID;

/// Returns the address of the one config account.
pub fn config_address() -> Address {
    Address::find_program_address(&[CONFIG_SEED], &PROGRAM).0
}

/// Returns the address of the agent with this identity key.
pub fn agent_address(identity: &Address) -> Address {
    Address::find_program_address(&[AGENT_SEED, identity.as_ref()], &PROGRAM).0
}

/// Returns where the loader keeps the program's code and its upgrade authority.
pub fn program_data_address() -> Address {
    let loader = solana_sdk_ids::bpf_loader_upgradeable::ID;
    Address::find_program_address(&[PROGRAM.as_ref()], &loader).0
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

/// Reads every account of one kind, ordered by address.
pub async fn find_all<T: RegistryAccount>(
    ledger: &impl Ledger,
) -> Result<Vec<Found<T>>, ReadError> {
    let raw = ledger.scan(&PROGRAM, T::DISCRIMINATOR).await?;
    Ok(raw.iter().map(parse).collect::<Result<_, _>>()?)
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

impl RegistryAccount for runseal_registry::state::Agent {
    const NAME: &'static str = "agent";
}

impl RegistryAccount for runseal_registry::state::Config {
    const NAME: &'static str = "config";
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
}
