//! What the instructions that take proofs share: a wrong proof by its name.

use crate::{
    RegistryError,
    state::{Anchor, Leaf},
};
use anchor_lang::prelude::*;
use runseal_merkle::{ProofError, inclusion};

/// Refuses unless the leaf stands at `index` of the anchor's tree.
pub(crate) fn check_leaf(
    anchor: &Anchor,
    index: u64,
    leaf: &Leaf,
    path: &[[u8; 32]],
) -> Result<()> {
    let leaf = leaf.hash(&anchor.context);
    let proved = inclusion::verify(&leaf, index, anchor.leaf_count, path, &anchor.root);
    proved.map_err(named)
}

/// Gives the tree's refusal a number.
pub(crate) fn named(error: ProofError) -> ProgramError {
    match error {
        ProofError::IndexOutsideTree { .. } | ProofError::CountsReversed { .. } => {
            RegistryError::IndexOutsideTree.into()
        }
        ProofError::WrongLength { .. } => RegistryError::WrongProofLength.into(),
        ProofError::RootMismatch { .. } => RegistryError::RootMismatch.into(),
    }
}
