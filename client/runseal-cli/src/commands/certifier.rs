use crate::{
    context::Options,
    error::CliError,
    output,
    stages::Stages,
    views::{CertifierListView, CertifierView},
};
use clap::{Args, Subcommand};
use runseal_client::{instructions::certification as build, registry};
use runseal_registry::{instructions::AccreditCertifierArgs, state::Certifier};
use solana_address::Address;

/// Who may certify; the keypair is the config's authority
#[derive(Subcommand)]
pub(crate) enum CertifierCommand {
    /// Accredit a certifier
    Accredit(Accredit),
    /// Suspend a certifier for good, and void what it issued from a slot on
    Suspend {
        /// The certifier's address
        certifier: Address,
        /// The first slot whose attestations are void [default: the present one]
        #[arg(long, value_name = "SLOT")]
        void_from_slot: Option<u64>,
    },
    /// Print every certifier
    List,
}

/// Accredit a certifier
#[derive(Args)]
pub(crate) struct Accredit {
    /// The certifier's key
    key: Address,
    /// Whose key that is, at most 32 printable ASCII characters
    #[arg(long, value_parser = super::name)]
    organisation: runseal_registry::state::Name,
    /// The stages it may attest, as letters: ABC
    #[arg(long)]
    stages: Stages,
}

impl CertifierCommand {
    pub(crate) async fn run(self, options: &Options) -> Result<(), CliError> {
        match self {
            Self::Accredit(command) => command.run(options).await,
            Self::Suspend { certifier, void_from_slot } => {
                let slot = match void_from_slot {
                    Some(slot) => slot,
                    None => runseal_client::clock::now(&options.ledger()?).await?.slot,
                };
                let build = |key| build::suspend(key, certifier, slot);
                options.send("Suspended certifier", certifier, build).await
            }
            Self::List => {
                let found = registry::find_all::<Certifier>(&options.ledger()?).await?;
                let rows = found.iter().map(CertifierView::from).collect();
                output::print(options.output, &CertifierListView(rows))
            }
        }
    }
}

impl Accredit {
    async fn run(self, options: &Options) -> Result<(), CliError> {
        let args = AccreditCertifierArgs {
            certifier_authority: self.key,
            organisation: self.organisation,
            stages: self.stages.bits(),
        };
        let address = registry::certifier_address(&self.key);
        let build = |key| build::accredit(key, key, args);
        options.send("Accredited certifier", address, build).await
    }
}
