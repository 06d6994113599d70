mod answer;
mod challenge;
mod disorder;

pub(super) use challenge::read_promise;

use crate::{
    context::Options,
    error::CliError,
    output,
    views::{ClaimListView, ClaimView},
};
use clap::{Args, Subcommand};
use runseal_client::{
    Ledger,
    claims::Payees,
    instructions::{
        claims::{self as build, Slash},
        tokens,
    },
    registry::{self, ReadError},
};
use runseal_registry::state::{Claim, Config, Log};
use solana_address::Address;

/// Accusations against operators
#[derive(Subcommand)]
pub(crate) enum ClaimCommand {
    /// Print every claim, or those against one log
    List {
        /// Only claims against this log
        #[arg(long)]
        log: Option<Address>,
    },
    /// Challenge a promise that the log broke
    Challenge(challenge::Challenge),
    /// Answer a challenge with the receipt's place in its period
    Answer(answer::Answer),
    /// Uphold a challenge that nobody answered in time. Anybody may
    Settle(Settle),
    /// Prove that a period was anchored out of order
    Disorder(disorder::Disorder),
}

/// Uphold a challenge
#[derive(Args)]
pub(crate) struct Settle {
    /// The claim's address
    claim: Address,
    /// The claimant's account of the bond's mint [default: the one that `bond account` makes]
    #[arg(long, value_name = "TOKEN_ACCOUNT")]
    claimant_tokens: Option<Address>,
    /// The treasury's account of the bond's mint [default: the one that `bond account` makes]
    #[arg(long, value_name = "TOKEN_ACCOUNT")]
    treasury_tokens: Option<Address>,
}

impl ClaimCommand {
    pub(crate) async fn run(self, options: &Options) -> Result<(), CliError> {
        match self {
            Self::List { log } => list(options, log).await,
            Self::Challenge(command) => command.run(options).await,
            Self::Answer(command) => command.run(options).await,
            Self::Settle(command) => command.run(options).await,
            Self::Disorder(command) => command.run(options).await,
        }
    }
}

async fn list(options: &Options, log: Option<Address>) -> Result<(), CliError> {
    let found = super::lookups::all::<Claim>(&options.ledger()?).await?;
    let wanted = found.iter().filter(|claim| log.is_none_or(|log| claim.account.log == log));
    output::print(options.output, &ClaimListView(wanted.map(ClaimView::from).collect()))
}

impl Settle {
    async fn run(self, options: &Options) -> Result<(), CliError> {
        let ledger = options.ledger()?;
        let claim = registry::load::<Claim>(&ledger, self.claim).await?;
        let log = registry::load::<Log>(&ledger, claim.account.log).await?.account;
        let usual = tokens_of(&ledger, &log, &claim.account.claimant).await?;
        drop(ledger);
        let slash = Slash {
            log: claim.account.log,
            claim: claim.address,
            claimant: claim.account.claimant,
            claimant_tokens: self.claimant_tokens.unwrap_or(usual.claimant_tokens),
            treasury_tokens: self.treasury_tokens.unwrap_or(usual.treasury_tokens),
        };
        options.send("Upheld claim", claim.address, |_| build::settle(slash)).await
    }
}

/// The accounts of a log's bond tokens that everybody expects a claimant and the treasury to have.
async fn tokens_of(
    ledger: &impl Ledger,
    log: &Log,
    claimant: &Address,
) -> Result<Payees, ReadError> {
    let config = registry::load::<Config>(ledger, registry::config_address()).await?;
    let usual = |owner: &Address| tokens::account_address(owner, &log.bond_mint);
    Ok(Payees {
        claimant_tokens: usual(claimant),
        treasury_tokens: usual(&config.account.treasury),
    })
}
