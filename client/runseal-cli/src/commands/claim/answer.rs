//! Answers a challenge from the operator's store.

use crate::{context::Options, error::CliError, output, views::ClaimedView};
use clap::Args;
use runseal_client::claims;
use solana_address::Address;

/// Answer a challenge with the receipt's place in its period, from the operator's store
#[derive(Args)]
pub(crate) struct Answer {
    /// The claim's address
    claim: Address,
}

impl Answer {
    pub(super) async fn run(self, options: &Options) -> Result<(), CliError> {
        let (store, ledger, key) =
            (options.store_to_read()?, options.ledger()?, options.keypair()?);
        let claimed = claims::answer(&ledger, &store, &key, self.claim).await?;
        output::print(options.output, &ClaimedView::new("Answered challenge", &claimed))
    }
}
