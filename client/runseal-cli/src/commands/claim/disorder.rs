//! Accuses an operator of leaves out of order, and proves it.

use super::{PayeeOptions, slash};
use crate::{
    context::Options,
    error::CliError,
    leaf_files::LeafFiles,
    output,
    views::{ClaimedView, SlashedView},
};
use clap::Args;
use runseal_client::{anchors::KnownLog, claims};
use runseal_types::Period;
use solana_address::Address;
use solana_signer::Signer;

/// Prove that a period was anchored out of order, from a list that was mirrored here
#[derive(Args)]
pub(crate) struct Disorder {
    /// The log
    #[arg(long, value_name = "ADDRESS")]
    log: Address,
    /// The period
    #[arg(long, value_name = "PERIOD")]
    period: u64,
    #[command(flatten)]
    payees: PayeeOptions,
}

impl Disorder {
    pub(super) async fn run(self, options: &Options) -> Result<(), CliError> {
        let (ledger, key) = (options.ledger()?, options.keypair()?);
        let log = KnownLog::read(&ledger, self.log).await?;
        let lists = LeafFiles::to_read(&options.home()?, &self.log.to_string());
        let payees = self.payees.open(&ledger, &key, &log.account, key.pubkey()).await?;
        let claimed =
            claims::disorder(&ledger, &lists, &key, &log, Period(self.period), payees).await?;
        let slash = slash::shares(&ledger, claimed.claim.address).await?;
        let done = ClaimedView::new("Proved disorder", &claimed);
        output::print(options.output, &SlashedView { done, slash })
    }
}
