//! Runseal's registry program: who runs agents, who vouched for them, and what they sealed.
//!
//! An instruction reads as `check` (reads only), `apply` (writes only, and ends with the state's
//! own invariant) and an event. The clock enters here and nowhere else.

// What Anchor's macros write here has no room for documentation; the rooms below ask for it.
#![allow(missing_docs)]

use anchor_lang::prelude::*;
// Unused where the program is built for clients, which have no clock.
#[allow(unused_imports)]
use anchor_lang::solana_program::sysvar::Sysvar as _;

pub mod constants;
pub mod error;
pub mod events;
pub mod instructions;
pub mod state;

pub use error::RegistryError;
use instructions::*;
use state::{Leaf, Moment};

/// The program's interface as JSON, made from this source by `cargo xtask program`.
#[cfg(feature = "no-entrypoint")]
pub const IDL: &str = include_str!("../idl.json");

// Whoever finds a weakness reads it out of the deployed program.
#[cfg(not(feature = "no-entrypoint"))]
solana_security_txt::security_txt! {
    name: "Runseal registry",
    project_url: "see source_code",
    contacts: "other:a private security advisory on the repository that this program was built from",
    policy: "SECURITY.md in the source of this program",
    preferred_languages: "en",
    source_code: "the repository of the crate runseal-registry",
    auditors: "None"
}

declare_id!("RS2JNVLHLcEg8sQYGvZDXvXcpUvgi3veqXs2Ra4Yq8k");

/// Announces what an `apply` returned.
macro_rules! done {
    ($event:expr) => {{
        events::announce(&$event?);
        Ok(())
    }};
}

/// The instructions, each with its checks and effects in the file of its name.
#[program]
pub mod runseal_registry {
    use super::*;

    // Config

    /// Creates the one Config account. Only the program's upgrade authority may.
    pub fn initialize_config(
        ctx: &mut Context<InitializeConfig>,
        args: InitializeConfigArgs,
    ) -> Result<()> {
        ctx.accounts.check(&args)?;
        done!(ctx.accounts.apply(&args, ctx.bumps.config, now()?))
    }

    /// Asks somebody to take over the config.
    pub fn propose_config_authority(
        ctx: &mut Context<ConfigAuthority>,
        pending: Address,
    ) -> Result<()> {
        done!(ctx.accounts.propose(pending, now()?))
    }

    /// Takes over the config, after the notice time.
    pub fn accept_config_authority(ctx: &mut Context<ConfigAuthority>) -> Result<()> {
        done!(ctx.accounts.accept(now()?))
    }

    /// Withdraws the proposal.
    pub fn cancel_config_authority(ctx: &mut Context<ConfigAuthority>) -> Result<()> {
        done!(ctx.accounts.cancel(now()?))
    }

    /// Sets every parameter anew.
    pub fn set_parameters(ctx: &mut Context<SetParameters>, args: SetParametersArgs) -> Result<()> {
        ctx.accounts.check(&args)?;
        done!(ctx.accounts.apply(&args, now()?))
    }

    /// Stops (1) or allows (0) new registrations, logs and attestations. Duties go on.
    pub fn set_pause(ctx: &mut Context<SetPause>, paused: u8) -> Result<()> {
        ctx.accounts.check()?;
        done!(ctx.accounts.apply(paused, now()?))
    }

    // Agents

    /// Registers an agent under its identity key. The vendor and the identity key both sign.
    pub fn register_agent(ctx: &mut Context<RegisterAgent>, args: RegisterAgentArgs) -> Result<()> {
        ctx.accounts.check(&args)?;
        done!(ctx.accounts.apply(&args, ctx.bumps.agent, now()?))
    }

    /// Asks another vendor to take over an agent.
    pub fn propose_agent_authority(
        ctx: &mut Context<AgentAuthority>,
        pending: Address,
    ) -> Result<()> {
        done!(ctx.accounts.propose(pending, now()?))
    }

    /// Takes over an agent.
    pub fn accept_agent_authority(ctx: &mut Context<AgentAuthority>) -> Result<()> {
        done!(ctx.accounts.accept(now()?))
    }

    /// Withdraws the proposal.
    pub fn cancel_agent_authority(ctx: &mut Context<AgentAuthority>) -> Result<()> {
        done!(ctx.accounts.cancel(now()?))
    }

    /// Sets an agent's manifest, URI and heartbeat cadence anew.
    pub fn update_agent(ctx: &mut Context<UpdateAgent>, args: RegisterAgentArgs) -> Result<()> {
        ctx.accounts.check(&args)?;
        done!(ctx.accounts.apply(&args, now()?))
    }

