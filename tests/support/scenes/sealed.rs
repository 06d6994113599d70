use crate::{Chain, OpenLog, Refused, leaves, log_args};
use runseal_client::{instructions::proofs, registry};
use runseal_merkle::Tree;
use runseal_registry::{instructions::AbsenceArgs, state::Leaf};
use solana_address::Address;
use solana_instruction::Instruction;

/// A log with one anchored period of `count` leaves.
pub struct Sealed {
    pub chain: Chain,
    pub log: OpenLog,
    pub anchor: Address,
    pub leaves: Vec<Leaf>,
    pub tree: Tree,
}

impl Sealed {
    pub fn new(count: u64) -> Self {
        let mut chain = Chain::configured();
        let log = chain.log(log_args());
        let leaves = leaves(count);
        let (_, tree) = chain.post(&log, &leaves);
        let anchor = registry::anchor_address(&log.address, 0);
        Self { chain, log, anchor, leaves, tree }
    }

    pub fn include(&mut self, index: u64, leaf: Leaf, path: Vec<[u8; 32]>) -> Result<u64, Refused> {
        let verify = proofs::verify_inclusion(self.anchor, index, leaf, path);
        self.returned(verify)
    }

    pub fn absent(&mut self, args: AbsenceArgs, proof: Vec<[u8; 32]>) -> Result<u64, Refused> {
        let verify = proofs::verify_absence(self.anchor, args, proof);
        self.returned(verify)
    }

    pub fn returned(&mut self, verify: Instruction) -> Result<u64, Refused> {
        let mut data = self.chain.send(&[verify], &[])?.return_data.data;
        data.resize(8, 0);
        Ok(u64::from_le_bytes(data.try_into().unwrap()))
    }

    /// The absence of a sequence of the leaves' agent, between the leaves at `index` and behind it.
    pub fn between(&self, sequence: u64, index: u64) -> (AbsenceArgs, Vec<[u8; 32]>) {
        let left = self.leaves[index as usize];
        let right = self.leaves[index as usize + 1];
        let args = AbsenceArgs { agent: [7; 32], sequence, kind: 3, index, left, right };
        (args, self.tree.adjacent_proof(index).unwrap())
    }

    /// The absence of a sequence at one end.
    pub fn at_end(&self, sequence: u64, kind: u8, index: u64) -> (AbsenceArgs, Vec<[u8; 32]>) {
        let left = self.leaves[index as usize];
        let right = Leaf::default();
        let args = AbsenceArgs { agent: [7; 32], sequence, kind, index, left, right };
        (args, self.tree.inclusion_path(index).unwrap())
    }
}
