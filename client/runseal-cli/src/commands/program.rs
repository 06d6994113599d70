use crate::{context::Options, error::CliError, output, views::ProgramView};
use clap::Subcommand;
use runseal_client::program;

/// The program itself
#[derive(Subcommand)]
pub(crate) enum ProgramCommand {
    /// Print what the ledger runs and who may change it
    Show,
}

impl ProgramCommand {
    pub(crate) async fn run(self, options: &Options) -> Result<(), CliError> {
        let Self::Show = self;
        let deployed = program::find(&options.ledger()?).await?;
        let deployed =
            deployed.ok_or_else(|| CliError::new("this ledger does not have the program"))?;
        output::print(options.output, &ProgramView::from(&deployed))
    }
}
