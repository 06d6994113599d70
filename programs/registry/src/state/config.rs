use super::{Handover, Moment};
use crate::{
    RegistryError,
    constants::{MAX_CLAIMANT_BASIS_POINTS, MAX_NOTICE_SECONDS},
};
use anchor_lang::prelude::*;

/// What holds for the whole program. One account, seeds `"config"`.
#[account]
#[derive(Debug, PartialEq, Eq)]
pub struct Config {
    /// Layout version; see [`Config::VERSION`].
    pub version: u8,
    /// Canonical bump of this account's address.
    pub bump: u8,
    /// 1 while no agent, certifier, auditor or log may be new and no stage attested; else 0. Duties go on: anchors can
    /// be posted, claims answered and settled and bonds withdrawn whatever this says.
    pub paused: u8,
    /// Zero.
    pub reserved_flags: u8,
    /// The part of a slashed bond that goes to the claimant; the rest goes to the treasury.
    pub slash_claimant_basis_points: u16,
    /// Zero.
    pub reserved_shares: [u8; 2],
    /// What one upheld claim costs, in the bond mint's base units; a bond below it is spent by one.
    pub smallest_bond_amount: u64,
    /// What a claimant deposits with a challenge and gets back unless it is answered.
    pub claim_deposit_lamports: u64,
    /// How long a proposed authority waits before it may accept.
    pub authority_notice_seconds: u64,
    /// How long a bond stays claimable after its withdrawal was requested.
    pub unbond_notice_seconds: u64,
    /// When the pending authority was proposed; zero while there is none.
    pub proposed_at: Moment,
    /// When the account was created.
    pub created_at: Moment,
    /// When it last changed.
    pub updated_at: Moment,
    /// Who may change it.
    pub authority: Address,
    /// Who has been asked to take over; the default address while nobody has.
    pub pending_authority: Address,
    /// Whose token account receives the treasury's part of a slash.
    pub treasury: Address,
    /// The SPL mint that bonds are posted in.
    pub bond_mint: Address,
    /// Zero, for later versions.
    pub reserved: [u8; 64],
}

impl Config {
    /// The layout that this program writes.
    pub const VERSION: u8 = 1;

    /// Holds after every instruction that writes the account.
    pub fn invariant(&self) -> Result<()> {
        let nowhere = Address::default();
        require!(self.version == Self::VERSION, RegistryError::UnknownLayoutVersion);
        require!(self.paused <= 1, RegistryError::PauseNotBoolean);
        require!(
            self.slash_claimant_basis_points <= MAX_CLAIMANT_BASIS_POINTS,
            RegistryError::ClaimantShareAboveHalf
        );
        require!(self.smallest_bond_amount > 0, RegistryError::SmallestBondIsZero);
        require!(self.authority_notice_seconds <= MAX_NOTICE_SECONDS, RegistryError::NoticeTooLong);
        require!(self.unbond_notice_seconds <= MAX_NOTICE_SECONDS, RegistryError::NoticeTooLong);
        require!(self.authority != nowhere, RegistryError::AddressNotSet);
        require!(self.treasury != nowhere, RegistryError::AddressNotSet);
        require!(self.bond_mint != nowhere, RegistryError::AddressNotSet);
        Ok(())
    }

    /// Refuses anybody but the authority.
    pub fn check_authority(&self, signer: &Address) -> Result<()> {
        require!(self.authority == *signer, RegistryError::NotAuthority);
        Ok(())
    }

    /// The authority, as something that changes hands.
    pub fn handover(&mut self) -> Handover<'_> {
        Handover {
            authority: &mut self.authority,
            pending: &mut self.pending_authority,
            proposed_at: &mut self.proposed_at,
        }
    }

    /// Refuses while the program takes nothing new.
    pub fn check_not_paused(&self) -> Result<()> {
        require!(self.paused == 0, RegistryError::ProgramPaused);
        Ok(())
    }
}
