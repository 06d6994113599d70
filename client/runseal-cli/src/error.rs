//! What the user is told when something did not work: one line, and what to do next.

mod auditing;
mod chain;

use crate::exit::Exit;
use runseal_client::{
    LedgerError, StoreError,
    anchoring::AnchoringError,
    bundles::ProveError,
    config::InitializeError,
    deployment::DeployError,
    program::ProgramError,
    promises::PromiseError,
    proving::PeriodError,
    receipts::SealRunError,
    reconcile::CompareError,
    refusal::Refusal,
    registry::{ReadError, WorkflowError},
    store::Conflict,
};
use runseal_ledger::EmbeddedError;
use std::fmt;

/// An error as the user sees it.
#[derive(Clone, Debug)]
pub(crate) struct CliError {
    message: String,
    hint: Option<String>,
    exit: Exit,
}

impl CliError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None, exit: Exit::Failed }
    }

    /// An error in what the user asked for.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(message).with_exit(Exit::Misunderstood)
    }

    pub(crate) fn with_exit(mut self, exit: Exit) -> Self {
        self.exit = exit;
        self
    }

    /// Says where it happened; what it is, and so how the command ends, stays the same.
    pub(crate) fn within(mut self, place: &str) -> Self {
        self.message = format!("{place}: {}", self.message);
        self
    }

    pub(crate) fn exit(&self) -> Exit {
        self.exit
    }

    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same as the user's mistake. Where a verdict was asked for, a file that cannot be read must not
    /// be taken for one.
    pub(crate) fn into_usage(self) -> Self {
        self.with_exit(Exit::Misunderstood)
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
            LedgerError::Unreachable { .. } | LedgerError::NoQuorum { .. } => {
                Some("check the URL after -u, and that the cluster or validator is running")
            }
            LedgerError::Refused(Refusal::Chain { reason }) => chain::hint(reason),
            LedgerError::Expired { .. } => Some("run the same command again"),
            _ => None,
        };
        let exit = match &error {
            LedgerError::Unreachable { .. }
            | LedgerError::Behind { .. }
            | LedgerError::NoQuorum { .. }
            | LedgerError::Storage { .. } => Exit::Unavailable,
            LedgerError::Unknown { .. } | LedgerError::Disagreement { .. } => Exit::Unknown,
            _ => Exit::Failed,
        };
        Self { message: error.to_string(), hint: hint.map(str::to_owned), exit }
    }
}

impl From<ReadError> for CliError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Ledger(error) => error.into(),
            ReadError::Parse(error) => Self::new(error.to_string()).with_hint(
                "check the address: it is another kind of account, or another version's",
            ),
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
        let shown = Self::new(error.to_string()).with_exit(Exit::Unavailable);
        if missing {
            return shown.with_hint("`runseal -k KEYPAIR airdrop 1` makes one");
        }
        shown
    }
}

impl From<StoreError> for CliError {
    fn from(error: StoreError) -> Self {
        let hint = match &error {
            StoreError::Conflict(Conflict::OtherLog { .. }) => {
                Some("a store is one log's for good: choose another with --home or --store")
            }
            StoreError::Locked { .. } => {
                Some("stop that process, or choose another with --home or --store")
            }
            StoreError::NewerVersion { .. } => Some("use the newer runseal that made it"),
            StoreError::Full { .. } => Some("make room on the disk and run the command again"),
            StoreError::NotWritable { .. } => Some(
                "check the permissions of the file and its folder: who only reads needs both too",
            ),
            StoreError::Unavailable { .. } => {
                Some("see to the disk, its room and permissions; or to the server of the database")
            }
            StoreError::Unknown { .. } => {
                Some("run the same command again: what is stored is not stored twice")
            }
            StoreError::Damaged { .. } => Some("`runseal fsck` says what; restore a backup"),
            _ => None,
        };
        let exit = match error {
            StoreError::Conflict(_) | StoreError::NumberTooLarge { .. } => Exit::Failed,
            StoreError::Unknown { .. } => Exit::Unknown,
            _ => Exit::Unavailable,
        };
        let shown = Self::new(error.to_string()).with_exit(exit);
        hint.map_or(shown.clone(), |hint| shown.with_hint(hint))
    }
}

impl From<PeriodError> for CliError {
    fn from(error: PeriodError) -> Self {
        match error {
            PeriodError::Store(error) => error.into(),
            PeriodError::NoLog => Self::new(error.to_string())
                .with_hint("`runseal anchor post --log LOG` makes it that log's"),
            PeriodError::NotSealed { .. } => Self::new(error.to_string()).with_exit(Exit::Unknown),
            error => Self::new(error.to_string()),
        }
    }
}

impl From<SealRunError> for CliError {
    fn from(error: SealRunError) -> Self {
        match error {
            SealRunError::Store(error) => error.into(),
            error => Self::new(error.to_string()),
        }
    }
}

impl From<AnchoringError> for CliError {
    fn from(error: AnchoringError) -> Self {
        match error {
            AnchoringError::Read(error) => error.into(),
            AnchoringError::Ledger(error) => error.into(),
            AnchoringError::Store(error) => error.into(),
            AnchoringError::OtherKey { .. } => Self::new(error.to_string())
                .with_hint("pass the log's anchoring key with -k; `runseal log show` names it"),
            error => Self::new(error.to_string()),
        }
    }
}

impl From<ProveError> for CliError {
    fn from(error: ProveError) -> Self {
        match error {
            ProveError::Period(error) => error.into(),
            ProveError::Read(error) => error.into(),
            ProveError::Store(error) => error.into(),
            ProveError::NotSealed { .. } | ProveError::NotAnchored { .. } => {
                Self::new(error.to_string())
                    .with_exit(Exit::Unknown)
                    .with_hint("`runseal anchor post` seals and anchors what is over")
            }
            error => Self::new(error.to_string()),
        }
    }
}

impl From<CompareError> for CliError {
    fn from(error: CompareError) -> Self {
        match error {
            CompareError::Log(error) => error.into(),
            CompareError::Keep(error) => error.into(),
            CompareError::Store(error) => error.into(),
        }
    }
}

impl From<PromiseError> for CliError {
    fn from(error: PromiseError) -> Self {
        match error {
            PromiseError::Read(error) => error.into(),
            PromiseError::Ledger(error) => error.into(),
            PromiseError::Store(error) => error.into(),
            error => Self::new(error.to_string()),
        }
    }
}

impl From<DeployError> for CliError {
    fn from(error: DeployError) -> Self {
        match error {
            DeployError::Program(error) => error.into(),
            DeployError::Read(error) => error.into(),
            DeployError::Ledger(error) => error.into(),
            DeployError::NoProgramKey { .. } => {
                Self::usage(error.to_string()).with_hint("pass it with --program-keypair")
            }
            DeployError::OtherBuffer { .. } => {
                Self::new(error.to_string()).with_hint("name another file with --buffer")
            }
            error => Self::new(error.to_string()),
        }
    }
}
