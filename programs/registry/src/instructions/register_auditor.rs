use crate::{
    constants::AUDITOR_SEED,
    events::AuditorRegistered,
    state::{Auditor, Config, Moment, Name},
};
use anchor_lang::prelude::*;

/// Who may cosign, and for whom.
#[derive(Clone, Debug, PartialEq, Eq, IdlType, SchemaRead, SchemaWrite)]
pub struct RegisterAuditorArgs {
    /// The key that will cosign.
    pub auditor_authority: Address,
    /// Whose key that is.
    pub organisation: Name,
}

/// The accounts of `register_auditor`.
#[derive(Accounts)]
#[instruction(args: RegisterAuditorArgs)]
pub struct RegisterAuditor {
    /// Pays the rent of the auditor's account.
    // Often the same key as a signer below. Nothing borrows its data, so that is sound.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    /// The config's authority: otherwise anybody could cosign in somebody else's name.
    pub authority: Signer,
    /// The config.
    pub config: Account<Config>,
    /// The account to create.
    #[account(
        init,
        payer = payer,
        seeds = [AUDITOR_SEED, args.auditor_authority.as_ref()],
        bump
    )]
    pub auditor: Account<Auditor>,
    /// Creates the account.
    pub system_program: Program<System>,
}

impl RegisterAuditor {
    /// Reads only.
    pub fn check(&self) -> Result<()> {
        self.config.check_not_paused()?;
        self.config.check_authority(self.authority.address())
    }

    /// Writes only.
    pub fn apply(
        &mut self,
        args: &RegisterAuditorArgs,
        bump: u8,
        now: Moment,
    ) -> Result<AuditorRegistered> {
        let auditor = &mut self.auditor;
        auditor.version = Auditor::VERSION;
        auditor.bump = bump;
        auditor.registered_at = now;
        auditor.authority = args.auditor_authority;
        auditor.organisation = args.organisation;
        auditor.invariant()?;
        let (auditor, authority) = (*auditor.address(), auditor.authority);
        Ok(AuditorRegistered { auditor, authority, at: now })
    }
}
