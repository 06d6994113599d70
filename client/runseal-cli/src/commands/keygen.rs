use crate::{context::Options, error::CliError, keys, output, views::DoneView};
use clap::Args;
use solana_signer::Signer;
use std::path::PathBuf;

/// Make a keypair file
#[derive(Args)]
pub(crate) struct Keygen {
    /// Where to write it; must not exist yet
    file: PathBuf,
}

impl Keygen {
    pub(crate) fn run(self, options: &Options) -> Result<(), CliError> {
        let keypair = keys::write_new(&self.file)?;
        output::note(&format!("Wrote {}. Whoever has this file has the key.", self.file.display()));
        output::print(options.output, &DoneView::new("New key", keypair.pubkey(), None))
    }
}
