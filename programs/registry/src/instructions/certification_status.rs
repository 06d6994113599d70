use crate::{
    state::{Attestation, Certifier, Moment, Version},
    RegistryError,
};
use anchor_lang::{address_eq, prelude::*};

/// What a version was certified for in a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IdlType, SchemaRead, SchemaWrite)]
pub struct CertificationStatus {
    /// The highest stage that held together with every stage below it; 0 if none did.
    pub stage: u8,
    /// The slot that this is about.
    pub slot: u64,
    /// The first slot in which one of those attestations expires; `u64::MAX` if there are none.
    /// Whatever else may have ended it since is not in here: ask about that slot.
    pub until_slot: u64,
}

/// The accounts of `certification_status`. Behind them come three for each stage from A on: the
/// attestation that was the newest in that slot, its certifier, and the attestation that came next,
/// or the program's own address if none did.
#[derive(Accounts)]
pub struct ReadCertification {
    /// The version.
    pub version: Account<Version>,
}

impl ReadCertification {
    /// Reads only. Stages are looked at from A upwards until one did not hold.
    pub fn check(
        &self,
        slot: u64,
        stages: &[AccountView],
        now: Moment,
    ) -> Result<CertificationStatus> {
        require!(slot <= now.slot, RegistryError::SlotAhead);
        let (shown, rest) = stages.as_chunks::<3>();
        require!(rest.is_empty() && shown.len() <= 5, RegistryError::NewestNotShown);
        let mut status = CertificationStatus { stage: 0, slot, until_slot: u64::MAX };
        let yanked = self.version.yanked != 0 && self.version.yanked_at.slot <= slot;
        if yanked {
            return Ok(status);
        }
        for (stage, [attestation, certifier, next]) in (1..).zip(shown) {
            let attestation = Account::<Attestation>::load(*attestation)?;
            let certifier = Account::<Certifier>::load(*certifier)?;
            self.check_newest(stage, slot, &attestation, &certifier, next)?;
            // Slots are all that can be known of the past; the present has both clocks.
            let held = if slot == now.slot {
                attestation.holds(now, &certifier)
            } else {
                attestation.held_in(slot, &certifier)
            };
            if !held {
                break;
            }
            status.stage = stage;
            status.until_slot = status.until_slot.min(attestation.expires_at.slot);
        }
        Ok(status)
    }

    /// Refuses unless the accounts show that no newer attestation was there in `slot`.
    fn check_newest(
        &self,
        stage: u8,
        slot: u64,
        attestation: &Account<Attestation>,
        certifier: &Account<Certifier>,
        next: &AccountView,
    ) -> Result<()> {
        let of_version = attestation.agent_version == *self.version.address()
            && attestation.stage == stage
            && attestation.certifier == *certifier.address();
        require!(of_version, RegistryError::NewestNotShown);
        // One that came later says nothing about then, unless it is the first of all.
        let there = attestation.issued_at.slot <= slot || attestation.previous == Address::default();
        require!(there, RegistryError::NewestNotShown);
        if address_eq(next.address(), &crate::ID) {
            let newest = self.version.newest_attestation(stage)?;
            require!(newest == attestation.address(), RegistryError::NewestNotShown);
            return Ok(());
        }
        let next = Account::<Attestation>::load(*next)?;
        let followed = next.previous == *attestation.address() && next.issued_at.slot > slot;
        require!(followed, RegistryError::NewestNotShown);
        Ok(())
    }
}
