//! The port to the chain that holds the registry.

mod answers;

pub use answers::{Answer, Answers, Fault, Finding, Observation};

use crate::refusal::Refusal;
use solana_address::Address;
use solana_hash::Hash;
use solana_instruction::Instruction;
use solana_signature::Signature;
use solana_signer::Signer;
use std::future::Future;

/// An account as a ledger returns it: bytes and their owner, not yet believed to be anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawAccount {
    /// Where it lives.
    pub address: Address,
    /// The program that may write it.
    pub owner: Address,
    /// Its rent, and whatever else was sent there.
    pub lamports: u64,
    /// What it holds.
    pub data: Vec<u8>,
}

/// How sure a ledger is that what happened stays happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Commitment {
    /// Voted for by a supermajority of the cluster.
    Confirmed,
    /// Cannot be undone.
    Finalized,
}

/// A transaction that succeeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Landed {
    /// Its first signature, which is its name.
    pub signature: Signature,
    /// The slot it landed in.
    pub slot: u64,
    /// What the ledger was asked to wait for, and has seen.
    pub commitment: Commitment,
}

/// A transaction that is signed. It may be sent any number of times: it lands once or never.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared {
    /// Its first signature, which is its name.
    pub signature: Signature,
    /// What is sent.
    pub bytes: Vec<u8>,
    /// The last block that can take it in.
    pub last_valid_block_height: u64,
}

/// How many accounts a snapshot may have.
pub const MOST_IN_SNAPSHOT: usize = 100;

/// What a ledger holds for good, as of one slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The finalized slot that the accounts are read in.
    pub slot: u64,
    /// The height of a finalized block that is not newer than that slot.
    pub block_height: u64,
    /// The accounts in the order in which they were asked for; `None` where there is none.
    pub accounts: Vec<Option<RawAccount>>,
}

/// A chain that runs the registry program.
///
/// Reads are of one slot each and at the commitment that the implementation was made with.
pub trait Ledger: Send + Sync {
    /// Returns what the ledger is called where its answers are recorded.
    fn name(&self) -> String;

    /// Returns the hash that tells this chain from every other.
    fn genesis_hash(&self) -> impl Future<Output = Result<Hash, LedgerError>> + Send;

    /// Returns the accounts at `addresses`, in their order; `None` where there is none.
    fn read(
        &self,
        addresses: &[Address],
    ) -> impl Future<Output = Result<Vec<Option<RawAccount>>, LedgerError>> + Send;

    /// Returns every account of `owner` whose data begins with `prefix`, ordered by address.
    fn scan(
        &self,
        owner: &Address,
        prefix: &[u8],
    ) -> impl Future<Output = Result<Vec<RawAccount>, LedgerError>> + Send;

    /// Reads up to [`MOST_IN_SNAPSHOT`] accounts together, all of one finalized slot.
    fn snapshot(
        &self,
        addresses: &[Address],
    ) -> impl Future<Output = Result<Snapshot, LedgerError>> + Send;

    /// Reads as [`snapshot`](Self::snapshot) does, and returns who answered what. Whoever asks
    /// several endpoints returns the answers of all, and what is wrong with some.
    fn observe(
        &self,
        addresses: &[Address],
    ) -> impl Future<Output = Result<Answers, LedgerError>> + Send {
        async {
            let snapshot = self.snapshot(addresses).await?;
            Ok(Answers::of_one(self.name(), addresses, snapshot))
        }
    }

    /// Tries a transaction out and signs it, for whoever keeps its bytes before they are sent. The
    /// first signer pays.
    fn prepare(
        &self,
        instructions: &[Instruction],
        signers: &[&(dyn Signer + Sync)],
    ) -> impl Future<Output = Result<Prepared, LedgerError>> + Send;

    /// Sends the bytes of a prepared transaction once. What becomes of it is seen on chain only:
    /// `Ok` does not mean that it landed, and an error does not mean that it will not.
    fn send(&self, bytes: &[u8]) -> impl Future<Output = Result<(), LedgerError>> + Send;

    /// Signs, sends and waits. The first signer pays.
    ///
    /// `Ok` means that the transaction landed and succeeded; [`LedgerError::Unknown`] that it may
    /// have landed: look before trying again. Every other error means that nothing changed.
    fn submit(
        &self,
        instructions: &[Instruction],
        signers: &[&(dyn Signer + Sync)],
    ) -> impl Future<Output = Result<Landed, LedgerError>> + Send;
}

/// Why a ledger did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// Nobody answers there, or what answers is no ledger.
    #[error("{ledger} does not answer: {reason}")]
    Unreachable {
        /// Which ledger: a URL or a folder.
        ledger: String,
        /// What went wrong.
        reason: String,
    },
    /// The chain or the program refused; nothing changed but, perhaps, a fee.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The transaction was sent and no answer came before its blockhash expired.
    #[error("transaction {signature} may have landed: no answer came; look before trying again")]
    Unknown {
        /// The transaction.
        signature: Signature,
    },
    /// The transaction can no longer land: its blockhash expired first.
    #[error("transaction {signature} expired before it landed; nothing changed")]
    Expired {
        /// The transaction.
        signature: Signature,
    },
    /// Bytes that were to be sent are no transaction.
    #[error("what was to be sent is no transaction: {reason}")]
    NoTransaction {
        /// Why not.
        reason: String,
    },
    /// More was asked for than one slot can be asked for.
    #[error("{asked} accounts were asked for together, {MOST_IN_SNAPSHOT} can be")]
    TooManyAccounts {
        /// How many.
        asked: usize,
    },
    /// It is not the chain that was asked for.
    #[error("{ledger} is on the chain {found}, not on {expected}")]
    OtherChain {
        /// Which ledger.
        ledger: String,
        /// The chain that was asked for.
        expected: Hash,
        /// The chain that it is on.
        found: Hash,
    },
    /// It has not seen what somebody else saw already.
    #[error("{ledger} is behind: it has not reached slot {expected}")]
    Behind {
        /// Which ledger.
        ledger: String,
        /// The slot that was asked for.
        expected: u64,
    },
    /// Enough endpoints say the same, and others say that it is not so. Somebody lies.
    #[error("endpoints contradict each other: {}", answers::sentences(findings))]
    Disagreement {
        /// Who says what others do not say.
        findings: Vec<Finding>,
    },
    /// Too few endpoints say the same.
    #[error(
        "{needed} of {asked} endpoints must agree, and did not: {}",
        answers::sentences(findings)
    )]
    NoQuorum {
        /// How many must say the same.
        needed: usize,
        /// How many were asked.
        asked: usize,
        /// Why not: who said what.
        findings: Vec<Finding>,
    },
    /// A signer could not sign.
    #[error("signing failed: {0}")]
    Signing(#[from] solana_signer::SignerError),
    /// The embedded ledger's files cannot be used.
    #[error("the ledger in {folder} cannot be used: {reason}")]
    Storage {
        /// Where it is kept.
        folder: String,
        /// What went wrong.
        reason: String,
    },
}
