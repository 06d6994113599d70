//! The log of what goes on for long: a line for each thing that happened, on stderr.

use crate::{error::CliError, output};
use clap::{Args, ValueEnum};
use std::io::{self, Stderr};
use tracing_subscriber::{
    Layer, Registry, filter::Targets, fmt, layer::SubscriberExt, util::SubscriberInitExt,
};

/// What is logged, and how
#[derive(Args)]
pub(crate) struct LogOptions {
    /// How the log on stderr is written: for people, or a JSON object a line
    #[arg(long, default_value = "text", value_name = "FORMAT")]
    log: LogFormat,
    /// What is logged: error, warn, info, debug, trace or off; parts may have a level of their own,
    /// as in `warn,runseal_app=debug`
    #[arg(long, default_value = "info", env = "RUNSEAL_LOG", value_name = "LEVELS")]
    log_level: Targets,
}

#[derive(Clone, Copy, ValueEnum)]
enum LogFormat {
    Text,
    Json,
}

/// Lines on stderr. That nobody reads them is no reason to end what goes on.
fn lines() -> fmt::Layer<Registry, fmt::format::DefaultFields, fmt::format::Format, fn() -> Stderr>
{
    fmt::layer().with_writer(io::stderr as fn() -> Stderr).log_internal_errors(false)
}

impl LogOptions {
    /// From here on, what happens is logged.
    pub(crate) fn begin(&self) -> Result<(), CliError> {
        let lines: Box<dyn Layer<Registry> + Send + Sync> = match self.log {
            LogFormat::Text => lines().with_ansi(false).boxed(),
            LogFormat::Json => {
                output::log_notes();
                lines().json().flatten_event(true).boxed()
            }
        };
        let log = tracing_subscriber::registry().with(lines.with_filter(self.log_level.clone()));
        log.try_init().map_err(|error| CliError::new(format!("nothing can be logged: {error}")))
    }
}
