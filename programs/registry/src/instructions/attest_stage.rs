//! `attest_stage` and `renew_attestation`: a certifier's first word about a stage, and its next.

use crate::{
    constants::ATTESTATION_SEED,
    events::StageAttested,
    state::{Agent, Attestation, Certifier, Config, Metrics, Moment, Version},
    RegistryError,
};
use anchor_lang::prelude::*;

/// What a certifier says about a stage.
#[derive(Clone, Debug, PartialEq, Eq, IdlType, SchemaRead, SchemaWrite)]
pub struct AttestStageArgs {
    /// 1 (A) to 5 (E).
    pub stage: u8,
    /// 1 passed, 2 failed.
    pub outcome: u8,
    /// How many times this certifier attested this stage of this version before.
    pub round: u32,
    /// The attestation no longer holds from this slot on.
    pub expires_slot: u64,
    /// Nor from this Unix time on.
    pub expires_seconds: i64,
    /// What was measured.
    pub metrics: Metrics,
    /// SHA-256 of the evidence.
    pub evidence_hash: [u8; 32],
}

/// The accounts of `attest_stage` and `renew_attestation`.
#[derive(Accounts)]
#[instruction(args: AttestStageArgs)]
pub struct AttestStage {
    /// Pays the rent of the attestation's account.
    // Often the same key as a signer below. Nothing borrows its data, so that is sound.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    /// The certifier's key.
    pub authority: Signer,
    /// Says whether the program is paused.
    pub config: Account<Config>,
    /// The certifier.
    pub certifier: Account<Certifier>,
    /// The agent whose version it is.
    pub agent: Account<Agent>,
    /// The version.
    #[account(mut)]
    pub version: Account<Version>,
    /// The newest attestation of the stage below; none for stage A.
    pub below: Option<Account<Attestation>>,
    /// The certifier that gave it; none for stage A.
    pub below_certifier: Option<Account<Certifier>>,
    /// To renew: the certifier's own round before this one.
    pub earlier: Option<Account<Attestation>>,
    /// The account to create.
    #[account(
        init,
        payer = payer,
        seeds = [
            ATTESTATION_SEED,
            version.address().as_ref(),
            &[args.stage],
            certifier.address().as_ref(),
            &args.round.to_le_bytes()
        ],
        bump
    )]
    pub attestation: Account<Attestation>,
    /// Creates the account.
    pub system_program: Program<System>,
}

impl AttestStage {
    /// Reads only, for the certifier's first word.
    pub fn check(&self, args: &AttestStageArgs, now: Moment) -> Result<()> {
        let first = args.round == 0 && self.earlier.is_none();
        require!(first, RegistryError::NotTheEarlierRound);
        self.check_common(args, now)
    }

    /// Reads only, for every later one. It may follow an attestation that failed, expired or was
    /// revoked: those stay what they are.
    pub fn check_renewal(&self, args: &AttestStageArgs, now: Moment) -> Result<()> {
        let earlier = self.earlier.as_ref().ok_or(RegistryError::NotTheEarlierRound)?;
        let same = earlier.agent_version == *self.version.address()
            && earlier.certifier == *self.certifier.address()
            && earlier.stage == args.stage
            && earlier.round.checked_add(1) == Some(args.round);
        require!(same, RegistryError::NotTheEarlierRound);
        self.check_common(args, now)
    }

    fn check_common(&self, args: &AttestStageArgs, now: Moment) -> Result<()> {
        self.config.check_not_paused()?;
        let signer = self.authority.address();
        require!(self.certifier.authority == *signer, RegistryError::NotAuthority);
        self.certifier.check_may_attest(args.stage)?;
        let its_own = self.version.agent == *self.agent.address();
        require!(its_own, RegistryError::VersionOfOtherAgent);
        require!(self.version.yanked == 0, RegistryError::VersionYanked);
        let subject = self.agent.authority == *signer || self.agent.identity == *signer;
        require!(!subject, RegistryError::CertifierIsSubject);
        self.agent.check_not_retired()?;
        self.check_below(args.stage, now)
    }

    /// The stage below must be there and hold: the newest word about it, by a certifier whose word
    /// still counts.
    fn check_below(&self, stage: u8, now: Moment) -> Result<()> {
        if stage == 1 {
            return Ok(());
        }
        let (Some(below), Some(certifier)) = (&self.below, &self.below_certifier) else {
            return Err(RegistryError::StageBelowMissing.into());
        };
        let newest = self.version.newest_attestation(stage - 1)?;
        let shown = below.address() == newest && below.certifier == *certifier.address();
        require!(shown, RegistryError::StageBelowMissing);
        require!(below.holds(now, certifier), RegistryError::StageBelowNotLive);
        Ok(())
    }

    /// Writes only.
    pub fn apply(&mut self, args: &AttestStageArgs, bump: u8, now: Moment) -> Result<StageAttested> {
        let attestation = &mut self.attestation;
        attestation.version = Attestation::VERSION;
        attestation.bump = bump;
        attestation.stage = args.stage;
        attestation.outcome = args.outcome;
        attestation.round = args.round;
        attestation.metrics = args.metrics;
        attestation.issued_at = now;
        attestation.expires_at =
            Moment { slot: args.expires_slot, unix_seconds: args.expires_seconds };
        attestation.agent_version = *self.version.address();
        attestation.certifier = *self.certifier.address();
        attestation.previous = *self.version.newest_attestation(args.stage)?;
        attestation.evidence_hash = args.evidence_hash;
        attestation.invariant()?;
        self.version.set_newest_attestation(args.stage, *attestation.address())?;
        Ok(StageAttested {
            version: attestation.agent_version,
            attestation: *attestation.address(),
            certifier: attestation.certifier,
            stage: args.stage.into(),
            outcome: args.outcome.into(),
            round: args.round.into(),
            at: now,
        })
    }
}
