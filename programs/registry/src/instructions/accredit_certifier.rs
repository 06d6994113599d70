use crate::{
    constants::CERTIFIER_SEED,
    events::CertifierAccredited,
    state::{Certifier, Config, Moment, Name},
};
use anchor_lang::prelude::*;

/// Who is accredited, and for what.
#[derive(Clone, Debug, PartialEq, Eq, IdlType, SchemaRead, SchemaWrite)]
pub struct AccreditCertifierArgs {
    /// The key that will attest.
    pub certifier_authority: Address,
    /// Whose key that is.
    pub organisation: Name,
    /// Bit n for stage n + 1.
    pub stages: u8,
}

/// The accounts of `accredit_certifier`.
#[derive(Accounts)]
#[instruction(args: AccreditCertifierArgs)]
pub struct AccreditCertifier {
    /// Pays the rent of the certifier's account.
    // Often the same key as a signer below. Nothing borrows its data, so that is sound.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    /// The config's authority.
    pub authority: Signer,
    /// The config.
    pub config: Account<Config>,
    /// The account to create.
    #[account(
        init,
        payer = payer,
        seeds = [CERTIFIER_SEED, args.certifier_authority.as_ref()],
        bump
    )]
    pub certifier: Account<Certifier>,
    /// Creates the account.
    pub system_program: Program<System>,
}

impl AccreditCertifier {
    /// Reads only.
    pub fn check(&self) -> Result<()> {
        self.config.check_not_paused()?;
        self.config.check_authority(self.authority.address())
    }

    /// Writes only.
    pub fn apply(
        &mut self,
        args: &AccreditCertifierArgs,
        bump: u8,
        now: Moment,
    ) -> Result<CertifierAccredited> {
        let certifier = &mut self.certifier;
        certifier.version = Certifier::VERSION;
        certifier.bump = bump;
        certifier.stages = args.stages;
        certifier.void_from_slot = u64::MAX;
        certifier.accredited_at = now;
        certifier.authority = args.certifier_authority;
        certifier.organisation = args.organisation;
        certifier.invariant()?;
        Ok(CertifierAccredited {
            certifier: *certifier.address(),
            authority: certifier.authority,
            stages: certifier.stages.into(),
            at: now,
        })
    }
}
