use super::lookups;
use crate::{
    context::Options,
    error::CliError,
    files, output,
    views::{ConfigView, DoneView},
};
use clap::Subcommand;
use runseal_client::{
    config::{self, Configured},
    instructions::config as build,
    registry,
};
use runseal_registry::instructions::{InitializeConfigArgs, SetParametersArgs};
use serde::Deserialize;
use solana_address::Address;
use solana_instruction::Instruction;
use solana_signer::Signer;
use std::path::{Path, PathBuf};

/// The program's configuration
#[derive(Subcommand)]
pub(crate) enum ConfigCommand {
    /// Create it; the keypair must be the program's upgrade authority. Safe to repeat
    Init {
        /// File with the parameters, as in migrations/program/0001_config.toml [default: those in that
        /// file, which are built in: bonds in wrapped SOL, of 1 SOL at least]
        parameters: Option<PathBuf>,
    },
    /// Print it
    Show,
    /// Change its parameters. The authority is changed by `transfer` alone, whatever the file says
    Set {
        /// File with the parameters, as for `init`
        parameters: PathBuf,
    },
    /// Ask another key to take over
    Transfer {
        /// The other authority
        authority: Address,
    },
    /// Withdraw that request
    CancelTransfer,
    /// Take over, once the notice is over; the keypair is the new authority
    Accept,
    /// Take in nobody new: no agents, certifiers, attestations, logs, auditors
    Pause,
    /// Go on
    Resume,
}

impl ConfigCommand {
    pub(crate) async fn run(self, options: &Options) -> Result<(), CliError> {
        match self {
            Self::Init { parameters } => init(options, parameters.as_deref()).await,
            Self::Show => show(options).await,
            Self::Set { parameters } => set(options, &parameters).await,
            Self::Transfer { authority } => {
                send(options, "Asked for a take-over of the configuration", |key| {
                    build::propose_authority(key, authority)
                })
                .await
            }
            Self::CancelTransfer => {
                send(options, "Withdrew the request", build::cancel_authority).await
            }
            Self::Accept => {
                send(options, "Took over the configuration", build::accept_authority).await
            }
            Self::Pause => {
                send(options, "Paused the program", |key| build::set_pause(key, true)).await
            }
            Self::Resume => {
                send(options, "Resumed the program", |key| build::set_pause(key, false)).await
            }
        }
    }
}

async fn send(
    options: &Options,
    done: &str,
    build: impl FnOnce(Address) -> Instruction,
) -> Result<(), CliError> {
    options.send(done, registry::config_address(), build).await
}

async fn set(options: &Options, path: &Path) -> Result<(), CliError> {
    let parameters = Parameters::read(path)?;
    send(options, "Changed the parameters", |key| {
        let args = SetParametersArgs {
            treasury: parameters.treasury.map_or(key, |written| written.0),
            bond_mint: parameters.bond_mint.0,
            smallest_bond_amount: parameters.smallest_bond_amount,
            claim_deposit_lamports: parameters.claim_deposit_lamports,
            authority_notice_seconds: parameters.authority_notice_seconds,
            unbond_notice_seconds: parameters.unbond_notice_seconds,
            slash_claimant_basis_points: parameters.slash_claimant_basis_points,
        };
        build::set_parameters(key, args)
    })
    .await
}

/// What a new ledger is configured with where nobody wishes for anything else.
const USUAL_PARAMETERS: &str = include_str!("../../../../migrations/program/0001_config.toml");

/// The parameters as they are written down; an address that is left out is the keypair's.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Parameters {
    authority: Option<WrittenAddress>,
    treasury: Option<WrittenAddress>,
    bond_mint: WrittenAddress,
    smallest_bond_amount: u64,
    claim_deposit_lamports: u64,
    authority_notice_seconds: u64,
    unbond_notice_seconds: u64,
    slash_claimant_basis_points: u16,
}

impl Parameters {
    fn read(path: &Path) -> Result<Self, CliError> {
        let wrong = |error: &dyn std::fmt::Display| {
            CliError::new(format!("parameters {} cannot be used: {error}", files::name_of(path)))
                .with_hint("migrations/program/0001_config.toml has them all")
        };
        let text = String::from_utf8(files::read(path)?).map_err(|error| wrong(&error))?;
        toml::from_str(&text).map_err(|error| wrong(&error.message()))
    }

    fn usual() -> Result<Self, CliError> {
        toml::from_str(USUAL_PARAMETERS)
            .map_err(|error| CliError::new(format!("the usual parameters: {}", error.message())))
    }
}

/// An address as people write it.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct WrittenAddress(Address);

impl TryFrom<String> for WrittenAddress {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse().map(Self).map_err(|_| format!("\"{text}\" is not an address"))
    }
}

async fn init(options: &Options, path: Option<&Path>) -> Result<(), CliError> {
    let keypair = options.keypair()?;
    let parameters = path.map_or_else(Parameters::usual, Parameters::read)?;
    let args = InitializeConfigArgs {
        authority: parameters.authority.map_or_else(|| keypair.pubkey(), |written| written.0),
        treasury: parameters.treasury.map_or_else(|| keypair.pubkey(), |written| written.0),
        bond_mint: parameters.bond_mint.0,
        smallest_bond_amount: parameters.smallest_bond_amount,
        claim_deposit_lamports: parameters.claim_deposit_lamports,
        authority_notice_seconds: parameters.authority_notice_seconds,
        unbond_notice_seconds: parameters.unbond_notice_seconds,
        slash_claimant_basis_points: parameters.slash_claimant_basis_points,
    };
    let address = registry::config_address();
    let done = match config::initialize(&options.ledger()?, &keypair, args).await? {
        Configured::Now(landed) => DoneView::new("Configured", address, Some(landed)),
        Configured::Before => {
            DoneView::new("Configured before, with these parameters", address, None)
        }
    };
    output::print(options.output, &done)
}

async fn show(options: &Options) -> Result<(), CliError> {
    let found = lookups::config(&options.ledger()?).await?;
    output::print(options.output, &ConfigView::from(&found))
}
