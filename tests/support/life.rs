//! Everything that can happen on a chain, in random order, against a model of what should.
//!
//! A step is an instruction by somebody, right or wrong. The model says beforehand whether it is
//! legal; the program must agree. Then every account that was named is compared with the model.

mod agents;
mod anchors;
mod bonds;
mod certification;
mod check;
mod claims;
mod config;
mod hostile;
mod logs;
mod model;
mod proofs;
mod random;

use crate::{BOND_MINT, Chain, config_args};
use litesvm::types::TransactionMetadata;
use model::{Held, Model};
use random::Random;
use runseal_client::{instructions, registry};
use runseal_registry::instructions::SetParametersArgs;
use solana_account::Account;
use solana_address::Address;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_message::Message;
use solana_signer::Signer;
use solana_transaction::Transaction;
use std::collections::{BTreeMap, BTreeSet};

const ACTORS: usize = 10;
const PURSE: u64 = 1_000_000_000_000;
const SMALLEST_BOND: u64 = 1_000;

/// A chain, the people on it, and the model.
pub struct Life {
    chain: Chain,
    random: Random,
    keys: BTreeMap<Address, Keypair>,
    /// Vendors, operators, claimants, auditors and strangers: everybody is any of them.
    actors: Vec<Address>,
    /// Each actor's and each treasury's token account.
    purses: BTreeMap<Address, Address>,
    treasuries: [Address; 2],
    model: Model,
    known: BTreeMap<Address, Object>,
    /// How often each kind of step was accepted and refused.
    pub counts: BTreeMap<&'static str, [u64; 2]>,
}

/// What an address is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Object {
    Config,
    Agent(usize),
    Version(usize),
    Certifier(Address),
    Attestation(usize),
    Log(usize),
    Anchor(usize, usize),
    Claim(usize),
}

/// One thing that somebody tries.
struct Step {
    name: &'static str,
    instructions: Vec<Instruction>,
    signers: Vec<Address>,
    legal: bool,
    effect: Effect,
}

type Effect = Box<dyn FnOnce(&mut Life, &TransactionMetadata)>;

impl Step {
    fn new(
        name: &'static str,
        instruction: Instruction,
        signers: &[Address],
        legal: bool,
        effect: impl FnOnce(&mut Life) + 'static,
    ) -> Self {
        let effect: Effect = Box::new(|life, _| effect(life));
        Self { name, instructions: vec![instruction], signers: signers.to_vec(), legal, effect }
    }
}

impl Life {
    /// A configured chain whose actors all have lamports and tokens.
    pub fn new(seed: u64) -> Self {
        let mut chain = Chain::new();
        chain.make_mint();
        let actors: Vec<Keypair> = (0..ACTORS).map(|_| chain.rich()).collect();
        let treasuries = [Address::new_from_array([2; 32]), Address::new_from_array([22; 32])];
        let owner = chain.owner.pubkey();
        let mut args = config_args(actors[0].pubkey());
        args.treasury = treasuries[0];
        args.smallest_bond_amount = SMALLEST_BOND;
        (args.authority_notice_seconds, args.unbond_notice_seconds) = (50, 100);
        let configure = instructions::config::initialize(owner, owner, args.clone());
        chain.send(&[configure], &[]).unwrap();
        let parameters = SetParametersArgs {
            treasury: args.treasury,
            bond_mint: args.bond_mint,
            smallest_bond_amount: args.smallest_bond_amount,
            claim_deposit_lamports: args.claim_deposit_lamports,
            authority_notice_seconds: args.authority_notice_seconds,
            unbond_notice_seconds: args.unbond_notice_seconds,
            slash_claimant_basis_points: args.slash_claimant_basis_points,
        };
        let mut life = Self {
            chain,
            random: Random::new(seed),
            keys: BTreeMap::new(),
            actors: actors.iter().map(Signer::pubkey).collect(),
            purses: BTreeMap::new(),
            treasuries,
            model: Model {
                authority: Held::by(args.authority),
                parameters,
                paused: false,
                agents: Vec::new(),
                versions: Vec::new(),
                certifiers: BTreeMap::new(),
                attestations: Vec::new(),
                logs: Vec::new(),
                auditors: BTreeMap::new(),
                claims: Vec::new(),
                tokens: BTreeMap::new(),
            },
            known: BTreeMap::from([(registry::config_address(), Object::Config)]),
            counts: BTreeMap::new(),
        };
        life.keys.extend(actors.into_iter().map(|key| (key.pubkey(), key)));
        for actor in life.actors.clone() {
            life.give_purse(actor, PURSE);
        }
        life.give_purse(treasuries[0], 0);
        life.give_purse(treasuries[1], 0);
        life
    }

