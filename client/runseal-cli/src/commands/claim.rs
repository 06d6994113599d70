mod answer;
mod challenge;
mod disorder;
mod slash;

pub(super) use challenge::read_promise;

use crate::{
    context::Options,
    error::CliError,
    output,
    views::{ClaimListView, ClaimView, DoneView, SlashedView},
};
use clap::{Args, Subcommand};
use runseal_client::{
    Ledger,
    claims::Payees,
    instructions::{
        claims::{self as build, Slash},
        tokens,
    },
    registry,
};
use runseal_registry::state::{Claim, Config, Log};
use solana_address::Address;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;

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
    #[command(flatten)]
    payees: PayeeOptions,
}

/// Whose accounts a slash is paid into.
#[derive(Args)]
pub(super) struct PayeeOptions {
    /// The claimant's account of the bond's mint [default: the one that `bond account` makes; it is
    /// made if it is not there]
    #[arg(long, value_name = "TOKEN_ACCOUNT")]
    claimant_tokens: Option<Address>,
    /// The treasury's account of the bond's mint [default: the one that `bond account` makes; it is
    /// made if it is not there]
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
        let (ledger, key) = (options.ledger()?, options.keypair()?);
        let claim = registry::load::<Claim>(&ledger, self.claim).await?;
        let log = registry::load::<Log>(&ledger, claim.account.log).await?.account;
        let payees = self.payees.open(&ledger, &key, &log, claim.account.claimant).await?;
        let slash = Slash {
            log: claim.account.log,
            claim: claim.address,
            claimant: claim.account.claimant,
            claimant_tokens: payees.claimant_tokens,
            treasury_tokens: payees.treasury_tokens,
        };
        let landed = ledger.submit(&[build::settle(slash)], &[&key]).await?;
        let done = DoneView::new("Upheld claim", claim.address, Some(landed));
        let slash = slash::shares(&ledger, claim.address).await?;
        output::print(options.output, &SlashedView { done, slash })
    }
}

impl PayeeOptions {
    /// Returns the accounts that are paid into. Of those that everybody expects, `payer` makes the
    /// ones that are not there: whoever settles may be somebody who does not know their owners.
    async fn open(
        &self,
        ledger: &impl Ledger,
        payer: &Keypair,
        log: &Log,
        claimant: Address,
    ) -> Result<Payees, CliError> {
        let config = registry::load::<Config>(ledger, registry::config_address()).await?;
        let (mint, treasury) = (log.bond_mint, config.account.treasury);
        let usual = |owner: &Address| tokens::account_address(owner, &mint);
        let owners = [(self.claimant_tokens, claimant), (self.treasury_tokens, treasury)];
        let expected: Vec<Address> =
            owners.iter().filter(|(given, _)| given.is_none()).map(|(_, owner)| *owner).collect();
        let accounts = ledger.read(&expected.iter().map(usual).collect::<Vec<_>>()).await?;
        let missing = expected.into_iter().zip(accounts).filter(|(_, account)| account.is_none());
        let create = |(owner, _)| tokens::create_account(payer.pubkey(), owner, mint);
        let create: Vec<Instruction> = missing.map(create).collect();
        if !create.is_empty() {
            ledger.submit(&create, &[payer]).await?;
        }
        Ok(Payees {
            claimant_tokens: self.claimant_tokens.unwrap_or_else(|| usual(&claimant)),
            treasury_tokens: self.treasury_tokens.unwrap_or_else(|| usual(&treasury)),
        })
    }
}
