use crate::{
    instructions::proof,
    state::{Anchor, Leaf},
    RegistryError,
};
use anchor_lang::prelude::*;
use runseal_merkle::adjacent;

/// The receipt that is said to be absent, and what stands where it would.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IdlType, SchemaRead, SchemaWrite)]
pub struct AbsenceArgs {
    /// The agent's account.
    pub agent: [u8; 32],
    /// The receipt's number among the agent's.
    pub sequence: u64,
    /// 0: the period has no leaves. 1: it would stand before the first. 2: behind the last.
    /// 3: between two neighbours.
    pub kind: u8,
    /// Where the left (or only) leaf stands.
    pub index: u64,
    /// The left (or only) leaf.
    pub left: Leaf,
    /// The right leaf; of kinds 0 to 2 all zeros.
    pub right: Leaf,
}

/// The accounts of `verify_absence`.
#[derive(Accounts)]
pub struct VerifyAbsence {
    /// The anchor. Context, count and root come from it and from nowhere else.
    pub anchor: Account<Anchor>,
}

impl VerifyAbsence {
    /// Reads only.
    pub fn check(&self, args: &AbsenceArgs, proof: &[[u8; 32]]) -> Result<()> {
        let anchor = &self.anchor;
        let key = (&args.agent, args.sequence);
        let last = anchor.leaf_count.checked_sub(1);
        match args.kind {
            0 => {
                require!(last.is_none(), RegistryError::NotAround);
                require!(proof.is_empty(), RegistryError::WrongProofLength);
                Ok(())
            }
            1 => {
                require!(args.index == 0 && key < args.left.sort_key(), RegistryError::NotAround);
                proof::check_leaf(anchor, 0, &args.left, proof)
            }
            2 => {
                let behind = Some(args.index) == last && args.left.sort_key() < key;
                require!(behind, RegistryError::NotAround);
                proof::check_leaf(anchor, args.index, &args.left, proof)
            }
            3 => {
                let around = args.left.sort_key() < key && key < args.right.sort_key();
                require!(around, RegistryError::NotAround);
                let left = args.left.hash(&anchor.context);
                let right = args.right.hash(&anchor.context);
                        let (count, root) = (anchor.leaf_count, &anchor.root);
                adjacent::verify(&left, &right, args.index, count, proof, root).map_err(proof::named)
            }
            _ => Err(RegistryError::UnknownAbsence.into()),
        }
    }
}
