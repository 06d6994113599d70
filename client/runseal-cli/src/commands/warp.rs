use crate::{context::Options, durations::Seconds, error::CliError, output, views::ClockView};
use clap::Args;
use runseal_client::clock;
use runseal_ledger::AnyLedger;

/// Move the embedded ledger's clock forward, for good
#[derive(Args)]
pub(crate) struct Warp {
    /// By how much
    #[arg(value_name = "DURATION")]
    by: Seconds,
}

impl Warp {
    pub(crate) async fn run(self, options: &Options) -> Result<(), CliError> {
        let ledger = options.ledger()?;
        let AnyLedger::Embedded(embedded) = &ledger else {
            return Err(CliError::new("only the embedded ledger's clock can be moved")
                .with_hint("leave out -u"));
        };
        let seconds = u32::try_from(self.by.0);
        embedded.advance(seconds.map_err(|_| CliError::usage("that is more than a century"))?)?;
        output::print(options.output, &ClockView::from(clock::now(&ledger).await?))
    }
}
