//! A Solana virtual machine inside the process, with the real program and its accounts on disk.
//!
//! Every transaction is appended to a journal and synced before it is reported as landed, so a
//! second process sees what the first one did and a crash loses nothing that was acknowledged.

mod ed25519_program;
mod journal;
mod wrapped_sol;

pub use ed25519_program::{Ed25519Refusal, check_signatures};

use crate::{program::PROGRAM_BYTES, refusal::refusal, writable::writable_accounts};
use ed25519_program::Ed25519Program;
use journal::{Journal, JournalError, Record, SavedAccount};
use litesvm::LiteSVM;
use runseal_client::{
    clock,
    ledger::{
        Commitment, Landed, Ledger, LedgerError, MOST_IN_SNAPSHOT, Prepared, RawAccount, Snapshot,
    },
    registry,
};
use sha2::{Digest, Sha256};
use solana_account::Account;
use solana_address::Address;
use solana_clock::Clock;
use solana_hash::Hash;
use solana_instruction::Instruction;
use solana_message::Message;
use solana_program_runtime::solana_sbpf::program::BuiltinFunctionDefinition;
use solana_signer::Signer;
use solana_transaction::Transaction;
use solana_transaction_error::TransactionError;
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{SystemTime, UNIX_EPOCH},
};

/// The embedded ledger's name for itself: never the genesis hash of any cluster.
const GENESIS_DOMAIN: &[u8] = b"runseal/embedded-ledger/v1";

/// What a blockhash is made of, beside its slot.
const BLOCKHASH_DOMAIN: &[u8] = b"runseal/embedded-blockhash/v1";

/// A ledger in the process, kept in a folder that one process at a time may use.
pub struct Embedded {
    folder: PathBuf,
    state: Mutex<State>,
}

struct State {
    svm: LiteSVM,
    /// The one blockhash with which a transaction can land now.
    blockhash: Hash,
    journal: Journal,
    /// How far this ledger's clock runs ahead of the machine's.
    ahead_seconds: i64,
    /// What the clock said when it was last made durable.
    kept_seconds: i64,
}

impl Embedded {
    /// Opens the ledger in `folder`, or makes one there whose program `upgrade_authority` may
    /// configure. Whoever makes a ledger in a process of his own is its authority.
    pub fn open_or_create(
        folder: &Path,
        upgrade_authority: Address,
    ) -> Result<Self, EmbeddedError> {
        let made = Journal::create(folder, upgrade_authority.to_bytes());
        made.map_err(|error| unusable(folder, error))?;
        Self::open(folder)
    }

    /// Opens the ledger in `folder`; an error if there is none.
    pub fn open(folder: &Path) -> Result<Self, EmbeddedError> {
        if !Journal::exists(folder).map_err(|error| unusable(folder, error))? {
            return Err(EmbeddedError::Missing { folder: folder.to_owned() });
        }
        let (journal, saved) = Journal::open(folder).map_err(|error| unusable(folder, error))?;
        let mut svm = start_machine(&Address::new_from_array(journal.authority()))?
            .with_blockhash_check(false);
        let mut clock = svm.get_sysvar::<Clock>();
        clock.slot = clock.slot.max(saved.slot);
        clock.unix_timestamp = saved.unix_seconds;
        svm.set_sysvar(&clock);
        let (address, mint) = wrapped_sol::mint();
        svm.set_account(address, mint).map_err(machine_failed)?;
        for account in saved.accounts {
            restore(&mut svm, account)?;
        }
        let (ahead_seconds, kept_seconds) = (saved.ahead_seconds, saved.unix_seconds);
        let mut state =
            State { svm, blockhash: Hash::default(), journal, ahead_seconds, kept_seconds };
        // What was signed before and not sent can no longer land.
        state.pass_time();
        Ok(Self { folder: folder.to_owned(), state: Mutex::new(state) })
    }

