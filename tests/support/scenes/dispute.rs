use crate::{BOND_MINT, Chain, OpenLog, Refused, TREASURY, leaves, log_args};
use runseal_client::{
    instructions::{
        bonds,
        claims::{self, Slash},
    },
    registry,
};
use runseal_merkle::Tree;
use runseal_registry::{
    RegistryError as Error,
    instructions::ChallengePromiseArgs,
    state::{Claim, ClaimKind, Leaf, Log, Promise, period_context},
};
use solana_address::Address;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;

/// What one upheld claim costs by the tests' config, half of it for the claimant.
pub const SLASH: u64 = 1_000_000;

/// What a challenge deposits.
pub const DEPOSIT: u64 = 10_000_000;

/// A bonded log, somebody who holds a promise of it, and everybody's token accounts.
pub struct Dispute {
    pub chain: Chain,
    pub log: OpenLog,
    pub claimant: Keypair,
    pub claimant_tokens: Address,
    pub treasury_tokens: Address,
}

impl Dispute {
    pub fn new(bond: u64) -> Self {
        let mut chain = Chain::configured();
        chain.make_mint();
        let log = chain.log(log_args());
        let claimant = chain.rich();
        if bond > 0 {
            let owner = chain.owner.pubkey();
            let purse = chain.tokens(BOND_MINT, owner, bond);
            let deposit = bonds::deposit(owner, owner, log.address, BOND_MINT, purse, bond);
            chain.send(&[deposit], &[]).unwrap();
        }
        let claimant_tokens = chain.tokens(BOND_MINT, claimant.pubkey(), 0);
        let treasury_tokens = chain.tokens(BOND_MINT, TREASURY, 0);
        Self { chain, log, claimant, claimant_tokens, treasury_tokens }
    }

    /// The promise that a leaf will be in a period.
    pub fn promise(&self, period: u64, leaf: &Leaf) -> Promise {
        Promise {
            context: period_context(&[9; 32], &self.log.address, period),
            period,
            agent: leaf.agent,
            sequence: u64::from_be_bytes(leaf.sequence),
            digest: leaf.digest,
        }
    }

    pub fn shown(&self, promise: &Promise) -> Instruction {
        let signature = self.log.promise.sign_message(&promise.message());
        claims::show_promise(&self.log.promise.pubkey(), &signature, promise)
    }

    pub fn challenge_of(&self, promise: &Promise) -> Instruction {
        let Promise { period, agent, sequence, digest, .. } = *promise;
        let args = ChallengePromiseArgs { period, agent, sequence, digest };
        claims::challenge(self.claimant.pubkey(), self.log.address, args)
    }

    pub fn challenge(&mut self, period: u64, leaf: &Leaf) -> Result<Address, Refused> {
        let promise = self.promise(period, leaf);
        let both = [self.shown(&promise), self.challenge_of(&promise)];
        self.send_by_claimant(&both)?;
        Ok(self.claim_address(period, leaf))
    }

    /// Two instructions, so a refusal of the second names it.
    pub fn send_by_claimant(&mut self, instructions: &[Instruction]) -> Result<(), Refused> {
        self.chain.send(instructions, &[&self.claimant]).map(drop)
    }

    pub fn claim_address(&self, period: u64, leaf: &Leaf) -> Address {
        let agent = Address::new_from_array(leaf.agent);
        let sequence = u64::from_be_bytes(leaf.sequence);
        registry::claim_address(
            &self.log.address,
            ClaimKind::BrokenPromise,
            period,
            &agent,
            sequence,
            &leaf.digest,
        )
    }

    pub fn slash(&self, claim: Address) -> Slash {
        Slash {
            log: self.log.address,
            claim,
            claimant: self.claimant.pubkey(),
            claimant_tokens: self.claimant_tokens,
            treasury_tokens: self.treasury_tokens,
        }
    }

    pub fn settle(&mut self, claim: Address) -> Result<(), Refused> {
        self.chain.send(&[claims::settle(self.slash(claim))], &[]).map(drop)
    }

    pub fn answer(&mut self, claim: Address, index: u64, tree: &Tree) -> Result<(), Refused> {
        let path = tree.inclusion_path(index).unwrap();
        let operator = self.chain.owner.pubkey();
        let answer = claims::answer(operator, self.log.address, 0, claim, index, path);
        self.chain.send(&[answer], &[]).map(drop)
    }

    pub fn log(&self) -> Log {
        self.chain.read::<Log>(self.log.address).account
    }

    pub fn claim(&self, claim: Address) -> Claim {
        self.chain.read::<Claim>(claim).account
    }

    pub fn lamports(&self, key: &Address) -> u64 {
        self.chain.svm.get_balance(key).unwrap()
    }
}

/// A refusal of the second instruction of a transaction.
pub fn second(error: Error) -> Refused {
    use solana_instruction::error::InstructionError;
    use solana_transaction_error::TransactionError;
    Refused(TransactionError::InstructionError(1, InstructionError::Custom(error as u32)))
}

/// A leaf that no period has.
pub fn missing() -> Leaf {
    Leaf { sequence: 999u64.to_be_bytes(), ..leaves(1)[0] }
}
