use crate::word::words;
use std::fmt;

/// Which edition of the vocabulary this is. A later one may only add types.
pub const VOCABULARY_VERSION: &str = "1";

words! {
    /// What a type means, whatever the adapter that saw the event calls it.
    CanonicalType {
        /// A run began.
        Started = "started",
        /// A run ended well.
        Completed = "completed",
        /// A run ended badly.
        Failed = "failed",
        /// A run was sealed so far and goes on.
        Checkpointed = "checkpointed",
        /// Something came in.
        InputReceived = "input_received",
        /// Something went out.
        OutputProduced = "output_produced",
        /// A tool was called.
        ToolInvoked = "tool_invoked",
        /// A tool answered.
        ToolCompleted = "tool_completed",
        /// A tool failed.
        ToolFailed = "tool_failed",
        /// What the run stood on was written down.
        EnvironmentSnapshot = "environment_snapshot",
        /// Work was given to another agent.
        Delegated = "delegated",
        /// Work came back from another agent.
        DelegationCompleted = "delegation_completed",
        /// Leave was asked for.
        ApprovalRequested = "approval_requested",
        /// Leave was given.
        Approved = "approved",
        /// Something was not allowed.
        Blocked = "blocked",
        /// Memory was written.
        StateChanged = "state_changed",
        /// Memory was read.
        StateAccessed = "state_accessed",
        /// A rule was asked.
        PolicyEvaluated = "policy_evaluated",
    }
}

use CanonicalType as Canonical;

/// The types that adapters send and what they mean.
const VOCABULARY: [(&str, Canonical); 21] = [
    ("run.start", Canonical::Started),
    ("run.end", Canonical::Completed),
    ("run.fail", Canonical::Failed),
    ("run.checkpoint", Canonical::Checkpointed),
    ("message.received", Canonical::InputReceived),
    ("message.sent", Canonical::OutputProduced),
    ("tool.invoke", Canonical::ToolInvoked),
    ("tool.result", Canonical::ToolCompleted),
    ("tool.error", Canonical::ToolFailed),
    ("environment.captured", Canonical::EnvironmentSnapshot),
    ("policy.violation", Canonical::Blocked),
    ("delegation.start", Canonical::Delegated),
    ("delegation.end", Canonical::DelegationCompleted),
    ("subagent.spawn", Canonical::Delegated),
    ("subagent.result", Canonical::DelegationCompleted),
    ("approval.requested", Canonical::ApprovalRequested),
    ("approval.granted", Canonical::Approved),
    ("approval.denied", Canonical::Blocked),
    ("memory.write", Canonical::StateChanged),
    ("memory.read", Canonical::StateAccessed),
    ("policy.check", Canonical::PolicyEvaluated),
];

words! {
    /// A list that RunProof keeps beside the events, and that telemetry counts.
    SideList {
        /// What rules said.
        PolicyDecisions = "policy_decisions",
        /// What tools were asked and answered.
        ToolCalls = "tool_calls",
        /// What was written to memory.
        MemoryCommits = "memory_commits",
    }
}

/// The type of an event, in the words of whoever sent it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventType(String);

impl EventType {
    pub(crate) fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// Returns the type as it was sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns what the type means; `None` if the vocabulary does not have it.
    #[must_use]
    pub fn canonical(&self) -> Option<CanonicalType> {
        Self::vocabulary().find(|(raw, _)| *raw == self.0).map(|(_, canonical)| canonical)
    }

    /// Returns the list that an event of this type is in, in either of the two families of names
    /// that adapters use.
    #[must_use]
    pub fn side_list(&self) -> Option<SideList> {
        match self.0.as_str() {
            "policy.check" | "policy.checked" | "policy.denied" | "policy.violation" => {
                Some(SideList::PolicyDecisions)
            }
            "tool.invoke" | "tool.called" | "tool.result" | "tool.completed" | "tool.error" => {
                Some(SideList::ToolCalls)
            }
            "memory.write" | "memory.committed" => Some(SideList::MemoryCommits),
            _ => None,
        }
    }

    /// Returns every type of the vocabulary and what it means.
    pub fn vocabulary() -> impl Iterator<Item = (&'static str, CanonicalType)> {
        VOCABULARY.into_iter()
    }
}

impl fmt::Display for EventType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
