//! How somebody says that the command is to end.

use crate::error::CliError;

/// Waits for Ctrl-C, and for SIGTERM, which is how machines say it.
pub(crate) struct Signals {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    /// From here on, neither ends the process by itself.
    pub(crate) fn watch() -> Result<Self, CliError> {
        use tokio::signal::unix::{SignalKind, signal};
        let watch = |kind| {
            signal(kind).map_err(|error| CliError::new(format!("signals cannot be had: {error}")))
        };
        let (interrupt, terminate) =
            (watch(SignalKind::interrupt())?, watch(SignalKind::terminate())?);
        Ok(Self { interrupt, terminate })
    }

    /// Waits for the next one.
    pub(crate) async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(not(unix))]
impl Signals {
    /// From here on, it does not end the process by itself.
    pub(crate) fn watch() -> Result<Self, CliError> {
        Ok(Self {})
    }

    /// Waits for the next one.
    pub(crate) async fn next(&mut self) {
        // Where there is none, nobody can send one.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    }
}
