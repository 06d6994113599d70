use super::{Moment, Name};
use crate::{RegistryError, constants::STAGE_COUNT};
use anchor_lang::prelude::*;

/// Who may attest stages. Seeds `"certifier"`, authority: another key is another certifier.
#[account]
#[derive(Debug, PartialEq, Eq)]
pub struct Certifier {
    /// Layout version; see [`Certifier::VERSION`].
    pub version: u8,
    /// Canonical bump of this account's address.
    pub bump: u8,
    /// 1 once it was suspended, for good; else 0.
    pub suspended: u8,
    /// Bit n is set if it is accredited for stage n + 1.
    pub stages: u8,
    /// Zero.
    pub reserved_flags: [u8; 4],
    /// Whatever it issued in this slot or later is void; `u64::MAX` while nothing is.
    pub void_from_slot: u64,
    /// When it was accredited.
    pub accredited_at: Moment,
    /// When it was suspended; zero if it was not.
    pub suspended_at: Moment,
    /// The key that attests.
    pub authority: Address,
    /// Whose key that is.
    pub organisation: Name,
    /// Zero, for later versions of the layout.
    pub reserved: [u8; 64],
}

impl Certifier {
    /// The layout that this program writes.
    pub const VERSION: u8 = 1;

    /// Refuses unless it may attest `stage` now.
    pub fn check_may_attest(&self, stage: u8) -> Result<()> {
        require!(self.suspended == 0, RegistryError::CertifierSuspended);
        require!(self.stages & stage_bit(stage)? != 0, RegistryError::StageNotAccredited);
        Ok(())
    }

    /// Holds after every instruction that writes the account.
    pub fn invariant(&self) -> Result<()> {
        const ALL_STAGES: u8 = (1 << STAGE_COUNT) - 1;
        require!(self.version == Self::VERSION, RegistryError::UnknownLayoutVersion);
        let known = self.stages & !ALL_STAGES == 0;
        require!(known && self.stages != 0, RegistryError::StagesOutOfRange);
        require!(self.authority != Address::default(), RegistryError::AddressNotSet);
        self.organisation.check()
    }
}

/// Returns the bit that stands for `stage` (1 to 5).
pub fn stage_bit(stage: u8) -> Result<u8> {
    let known = stage >= 1 && usize::from(stage) <= STAGE_COUNT;
    require!(known, RegistryError::UnknownStage);
    Ok(1 << (stage - 1))
}