    /// Tries one thing and checks what came of it.
    pub fn step(&mut self) {
        self.pass_time();
        let step = self.choose();
        let step = self.perhaps_spoil(step);
        let addresses = self.addresses_of(&step);
        let before = self.snapshot(&addresses);
        let (accepted, fee, done) = self.send(&step);
        let after = self.snapshot(&addresses);
        let shown = format!("{} by {:?}", step.name, step.signers);
        let sum = |accounts: &[Account]| -> u128 {
            accounts.iter().map(|account| u128::from(account.lamports)).sum()
        };
        assert_eq!(sum(&before), sum(&after) + u128::from(fee), "lamports: {shown}");
        assert_eq!(accepted.is_ok(), step.legal, "{shown}: {accepted:?}");
        self.counts.entry(step.name).or_default()[usize::from(!step.legal)] += 1;
        if step.legal {
            (step.effect)(self, &done);
        } else {
            self.assert_only_fee_paid(&addresses, &before, &after, fee, &shown);
        }
        for address in &addresses {
            self.check(address, &shown);
        }
    }

    fn choose(&mut self) -> Step {
        match self.random.below(100) {
            0..6 => self.config_step(),
            6..20 => self.agent_step(),
            20..36 => self.certification_step(),
            36..64 => self.log_step(),
            64..74 => self.bond_step(),
            74..94 => self.claim_step(),
            _ => self.proof_step(),
        }
    }

    fn pass_time(&mut self) {
        // A jump of days leaves every log behind; it is rare, or nothing else would be seen.
        let seconds = match self.random.below(5_000) {
            0..2_500 => 0,
            2_500..4_600 => self.random.below(8),
            4_600..4_980 => self.random.below(40),
            4_980..4_999 => self.random.below(400),
            _ => self.random.below(40 * 86_400),
        };
        self.chain.advance(i64::try_from(seconds).unwrap());
    }

    /// Now and then lets time pass until a moment at which something changes, a second before or
    /// a second after: rules are broken at their edges first.
    fn approach(&mut self, moment: Option<i64>) {
        const NOT_TOO_FAR_SECONDS: i64 = 900;
        let by = i64::try_from(self.random.below(3)).unwrap() - 1;
        let ahead = moment.map(|moment| moment.saturating_add(by) - self.chain.now().unix_seconds);
        let chosen = self.random.chance(12);
        if let Some(ahead) =
            ahead.filter(|ahead| (0..NOT_TOO_FAR_SECONDS).contains(ahead) && chosen)
        {
            self.chain.advance(ahead);
        }
    }

    /// Sends the step; the chain's owner pays the fee.
    fn send(&mut self, step: &Step) -> (Result<(), String>, u64, TransactionMetadata) {
        let owner = self.chain.owner.insecure_clone();
        let signers: BTreeSet<Address> = step.signers.iter().copied().collect();
        let mut keys: Vec<&Keypair> = vec![&owner];
        keys.extend(signers.iter().map(|signer| &self.keys[signer]));
        self.chain.svm.expire_blockhash();
        let blockhash = self.chain.svm.latest_blockhash();
        let message =
            Message::new_with_blockhash(&step.instructions, Some(&owner.pubkey()), &blockhash);
        let mut transaction = Transaction::new_unsigned(message);
        transaction.partial_sign(&keys, blockhash);
        match self.chain.svm.send_transaction(transaction) {
            Ok(done) => (Ok(()), done.fee, done),
            Err(failed) => {
                let why = format!("{:?}\n{}", failed.err, failed.meta.pretty_logs());
                (Err(why), failed.meta.fee, failed.meta)
            }
        }
    }

    /// Every account that the step can touch.
    fn addresses_of(&self, step: &Step) -> Vec<Address> {
        let named = step.instructions.iter().flat_map(|instruction| &instruction.accounts);
        let addresses = named.map(|meta| meta.pubkey).chain([self.chain.owner.pubkey()]);
        addresses.collect::<BTreeSet<_>>().into_iter().collect()
    }

    fn snapshot(&self, addresses: &[Address]) -> Vec<Account> {
        let read = |address| self.chain.svm.get_account(address).unwrap_or_default();
        addresses.iter().map(read).collect()
    }

    fn give_purse(&mut self, owner: Address, amount: u64) {
        let purse = self.chain.tokens(BOND_MINT, owner, amount);
        self.purses.insert(owner, purse);
        self.model.tokens.insert(purse, amount);
    }

    fn actor(&mut self) -> Address {
        let index = self.random.index(self.actors.len());
        self.actors[index]
    }

    /// Who may, but for one time in eight.
    fn mostly(&mut self, right: Address) -> Address {
        if self.random.chance(87) { right } else { self.actor() }
    }

    /// A key that nobody has yet.
    fn new_key(&mut self) -> Address {
        let key = self.chain.key();
        let address = key.pubkey();
        self.keys.insert(address, key);
        address
    }
}
