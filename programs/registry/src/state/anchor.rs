use super::Moment;
use crate::{
    RegistryError,
    constants::{ANCHOR_DOMAIN, PERIOD_DOMAIN},
};
use anchor_lang::prelude::*;
use solana_sha256_hasher::hashv;

/// The root of one period. Seeds `"anchor"`, log, period.
#[account]
#[derive(Debug, PartialEq, Eq)]
pub struct Anchor {
    /// Layout version; see [`Anchor::VERSION`].
    pub version: u8,
    /// Canonical bump of this account's address.
    pub bump: u8,
    /// A [`Timeliness`] as a byte.
    pub timeliness: u8,
    /// Zero.
    pub reserved_flags: u8,
    /// How many organisations cosigned it.
    pub cosignature_count: u32,
    /// Its number.
    pub period: u64,
    /// How many leaves it has.
    pub leaf_count: u64,
    /// How many leaves the log has, these included.
    pub cumulative_leaf_count: u64,
    /// Unix time at which the period begins.
    pub start_seconds: i64,
    /// Unix time at which it ends, and the next begins.
    pub end_seconds: i64,
    /// When it was posted.
    pub posted_at: Moment,
    /// The log's account.
    pub log: Address,
    /// The period's context, which every leaf begins with.
    pub context: [u8; 32],
    /// The root of the leaves.
    pub root: [u8; 32],
    /// The hash of the anchor before; zero for the first.
    pub previous_anchor_hash: [u8; 32],
    /// This anchor's hash, over everything above but the cosignatures.
    pub anchor_hash: [u8; 32],
    /// Who paid the rent and gets it back when the account is closed.
    pub payer: Address,
    /// Zero, for later versions of the layout.
    pub reserved: [u8; 32],
}

impl Anchor {
    /// The layout that this program writes.
    pub const VERSION: u8 = 1;

    /// Computes the hash that the next anchor and the mountain range take up.
    pub fn compute_hash(&self) -> [u8; 32] {
        hashv(&[
            ANCHOR_DOMAIN,
            &self.context,
            &self.root,
            &self.leaf_count.to_le_bytes(),
            &self.cumulative_leaf_count.to_le_bytes(),
            &self.previous_anchor_hash,
            &self.start_seconds.to_le_bytes(),
            &self.end_seconds.to_le_bytes(),
            &self.posted_at.slot.to_le_bytes(),
            &self.posted_at.unix_seconds.to_le_bytes(),
        ])
        .to_bytes()
    }

    /// Refuses an anchor of another log or period.
    pub fn check_is(&self, log: &Address, period: u64) -> Result<()> {
        require!(self.log == *log && self.period == period, RegistryError::AnchorOfOtherLog);
        Ok(())
    }

    /// Holds after every instruction that writes the account.
    pub fn invariant(&self) -> Result<()> {
        require!(self.version == Self::VERSION, RegistryError::UnknownLayoutVersion);
        let empty = self.leaf_count == 0;
        let empty_root = self.root == runseal_merkle::EMPTY_ROOT;
        require!(empty == empty_root, RegistryError::EmptyRootMismatch);
        require!(self.cumulative_leaf_count >= self.leaf_count, RegistryError::Overflow);
        require!(self.end_seconds <= self.posted_at.unix_seconds, RegistryError::PeriodNotOver);
        Ok(())
    }
}

/// Returns the context of a period: which chain, which log, which period.
pub fn period_context(genesis_hash: &[u8; 32], log: &Address, period: u64) -> [u8; 32] {
    hashv(&[PERIOD_DOMAIN, genesis_hash, log.as_ref(), &period.to_le_bytes()]).to_bytes()
}

/// How an anchor was posted.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timeliness {
    /// Within the grace.
    InTime = 0,
    /// After the grace, by a cadence at most.
    Late = 1,
    /// Later than that: the operator was silent for a whole period.
    Missed = 2,
}
