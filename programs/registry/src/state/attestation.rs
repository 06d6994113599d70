use super::{Certifier, Moment};
use crate::RegistryError;
use anchor_lang::prelude::*;
use bytemuck::{Pod, Zeroable};

/// What a certifier measured.
#[repr(C)]
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Pod, Zeroable, IdlType, SchemaRead, SchemaWrite,
)]
pub struct Metrics {
    /// How many runs were made.
    pub run_count: u64,
    /// How many of them did what they should.
    pub success_count: u64,
    /// Half of the runs took no longer.
    pub p50_latency_milliseconds: u32,
    /// 95 in 100 took no longer.
    pub p95_latency_milliseconds: u32,
    /// 99 in 100 took no longer.
    pub p99_latency_milliseconds: u32,
    /// How long the agent was left running.
    pub soak_hours: u32,
}

impl Metrics {
    /// Refuses numbers that cannot all be true.
    pub fn check(&self) -> Result<()> {
        let sorted = self.p50_latency_milliseconds <= self.p95_latency_milliseconds
            && self.p95_latency_milliseconds <= self.p99_latency_milliseconds;
        let counted = self.success_count <= self.run_count;
        require!(sorted && counted, RegistryError::MetricsContradict);
        Ok(())
    }
}

/// How an attestation came out.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The version has the stage.
    Passed = 1,
    /// It has not.
    Failed = 2,
}

/// A certifier's word about one stage of one version. Seeds `"attestation"`, version, stage,
/// certifier, round. Never closed, so that it can never be made again.
#[account]
#[derive(Debug, PartialEq, Eq)]
pub struct Attestation {
    /// Layout version; see [`Attestation::VERSION`].
    pub version: u8,
    /// Canonical bump of this account's address.
    pub bump: u8,
    /// 1 (A) to 5 (E).
    pub stage: u8,
    /// An [`Outcome`] as a byte.
    pub outcome: u8,
    /// How many attestations of this stage the certifier gave this version before.
    pub round: u32,
    /// 1 safety, 2 evidence withdrawn, 3 version compromised, 4 issued in error, 5 key leaked;
    /// 0 while it is not revoked.
    pub revoked_reason: u8,
    /// Zero.
    pub reserved_flags: [u8; 7],
    /// What was measured.
    pub metrics: Metrics,
    /// When it was issued.
    pub issued_at: Moment,
    /// From when on it no longer holds, whichever of the two clocks gets there first.
    pub expires_at: Moment,
    /// When it was revoked; zero while it is not.
    pub revoked_at: Moment,
    /// The version's account.
    pub agent_version: Address,
    /// The certifier's account.
    pub certifier: Address,
    /// What was the version's newest attestation of this stage before; the default address if none.
    pub previous: Address,
    /// Who revoked it; the default address while nobody has.
    pub revoked_by: Address,
    /// SHA-256 of the evidence.
    pub evidence_hash: [u8; 32],
    /// Zero, for later versions of the layout.
    pub reserved: [u8; 64],
}

impl Attestation {
    /// The layout that this program writes.
    pub const VERSION: u8 = 1;
    /// The largest number that is a reason for a revocation.
    pub const MAX_REASON: u8 = 5;

    /// Says whether it held in `slot`, as far as slots can tell.
    pub fn held_in(&self, slot: u64, certifier: &Certifier) -> bool {
        let revoked = self.revoked_reason != 0 && self.revoked_at.slot <= slot;
        self.outcome == Outcome::Passed as u8
            && self.issued_at.slot <= slot
            && slot < self.expires_at.slot
            && !revoked
            && self.issued_at.slot < certifier.void_from_slot
    }

    /// Says whether it holds now, by both clocks.
    pub fn holds(&self, now: Moment, certifier: &Certifier) -> bool {
        self.held_in(now.slot, certifier) && now.unix_seconds < self.expires_at.unix_seconds
    }

    /// Holds after every instruction that writes the account.
    pub fn invariant(&self) -> Result<()> {
        require!(self.version == Self::VERSION, RegistryError::UnknownLayoutVersion);
        require!(self.outcome == 1 || self.outcome == 2, RegistryError::UnknownResult);
        require!(self.evidence_hash != [0; 32], RegistryError::EvidenceHashIsZero);
        let ahead = self.expires_at.slot > self.issued_at.slot
            && self.expires_at.unix_seconds > self.issued_at.unix_seconds;
        require!(ahead, RegistryError::ExpiryNotAhead);
        require!(self.revoked_reason <= Self::MAX_REASON, RegistryError::UnknownReason);
        self.metrics.check()
    }
}
