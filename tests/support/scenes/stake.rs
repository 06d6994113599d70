use crate::{BOND_MINT, Chain, OpenLog, Refused, log_args};
use runseal_client::{instructions::bonds, registry};
use runseal_registry::state::Log;
use solana_address::Address;
use solana_signer::Signer;

/// The notice of the tests' config: longer than what the log itself asks for.
pub const NOTICE_SECONDS: i64 = 1_209_600;

/// A log whose operator has a thousand tokens, and the account they are in.
pub struct Stake {
    pub chain: Chain,
    pub log: OpenLog,
    pub purse: Address,
}

impl Stake {
    pub fn set_up() -> Self {
        let mut chain = Chain::configured();
        chain.make_mint();
        let log = chain.log(log_args());
        let purse = chain.tokens(BOND_MINT, chain.owner.pubkey(), 1_000);
        Self { chain, log, purse }
    }

    pub fn deposit(&mut self, amount: u64) -> Result<(), Refused> {
        let owner = self.chain.owner.pubkey();
        let deposit = bonds::deposit(owner, owner, self.log.address, BOND_MINT, self.purse, amount);
        self.chain.send(&[deposit], &[]).map(drop)
    }

    pub fn request(&mut self, amount: u64) -> Result<(), Refused> {
        let request = bonds::request_unbond(self.chain.owner.pubkey(), self.log.address, amount);
        self.chain.send(&[request], &[]).map(drop)
    }

    pub fn withdraw(&mut self) -> Result<(), Refused> {
        let owner = self.chain.owner.pubkey();
        let withdraw = bonds::withdraw(owner, self.log.address, self.purse);
        self.chain.send(&[withdraw], &[]).map(drop)
    }

    /// What the log says, what the bond's account has, what the operator has.
    pub fn amounts(&self) -> (u64, u64, u64) {
        let bond = registry::bond_address(&self.log.address);
        let log = self.chain.read::<Log>(self.log.address).account;
        (log.bond_amount, self.chain.token_amount(&bond), self.chain.token_amount(&self.purse))
    }
}
