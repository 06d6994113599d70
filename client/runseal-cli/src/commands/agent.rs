use crate::{
    context::Options,
    error::CliError,
    keys, output,
    views::{AgentListView, AgentView, DoneView},
};
use clap::{Args, Subcommand};
use runseal_client::{agents, registry};
use runseal_registry::{instructions::RegisterAgentArgs, state::Agent};
use sha2::{Digest, Sha256};
use solana_address::Address;
use solana_signer::Signer;
use std::{fs, path::PathBuf};

/// Agents and the vendors that answer for them
#[derive(Subcommand)]
pub(crate) enum AgentCommand {
    /// Register an agent; the keypair is its vendor and pays
    Register(Register),
    /// Print one agent
    Show {
        /// The agent's address or its identity key
        agent: Address,
    },
    /// Print every agent
    List,
}

/// Register an agent
#[derive(Args)]
pub(crate) struct Register {
    /// Keypair file of the agent's identity; it signs too, so nobody can register it in your place
    #[arg(long, value_name = "FILE")]
    identity: PathBuf,
    /// The agent's manifest; its SHA-256 is registered
    #[arg(long, value_name = "FILE")]
    manifest: PathBuf,
    /// Where others find the manifest, at most 128 printable ASCII characters
    #[arg(long, default_value = "")]
    uri: String,
    /// How often the agent promises to be heard of; 0 promises nothing
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    heartbeat_cadence: u32,
}

impl AgentCommand {
    pub(crate) async fn run(self, options: &Options) -> Result<(), CliError> {
        match self {
            Self::Register(command) => command.run(options).await,
            Self::Show { agent } => show(options, agent).await,
            Self::List => list(options).await,
        }
    }
}

impl Register {
    async fn run(self, options: &Options) -> Result<(), CliError> {
        let authority = options.keypair()?;
        let identity = keys::read(&self.identity)?;
        let manifest = fs::read(&self.manifest).map_err(|error| {
            CliError::new(format!("manifest {} cannot be read: {error}", self.manifest.display()))
        })?;
        let args = RegisterAgentArgs {
            manifest_hash: Sha256::digest(&manifest).into(),
            heartbeat_cadence_seconds: self.heartbeat_cadence,
            uri: self.uri,
        };
        let ledger = options.ledger()?;
        let address = registry::agent_address(&identity.pubkey());
        if registry::find::<Agent>(&ledger, address).await?.is_some() {
            return Err(CliError::new(format!("agent {address} is registered already"))
                .with_hint(format!("`runseal agent show {address}` prints it")));
        }
        let landed = agents::register(&ledger, &authority, &identity, args).await?;
        output::print(options.output, &DoneView::new("Registered agent", address, Some(landed)))
    }
}

async fn show(options: &Options, key: Address) -> Result<(), CliError> {
    let ledger = options.ledger()?;
    // An agent's address is not on the curve and an identity key is, so one is never the other.
    let address = if key.is_on_curve() { registry::agent_address(&key) } else { key };
    let found = registry::find::<Agent>(&ledger, address).await?;
    let found = found.ok_or_else(|| CliError::new(format!("there is no agent {key}")))?;
    output::print(options.output, &AgentView::from(&found))
}

async fn list(options: &Options) -> Result<(), CliError> {
    let found = registry::find_all::<Agent>(&options.ledger()?).await?;
    let rows = found.iter().map(AgentView::from).collect();
    output::print(options.output, &AgentListView(rows))
}
