//! A payer, a payee and a receipt: what the tests of the example for integrators stand on.

use crate::{BOND_MINT, Chain, OpenLog, Refused, built_program, leaves, log_args};
use anchor_lang::{InstructionData, ToAccountMetas};
use runseal_client::{instructions::TOKEN_PROGRAM, registry};
use runseal_escrow::{
    accounts,
    constants::{ESCROW_SEED, VAULT_SEED},
    instruction,
    instructions::OpenEscrowArgs,
};
use runseal_merkle::Tree;
use solana_address::Address;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_sdk_ids::system_program;
use solana_signer::Signer;

pub const PRICE: u64 = 700;
/// What the payer has, before he locks the price.
pub const PURSE: u64 = 1_000;
/// Long enough for two periods of a minute.
pub const DEADLINE_SECONDS: i64 = 600;

/// A payer, a payee, and the log that the receipt is to be anchored in.
pub struct EscrowScene {
    pub chain: Chain,
    pub log: OpenLog,
    pub payer: Keypair,
    pub purse: Address,
    pub payee: Keypair,
    pub payee_tokens: Address,
}

impl Default for EscrowScene {
    fn default() -> Self {
        Self::new()
    }
}

impl EscrowScene {
    pub fn new() -> Self {
        let mut chain = Chain::configured();
        chain.svm.add_program(runseal_escrow::ID, &built_program("runseal-escrow")).unwrap();
        chain.make_mint();
        let log = chain.log(log_args());
        let (payer, payee) = (chain.rich(), chain.rich());
        let purse = chain.tokens(BOND_MINT, payer.pubkey(), PURSE);
        let payee_tokens = chain.tokens(BOND_MINT, payee.pubkey(), 0);
        Self { chain, log, payer, purse, payee, payee_tokens }
    }

    /// The same with the price locked for the fourth of [`leaves`].
    pub fn opened() -> Self {
        let mut scene = Self::new();
        scene.open(scene.args()).unwrap();
        scene
    }

    /// The same with a period of nine leaves anchored, the receipt among them.
    pub fn anchored() -> (Self, Tree) {
        let mut scene = Self::opened();
        let (_, tree) = scene.chain.post(&scene.log.clone_keys(), &leaves(9));
        (scene, tree)
    }

    pub fn args(&self) -> OpenEscrowArgs {
        let deadline_seconds = self.chain.now().unix_seconds + DEADLINE_SECONDS;
        let (payee, receipt) = (self.payee.pubkey(), leaves(9)[4]);
        OpenEscrowArgs { number: 1, amount: PRICE, deadline_seconds, payee, receipt }
    }

    pub fn escrow(&self) -> Address {
        derived(&[ESCROW_SEED, self.payer.pubkey().as_ref(), &1u64.to_le_bytes()])
    }

    pub fn vault(&self) -> Address {
        derived(&[VAULT_SEED, self.escrow().as_ref()])
    }

    pub fn opening(&self, args: OpenEscrowArgs) -> (accounts::OpenEscrow, instruction::OpenEscrow) {
        let accounts = accounts::OpenEscrow {
            payer: self.payer.pubkey(),
            log: self.log.address,
            mint: BOND_MINT,
            escrow: self.escrow(),
            vault: self.vault(),
            source: self.purse,
            token_program: TOKEN_PROGRAM,
            system_program: system_program::ID,
        };
        (accounts, instruction::OpenEscrow { args })
    }

    pub fn open(&mut self, args: OpenEscrowArgs) -> Result<(), Refused> {
        let (accounts, data) = self.opening(args);
        self.chain.send(&[escrow_instruction(&accounts, &data)], &[&self.payer]).map(drop)
    }

    pub fn releasing(&self) -> accounts::ReleaseEscrow {
        accounts::ReleaseEscrow {
            escrow: self.escrow(),
            payer: self.payer.pubkey(),
            vault: self.vault(),
            payee_tokens: self.payee_tokens,
            anchor: registry::anchor_address(&self.log.address, 0),
            registry: registry::PROGRAM,
            token_program: TOKEN_PROGRAM,
        }
    }

    pub fn release(&mut self, tree: &Tree) -> Result<(), Refused> {
        self.release_with(&self.releasing(), 4, tree.inclusion_path(4).unwrap())
    }

    pub fn release_with(
        &mut self,
        accounts: &accounts::ReleaseEscrow,
        index: u64,
        path: Vec<[u8; 32]>,
    ) -> Result<(), Refused> {
        let release = escrow_instruction(accounts, &instruction::ReleaseEscrow { index, path });
        self.chain.send(&[release], &[]).map(drop)
    }

    pub fn refunding(&self) -> accounts::RefundEscrow {
        accounts::RefundEscrow {
            escrow: self.escrow(),
            payer: self.payer.pubkey(),
            vault: self.vault(),
            payer_tokens: self.purse,
            token_program: TOKEN_PROGRAM,
        }
    }

    pub fn refund(&mut self) -> Result<(), Refused> {
        self.refund_with(&self.refunding())
    }

    pub fn refund_with(&mut self, accounts: &accounts::RefundEscrow) -> Result<(), Refused> {
        let refund = escrow_instruction(accounts, &instruction::RefundEscrow {});
        self.chain.send(&[refund], &[]).map(drop)
    }

    /// What payer and payee have.
    pub fn amounts(&self) -> (u64, u64) {
        (self.chain.token_amount(&self.purse), self.chain.token_amount(&self.payee_tokens))
    }

    /// Neither the agreement nor its vault is there any more.
    pub fn assert_closed(&self) {
        for address in [self.escrow(), self.vault()] {
            let left = self.chain.svm.get_account(&address).unwrap_or_default();
            assert_eq!((left.lamports, left.data.len()), (0, 0), "{address}");
        }
    }

    pub fn lamports(&self, key: &Address) -> u64 {
        self.chain.svm.get_balance(key).unwrap_or(0)
    }
}

fn derived(seeds: &[&[u8]]) -> Address {
    Address::find_program_address(seeds, &runseal_escrow::ID).0
}

/// Builds an instruction of the escrow program.
pub fn escrow_instruction(
    accounts: &impl ToAccountMetas,
    data: &impl InstructionData,
) -> Instruction {
    let accounts = accounts.to_account_metas(None);
    Instruction { program_id: runseal_escrow::ID, accounts, data: data.data() }
}
