use clap::Args;
use runseal_app::{Limits, Rate};
use std::{num::NonZeroU32, time::Duration};

/// How much the service takes on
#[derive(Args)]
pub(crate) struct Taking {
    /// How many calls a second each token may make, and each address without one [default: any]
    #[arg(long, value_name = "NUMBER")]
    rate: Option<NonZeroU32>,
    /// How many calls may come at once where there is a rate [default: those of two seconds]
    #[arg(long, requires = "rate", value_name = "NUMBER")]
    burst: Option<NonZeroU32>,
    /// How long a call may take
    #[arg(long, default_value_t = 60, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=3_600))]
    call_timeout: u64,
    /// How long calls have to end when the service is told to
    #[arg(long, default_value_t = 30, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(0..=3_600))]
    grace: u64,
    /// How long the service says that it is about to end, and still lets calls in, before it ends
    #[arg(long, default_value_t = 0, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(0..=3_600))]
    drain: u64,
}

impl Taking {
    pub(crate) fn limits(&self) -> Limits {
        let rate = self.rate.map(|per_second| Rate {
            per_second,
            burst: self.burst.unwrap_or(per_second.saturating_add(per_second.get())),
        });
        Limits { rate, call: Duration::from_secs(self.call_timeout), ..Limits::default() }
    }

    pub(crate) fn drain(&self) -> Duration {
        Duration::from_secs(self.drain)
    }

    /// How long it takes at most from being told to end until it has ended.
    pub(crate) fn patience(&self) -> Duration {
        Duration::from_secs(self.drain.saturating_add(self.grace))
    }
}
