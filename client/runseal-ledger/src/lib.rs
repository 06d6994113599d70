//! The two ledgers behind Runseal's port: [`Embedded`], a Solana virtual machine in the process
//! with its accounts on disk, and [`Rpc`], any cluster or local validator. [`Quorum`] asks several
//! endpoints of one cluster and believes what enough of them say.

mod embedded;
mod program;
mod quorum;
mod refusal;
mod rpc;
mod writable;

pub use embedded::{Ed25519Refusal, Embedded, EmbeddedError, check_signatures, start_machine};
pub use program::{PROGRAM_BYTES, program_sha256};
pub use quorum::{Quorum, QuorumError};
pub use rpc::{
    DEFAULT_MOST_PRIORITY_LAMPORTS, DEFAULT_PERCENTILE, Draft, FeePolicy, Patience, Rpc,
    RpcOptions, endpoint_name,
};

use runseal_client::ledger::{
    Answers, Finding, Landed, Ledger, LedgerError, Prepared, RawAccount, Snapshot,
};
use solana_address::Address;
use solana_hash::Hash;
use solana_instruction::Instruction;
use solana_signature::Signature;
use solana_signer::Signer;

/// What a ledger knows of a transaction by its signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// The ledger keeps accounts, and no transactions.
    NotKept,
    /// It knows none, or none any more.
    Unknown,
    /// It was taken in.
    Found {
        /// In which slot.
        slot: u64,
        /// Whether it failed, and so changed nothing but who paid for it.
        has_failed: bool,
        /// The accounts that it names, whatever it did with them.
        accounts: Vec<Address>,
    },
}

/// Whichever ledger the user chose.
pub enum AnyLedger {
    /// In this process, kept in a folder.
    Embedded(Box<Embedded>),
    /// Over JSON-RPC.
    Rpc(Rpc),
    /// Over JSON-RPC, from several endpoints that must agree.
    Quorum(Quorum),
}

macro_rules! each {
    ($self:ident, $ledger:ident => $call:expr) => {
        match $self {
            Self::Embedded($ledger) => $call,
            Self::Rpc($ledger) => $call,
            Self::Quorum($ledger) => $call,
        }
    };
}

impl Ledger for AnyLedger {
    fn name(&self) -> String {
        each!(self, ledger => ledger.name())
    }

    async fn genesis_hash(&self) -> Result<Hash, LedgerError> {
        each!(self, ledger => ledger.genesis_hash().await)
    }

    async fn read(&self, addresses: &[Address]) -> Result<Vec<Option<RawAccount>>, LedgerError> {
        each!(self, ledger => ledger.read(addresses).await)
    }

    async fn scan(&self, owner: &Address, prefix: &[u8]) -> Result<Vec<RawAccount>, LedgerError> {
        each!(self, ledger => ledger.scan(owner, prefix).await)
    }

    async fn snapshot(&self, addresses: &[Address]) -> Result<Snapshot, LedgerError> {
        each!(self, ledger => ledger.snapshot(addresses).await)
    }

    async fn observe(&self, addresses: &[Address]) -> Result<Answers, LedgerError> {
        each!(self, ledger => ledger.observe(addresses).await)
    }

    async fn prepare(
        &self,
        instructions: &[Instruction],
        signers: &[&(dyn Signer + Sync)],
    ) -> Result<Prepared, LedgerError> {
        each!(self, ledger => ledger.prepare(instructions, signers).await)
    }

    async fn send(&self, bytes: &[u8]) -> Result<(), LedgerError> {
        each!(self, ledger => ledger.send(bytes).await)
    }

    async fn submit(
        &self,
        instructions: &[Instruction],
        signers: &[&(dyn Signer + Sync)],
    ) -> Result<Landed, LedgerError> {
        each!(self, ledger => ledger.submit(instructions, signers).await)
    }
}

impl AnyLedger {
    /// Gives `address` lamports from nowhere, where the ledger can: the embedded one, a local
    /// validator, a test cluster.
    pub async fn airdrop(&self, address: &Address, lamports: u64) -> Result<Landed, LedgerError> {
        each!(self, ledger => ledger.airdrop(address, lamports).await)
    }

    /// Asks what a transaction touched, whoever sent it. Of several endpoints the first is asked:
    /// what it says leads to accounts, which are then read from all.
    pub async fn look_up(&self, signature: &Signature) -> Result<Lookup, LedgerError> {
        match self {
            Self::Embedded(_) => Ok(Lookup::NotKept),
            Self::Rpc(rpc) => rpc.look_up(signature).await,
            Self::Quorum(quorum) => quorum.first()?.look_up(signature).await,
        }
    }

    /// Makes a transaction that somebody else signs and sends; `None` where nobody but this process can
    /// send any, on the embedded ledger.
    pub async fn draft(
        &self,
        instructions: &[Instruction],
        payer: &Address,
    ) -> Result<Option<Draft>, LedgerError> {
        match self {
            Self::Embedded(_) => Ok(None),
            Self::Rpc(rpc) => rpc.draft(instructions, payer).await.map(Some),
            Self::Quorum(quorum) => quorum.first()?.draft(instructions, payer).await.map(Some),
        }
    }

    /// Returns by how much the ledger's clock was moved ahead of the machine's on purpose, as only the
    /// embedded one's can be.
    pub fn moved_seconds(&self) -> i64 {
        match self {
            Self::Embedded(embedded) => embedded.moved_seconds(),
            Self::Rpc(_) | Self::Quorum(_) => 0,
        }
    }

    /// Returns what was wrong with endpoints so far, where several are asked.
    pub fn findings(&self) -> Vec<Finding> {
        match self {
            Self::Quorum(quorum) => quorum.findings(),
            Self::Embedded(_) | Self::Rpc(_) => Vec::new(),
        }
    }
}
