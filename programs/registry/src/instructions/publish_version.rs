use crate::{
    constants::VERSION_SEED,
    events::VersionPublished,
    state::{Agent, Moment, SemanticVersion, Uri, Version},
    RegistryError,
};
use anchor_lang::prelude::*;

/// What is said about a version when it is published.
#[derive(Clone, Debug, PartialEq, Eq, IdlType, SchemaRead, SchemaWrite)]
pub struct PublishVersionArgs {
    /// What the vendor calls it.
    pub semantic: SemanticVersion,
    /// SHA-256 of the version's manifest.
    pub manifest_hash: [u8; 32],
    /// SHA-256 of what runs.
    pub code_hash: [u8; 32],
    /// Where the version can be found; may be empty.
    pub uri: String,
}

/// The accounts of `publish_version`.
#[derive(Accounts)]
pub struct PublishVersion {
    /// Pays the rent of the version's account.
    // Often the same key as a signer below. Nothing borrows its data, so that is sound.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    /// The vendor.
    pub authority: Signer,
    /// The agent.
    #[account(mut)]
    pub agent: Account<Agent>,
    /// The account to create.
    #[account(
        init,
        payer = payer,
        seeds = [VERSION_SEED, agent.address().as_ref(), &agent.version_count.to_le_bytes()],
        bump
    )]
    pub version: Account<Version>,
    /// Creates the account.
    pub system_program: Program<System>,
}

impl PublishVersion {
    /// Reads only.
    pub fn check(&self, args: &PublishVersionArgs) -> Result<()> {
        self.agent.check_authority(self.authority.address())?;
        self.agent.check_not_retired()?;
        Uri::check(&args.uri)
    }

    /// Writes only.
    pub fn apply(
        &mut self,
        args: &PublishVersionArgs,
        bump: u8,
        now: Moment,
    ) -> Result<VersionPublished> {
        let version = &mut self.version;
        version.version = Version::VERSION;
        version.bump = bump;
        version.semantic = args.semantic;
        version.index = self.agent.version_count;
        version.published_at = now;
        version.agent = *self.agent.address();
        version.manifest_hash = args.manifest_hash;
        version.code_hash = args.code_hash;
        version.uri.set(&args.uri)?;
        version.invariant()?;
        let next = self.agent.version_count.checked_add(1).ok_or(RegistryError::Overflow)?;
        self.agent.version_count = next;
        Ok(VersionPublished {
            agent: version.agent,
            version: *version.address(),
            index: version.index,
            manifest_hash: version.manifest_hash,
            code_hash: version.code_hash,
            at: now,
        })
    }
}
