//! What the user is told when something did not work: one line, and what to do next.

use runseal_client::{
    LedgerError,
    config::InitializeError,
    program::ProgramError,
    registry::{ReadError, WorkflowError},
};
use runseal_ledger::EmbeddedError;
use std::fmt;

/// An error as the user sees it.
#[derive(Debug)]
pub(crate) struct CliError {
    message: String,
    hint: Option<String>,
}

impl CliError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None }
    }

    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub(crate) fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

impl fmt::Display for CliError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for CliError {}

impl From<LedgerError> for CliError {
    fn from(error: LedgerError) -> Self {
        let hint = match &error {
            LedgerError::Unreachable { .. } => {
                Some("check the URL after -u, and that the cluster or validator is running")
            }
            LedgerError::Refused(refusal) if is_about_lamports(&refusal.to_string()) => {
                Some("the payer has too few lamports: `runseal airdrop 1` on a test ledger")
            }
            // The runtime knows a program from the slot after its deployment on.
            LedgerError::Refused(refusal) if refusal.to_string().contains("program id") => {
                Some("the program is not deployed there, or was a moment ago: wait a few seconds")
            }
            LedgerError::Expired { .. } => Some("run the same command again"),
            _ => None,
        };
        Self { message: error.to_string(), hint: hint.map(str::to_owned) }
    }
}

/// The runtime has several errors for an empty purse, and wraps some in others.
fn is_about_lamports(reason: &str) -> bool {
    ["no record of a prior credit", "insufficient", "Insufficient", "custom program error: 0x1"]
        .iter()
        .any(|part| reason.contains(part))
}

impl From<ReadError> for CliError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Ledger(error) => error.into(),
            ReadError::Parse(error) => Self::new(error.to_string())
                .with_hint("another version of the program may have written it"),
            ReadError::Missing { .. } => {
                Self::new(error.to_string()).with_hint("check the address, and the ledger after -u")
            }
        }
    }
}

impl From<WorkflowError> for CliError {
    fn from(error: WorkflowError) -> Self {
        match error {
            WorkflowError::Read(error) => error.into(),
            WorkflowError::Ledger(error) => error.into(),
        }
    }
}

impl From<InitializeError> for CliError {
    fn from(error: InitializeError) -> Self {
        match error {
            InitializeError::Ledger(error) => error.into(),
            InitializeError::Read(error) => error.into(),
            InitializeError::Different { .. } => Self::new(error.to_string())
                .with_hint("`runseal config show` prints what stands there"),
        }
    }
}

impl From<ProgramError> for CliError {
    fn from(error: ProgramError) -> Self {
        match error {
            ProgramError::Ledger(error) => error.into(),
            error => Self::new(error.to_string()),
        }
    }
}

impl From<EmbeddedError> for CliError {
    fn from(error: EmbeddedError) -> Self {
        let missing = matches!(error, EmbeddedError::Missing { .. });
        let shown = Self::new(error.to_string());
        if missing {
            return shown.with_hint("`runseal -k KEYPAIR airdrop 1` makes one");
        }
        shown
    }
}
