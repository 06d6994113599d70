use crate::{
    context::Options,
    error::CliError,
    output,
    views::{AuditorListView, AuditorView},
};
use clap::{Args, Subcommand};
use runseal_client::{instructions::logs as build, registry};
use runseal_registry::{
    instructions::RegisterAuditorArgs,
    state::{Auditor, Name},
};
use solana_address::Address;

/// Who may cosign anchors
#[derive(Subcommand)]
pub(crate) enum AuditorCommand {
    /// Register a key that cosigns for an organisation; the keypair is the config's authority
    Register(Register),
    /// Print every auditor
    List,
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
        match self {
            Self::Register(command) => command.run(options).await,
            Self::List => {
                let found = registry::find_all::<Auditor>(&options.ledger()?).await?;
                let rows = found.iter().map(AuditorView::from).collect();
                output::print(options.output, &AuditorListView(rows))
            }
        }
    }
}

impl Register {
    async fn run(self, options: &Options) -> Result<(), CliError> {
        let Self { auditor, organisation } = self;
        let args = RegisterAuditorArgs { auditor_authority: auditor, organisation };
        let address = registry::auditor_address(&auditor);
        let build = |key| build::register_auditor(key, key, args);
        options.send("Registered auditor", address, build).await
    }
}
