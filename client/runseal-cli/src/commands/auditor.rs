use super::lookups;
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
    /// Whose key it is, as in audit.example: 1 to 32 printable ASCII characters, no spaces
    #[arg(long, value_name = "NAME", value_parser = super::name)]
    organisation: Name,
}

impl AuditorCommand {
    pub(crate) async fn run(self, options: &Options) -> Result<(), CliError> {
        match self {
            Self::Register(command) => command.run(options).await,
            Self::List => {
                let found = lookups::all::<Auditor>(&options.ledger()?).await?;
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
        let ledger = options.ledger()?;
        lookups::config(&ledger).await?;
        if registry::find::<Auditor>(&ledger, address).await?.is_some() {
            return Err(CliError::new(format!("auditor {address} is registered already"))
                .with_hint("one key cosigns for one organisation: register another key"));
        }
        let build = |key| build::register_auditor(key, key, args);
        options.send_to(&ledger, "Registered auditor", address, build).await
    }
}
