use crate::{context::Options, error::CliError};
use clap::{Args, Subcommand};
use runseal_client::{instructions::logs as build, registry};
use runseal_registry::{instructions::RegisterAuditorArgs, state::Name};
use solana_address::Address;

/// Who may cosign anchors
#[derive(Subcommand)]
pub(crate) enum AuditorCommand {
    /// Register a key that cosigns for an organisation; the keypair is the config's authority
    Register(Register),
}

/// Register a key that cosigns
#[derive(Args)]
pub(crate) struct Register {
    /// The key
    auditor: Address,
    /// Whose key it is, at most 32 printable ASCII characters
    #[arg(long, value_name = "NAME", value_parser = super::name)]
    organisation: Name,
}

impl AuditorCommand {
    pub(crate) async fn run(self, options: &Options) -> Result<(), CliError> {
        let Self::Register(Register { auditor, organisation }) = self;
        let args = RegisterAuditorArgs { auditor_authority: auditor, organisation };
        let address = registry::auditor_address(&auditor);
        let build = |key| build::register_auditor(key, key, args);
        options.send("Registered auditor", address, build).await
    }
}
