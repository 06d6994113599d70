use crate::{
    events::CertifierSuspended,
    state::{Certifier, Config, Moment},
    RegistryError,
};
use anchor_lang::prelude::*;

/// The accounts of `suspend_certifier`.
#[derive(Accounts)]
pub struct SuspendCertifier {
    /// The config's authority.
    pub authority: Signer,
    /// The config.
    pub config: Account<Config>,
    /// The certifier.
    #[account(mut)]
    pub certifier: Account<Certifier>,
}

impl SuspendCertifier {
    /// Reads only. It may be said again, when the key turns out to have leaked earlier: what was
    /// void stays void.
    pub fn check(&self, void_from_slot: u64) -> Result<()> {
        self.config.check_authority(self.authority.address())?;
        let first = self.certifier.suspended == 0;
        let moves_back = void_from_slot < self.certifier.void_from_slot;
        require!(first || moves_back, RegistryError::VoidFromMovesForward);
        Ok(())
    }

    /// Writes only.
    pub fn apply(&mut self, void_from_slot: u64, now: Moment) -> Result<CertifierSuspended> {
        self.certifier.suspended = 1;
        self.certifier.void_from_slot = void_from_slot;
        self.certifier.suspended_at = now;
        self.certifier.invariant()?;
        Ok(CertifierSuspended { certifier: *self.certifier.address(), void_from_slot, at: now })
    }
}
