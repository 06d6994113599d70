use super::lookups;
use crate::{context::Options, error::CliError, output, views::ProgramView};
use clap::Subcommand;

/// The program itself
#[derive(Subcommand)]
pub(crate) enum ProgramCommand {
    /// Print what the ledger runs and who may change it
    Show,
}

impl ProgramCommand {
    pub(crate) async fn run(self, options: &Options) -> Result<(), CliError> {
        let Self::Show = self;
        let deployed = lookups::deployed(&options.ledger()?).await?;
        output::print(options.output, &ProgramView::from(&deployed))
    }
}
