use super::{Leaf, Moment};
use crate::RegistryError;
use anchor_lang::prelude::*;

/// What an operator is accused of.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimKind {
    /// A promised receipt is not in its period.
    BrokenPromise = 1,
    /// Two neighbouring leaves of a period are not in order.
    Disorder = 2,
}

/// Where a claim stands.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimState {
    /// Not decided.
    Open = 1,
    /// The operator showed the receipt.
    Answered = 2,
    /// The operator was slashed.
    Upheld = 3,
}

/// An accusation, for good. Seeds `"claim"`, log, kind, period, agent, sequence
/// or index, digest.
#[account]
#[derive(Debug, PartialEq, Eq)]
pub struct Claim {
    /// Layout version; see [`Claim::VERSION`].
    pub version: u8,
    /// Canonical bump of this account's address.
    pub bump: u8,
    /// A [`ClaimKind`] as a byte.
    pub kind: u8,
    /// A [`ClaimState`] as a byte.
    pub state: u8,
    /// Zero.
    pub reserved_flags: [u8; 4],
    /// The period that it is about.
    pub period: u64,
    /// Of a disorder claim, where the first of the two leaves stands.
    pub index: u64,
    /// What the claimant deposited and nobody has received yet.
    pub deposit_lamports: u64,
    /// What the operator lost, in the bond mint's base units.
    pub slashed_amount: u64,
    /// Of a challenge, until when it can be answered.
    pub answer_by_seconds: i64,
    /// When it was opened.
    pub opened_at: Moment,
    /// When it was decided; zero while it is not.
    pub decided_at: Moment,
    /// The log's account.
    pub log: Address,
    /// Who accuses.
    pub claimant: Address,
    /// The receipt that was promised, or the first of the two leaves.
    pub leaf: Leaf,
    /// Zero, for later versions of the layout.
    pub reserved: [u8; 64],
}

impl Claim {
    /// The layout that this program writes.
    pub const VERSION: u8 = 1;

    /// Refuses a claim of another kind, of another log, or one that was decided.
    pub fn check_open(&self, kind: ClaimKind, log: &Address) -> Result<()> {
        require!(self.log == *log, RegistryError::ClaimOfOther);
        require!(self.kind == kind as u8, RegistryError::ClaimOfOtherKind);
        require!(self.state == ClaimState::Open as u8, RegistryError::ClaimNotOpen);
        Ok(())
    }

    /// Decides the claim.
    pub fn decide(&mut self, state: ClaimState, slashed_amount: u64, now: Moment) {
        self.state = state as u8;
        self.slashed_amount = slashed_amount;
        self.decided_at = now;
    }
}
