use crate::{context::Options, error::CliError, output, views::DoneView};
use clap::Subcommand;
use runseal_client::{
    Ledger,
    instructions::{bonds as build, tokens},
    registry,
};
use runseal_registry::state::{Config, Log};
use solana_address::Address;
use solana_signer::Signer;

/// What an operator puts at stake
#[derive(Subcommand)]
pub(crate) enum BondCommand {
    /// Make the keypair's account for bond tokens, if it is not there, and print its address
    Account {
        /// Turn so many of the keypair's lamports into bond tokens, where those are wrapped SOL
        #[arg(long, value_name = "LAMPORTS")]
        wrap: Option<u64>,
    },
    /// Add tokens to a log's bond
    Deposit {
        /// The log's address
        log: Address,
        /// How much, in the mint's base units
        amount: u64,
        /// The keypair's token account that it comes from [default: the one that `bond account` makes]
        #[arg(long, value_name = "TOKEN_ACCOUNT")]
        from: Option<Address>,
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
        /// The operator's token account that it goes to [default: the one that `bond account` makes]
        #[arg(long, value_name = "TOKEN_ACCOUNT")]
        to: Option<Address>,
    },
}

impl BondCommand {
    pub(crate) async fn run(self, options: &Options) -> Result<(), CliError> {
        match self {
            Self::Account { wrap } => account(options, wrap).await,
            Self::Deposit { log, amount, from } => {
                let mint = mint_of(options, log).await?;
                let build = |key| {
                    let from = from.unwrap_or_else(|| tokens::account_address(&key, &mint));
                    build::deposit(key, key, log, mint, from, amount)
                };
                options.send("Added to the bond of log", log, build).await
            }
            Self::Unbond { log, amount } => {
                let build = |key| build::request_unbond(key, log, amount);
                options.send("Asked for a part of the bond of log", log, build).await
            }
            Self::Withdraw { log, to } => {
                let mint = mint_of(options, log).await?;
                let build = |key| {
                    let to = to.unwrap_or_else(|| tokens::account_address(&key, &mint));
                    build::withdraw(key, log, to)
                };
                options.send("Paid out of the bond of log", log, build).await
            }
        }
    }
}

async fn mint_of(options: &Options, log: Address) -> Result<Address, CliError> {
    Ok(registry::load::<Log>(&options.ledger()?, log).await?.account.bond_mint)
}

async fn account(options: &Options, wrap: Option<u64>) -> Result<(), CliError> {
    let keypair = options.keypair()?;
    let ledger = options.ledger()?;
    let config = registry::load::<Config>(&ledger, registry::config_address()).await?;
    let (owner, mint) = (keypair.pubkey(), config.account.bond_mint);
    let mut instructions = vec![tokens::create_account(owner, owner, mint)];
    match wrap {
        Some(_) if mint != tokens::WRAPPED_SOL => {
            return Err(CliError::new(format!("bonds are not wrapped SOL here but {mint}"))
                .with_hint("send tokens of that mint to the account without --wrap"));
        }
        Some(lamports) => instructions.extend(tokens::wrap(owner, lamports)),
        None => {}
    }
    let landed = ledger.submit(&instructions, &[&keypair]).await?;
    let address = tokens::account_address(&owner, &mint);
    output::print(options.output, &DoneView::new("Account for bond tokens", address, Some(landed)))
}
