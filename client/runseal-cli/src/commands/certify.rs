use crate::{
    context::Options,
    durations::Seconds,
    error::CliError,
    exit::Exit,
    output,
    reasons::Reason,
    stages::Stage,
    views::{DoneView, StatusView},
};
use clap::{Args, Subcommand, ValueEnum};
use runseal_client::{certification, clock, instructions::certification as build, registry};
use runseal_registry::{
    instructions::AttestStageArgs,
    state::{Attestation, Metrics, Moment, Version},
};
use serde::Deserialize;
use solana_address::Address;
use solana_signer::Signer;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Slots of 400 milliseconds, as clusters mean to make them. Whether a stage was held is judged by
/// slots, so that it can be judged of the past; where they come slower it is held a little longer.
const SLOTS_IN_TWO_SECONDS: u64 = 5;

/// What certifiers say of versions
#[derive(Subcommand)]
pub(crate) enum CertifyCommand {
    /// Attest a stage of a version, or attest it anew; the keypair is the certifier
    Attest(Attest),
    /// Attest anew a stage that the keypair attested before
    Renew(Attest),
    /// Revoke an attestation; the keypair is its certifier or the config's authority
    Revoke {
        /// The attestation's address
        attestation: Address,
        /// Why
        #[arg(long)]
        reason: Reason,
    },
    /// Print what a version is certified for, or was in a slot
    Status {
        /// The version's address
        version: Address,
        /// The slot that is asked for [default: the present one]
        #[arg(long, value_name = "SLOT")]
        at_slot: Option<u64>,
    },
}

/// Attest a stage of a version
#[derive(Args)]
pub(crate) struct Attest {
    /// The version's address
    version: Address,
    /// A to E; the stage below must hold
    #[arg(long)]
    stage: Stage,
    /// How it came out
    #[arg(long, default_value = "passed")]
    outcome: OutcomeChoice,
    /// The evidence; its SHA-256 is written down
    #[arg(long, value_name = "FILE")]
    evidence: PathBuf,
    /// What was measured: a TOML file with run_count, success_count, p50_latency_milliseconds,
    /// p95_latency_milliseconds, p99_latency_milliseconds, soak_hours
    #[arg(long, value_name = "FILE")]
    metrics: Option<PathBuf>,
    /// How long it holds: 90d, 12h, 30m, 45s
    #[arg(long, value_name = "DURATION", default_value = "90d")]
    valid_for: Seconds,
}

#[derive(Clone, Copy, ValueEnum)]
enum OutcomeChoice {
    Passed,
    Failed,
}

/// What was measured, as it is written down.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct WrittenMetrics {
    run_count: u64,
    success_count: u64,
    p50_latency_milliseconds: u32,
    p95_latency_milliseconds: u32,
    p99_latency_milliseconds: u32,
    soak_hours: u32,
}

impl CertifyCommand {
    pub(crate) async fn run(self, options: &Options) -> Result<(), CliError> {
        match self {
            Self::Attest(command) => command.run(options, "Attested").await,
            Self::Renew(command) => command.renew(options).await,
            Self::Revoke { attestation, reason } => revoke(options, attestation, reason).await,
            Self::Status { version, at_slot } => status(options, version, at_slot).await,
        }
    }
}

impl Attest {
    async fn renew(self, options: &Options) -> Result<(), CliError> {
        let certifier = registry::certifier_address(&options.keypair()?.pubkey());
        let stage = self.stage.number();
        let first = registry::attestation_address(&self.version, stage, &certifier, 0);
        let ledger = options.ledger()?;
        if registry::find::<Attestation>(&ledger, first).await?.is_none() {
            let reason = "there is nothing to renew: this key never attested that stage";
            return Err(CliError::new(reason).with_hint("`runseal certify attest` does it first"));
        }
        drop(ledger);
        self.run(options, "Renewed").await
    }

    async fn run(self, options: &Options, done: &str) -> Result<(), CliError> {
        let metrics = self.metrics.as_deref().map(read_metrics).transpose()?;
        let evidence_hash = super::hash_of_file("evidence", &self.evidence)?;
        let (authority, ledger) = (options.keypair()?, options.ledger()?);
        let expires = self.valid_for.after(clock::now(&ledger).await?)?;
        let args = AttestStageArgs {
            stage: self.stage.number(),
            outcome: match self.outcome {
                OutcomeChoice::Passed => 1,
                OutcomeChoice::Failed => 2,
            },
            round: 0,
            expires_slot: expires.slot,
            expires_seconds: expires.unix_seconds,
            metrics: metrics.unwrap_or_default(),
            evidence_hash,
        };
        let attested = certification::attest(&ledger, &authority, self.version, args).await;
        let (address, landed) = attested?;
        output::print(options.output, &DoneView::new(done, address, Some(landed)))
    }
}

impl Seconds {
    /// The moment when so much time is over, in slots and in seconds.
    fn after(self, now: Moment) -> Result<Moment, CliError> {
        let slots = self.0.checked_mul(SLOTS_IN_TWO_SECONDS).map(|slots| slots.div_ceil(2));
        let slot = slots.and_then(|slots| now.slot.checked_add(slots));
        let seconds = now.unix_seconds.checked_add_unsigned(self.0);
        match (slot, seconds) {
            (Some(slot), Some(unix_seconds)) => Ok(Moment { slot, unix_seconds }),
            _ => Err(CliError::new("that is too long")),
        }
    }
}

fn read_metrics(path: &Path) -> Result<Metrics, CliError> {
    let wrong = |error: &dyn std::fmt::Display| {
        CliError::new(format!("metrics {} cannot be used: {error}", path.display()))
    };
    let text = fs::read_to_string(path).map_err(|error| wrong(&error))?;
    let written: WrittenMetrics = toml::from_str(&text).map_err(|error| wrong(&error.message()))?;
    Ok(Metrics {
        run_count: written.run_count,
        success_count: written.success_count,
        p50_latency_milliseconds: written.p50_latency_milliseconds,
        p95_latency_milliseconds: written.p95_latency_milliseconds,
        p99_latency_milliseconds: written.p99_latency_milliseconds,
        soak_hours: written.soak_hours,
    })
}

async fn revoke(options: &Options, address: Address, reason: Reason) -> Result<(), CliError> {
    let attestation = registry::load::<Attestation>(&options.ledger()?, address).await?.account;
    let reason = reason.number();
    let build = |key| build::revoke(key, attestation.certifier, address, reason);
    options.send("Revoked attestation", address, build).await
}

async fn status(options: &Options, version: Address, slot: Option<u64>) -> Result<(), CliError> {
    let ledger = options.ledger()?;
    let version = registry::load::<Version>(&ledger, version).await?;
    let now = clock::now(&ledger).await?.slot;
    let slot = slot.unwrap_or(now);
    if slot > now {
        let error = format!("slot {slot} has not come yet: it is slot {now}");
        return Err(CliError::new(error).with_exit(Exit::Unknown));
    }
    let status = certification::status(&ledger, &version, slot).await?;
    output::print(options.output, &StatusView::new(version.address.to_string(), &status))
}
