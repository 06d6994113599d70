use super::{Handover, Moment, Uri};
use crate::{RegistryError, constants::MAX_HEARTBEAT_CADENCE_SECONDS};
use anchor_lang::prelude::*;

/// One agent, for as long as it is known. Seeds `"agent"`, identity key.
#[account]
#[derive(Debug, PartialEq, Eq)]
pub struct Agent {
    /// Layout version; see [`Agent::VERSION`].
    pub version: u8,
    /// Canonical bump of this account's address.
    pub bump: u8,
    /// An [`AgentStatus`] as a byte.
    pub status: u8,
    /// Zero.
    pub reserved_flags: u8,
    /// How often the agent promises to be heard of; 0 means that it promises nothing.
    pub heartbeat_cadence_seconds: u32,
    /// How many versions have been published; the newest has this index less one.
    pub version_count: u64,
    /// When the agent was registered.
    pub registered_at: Moment,
    /// When its manifest, URI or cadence last changed.
    pub updated_at: Moment,
    /// When its status last changed.
    pub status_changed_at: Moment,
    /// When its authority last changed hands.
    pub authority_changed_at: Moment,
    /// When the pending authority was proposed; zero while there is none.
    pub proposed_at: Moment,
    /// When it was last heard of; zero if it never was.
    pub last_heartbeat_at: Moment,
    /// The key that the agent signs its receipts with. It signed its own registration.
    pub identity: Address,
    /// The vendor that answers for the agent and may change this account.
    pub authority: Address,
    /// Who has been asked to take over; the default address while nobody has.
    pub pending_authority: Address,
    /// SHA-256 of the agent's manifest.
    pub manifest_hash: [u8; 32],
    /// Where the manifest can be found; the hash says whether it is the right one.
    pub uri: Uri,
    /// Zero, for later versions.
    pub reserved: [u8; 64],
}

impl Agent {
    /// The layout that this program writes.
    pub const VERSION: u8 = 1;

    /// Returns the status, or an error for a byte that no status has.
    pub fn status(&self) -> Result<AgentStatus> {
        AgentStatus::from_byte(self.status).ok_or(RegistryError::UnknownStatus.into())
    }

    /// Refuses anybody but the vendor, and every change of an archived agent.
    pub fn check_authority(&self, signer: &Address) -> Result<()> {
        require!(self.authority == *signer, RegistryError::NotAuthority);
        require!(self.status != AgentStatus::Archived as u8, RegistryError::AgentArchived);
        Ok(())
    }

    /// Refuses an agent that was stopped for good.
    pub fn check_not_retired(&self) -> Result<()> {
        require!(self.status < AgentStatus::Retired as u8, RegistryError::AgentRetired);
        Ok(())
    }

    /// The vendor's authority, as something that changes hands.
    pub fn handover(&mut self) -> Handover<'_> {
        Handover {
            authority: &mut self.authority,
            pending: &mut self.pending_authority,
            proposed_at: &mut self.proposed_at,
        }
    }

    /// Holds after every instruction that writes the account.
    pub fn invariant(&self) -> Result<()> {
        require!(self.version == Self::VERSION, RegistryError::UnknownLayoutVersion);
        self.status()?;
        require!(self.manifest_hash != [0; 32], RegistryError::ManifestHashIsZero);
        require!(
            self.heartbeat_cadence_seconds <= MAX_HEARTBEAT_CADENCE_SECONDS,
            RegistryError::HeartbeatCadenceTooLong
        );
        require!(self.authority != self.identity, RegistryError::AuthorityIsIdentity);
        Ok(())
    }
}

/// Where an agent stands in its life.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgentStatus {
    /// Known, with no version in use yet.
    Registered = 1,
    /// In use.
    Active = 2,
    /// Stopped for now by its vendor.
    Paused = 3,
    /// Stopped for good; its record stays open to corrections of its URI.
    Retired = 4,
    /// Closed to every change.
    Archived = 5,
}

impl AgentStatus {
    /// Returns the status that `byte` stands for. Zero stands for none, so that an account that
    /// was never written has no status.
    pub const fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            1 => Some(Self::Registered),
            2 => Some(Self::Active),
            3 => Some(Self::Paused),
            4 => Some(Self::Retired),
            5 => Some(Self::Archived),
            _ => None,
        }
    }

    /// Says whether an agent may go from this status to `next`.
    pub const fn may_become(self, next: Self) -> bool {
        matches!(
            (self, next),
            (Self::Registered | Self::Paused, Self::Active)
                | (Self::Active, Self::Paused)
                | (Self::Registered | Self::Active | Self::Paused, Self::Retired)
                | (Self::Retired, Self::Archived)
        )
    }

    /// Returns the word for the status.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::Active => "active",
            Self::Paused => "paused",
            Self::Retired => "retired",
            Self::Archived => "archived",
        }
    }
}