    /// Moves an agent to another status, where that is legal.
    pub fn set_agent_status(ctx: &mut Context<SetAgentStatus>, status: u8) -> Result<()> {
        ctx.accounts.check(status)?;
        done!(ctx.accounts.apply(status, now()?))
    }

    /// Shows that an agent is alive. Its own key signs.
    pub fn heartbeat(ctx: &mut Context<Heartbeat>) -> Result<()> {
        ctx.accounts.check()?;
        ctx.accounts.apply(now()?);
        Ok(())
    }

    /// Publishes a version of an agent.
    pub fn publish_version(
        ctx: &mut Context<PublishVersion>,
        args: PublishVersionArgs,
    ) -> Result<()> {
        ctx.accounts.check(&args)?;
        done!(ctx.accounts.apply(&args, ctx.bumps.version, now()?))
    }

    /// Withdraws a version, for good.
    pub fn yank_version(ctx: &mut Context<YankVersion>) -> Result<()> {
        ctx.accounts.check()?;
        done!(ctx.accounts.apply(now()?))
    }

    // Certification

    /// Accredits a certifier for stages.
    pub fn accredit_certifier(
        ctx: &mut Context<AccreditCertifier>,
        args: AccreditCertifierArgs,
    ) -> Result<()> {
        ctx.accounts.check()?;
        done!(ctx.accounts.apply(&args, ctx.bumps.certifier, now()?))
    }

    /// Suspends a certifier and voids what it issued from a slot on.
    pub fn suspend_certifier(
        ctx: &mut Context<SuspendCertifier>,
        void_from_slot: u64,
    ) -> Result<()> {
        ctx.accounts.check(void_from_slot)?;
        done!(ctx.accounts.apply(void_from_slot, now()?))
    }

    /// Attests a stage of a version, for the first time by this certifier.
    pub fn attest_stage(ctx: &mut Context<AttestStage>, args: AttestStageArgs) -> Result<()> {
        let now = now()?;
        ctx.accounts.check(&args, now)?;
        done!(ctx.accounts.apply(&args, ctx.bumps.attestation, now))
    }

    /// Attests a stage again: a new round, which leaves every earlier one as it is.
    pub fn renew_attestation(ctx: &mut Context<AttestStage>, args: AttestStageArgs) -> Result<()> {
        let now = now()?;
        ctx.accounts.check_renewal(&args, now)?;
        done!(ctx.accounts.apply(&args, ctx.bumps.attestation, now))
    }

    /// Revokes an attestation, for good and with a reason.
    pub fn revoke_attestation(ctx: &mut Context<RevokeAttestation>, reason: u8) -> Result<()> {
        ctx.accounts.check(reason)?;
        done!(ctx.accounts.apply(reason, now()?))
    }

    /// Returns what a version was certified for in a slot.
    pub fn certification_status(
        ctx: &mut Context<ReadCertification>,
        slot: u64,
    ) -> Result<CertificationStatus> {
        let stages = ctx.remaining_accounts()?;
        ctx.accounts.check(slot, &stages, now()?)
    }

    // Logs

    /// Opens a log.
    pub fn open_log(ctx: &mut Context<OpenLog>, args: OpenLogArgs) -> Result<()> {
        ctx.accounts.check()?;
        done!(ctx.accounts.apply(&args, ctx.bumps.log, now()?))
    }

    /// Asks another operator to take over a log.
    pub fn propose_operator(ctx: &mut Context<LogOperator>, pending: Address) -> Result<()> {
        done!(ctx.accounts.propose(pending, now()?))
    }

    /// Takes over a log.
    pub fn accept_operator(ctx: &mut Context<LogOperator>) -> Result<()> {
        done!(ctx.accounts.accept(now()?))
    }

    /// Withdraws the proposal.
    pub fn cancel_operator(ctx: &mut Context<LogOperator>) -> Result<()> {
        done!(ctx.accounts.cancel(now()?))
    }

    /// Changes a log's keys; earlier promise keys stay challengeable.
    pub fn rotate_log_keys(
        ctx: &mut Context<RotateLogKeys>,
        args: RotateLogKeysArgs,
    ) -> Result<()> {
        let now = now()?;
        ctx.accounts.check(&args, now)?;
        done!(ctx.accounts.apply(&args, now))
    }

    /// Anchors the next period.
    pub fn post_anchor(ctx: &mut Context<PostAnchor>, args: PostAnchorArgs) -> Result<()> {
        let now = now()?;
        ctx.accounts.check(&args, now)?;
        done!(ctx.accounts.apply(&args, ctx.bumps.anchor, now))
    }

    /// Closes an anchor's account after the log's retention.
    pub fn close_anchor(ctx: &mut Context<CloseAnchor>) -> Result<()> {
        done!(ctx.accounts.check(now()?))
    }

