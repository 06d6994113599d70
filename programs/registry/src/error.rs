//! Every way in which the program says no, numbered by family and only ever added to.

#![warn(missing_docs)]

use anchor_lang::prelude::*;

/// A refusal: its number is stable, its message says what is wrong.
#[error_code(offset = 0)]
#[derive(Debug, PartialEq, Eq)]
pub enum RegistryError {
    // 6000: config
    /// The signer is not the upgrade authority recorded in the program's data account.
    #[msg("the signer is not the program's upgrade authority")]
    NotUpgradeAuthority = 6000,
    /// The account given as program data is not this program's, or not in the loader's layout.
    #[msg("the account is not this program's data account")]
    NotProgramData = 6001,
    /// The claimant's share of a slash is above one hundred percent.
    #[msg("the claimant's share of a slash is above 10000 basis points")]
    SlashSplitAboveWhole = 6002,
    /// A notice time is above its maximum.
    #[msg("a notice time is above 366 days")]
    NoticeTooLong = 6003,
    /// The address of the treasury, the authority or the bond mint is the default one.
    #[msg("an address that must be set is the default address")]
    AddressNotSet = 6004,
    /// The smallest bond is zero, so that a broken promise would cost nothing.
    #[msg("the smallest bond is zero")]
    SmallestBondIsZero = 6005,
    /// The program is paused for new registrations.
    #[msg("the program is paused")]
    ProgramPaused = 6006,
    /// The account's layout version is not one that this program reads.
    #[msg("the account's layout version is unknown")]
    UnknownLayoutVersion = 6007,

    // 6100: agents
    /// The URI is longer than 128 bytes.
    #[msg("the URI is longer than 128 bytes")]
    UriTooLong = 6100,
    /// The URI holds a byte outside printable ASCII (0x21 to 0x7e).
    #[msg("the URI holds a byte that is not printable ASCII")]
    UriNotPrintable = 6101,
    /// The manifest hash is all zeros, so the agent's manifest could not be checked.
    #[msg("the manifest hash is zero")]
    ManifestHashIsZero = 6102,
    /// The heartbeat cadence is above 31 days.
    #[msg("the heartbeat cadence is above 31 days")]
    HeartbeatCadenceTooLong = 6103,
    /// The vendor's authority and the agent's identity are the same key.
    #[msg("the vendor's authority and the agent's identity key are the same")]
    AuthorityIsIdentity = 6104,
}
