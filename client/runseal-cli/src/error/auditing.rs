//! What auditors and accusers are told.

use super::CliError;
use crate::exit::Exit;
use runseal_client::{
    anchors::LogError,
    audits::{AuditError, PromiseDefect},
    claims::ClaimError,
    cosigning::CosignError,
    mirror::{KeepError, MirrorError, SourceError},
};

impl From<LogError> for CliError {
    fn from(error: LogError) -> Self {
        match error {
            LogError::Read(error) => error.into(),
            LogError::OtherChain { .. } => {
                Self::new(error.to_string()).with_hint("choose the log's ledger with -u")
            }
            error => Self::new(error.to_string()).with_hint("ask another RPC endpoint"),
        }
    }
}

impl From<KeepError> for CliError {
    fn from(error: KeepError) -> Self {
        Self::new(error.to_string()).with_exit(Exit::Unavailable)
    }
}

impl From<SourceError> for CliError {
    fn from(error: SourceError) -> Self {
        Self::new(error.to_string())
            .with_exit(Exit::Unavailable)
            .with_hint("run the same command again: it goes on where it stopped")
    }
}

impl From<MirrorError> for CliError {
    fn from(error: MirrorError) -> Self {
        match error {
            MirrorError::Log(error) => error.into(),
            MirrorError::Source(error) => error.into(),
            MirrorError::Keep(error) => error.into(),
        }
    }
}

impl From<CosignError> for CliError {
    fn from(error: CosignError) -> Self {
        match error {
            CosignError::Log(error) => error.into(),
            CosignError::Keep(error) => error.into(),
            CosignError::Ledger(error) => error.into(),
        }
    }
}

impl From<AuditError> for CliError {
    fn from(error: AuditError) -> Self {
        match error {
            AuditError::Log(error) => error.into(),
            AuditError::Keep(error) => error.into(),
            AuditError::Store(error) => error.into(),
            error => Self::new(error.to_string()).with_hint("leave it out, or name its log"),
        }
    }
}

impl From<ClaimError> for CliError {
    fn from(error: ClaimError) -> Self {
        match error {
            ClaimError::Log(error) => error.into(),
            ClaimError::Period(error) => error.into(),
            ClaimError::Keep(error) => error.into(),
            ClaimError::Ledger(error) => error.into(),
            ClaimError::Promise(PromiseDefect::KeyForgotten) => Self::new(error.to_string())
                .with_hint("a log remembers four keys; older promises can no longer be challenged"),
            ClaimError::NoAnchor { .. } => Self::new(error.to_string()).with_exit(Exit::Unknown),
            ClaimError::NoDisorder { .. } => Self::new(error.to_string())
                .with_hint("`runseal mirror` puts a list that was anchored out of order aside"),
            ClaimError::Broken { .. } => Self::new(error.to_string()).with_hint(
                "look for the receipt in another store: only the period's own leaves answer",
            ),
            error => Self::new(error.to_string()),
        }
    }
}
