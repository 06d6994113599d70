//! Every instruction as it works, on the chain as it is just before: where the tests of what all
//! instructions have in common begin.

mod agents;
mod certification;
mod claims;
mod config;
mod logs;
mod proofs;

use crate::{Chain, Refused, Town};
use litesvm::types::TransactionMetadata;
use solana_instruction::Instruction;
use solana_keypair::Keypair;

/// An instruction that works. Whoever has two parts in it has two keys, and none is the courier's.
pub struct Staged {
    /// The instruction's name in the interface.
    pub name: &'static str,
    pub chain: Chain,
    /// Pays the fee, and has no part in the instruction.
    pub courier: Keypair,
    /// Has lamports, and no part in the instruction.
    pub stranger: Keypair,
    /// What stands directly before it in the transaction.
    pub before: Vec<Instruction>,
    pub instruction: Instruction,
    pub signers: Vec<Keypair>,
}

impl Staged {
    /// The instruction on the town's chain as it is now.
    fn new(
        name: &'static str,
        town: &Town,
        instruction: Instruction,
        signers: &[&Keypair],
    ) -> Self {
        Self {
            name,
            chain: town.chain.clone(),
            courier: town.courier.insecure_clone(),
            stranger: town.stranger.insecure_clone(),
            before: Vec::new(),
            instruction,
            signers: signers.iter().map(|signer| signer.insecure_clone()).collect(),
        }
    }

    /// The same again.
    pub fn again(&self) -> Self {
        Self {
            name: self.name,
            chain: self.chain.clone(),
            courier: self.courier.insecure_clone(),
            stranger: self.stranger.insecure_clone(),
            before: self.before.clone(),
            instruction: self.instruction.clone(),
            signers: self.signers.iter().map(Keypair::insecure_clone).collect(),
        }
    }

    /// Sends what works.
    pub fn send(&mut self) -> Result<TransactionMetadata, Refused> {
        let instruction = self.instruction.clone();
        self.send_instead(instruction, &[])
    }

    /// Sends `instruction` in the place of what works. Whoever of the signers, the stranger and
    /// `others` has to sign, does.
    pub fn send_instead(
        &mut self,
        instruction: Instruction,
        others: &[Keypair],
    ) -> Result<TransactionMetadata, Refused> {
        let known = self.signers.iter().chain([&self.stranger]).chain(others);
        let signers = crate::signers_of(&instruction, known);
        let signers: Vec<&Keypair> = signers.iter().collect();
        let mut all = self.before.clone();
        all.push(instruction);
        self.chain.send_paid_by(&self.courier, &all, &signers)
    }

    /// Where the instruction stands in its transaction.
    pub fn index(&self) -> u8 {
        u8::try_from(self.before.len()).unwrap()
    }
}

/// All 41 instructions.
pub fn every_instruction() -> Vec<Staged> {
    let mut staged = vec![config::initialize()];
    let town = &mut Town::new();
    staged.extend(config::staged(town));
    staged.extend(agents::staged(town));
    staged.extend(certification::staged(town));
    staged.extend(proofs::staged(town));
    staged.extend(logs::staged(town));
    staged.extend(claims::staged(town));
    staged
}
