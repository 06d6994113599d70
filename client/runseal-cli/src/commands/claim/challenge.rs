//! Accuses an operator of a broken promise.

use crate::{context::Options, error::CliError, files, output, views::ClaimedView};
use clap::Args;
use runseal_client::claims;
use runseal_engine::SignedPromise;
use std::path::{Path, PathBuf};

/// Challenge a promise. The keypair pays a deposit, which the operator gets if he answers
#[derive(Args)]
pub(crate) struct Challenge {
    /// File with the promise, as `receipt seal --promise-key` prints it under "promise", or - for
    /// stdin
    promise: PathBuf,
}

impl Challenge {
    pub(super) async fn run(self, options: &Options) -> Result<(), CliError> {
        let promise = read_promise(&self.promise)?;
        let (ledger, key) = (options.ledger()?, options.keypair()?);
        let claimed = claims::challenge(&ledger, &key, &promise).await?;
        output::print(options.output, &ClaimedView::new("Challenged promise", &claimed))
    }
}

/// Reads a promise.
pub(crate) fn read_promise(path: &Path) -> Result<SignedPromise, CliError> {
    let text = files::read(path).map_err(CliError::into_usage)?;
    SignedPromise::parse(&text).map_err(|reason| {
        CliError::new(format!("{} is no promise: {reason}", files::name_of(path))).with_hint(
            "`runseal receipt seal --promise-out FILE` writes one, `runseal receipt promise DIGEST` prints it",
        )
    })
}
