use crate::{
    events::ClaimUpheld,
    instructions::proof,
    state::{Anchor, ClaimKind, Leaf, Moment},
    RegistryError,
};
use super::slashing::*;
use anchor_lang::prelude::*;

/// The accounts of `prove_disorder`. Anybody may prove.
#[derive(Accounts)]
pub struct ProveDisorder {
    /// The anchor of the claim's period.
    pub anchor: Account<Anchor>,
    /// The accounts of the slash.
    pub slashing: Nested<Slashing>,
}

impl ProveDisorder {
    /// Reads only: the leaf stands behind the claim's and should not.
    pub fn check(&self, leaf: &Leaf, path: &[[u8; 32]]) -> Result<()> {
        let claim = &self.slashing.claim;
        claim.check_open(ClaimKind::Disorder, self.slashing.log.address())?;
        self.anchor.check_is(self.slashing.log.address(), claim.period)?;
        let ordered = claim.leaf.sort_key() < leaf.sort_key();
        require!(!ordered, RegistryError::LeavesInOrder);
        let index = claim.index.checked_add(1).ok_or(RegistryError::Overflow)?;
        proof::check_leaf(&self.anchor, index, leaf, path)?;
        self.slashing.check()
    }

    /// Writes only.
    pub fn apply(&mut self, now: Moment) -> Result<ClaimUpheld> {
        self.slashing.apply(now)
    }
}
