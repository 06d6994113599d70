use crate::{
    constants::COSIGNATURE_SEED,
    events::AnchorCosigned,
    state::{Anchor, Auditor, Cosignature, Moment},
    RegistryError,
};
use anchor_lang::prelude::*;

/// The accounts of `cosign_anchor`.
#[derive(Accounts)]
pub struct CosignAnchor {
    /// Pays the rent of the cosignature's account.
    // Often the same key as a signer below. Nothing borrows its data, so that is sound.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    /// The auditor's key.
    pub authority: Signer,
    /// The auditor.
    pub auditor: Account<Auditor>,
    /// The anchor.
    #[account(mut)]
    pub anchor: Account<Anchor>,
    /// The account to create.
    #[account(
        init,
        payer = payer,
        seeds = [
            COSIGNATURE_SEED,
            anchor.address().as_ref(),
            auditor.organisation.bytes.as_ref()
        ],
        bump
    )]
    pub cosignature: Account<Cosignature>,
    /// Creates the account.
    pub system_program: Program<System>,
}

impl CosignAnchor {
    /// Reads only. The auditor says which hash it checked, so that it signs nothing unseen.
    pub fn check(&self, anchor_hash: &[u8; 32]) -> Result<()> {
        let its_key = self.auditor.authority == *self.authority.address();
        require!(its_key, RegistryError::NotAuthority);
        require!(self.anchor.anchor_hash == *anchor_hash, RegistryError::OtherAnchorHash);
        Ok(())
    }

    /// Writes only.
    pub fn apply(&mut self, anchor_hash: [u8; 32], bump: u8, now: Moment) -> Result<AnchorCosigned> {
        let cosignature = &mut self.cosignature;
        cosignature.version = Cosignature::VERSION;
        cosignature.bump = bump;
        cosignature.signed_at = now;
        cosignature.anchor = *self.anchor.address();
        cosignature.anchor_hash = anchor_hash;
        cosignature.auditor = *self.auditor.address();
        cosignature.organisation = self.auditor.organisation;
        let count = self.anchor.cosignature_count.checked_add(1);
        self.anchor.cosignature_count = count.ok_or(RegistryError::Overflow)?;
        self.anchor.invariant()?;
        let (anchor, auditor) = (cosignature.anchor, cosignature.auditor);
        Ok(AnchorCosigned { anchor, auditor, anchor_hash, at: now })
    }
}
