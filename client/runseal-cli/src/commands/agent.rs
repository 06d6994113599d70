use super::lookups;
use crate::{
    context::Options,
    error::CliError,
    keys, output,
    views::{AgentListView, AgentView, AgentWithVersions, DoneView, VersionView},
};
use clap::{Args, Subcommand};
use runseal_client::{agents, instructions::agents as build, registry};
use runseal_registry::{
    instructions::{PublishVersionArgs, RegisterAgentArgs},
    state::{Agent, AgentStatus, SemanticVersion, Version},
};
use solana_address::Address;
use solana_signer::Signer;
use std::path::PathBuf;

/// Agents and the vendors that answer for them
#[derive(Subcommand)]
pub(crate) enum AgentCommand {
    /// Make a keypair file for a new agent's identity
    NewIdentity(super::keygen::Keygen),
    /// Register an agent; the keypair is its vendor and pays
    Register(Register),
    /// Print one agent and its versions
    Show {
        /// The agent's address or its identity key
        agent: Address,
    },
    /// Print every agent
    List,
    /// Publish an agent's next version
    Publish(Publish),
    /// Withdraw a version, for good
    Yank {
        /// The version's address
        version: Address,
    },
    /// Say that an agent is in use
    Activate(Named),
    /// Say that an agent is not in use for now
    Pause(Named),
    /// Say that an agent is not in use any more
    Retire(Named),
    /// Close the book on a retired agent: nothing of it can change from then on
    Archive(Named),
    /// Show that an agent is alive; the keypair is its identity
    Heartbeat,
    /// Ask another vendor to take over an agent
    Transfer {
        /// The agent's address or its identity key
        agent: Address,
        /// The other vendor's key
        vendor: Address,
    },
    /// Withdraw that request
    CancelTransfer(Named),
    /// Take over an agent; the keypair is the new vendor
    Accept(Named),
}

