use crate::{instructions::proof, state::Log};
use anchor_lang::prelude::*;
use runseal_merkle::inclusion;

/// The accounts of `verify_anchor_in_log`.
#[derive(Accounts)]
pub struct VerifyAnchorInLog {
    /// The log. It proves its anchors also after their accounts were closed.
    pub log: Account<Log>,
}

impl VerifyAnchorInLog {
    /// Reads only.
    pub fn check(&self, period: u64, anchor_hash: &[u8; 32], path: &[[u8; 32]]) -> Result<()> {
        let leaf = runseal_merkle::leaf_hash(&[anchor_hash]);
        let (count, root) = (self.log.next_period, self.log.range_root()?);
        inclusion::verify(&leaf, period, count, path, &root).map_err(proof::named)
    }
}
