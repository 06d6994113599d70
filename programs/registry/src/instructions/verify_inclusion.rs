use crate::{
    instructions::proof,
    state::{Anchor, Leaf},
};
use anchor_lang::prelude::*;

/// The accounts of `verify_inclusion`.
#[derive(Accounts)]
pub struct VerifyInclusion {
    /// The anchor. Context, count and root come from it and from nowhere else.
    pub anchor: Account<Anchor>,
}

impl VerifyInclusion {
    /// Reads only.
    pub fn check(&self, index: u64, leaf: &Leaf, path: &[[u8; 32]]) -> Result<()> {
        proof::check_leaf(&self.anchor, index, leaf, path)
    }
}
