use super::{Moment, Uri};
use crate::{RegistryError, constants::STAGE_COUNT};
use anchor_lang::prelude::*;
use bytemuck::{Pod, Zeroable};

/// A version by its three numbers, as semver.org has them. Pre-releases are not registered.
#[repr(C)]
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Pod,
    Zeroable,
    IdlType,
    SchemaRead,
    SchemaWrite,
)]
pub struct SemanticVersion {
    /// Grows with incompatible changes.
    pub major: u32,
    /// Grows with additions.
    pub minor: u32,
    /// Grows with corrections.
    pub patch: u32,
}

/// One published state of an agent. Seeds `"version"`, agent, index.
#[account]
#[derive(Debug, PartialEq, Eq)]
pub struct Version {
    /// Layout version; see [`Version::VERSION`].
    pub version: u8,
    /// Canonical bump of this account's address.
    pub bump: u8,
    /// 1 once the vendor withdrew it, for good; else 0.
    pub yanked: u8,
    /// Zero.
    pub reserved_flags: u8,
    /// What the vendor calls it.
    pub semantic: SemanticVersion,
    /// How many versions of the agent came before.
    pub index: u64,
    /// When it was published.
    pub published_at: Moment,
    /// When it was yanked; zero if it was not.
    pub yanked_at: Moment,
    /// The agent's account.
    pub agent: Address,
    /// SHA-256 of the version's manifest.
    pub manifest_hash: [u8; 32],
    /// SHA-256 of what runs.
    pub code_hash: [u8; 32],
    /// For each stage from A the newest attestation's account; the default address while none is.
    pub newest_attestations: [Address; STAGE_COUNT],
    /// Where the version can be found.
    pub uri: Uri,
    /// Zero, for later versions of the layout.
    pub reserved: [u8; 64],
}

impl Version {
    /// The layout that this program writes.
    pub const VERSION: u8 = 1;

    /// Returns the newest attestation of `stage` (1 to 5).
    pub fn newest_attestation(&self, stage: u8) -> Result<&Address> {
        let index = usize::from(stage).wrapping_sub(1);
        self.newest_attestations.get(index).ok_or(RegistryError::UnknownStage.into())
    }

    /// Makes `attestation` the newest of `stage`.
    pub fn set_newest_attestation(&mut self, stage: u8, attestation: Address) -> Result<()> {
        let index = usize::from(stage).wrapping_sub(1);
        let slot = self.newest_attestations.get_mut(index).ok_or(RegistryError::UnknownStage)?;
        *slot = attestation;
        Ok(())
    }

    /// Holds after every instruction that writes the account.
    pub fn invariant(&self) -> Result<()> {
        require!(self.version == Self::VERSION, RegistryError::UnknownLayoutVersion);
        require!(self.manifest_hash != [0; 32], RegistryError::ManifestHashIsZero);
        require!(self.code_hash != [0; 32], RegistryError::CodeHashIsZero);
        Ok(())
    }
}
