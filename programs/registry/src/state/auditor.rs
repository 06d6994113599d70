use super::{Moment, Name};
use crate::RegistryError;
use anchor_lang::prelude::*;

/// A key that cosigns anchors for an organisation. Seeds `"auditor"`, authority.
#[account]
#[derive(Debug, PartialEq, Eq)]
pub struct Auditor {
    /// Layout version; see [`Auditor::VERSION`].
    pub version: u8,
    /// Canonical bump of this account's address.
    pub bump: u8,
    /// Zero.
    pub reserved_flags: [u8; 6],
    /// When it was registered.
    pub registered_at: Moment,
    /// The key that cosigns.
    pub authority: Address,
    /// Whose key that is.
    pub organisation: Name,
    /// Zero, for later versions of the layout.
    pub reserved: [u8; 64],
}

impl Auditor {
    /// The layout that this program writes.
    pub const VERSION: u8 = 1;

    /// Holds after every instruction that writes the account.
    pub fn invariant(&self) -> Result<()> {
        require!(self.version == Self::VERSION, RegistryError::UnknownLayoutVersion);
        require!(self.authority != Address::default(), RegistryError::AddressNotSet);
        self.organisation.check()
    }
}

/// One organisation's signature under one anchor. Seeds `"cosign"`, anchor, organisation: so an
/// organisation counts once, however many keys it has.
#[account]
#[derive(Debug, PartialEq, Eq)]
pub struct Cosignature {
    /// Layout version; see [`Cosignature::VERSION`].
    pub version: u8,
    /// Canonical bump of this account's address.
    pub bump: u8,
    /// Zero.
    pub reserved_flags: [u8; 6],
    /// When it was given.
    pub signed_at: Moment,
    /// The anchor's account.
    pub anchor: Address,
    /// The hash of the anchor that was cosigned.
    pub anchor_hash: [u8; 32],
    /// The auditor's account.
    pub auditor: Address,
    /// The organisation.
    pub organisation: Name,
    /// Zero, for later versions of the layout.
    pub reserved: [u8; 32],
}

impl Cosignature {
    /// The layout that this program writes.
    pub const VERSION: u8 = 1;
}
