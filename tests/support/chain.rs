use crate::config_args;
use litesvm::{LiteSVM, types::TransactionMetadata};
use runseal_client::{
    instructions,
    ledger::RawAccount,
    registry::{self, Found, RegistryAccount},
};
use runseal_registry::{RegistryError, state::Moment};
use solana_account::Account;
use solana_address::Address;
use solana_clock::Clock;
use solana_instruction::{Instruction, error::InstructionError};
use solana_keypair::Keypair;
use solana_message::Message;
use solana_signer::Signer;
use solana_transaction::Transaction;
use solana_transaction_error::TransactionError;

/// A bare virtual machine with the real program, for tests that replace accounts behind its back.
pub struct Chain {
    pub svm: LiteSVM,
    /// Has lamports, pays, and may upgrade and configure the program.
    pub owner: Keypair,
    seed: u64,
    keys: u64,
    /// Set once a test wrote accounts behind the program's back: from then on anything can be.
    tampered: bool,
}

/// Why a transaction was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused(pub TransactionError);

impl Refused {
    /// The refusal that the registry gives with `error`.
    pub fn by(error: RegistryError) -> Self {
        Self::custom(error as u32)
    }

    /// The refusal with an error number, of the registry, of Anchor or of another program.
    pub fn custom(code: u32) -> Self {
        Self::with(InstructionError::Custom(code))
    }

    /// The refusal of an instruction with too few accounts.
    // The runtime still answers with the name that its library calls deprecated.
    #[allow(deprecated)]
    pub fn for_too_few_accounts() -> Self {
        Self::with(InstructionError::NotEnoughAccountKeys)
    }

    /// The refusal of the transaction's only instruction.
    pub fn with(error: InstructionError) -> Self {
        Self(TransactionError::InstructionError(0, error))
    }
}

impl Default for Chain {
    fn default() -> Self {
        Self::new()
    }
}

impl Chain {
    /// A chain on which the program is not configured.
    pub fn new() -> Self {
        Self::with_seed(0)
    }

    /// The same with other keys, and so other addresses.
    pub fn with_seed(seed: u64) -> Self {
        let owner = numbered_key(seed, 0);
        // Building a transaction panics where a signature is missing, so a check of them all would
        // take nine tenths of the time and find nothing.
        let svm = runseal_ledger::start_machine(&owner.pubkey()).unwrap();
        let mut svm = svm.with_sigverify(false);
        svm.airdrop(&owner.pubkey(), 1_000_000_000_000).unwrap();
        let mut clock = svm.get_sysvar::<Clock>();
        clock.unix_timestamp = 1_800_000_000;
        svm.set_sysvar(&clock);
        Self { svm, owner, seed, keys: 0, tampered: false }
    }

    /// A key that nobody has yet. The same test gets the same keys in every run.
    pub fn key(&mut self) -> Keypair {
        self.keys += 1;
        numbered_key(self.seed, self.keys)
    }

    /// A chain on which it is.
    pub fn configured() -> Self {
        let mut chain = Self::new();
        chain.configure();
        chain
    }

    /// Configures the program.
    pub fn configure(&mut self) {
        let owner = self.owner.pubkey();
        let configure = instructions::config::initialize(owner, owner, config_args(owner));
        self.send(&[configure], &[]).unwrap();
    }

    /// Sends one transaction. The owner pays and signs; `signers` sign as well.
    pub fn send(
        &mut self,
        instructions: &[Instruction],
        signers: &[&Keypair],
    ) -> Result<TransactionMetadata, Refused> {
        let owner = self.owner.insecure_clone();
        self.send_paid_by(&owner, instructions, signers)
    }

    /// Sends one transaction whose fee `payer` pays; only he and `signers` sign.
    pub fn send_paid_by(
        &mut self,
        payer: &Keypair,
        instructions: &[Instruction],
        signers: &[&Keypair],
    ) -> Result<TransactionMetadata, Refused> {
        self.svm.expire_blockhash();
        let blockhash = self.svm.latest_blockhash();
        let message = Message::new_with_blockhash(instructions, Some(&payer.pubkey()), &blockhash);
        let signers: Vec<&Keypair> =
            std::iter::once(payer).chain(signers.iter().copied()).collect();
        let transaction = Transaction::new(&signers, message, blockhash);
        self.svm.send_transaction(transaction).map_err(|failed| Refused(failed.err))
    }

    /// Lets somebody else be the chain's owner while `act` runs.
    pub fn acting_as<T>(&mut self, somebody: &Keypair, act: impl FnOnce(&mut Self) -> T) -> T {
        let owner = std::mem::replace(&mut self.owner, somebody.insecure_clone());
        let done = act(self);
        self.owner = owner;
        done
    }

    /// The chain's clocks.
    pub fn now(&self) -> Moment {
        let clock = self.svm.get_sysvar::<Clock>();
        Moment { slot: clock.slot, unix_seconds: clock.unix_timestamp }
    }

    /// Reads an account as the client does.
    pub fn read<T: RegistryAccount>(&self, address: Address) -> Found<T> {
        let account = self.svm.get_account(&address).unwrap();
        let Account { lamports, data, owner, .. } = account;
        registry::parse(&RawAccount { address, owner, lamports, data }).unwrap()
    }

    /// Changes the bytes of an account behind the program's back.
    pub fn edit(&mut self, address: &Address, edit: impl FnOnce(&mut Account)) {
        self.tampered = true;
        let mut account = self.svm.get_account(address).unwrap();
        edit(&mut account);
        self.svm.set_account(*address, account).unwrap();
    }

    /// Changes an account of the program behind its back.
    pub fn rewrite<T: RegistryAccount + bytemuck::Pod>(
        &mut self,
        address: &Address,
        change: impl FnOnce(&mut T),
    ) {
        let mut account: T = self.read(*address).account;
        change(&mut account);
        self.edit(address, |raw| raw.data[8..].copy_from_slice(bytemuck::bytes_of(&account)));
    }

    /// Puts a copy of an account at another address.
    pub fn copy(&mut self, from: &Address, edit: impl FnOnce(&mut Account)) -> Address {
        self.tampered = true;
        let to = Address::new_unique();
        let mut account = self.svm.get_account(from).unwrap();
        edit(&mut account);
        self.svm.set_account(to, account).unwrap();
        to
    }
}

/// Those of `known` that have to sign an instruction.
pub fn signers_of<'a>(
    instruction: &Instruction,
    known: impl IntoIterator<Item = &'a Keypair>,
) -> Vec<Keypair> {
    let mut signers: Vec<Keypair> = Vec::new();
    for key in known {
        let asked =
            instruction.accounts.iter().any(|meta| meta.is_signer && meta.pubkey == key.pubkey());
        if asked && !signers.contains(key) {
            signers.push(key.insecure_clone());
        }
    }
    signers
}

impl Clone for Chain {
    fn clone(&self) -> Self {
        let (svm, owner) = (self.svm.clone(), self.owner.insecure_clone());
        Self { svm, owner, seed: self.seed, keys: self.keys, tampered: self.tampered }
    }
}

/// Every test ends with the invariants, whatever it was about.
impl Drop for Chain {
    fn drop(&mut self) {
        if !self.tampered && !std::thread::panicking() {
            self.check_invariants();
        }
    }
}

fn numbered_key(seed: u64, number: u64) -> Keypair {
    let mut secret = [0; 32];
    secret[..8].copy_from_slice(&seed.to_le_bytes());
    secret[8..16].copy_from_slice(&number.to_le_bytes());
    Keypair::new_from_array(secret)
}