    /// Registers a key that cosigns for an organisation.
    pub fn register_auditor(
        ctx: &mut Context<RegisterAuditor>,
        args: RegisterAuditorArgs,
    ) -> Result<()> {
        ctx.accounts.check()?;
        done!(ctx.accounts.apply(&args, ctx.bumps.auditor, now()?))
    }

    /// Cosigns an anchor.
    pub fn cosign_anchor(ctx: &mut Context<CosignAnchor>, anchor_hash: [u8; 32]) -> Result<()> {
        ctx.accounts.check(&anchor_hash)?;
        done!(ctx.accounts.apply(anchor_hash, ctx.bumps.cosignature, now()?))
    }

    // Proofs

    /// Succeeds if a leaf is in a period; returns how many leaves the period has.
    pub fn verify_inclusion(
        ctx: &mut Context<VerifyInclusion>,
        index: u64,
        leaf: Leaf,
        path: Vec<[u8; 32]>,
    ) -> Result<u64> {
        ctx.accounts.check(index, &leaf, &path)?;
        Ok(ctx.accounts.anchor.leaf_count)
    }

    /// Succeeds if a receipt is not in a period; returns how many leaves the period has.
    pub fn verify_absence(
        ctx: &mut Context<VerifyAbsence>,
        args: AbsenceArgs,
        proof: Vec<[u8; 32]>,
    ) -> Result<u64> {
        ctx.accounts.check(&args, &proof)?;
        Ok(ctx.accounts.anchor.leaf_count)
    }

    /// Succeeds if a log has an anchor; returns how many anchors the log has.
    pub fn verify_anchor_in_log(
        ctx: &mut Context<VerifyAnchorInLog>,
        period: u64,
        anchor_hash: [u8; 32],
        path: Vec<[u8; 32]>,
    ) -> Result<u64> {
        ctx.accounts.check(period, &anchor_hash, &path)?;
        Ok(ctx.accounts.log.next_period)
    }

    // Bonds

    /// Adds to a log's bond.
    pub fn deposit_bond(ctx: &mut Context<DepositBond>, amount: u64) -> Result<()> {
        ctx.accounts.check(amount)?;
        done!(ctx.accounts.apply(amount, ctx.bumps.bond_account, now()?))
    }

    /// Asks for a part of the bond; the notice begins.
    pub fn request_unbond(ctx: &mut Context<RequestUnbond>, amount: u64) -> Result<()> {
        ctx.accounts.check(amount)?;
        done!(ctx.accounts.apply(amount, now()?))
    }

    /// Pays out what was asked for, after the notice.
    pub fn withdraw_bond(ctx: &mut Context<WithdrawBond>) -> Result<()> {
        let now = now()?;
        ctx.accounts.check(now)?;
        done!(ctx.accounts.apply(now))
    }

    // Claims

    /// Challenges a promise, which the Ed25519 instruction before this one shows.
    pub fn challenge_promise(
        ctx: &mut Context<ChallengePromise>,
        args: ChallengePromiseArgs,
    ) -> Result<()> {
        let now = now()?;
        ctx.accounts.check(&args, now)?;
        done!(ctx.accounts.apply(&args, ctx.bumps.claim, now))
    }

    /// Answers a challenge with the promised receipt's place; the deposit pays for it.
    pub fn answer_challenge(
        ctx: &mut Context<AnswerChallenge>,
        index: u64,
        path: Vec<[u8; 32]>,
    ) -> Result<()> {
        let now = now()?;
        ctx.accounts.check(index, &path, now)?;
        done!(ctx.accounts.apply(index, now))
    }

    /// Upholds a challenge that nobody answered in time, and slashes.
    pub fn settle_challenge(ctx: &mut Context<SettleChallenge>) -> Result<()> {
        let now = now()?;
        ctx.accounts.check(now)?;
        done!(ctx.accounts.apply(now))
    }

    /// Shows the first of two leaves that are not in order.
    pub fn open_disorder_claim(
        ctx: &mut Context<OpenDisorderClaim>,
        index: u64,
        leaf: Leaf,
        path: Vec<[u8; 32]>,
    ) -> Result<()> {
        ctx.accounts.check(index, &leaf, &path)?;
        done!(ctx.accounts.apply(index, leaf, ctx.bumps.claim, now()?))
    }

    /// Shows the second, and slashes.
    pub fn prove_disorder(
        ctx: &mut Context<ProveDisorder>,
        leaf: Leaf,
        path: Vec<[u8; 32]>,
    ) -> Result<()> {
        ctx.accounts.check(&leaf, &path)?;
        done!(ctx.accounts.apply(now()?))
    }
}

fn now() -> Result<Moment> {
    let clock = Clock::get()?;
    Ok(Moment { slot: clock.slot, unix_seconds: clock.unix_timestamp })
}
