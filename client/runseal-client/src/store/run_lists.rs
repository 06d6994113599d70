use super::{Page, Position, RunRow, StoreError};
use runseal_receipt::Status;

/// Which runs are listed: those of which everything that is said here is true.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RunFilter {
    /// In this state.
    pub standing: Option<Standing>,
}

/// How a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It goes on.
    Active,
    /// It ended like this.
    Ended(Status),
}

impl Standing {
    /// Returns the word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Ended(status) => status.as_str(),
        }
    }

    /// Finds what a word is for.
    pub fn find(word: &str) -> Option<Self> {
        match word {
            "active" => Some(Self::Active),
            word => Status::find(word).map(Self::Ended),
        }
    }
}

/// A run in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedRun {
    /// The run.
    pub row: RunRow,
    /// How it stands.
    pub standing: Standing,
}

/// How many runs there are of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunCount {
    /// How they stand.
    pub standing: Standing,
    /// What their events are seen through.
    pub adapter: String,
    /// How many.
    pub count: u64,
}

/// Runs for those who look at many.
pub trait RunLists {
    /// Lists runs, the one that was started here last first; those that were started before `before`.
    fn latest_runs(
        &self,
        filter: &RunFilter,
        before: Option<Position>,
        limit: usize,
    ) -> Result<Page<ListedRun>, StoreError>;

    /// Counts all runs by how they stand and what they are seen through.
    fn count_runs(&self) -> Result<Vec<RunCount>, StoreError>;
}
