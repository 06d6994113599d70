//! What the command says to whoever started it, beside what it prints.

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// It is done; of a verdict, VERIFIED.
    Done,
    /// It is not done; of a verdict, FAILED.
    Failed,
    /// It was not understood.
    Misunderstood,
    /// Nobody can say yet; of a verdict, INCOMPLETE.
    Unknown,
    /// The ledger or the store does not answer.
    Unavailable,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::Misunderstood => 2,
            Exit::Unknown => 3,
            Exit::Unavailable => 4,
        })
    }
}