    /// Moves this ledger's clock forward, for good: the next transactions happen later.
    pub fn advance(&self, seconds: u32) -> Result<(), EmbeddedError> {
        let mut state = self.state();
        state.pass_time();
        // From this ledger's present, which a machine's clock that was set back is behind.
        let present = state.svm.get_sysvar::<Clock>().unix_timestamp;
        let moved = present.saturating_add(i64::from(seconds));
        state.ahead_seconds = moved.saturating_sub(machine_seconds());
        state.tick();
        state.save(&BTreeSet::new()).map_err(|error| unusable(&self.folder, error))
    }

    /// Returns how far this ledger's clock was moved ahead of the machine's.
    pub fn moved_seconds(&self) -> i64 {
        self.state().ahead_seconds
    }

    /// Gives `address` lamports from nowhere.
    pub async fn airdrop(&self, address: &Address, lamports: u64) -> Result<Landed, LedgerError> {
        let mut state = self.state();
        state.tick();
        let done = state.svm.airdrop(address, lamports);
        let done = done.map_err(|failed| refusal(&failed.err))?;
        let payer = state.svm.airdrop_pubkey();
        state.save(&BTreeSet::from([*address, payer])).map_err(|error| self.storage(&error))?;
        let slot = state.svm.get_sysvar::<Clock>().slot;
        Ok(Landed { signature: done.signature, slot, commitment: Commitment::Finalized })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // The machine is only changed by LiteSVM's own calls, which do not stop half-way.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Executes a transaction and keeps what it left behind.
    fn execute(&self, state: &mut State, transaction: Transaction) -> Result<Landed, LedgerError> {
        if transaction.message.recent_blockhash != state.blockhash {
            return Err(refusal(&TransactionError::BlockhashNotFound).into());
        }
        let touched = writable_accounts(&transaction.message);
        let landed = state.svm.send_transaction(transaction);
        let slot = state.svm.get_sysvar::<Clock>().slot;
        // A transaction that failed on chain still paid its fee, so that is kept as well.
        state.save(&touched).map_err(|error| self.storage(&error))?;
        let done = landed.map_err(|failed| refusal(&failed.err))?;
        Ok(Landed { signature: done.signature, slot, commitment: Commitment::Finalized })
    }

    fn storage(&self, error: &JournalError) -> LedgerError {
        let folder = self.folder.display().to_string();
        LedgerError::Storage { folder, reason: error.to_string() }
    }
}

impl State {
    /// Lets time pass before a transaction, which then needs a blockhash of its own.
    fn tick(&mut self) {
        self.pass_time();
        self.svm.expire_blockhash();
        self.blockhash = blockhash_of(self.svm.get_sysvar::<Clock>().slot);
    }

    /// Signs a transaction that can land in the slot that now begins, and in no other.
    fn sign(
        &mut self,
        instructions: &[Instruction],
        signers: &[&(dyn Signer + Sync)],
    ) -> Result<Transaction, LedgerError> {
        let payer = signers.first().map(|payer| payer.try_pubkey()).transpose()?;
        self.tick();
        let blockhash = self.blockhash;
        let message = Message::new_with_blockhash(instructions, payer.as_ref(), &blockhash);
        let signers: Vec<&dyn Signer> = signers.iter().map(|signer| *signer as _).collect();
        let mut transaction = Transaction::new_unsigned(message);
        transaction.try_sign(&signers, blockhash)?;
        Ok(transaction)
    }

    /// Goes on by at least one slot, and by as many as the machine's clock went on for.
    fn pass_time(&mut self) {
        const SLOTS_PER_2_SECONDS: u64 = 5;
        let mut clock = self.svm.get_sysvar::<Clock>();
        let now = machine_seconds().saturating_add(self.ahead_seconds);
        // A clock that is set back holds the ledger's time still: time never runs backwards.
        let passed = u64::try_from(now.saturating_sub(clock.unix_timestamp)).unwrap_or(0);
        let passed = if clock.unix_timestamp == 0 { 0 } else { passed };
        clock.unix_timestamp = clock.unix_timestamp.max(now);
        let slots = passed.saturating_mul(SLOTS_PER_2_SECONDS) / 2;
        clock.slot = clock.slot.saturating_add(slots.max(1));
        self.svm.set_sysvar(&clock);
    }

