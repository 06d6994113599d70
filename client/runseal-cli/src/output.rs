//! The only place that prints.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use crate::error::CliError;
use clap::ValueEnum;
use serde::Serialize;
use std::{
    fmt::Display,
    io::{self, BufWriter, Write},
    sync::atomic::{AtomicBool, Ordering},
};

/// How results are printed.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum OutputFormat {
    Text,
    Json,
    JsonCompact,
}

/// Prints a result: its `Display` for people, its fields for programs.
pub(crate) fn print<T: Display + Serialize>(
    format: OutputFormat,
    result: &T,
) -> Result<(), CliError> {
    let text = match format {
        OutputFormat::Text => Ok(result.to_string()),
        OutputFormat::Json => serde_json::to_string_pretty(result),
        OutputFormat::JsonCompact => serde_json::to_string(result),
    };
    let text = text.map_err(|error| CliError::new(error.to_string()))?;
    write(format!("{text}\n").as_bytes())
}

/// Writes a text to stdout as it is.
pub(crate) fn write(text: &[u8]) -> Result<(), CliError> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text).and_then(|()| stdout.flush()) {
        // Whoever read it has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written.map_err(|error| CliError::new(format!("stdout: {error}"))),
    }
}

/// Opens stdout for results that go on and on.
pub(crate) fn stream() -> impl Write {
    BufWriter::with_capacity(64 << 10, io::stdout().lock())
}

/// Whether everything on stderr is for programs.
static LOG_NOTES: AtomicBool = AtomicBool::new(false);

/// From here on, notes and errors are lines of the log.
pub(crate) fn log_notes() {
    LOG_NOTES.store(true, Ordering::Relaxed);
}

/// Tells the user something that is not the result.
pub(crate) fn note(text: &str) {
    match LOG_NOTES.load(Ordering::Relaxed) {
        true => tracing::info!("{text}"),
        false => eprintln!("{text}"),
    }
}

/// Prints an error and what to do about it.
pub(crate) fn report(error: &CliError) {
    if LOG_NOTES.load(Ordering::Relaxed) {
        return tracing::error!(hint = error.hint(), "{error}");
    }
    eprintln!("error: {error}");
    if let Some(hint) = error.hint() {
        eprintln!("hint: {hint}");
    }
}
