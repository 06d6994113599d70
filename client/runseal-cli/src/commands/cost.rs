use crate::{
    context::Options,
    durations::Seconds,
    error::CliError,
    output,
    views::{CostView, DayView},
};
use clap::Subcommand;
use runseal_client::cost::{self, Day};

/// What anchoring costs on this ledger
#[derive(Subcommand)]
pub(crate) enum CostCommand {
    /// Print what a receipt costs at several cadences, at the ledger's present prices
    Plan {
        /// How many receipts a day
        #[arg(long, value_name = "NUMBER", default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(1..))]
        receipts_per_day: u64,
        /// How long a period is; may be given several times [default: 1m 1h 1d]
        #[arg(long, value_name = "DURATION")]
        cadence: Vec<Seconds>,
    },
}

impl CostCommand {
    pub(crate) async fn run(self, options: &Options) -> Result<(), CliError> {
        let Self::Plan { receipts_per_day, cadence } = self;
        let cost = cost::of_anchor(&options.ledger()?).await?;
        let cadences = match cadence.as_slice() {
            [] => cost::USUAL_CADENCES_SECONDS.to_vec(),
            given => given.iter().map(|seconds| seconds.0).collect(),
        };
        let view = |cadence| {
            let day = Day::new(cost, cadence)?;
            DayView::new(&day, receipts_per_day)
        };
        let days: Option<Vec<DayView>> = cadences.into_iter().map(view).collect();
        let days = days.ok_or_else(|| CliError::new("a cadence of no time costs without end"))?;
        output::print(options.output, &CostView::new(cost, receipts_per_day, days))
    }
}