    /// Makes the accounts at `addresses` and the clock durable.
    fn save(&mut self, addresses: &BTreeSet<Address>) -> Result<(), JournalError> {
        let clock = self.svm.get_sysvar::<Clock>();
        let accounts = addresses.iter().map(|address| to_saved(&self.svm, address)).collect();
        let record = Record {
            slot: clock.slot,
            unix_seconds: clock.unix_timestamp,
            ahead_seconds: self.ahead_seconds,
            accounts,
        };
        self.journal.append(&record)?;
        self.kept_seconds = clock.unix_timestamp;
        Ok(())
    }

    /// Makes the clock durable before it is read: what goes by it may be for good, as a sealed period
    /// is, so a machine's clock that is set back must not take it back.
    fn keep_time(&mut self, read: &[Address]) -> Result<(), JournalError> {
        let now_seconds = self.svm.get_sysvar::<Clock>().unix_timestamp;
        match read.contains(&clock::ADDRESS) && self.kept_seconds < now_seconds {
            true => self.save(&BTreeSet::new()),
            false => Ok(()),
        }
    }
}

/// Returns a slot's blockhash. The machine's own begin anew with each process, and a transaction that says
/// the same as one of another process would have its signature; slots are never taken back.
fn blockhash_of(slot: u64) -> Hash {
    let parts = [BLOCKHASH_DOMAIN, &slot.to_le_bytes()].concat();
    Hash::new_from_array(Sha256::digest(parts).into())
}

fn machine_seconds() -> i64 {
    let passed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(passed.as_secs()).unwrap_or(i64::MAX)
}

impl Ledger for Embedded {
    fn name(&self) -> String {
        "embedded".to_owned()
    }

    async fn genesis_hash(&self) -> Result<Hash, LedgerError> {
        Ok(Hash::new_from_array(Sha256::digest(GENESIS_DOMAIN).into()))
    }

    async fn read(&self, addresses: &[Address]) -> Result<Vec<Option<RawAccount>>, LedgerError> {
        let mut state = self.state();
        state.keep_time(addresses).map_err(|error| self.storage(&error))?;
        let read = |address: &Address| {
            state.svm.get_account(address).filter(exists).map(|found| raw(*address, found))
        };
        Ok(addresses.iter().map(read).collect())
    }

    async fn scan(&self, owner: &Address, prefix: &[u8]) -> Result<Vec<RawAccount>, LedgerError> {
        let mut found = self.state().svm.get_program_accounts(owner);
        found.retain(|(_, account)| exists(account) && account.data.starts_with(prefix));
        found.sort_by_key(|(address, _)| *address);
        Ok(found.into_iter().map(|(address, account)| raw(address, account)).collect())
    }

    async fn snapshot(&self, addresses: &[Address]) -> Result<Snapshot, LedgerError> {
        let asked = addresses.len();
        if asked > MOST_IN_SNAPSHOT {
            return Err(LedgerError::TooManyAccounts { asked });
        }
        let slot = {
            let mut state = self.state();
            state.pass_time();
            state.svm.get_sysvar::<Clock>().slot
        };
        let accounts = self.read(addresses).await?;
        Ok(Snapshot { slot, block_height: slot, accounts })
    }

    async fn prepare(
        &self,
        instructions: &[Instruction],
        signers: &[&(dyn Signer + Sync)],
    ) -> Result<Prepared, LedgerError> {
        let mut state = self.state();
        let transaction = state.sign(instructions, signers)?;
        state.svm.simulate_transaction(transaction.clone()).map_err(|it| refusal(&it.err))?;
        // The clock is kept: after a restart this slot, and with it the transaction, is past.
        state.save(&BTreeSet::new()).map_err(|error| self.storage(&error))?;
        let bytes = wincode::serialize(&transaction).map_err(not_a_transaction)?;
        let signature = transaction.signatures.first().copied().unwrap_or_default();
        let last_valid_block_height = state.svm.get_sysvar::<Clock>().slot;
        Ok(Prepared { signature, bytes, last_valid_block_height })
    }

