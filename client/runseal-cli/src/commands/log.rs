use super::lookups;
use crate::{
    context::Options,
    durations::Seconds,
    error::CliError,
    output,
    views::{LogListView, LogView},
};
use clap::{Args, Subcommand};
use runseal_client::{Ledger, bonds, clock, instructions::logs as build, registry};
use runseal_registry::{
    instructions::{OpenLogArgs, RotateLogKeysArgs},
    state::{Config, Log, Name},
};
use solana_address::Address;
use solana_signer::Signer;

/// Logs and the operators that run them
#[derive(Subcommand)]
pub(crate) enum LogCommand {
    /// Open a log; the keypair is its operator and pays
    Open(Open),
    /// Print a log
    Show {
        /// The log's address
        log: Address,
    },
    /// Print every log
    List,
    /// Change a log's keys; the promise key serves from the next period on
    RotateKeys {
        /// The log's address
        log: Address,
        #[command(flatten)]
        keys: Keys,
    },
    /// Ask another operator to take over a log
    Transfer {
        /// The log's address
        log: Address,
        /// The other operator's key
        operator: Address,
    },
    /// Withdraw that request
    CancelTransfer {
        /// The log's address
        log: Address,
    },
    /// Take over a log; the keypair is the new operator
    Accept {
        /// The log's address
        log: Address,
    },
}

/// Open a log
#[derive(Args)]
pub(crate) struct Open {
    /// What the operator calls it, 1 to 32 printable ASCII characters, no spaces; it is in the log's
    /// address
    #[arg(value_parser = super::name)]
    name: Name,
    #[command(flatten)]
    keys: Keys,
    /// Unix time at which period 0 begins [default: now]
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    start: Option<i64>,
    /// How long a period is
    #[arg(long, value_name = "DURATION", default_value = "1d")]
    cadence: Seconds,
    /// How long after a period's end its anchor is still in time
    #[arg(long, value_name = "DURATION", default_value = "1h")]
    grace: Seconds,
    /// How long the operator has to answer a challenge
    #[arg(long, value_name = "DURATION", default_value = "1d")]
    answer_window: Seconds,
    /// How long after a period's end and grace its promises can be challenged
    #[arg(long, value_name = "DURATION", default_value = "30d")]
    challenge_window: Seconds,
    /// How long an anchor's account is kept after it was posted
    #[arg(long, value_name = "DURATION", default_value = "90d")]
    retention: Seconds,
}

/// The keys that a log's service holds
#[derive(Args)]
pub(crate) struct Keys {
    /// The key that posts anchors
    #[arg(long, value_name = "ADDRESS")]
    anchoring_key: Address,
    /// The key that signs promises
    #[arg(long, value_name = "ADDRESS")]
    promise_key: Address,
}

impl LogCommand {
    pub(crate) async fn run(self, options: &Options) -> Result<(), CliError> {
        match self {
            Self::Open(command) => command.run(options).await,
            Self::Show { log } => show(options, log).await,
            Self::List => {
                let found = lookups::all::<Log>(&options.ledger()?).await?;
                let rows = found.iter().map(LogView::from).collect();
                output::print(options.output, &LogListView(rows))
            }
            Self::RotateKeys { log, keys } => {
                let Keys { anchoring_key, promise_key } = keys;
                let args = RotateLogKeysArgs { anchoring_key, promise_key };
                let build = |key| build::rotate_keys(key, log, args);
                options.send("Changed the keys of log", log, build).await
            }
            Self::Transfer { log, operator } => {
                let build = |key| build::propose_operator(key, log, operator);
                options.send("Asked for a take-over of log", log, build).await
            }
            Self::CancelTransfer { log } => {
                let build = |key| build::cancel_operator(key, log);
                options.send("Withdrew the request for log", log, build).await
            }
            Self::Accept { log } => {
                let build = |key| build::accept_operator(key, log);
                options.send("Took over log", log, build).await
            }
        }
    }
}

async fn show(options: &Options, address: Address) -> Result<(), CliError> {
    let ledger = options.ledger()?;
    let found = registry::load::<Log>(&ledger, address).await?;
    let unbond_from = match found.account.unbond_amount {
        0 => None,
        _ => {
            let config = registry::load::<Config>(&ledger, registry::config_address()).await?;
            bonds::withdrawable_from(&found.account, &config.account)
        }
    };
    output::print(options.output, &LogView::from(&found).with_unbond_from(unbond_from))
}

impl Open {
    async fn run(self, options: &Options) -> Result<(), CliError> {
        let ledger = options.ledger()?;
        let start_seconds = match self.start {
            Some(start) => start,
            None => clock::now(&ledger).await?.unix_seconds,
        };
        let args = OpenLogArgs {
            name: self.name,
            genesis_hash: ledger.genesis_hash().await?.to_bytes(),
            anchoring_key: self.keys.anchoring_key,
            promise_key: self.keys.promise_key,
            start_seconds,
            cadence_seconds: self.cadence.0,
            grace_seconds: self.grace.0,
            answer_window_seconds: self.answer_window.0,
            challenge_window_seconds: self.challenge_window.0,
            retention_seconds: self.retention.0,
        };
        let address = registry::log_address(&options.keypair()?.pubkey(), &args.name);
        lookups::config(&ledger).await?;
        if registry::find::<Log>(&ledger, address).await?.is_some() {
            return Err(CliError::new(format!("log {address} is open already, by that name"))
                .with_hint(format!("`runseal log show {address}` prints it")));
        }
        options.send_to(&ledger, "Opened log", address, |key| build::open(key, key, args)).await
    }
}
