use crate::{
    events::AttestationRevoked,
    state::{Attestation, Certifier, Config, Moment},
    RegistryError,
};
use anchor_lang::prelude::*;

/// The accounts of `revoke_attestation`.
#[derive(Accounts)]
pub struct RevokeAttestation {
    /// The certifier that gave it, or the config's authority.
    pub authority: Signer,
    /// The config.
    pub config: Account<Config>,
    /// The certifier that gave it.
    pub certifier: Account<Certifier>,
    /// The attestation.
    #[account(mut)]
    pub attestation: Account<Attestation>,
}

impl RevokeAttestation {
    /// Reads only.
    pub fn check(&self, reason: u8) -> Result<()> {
        let signer = self.authority.address();
        // A suspended certifier's key may be somebody else's by now: it must not undo what stands.
        let gave_it = self.certifier.authority == *signer
            && self.certifier.suspended == 0
            && self.attestation.certifier == *self.certifier.address();
        let may = gave_it || self.config.authority == *signer;
        require!(may, RegistryError::NotAuthority);
        require!(self.attestation.revoked_reason == 0, RegistryError::AlreadyRevoked);
        require!(reason != 0, RegistryError::UnknownReason);
        Ok(())
    }

    /// Writes only.
    pub fn apply(&mut self, reason: u8, now: Moment) -> Result<AttestationRevoked> {
        let attestation = &mut self.attestation;
        attestation.revoked_reason = reason;
        attestation.revoked_at = now;
        attestation.revoked_by = *self.authority.address();
        attestation.invariant()?;
        let (attestation, revoked_by) = (*attestation.address(), attestation.revoked_by);
        Ok(AttestationRevoked { attestation, revoked_by, reason: reason.into(), at: now })
    }
}