    async fn send(&self, bytes: &[u8]) -> Result<(), LedgerError> {
        let transaction = wincode::deserialize(bytes).map_err(not_a_transaction)?;
        self.execute(&mut self.state(), transaction).map(drop)
    }

    async fn submit(
        &self,
        instructions: &[Instruction],
        signers: &[&(dyn Signer + Sync)],
    ) -> Result<Landed, LedgerError> {
        let mut state = self.state();
        let transaction = state.sign(instructions, signers)?;
        self.execute(&mut state, transaction)
    }
}

fn not_a_transaction(reason: impl std::fmt::Display) -> LedgerError {
    LedgerError::NoTransaction { reason: reason.to_string() }
}

/// LiteSVM keeps an emptied account; a cluster forgets it.
fn exists(account: &Account) -> bool {
    account.lamports > 0
}

fn raw(address: Address, account: Account) -> RawAccount {
    RawAccount { address, owner: account.owner, lamports: account.lamports, data: account.data }
}

fn to_saved(svm: &LiteSVM, address: &Address) -> SavedAccount {
    let account = svm.get_account(address).unwrap_or_default();
    SavedAccount {
        address: address.to_bytes(),
        owner: account.owner.to_bytes(),
        lamports: account.lamports,
        data: account.data,
    }
}

fn restore(svm: &mut LiteSVM, saved: SavedAccount) -> Result<(), EmbeddedError> {
    let account = Account {
        lamports: saved.lamports,
        data: saved.data,
        owner: Address::new_from_array(saved.owner),
        ..Account::default()
    };
    svm.set_account(Address::new_from_array(saved.address), account).map_err(machine_failed)
}

fn unusable(folder: &Path, reason: JournalError) -> EmbeddedError {
    EmbeddedError::Journal { folder: folder.to_owned(), reason }
}

fn machine_failed(error: litesvm::error::LiteSVMError) -> EmbeddedError {
    EmbeddedError::Machine { reason: error.to_string() }
}

/// Starts a machine that runs the program, with `authority` written where the loader keeps it.
///
/// It holds nothing else and keeps nothing: for tests that must reach behind a ledger's back.
pub fn start_machine(authority: &Address) -> Result<LiteSVM, EmbeddedError> {
    /// Behind the loader's state (u32) and the slot of the deployment (u64).
    const AUTHORITY_OFFSET: usize = 12;
    let mut svm = LiteSVM::new().with_transaction_history(0);
    svm.add_builtin(solana_sdk_ids::ed25519_program::ID, Ed25519Program::register);
    svm.add_program(registry::PROGRAM, PROGRAM_BYTES).map_err(machine_failed)?;
    let address = registry::program_data_address(&registry::PROGRAM);
    let mut account = svm.get_account(&address).unwrap_or_default();
    let flag_and_key = account.data.iter_mut().skip(AUTHORITY_OFFSET).take(33);
    flag_and_key.zip([1].into_iter().chain(authority.to_bytes())).for_each(|(to, from)| *to = from);
    svm.set_account(address, account).map_err(machine_failed)?;
    Ok(svm)
}

/// Why the embedded ledger cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    /// There is none yet.
    #[error("there is no ledger in {} yet", folder.display())]
    Missing {
        /// Where it was looked for.
        folder: PathBuf,
    },
    /// Its file cannot be used.
    #[error("the ledger in {} cannot be used: {reason}", folder.display())]
    Journal {
        /// Where it is.
        folder: PathBuf,
        /// Why not.
        reason: JournalError,
    },
    /// The virtual machine did not take the program or an account.
    #[error("the virtual machine does not start: {reason}")]
    Machine {
        /// Its own words.
        reason: String,
    },
}
