use super::{StoreError, Stored};
use runseal_types::{Address, Timestamp};

/// How an agent stands with the service that runs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LifecycleStatus {
    /// It is known.
    Registered,
    /// It may run.
    Active,
    /// It may not, for now.
    Paused,
    /// It will not run again.
    Retired,
    /// Nor will anything else change.
    Archived,
}

impl LifecycleStatus {
    /// All of them, in their order.
    pub const ALL: [Self; 5] =
        [Self::Registered, Self::Active, Self::Paused, Self::Retired, Self::Archived];

    /// Returns the word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::Active => "active",
            Self::Paused => "paused",
            Self::Retired => "retired",
            Self::Archived => "archived",
        }
    }

    /// Finds what a word is for.
    pub fn find(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }
}

/// What is known of an agent here, beside what the chain says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lifecycle {
    /// What it is called here.
    pub agent_id: String,
    /// How it stands.
    pub status: LifecycleStatus,
    /// When it was registered.
    pub registered_at: Timestamp,
    /// When it was last activated.
    pub activated_at: Option<Timestamp>,
    /// When it was last paused.
    pub paused_at: Option<Timestamp>,
    /// When it was retired.
    pub retired_at: Option<Timestamp>,
    /// When it was last heard.
    pub last_heartbeat: Option<Timestamp>,
    /// Whatever its vendor says of it, as JSON.
    pub metadata: Option<String>,
}

/// What an agent is called here, and its account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentName {
    /// What it is called here.
    pub agent_id: String,
    /// Its account in the registry.
    pub agent: Address,
}

/// Agents' names and lifecycles.
pub trait Agents {
    /// Names an agent, for good: neither the name nor the agent can have another.
    fn name_agent(&self, name: &AgentName) -> Result<Stored, StoreError>;

    /// Finds an agent by its name.
    fn find_agent(&self, agent_id: &str) -> Result<Option<AgentName>, StoreError>;

    /// Finds the name of an agent.
    fn find_agent_name(&self, agent: &Address) -> Result<Option<AgentName>, StoreError>;

    /// Stores how an agent stands, if it still stood as the caller saw: `expected`, or not at all.
    fn put_lifecycle(
        &self,
        lifecycle: &Lifecycle,
        expected: Option<LifecycleStatus>,
    ) -> Result<(), StoreError>;

    /// Finds an agent.
    fn find_lifecycle(&self, agent_id: &str) -> Result<Option<Lifecycle>, StoreError>;

    /// Lists agents by their ids, those behind `after`.
    fn list_lifecycles(
        &self,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Lifecycle>, StoreError>;
}
