use super::lookups;
use crate::{
    context::Options,
    error::CliError,
    output,
    stages::Stages,
    views::{CertifierListView, CertifierView},
};
use clap::{Args, Subcommand};
use runseal_client::{clock, instructions::certification as build, registry};
use runseal_registry::{instructions::AccreditCertifierArgs, state::Certifier};
use solana_address::Address;

/// Who may certify; the keypair is the config's authority
#[derive(Subcommand)]
pub(crate) enum CertifierCommand {
    /// Accredit a certifier
    Accredit(Accredit),
    /// Suspend a certifier for good, and void what it issued from a slot on
    Suspend {
        /// The certifier's address or its key
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
    /// Whose key that is, as in audit.example: 1 to 32 printable ASCII characters, no spaces
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
                suspend(options, certifier, void_from_slot).await
            }
            Self::List => {
                let found = lookups::all::<Certifier>(&options.ledger()?).await?;
                let rows = found.iter().map(CertifierView::from).collect();
                output::print(options.output, &CertifierListView(rows))
            }
        }
    }
}

async fn suspend(options: &Options, key: Address, from: Option<u64>) -> Result<(), CliError> {
    // A certifier's address is not on the curve and a key is, so one is never the other.
    let address = if key.is_on_curve() { registry::certifier_address(&key) } else { key };
    let ledger = options.ledger()?;
    let certifier = registry::load::<Certifier>(&ledger, address).await?.address;
    let slot = match from {
        Some(slot) => slot,
        None => clock::now(&ledger).await?.slot,
    };
    let build = |key| build::suspend(key, certifier, slot);
    options.send_to(&ledger, "Suspended certifier", certifier, build).await
}

impl Accredit {
    async fn run(self, options: &Options) -> Result<(), CliError> {
        let args = AccreditCertifierArgs {
            certifier_authority: self.key,
            organisation: self.organisation,
            stages: self.stages.bits(),
        };
        let address = registry::certifier_address(&self.key);
        let ledger = options.ledger()?;
        lookups::config(&ledger).await?;
        if registry::find::<Certifier>(&ledger, address).await?.is_some() {
            return Err(CliError::new(format!("certifier {address} is accredited already"))
                .with_hint("`runseal certifier list` prints every certifier"));
        }
        let build = |key| build::accredit(key, key, args);
        options.send_to(&ledger, "Accredited certifier", address, build).await
    }
}
