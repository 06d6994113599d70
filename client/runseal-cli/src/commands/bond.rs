use super::lookups;
use crate::{context::Options, error::CliError, output, views::DoneView};
use clap::Subcommand;
use runseal_client::{
    Ledger,
    instructions::{bonds as build, tokens},
    registry,
};
use runseal_registry::state::Log;
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
            Self::Deposit { log, amount, from } => deposit(options, log, amount, from).await,
            Self::Unbond { log, amount } => {
                let build = |key| build::request_unbond(key, log, amount);
                let done = match amount {
                    0 => "Took back the request for a part of the bond of log",
                    _ => "Asked for a part of the bond of log",
                };
                options.send(done, log, build).await
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

async fn deposit(
    options: &Options,
    log: Address,
    amount: u64,
    from: Option<Address>,
) -> Result<(), CliError> {
    let (ledger, key) = (options.ledger()?, options.keypair()?.pubkey());
    let mint = registry::load::<Log>(&ledger, log).await?.account.bond_mint;
    let from = from.unwrap_or_else(|| tokens::account_address(&key, &mint));
    let found = ledger.read(&[from]).await?.pop().flatten();
    let held = found.and_then(|account| tokens::amount_in(&account.data));
    if held.is_none_or(|held| held < amount) {
        let has = held.map_or("is not there".to_owned(), |held| format!("has {held} tokens"));
        let reason = format!("{amount} bond tokens are asked for, and the account {from} {has}");
        let hint = match mint {
            tokens::WRAPPED_SOL => {
                "`runseal bond account --wrap LAMPORTS` puts some there".to_owned()
            }
            mint => format!("`runseal bond account` makes it; send tokens of {mint} there"),
        };
        return Err(CliError::new(reason).with_hint(hint));
    }
    let build = |key| build::deposit(key, key, log, mint, from, amount);
    options.send_to(&ledger, "Added to the bond of log", log, build).await
}

async fn account(options: &Options, wrap: Option<u64>) -> Result<(), CliError> {
    let keypair = options.keypair()?;
    let ledger = options.ledger()?;
    let config = lookups::config(&ledger).await?;
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