/// An agent by its name
#[derive(Args)]
pub(crate) struct Named {
    /// The agent's address or its identity key
    agent: Address,
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

/// Publish an agent's next version
#[derive(Args)]
pub(crate) struct Publish {
    /// The agent's address or its identity key
    agent: Address,
    /// Three numbers, as in 1.4.2; versions may come in any order
    #[arg(long, value_name = "MAJOR.MINOR.PATCH", value_parser = semantic)]
    semver: SemanticVersion,
    /// The version's manifest; its SHA-256 is registered
    #[arg(long, value_name = "FILE")]
    manifest: PathBuf,
    /// What runs: an archive, an image's manifest, a binary; its SHA-256 is registered
    #[arg(long, value_name = "FILE")]
    code: PathBuf,
    /// Where others find the version, at most 128 printable ASCII characters
    #[arg(long, default_value = "")]
    uri: String,
}

impl AgentCommand {
    pub(crate) async fn run(self, options: &Options) -> Result<(), CliError> {
        match self {
            Self::NewIdentity(command) => command.run(options),
            Self::Register(command) => command.run(options).await,
            Self::Show { agent } => show(options, agent).await,
            Self::List => list(options).await,
            Self::Publish(command) => command.run(options).await,
            Self::Yank { version } => yank(options, version).await,
            Self::Activate(named) => named.becomes(options, AgentStatus::Active).await,
            Self::Pause(named) => named.becomes(options, AgentStatus::Paused).await,
            Self::Retire(named) => named.becomes(options, AgentStatus::Retired).await,
            Self::Archive(named) => named.becomes(options, AgentStatus::Archived).await,
            Self::Heartbeat => heartbeat(options).await,
            Self::Transfer { agent, vendor } => {
                let agent = agents::address_of(agent);
                let build = |key| build::propose_authority(key, agent, vendor);
                options.send("Asked for a take-over of agent", agent, build).await
            }
            Self::CancelTransfer(named) => {
                let agent = agents::address_of(named.agent);
                let build = |key| build::cancel_authority(key, agent);
                options.send("Withdrew the request for agent", agent, build).await
            }
            Self::Accept(named) => {
                let agent = agents::address_of(named.agent);
                let build = |key| build::accept_authority(key, agent);
                options.send("Took over agent", agent, build).await
            }
        }
    }
}

impl Named {
    async fn becomes(self, options: &Options, status: AgentStatus) -> Result<(), CliError> {
        let agent = agents::address_of(self.agent);
        let done = format!("Agent is now {}", status.as_str());
        options.send(&done, agent, |key| build::set_status(key, agent, status)).await
    }
}

impl Register {
    async fn run(self, options: &Options) -> Result<(), CliError> {
        let authority = options.keypair()?;
        let identity = keys::read(&self.identity)?;
        let args = RegisterAgentArgs {
            manifest_hash: super::hash_of_file("manifest", &self.manifest)?,
            heartbeat_cadence_seconds: self.heartbeat_cadence,
            uri: self.uri,
        };
        let ledger = options.ledger()?;
        lookups::config(&ledger).await?;
        let address = registry::agent_address(&identity.pubkey());
        if registry::find::<Agent>(&ledger, address).await?.is_some() {
            return Err(CliError::new(format!("agent {address} is registered already"))
                .with_hint(format!("`runseal agent show {address}` prints it")));
        }
        let landed = agents::register(&ledger, &authority, &identity, args).await?;
        output::print(options.output, &DoneView::new("Registered agent", address, Some(landed)))
    }
}

impl Publish {
    async fn run(self, options: &Options) -> Result<(), CliError> {
        let args = PublishVersionArgs {
            semantic: self.semver,
            manifest_hash: super::hash_of_file("manifest", &self.manifest)?,
            code_hash: super::hash_of_file("code", &self.code)?,
            uri: self.uri,
        };
        let (authority, ledger) = (options.keypair()?, options.ledger()?);
        let (address, landed) = agents::publish(&ledger, &authority, self.agent, args).await?;
        output::print(options.output, &DoneView::new("Published version", address, Some(landed)))
    }
}

fn semantic(text: &str) -> Result<SemanticVersion, String> {
    let numbers: Option<Vec<u32>> = text.split('.').map(|number| number.parse().ok()).collect();
    match numbers.as_deref() {
        Some(&[major, minor, patch]) => Ok(SemanticVersion { major, minor, patch }),
        _ => Err("a version is three numbers, as in 1.4.2".to_owned()),
    }
}

async fn show(options: &Options, key: Address) -> Result<(), CliError> {
    let ledger = options.ledger()?;
    let found = registry::find::<Agent>(&ledger, agents::address_of(key)).await?;
    let found = found.ok_or_else(|| CliError::new(format!("there is no agent {key}")))?;
    let versions = agents::versions(&ledger, &found).await?;
    let versions = versions.iter().map(VersionView::from).collect();
    output::print(options.output, &AgentWithVersions { agent: AgentView::from(&found), versions })
}

async fn list(options: &Options) -> Result<(), CliError> {
    let found = lookups::all::<Agent>(&options.ledger()?).await?;
    let rows = found.iter().map(AgentView::from).collect();
    output::print(options.output, &AgentListView(rows))
}

async fn yank(options: &Options, version: Address) -> Result<(), CliError> {
    let agent = registry::load::<Version>(&options.ledger()?, version).await?.account.agent;
    let build = |key| build::yank_version(key, agent, version);
    options.send("Yanked version", version, build).await
}

async fn heartbeat(options: &Options) -> Result<(), CliError> {
    let identity = options.keypair()?.pubkey();
    let agent = registry::agent_address(&identity);
    let ledger = options.ledger()?;
    if registry::find::<Agent>(&ledger, agent).await?.is_none() {
        return Err(CliError::new(format!("the key {identity} is no agent's identity"))
            .with_hint("pass with -k the file that `agent register --identity` was given"));
    }
    options.send_to(&ledger, "Heard of agent", agent, build::heartbeat).await
}
