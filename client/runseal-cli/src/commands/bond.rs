use crate::{context::Options, error::CliError};
use clap::Subcommand;
use runseal_client::{instructions::bonds as build, registry};
use runseal_registry::state::Log;
use solana_address::Address;

/// What an operator puts at stake
#[derive(Subcommand)]
pub(crate) enum BondCommand {
    /// Add tokens to a log's bond
    Deposit {
        /// The log's address
        log: Address,
        /// How much, in the mint's base units
        amount: u64,
        /// The keypair's token account that it comes from
        #[arg(long, value_name = "TOKEN_ACCOUNT")]
        from: Address,
    },
    /// Ask for a part of the bond; it can be withdrawn after the notice. 0 takes the request back
    Unbond {
        /// The log's address
        log: Address,
        /// How much, in the mint's base units
        amount: u64,
    },
    /// Take out what was asked for
    Withdraw {
        /// The log's address
        log: Address,
        /// The operator's token account that it goes to
        #[arg(long, value_name = "TOKEN_ACCOUNT")]
        to: Address,
    },
}

impl BondCommand {
    pub(crate) async fn run(self, options: &Options) -> Result<(), CliError> {
        match self {
            Self::Deposit { log, amount, from } => {
                let mint = registry::load::<Log>(&options.ledger()?, log).await?.account.bond_mint;
                let build = |key| build::deposit(key, key, log, mint, from, amount);
                options.send("Added to the bond of log", log, build).await
            }
            Self::Unbond { log, amount } => {
                let build = |key| build::request_unbond(key, log, amount);
                options.send("Asked for a part of the bond of log", log, build).await
            }
            Self::Withdraw { log, to } => {
                let build = |key| build::withdraw(key, log, to);
                options.send("Paid out of the bond of log", log, build).await
            }
        }
    }
}
