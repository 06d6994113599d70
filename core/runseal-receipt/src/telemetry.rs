use crate::{
    event::{Event, SideList},
    json::{Object, Value},
    member::{MemberError, Members, integer, object_of},
};
use std::collections::BTreeMap;

/// How often what happened in a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Telemetry {
    /// How many events there are.
    pub event_count: u64,
    /// How many of them are what rules said.
    pub policy_decisions: u64,
    /// How many are what tools were asked and answered.
    pub tool_calls: u64,
    /// How many are what was written to memory.
    pub memory_commits: u64,
    /// How many are of a type that the vocabulary does not have.
    pub unknown_types: u64,
    /// How many there are of each type, as it was sent.
    pub events_by_type: BTreeMap<String, u64>,
}

impl Telemetry {
    pub(crate) fn push(&mut self, event: &Event) {
        count(&mut self.event_count);
        match event.event_type.side_list() {
            Some(SideList::PolicyDecisions) => count(&mut self.policy_decisions),
            Some(SideList::ToolCalls) => count(&mut self.tool_calls),
            Some(SideList::MemoryCommits) => count(&mut self.memory_commits),
            None => {}
        }
        if event.event_type.canonical().is_none() {
            count(&mut self.unknown_types);
        }
        count(self.events_by_type.entry(event.event_type.as_str().to_owned()).or_default());
    }

    pub(crate) fn read(members: Members<'_>, member: &'static str) -> Result<Self, MemberError> {
        let members = Members(members.object(member)?);
        let by_type = members.object("events_by_type")?;
        let read = |(name, value): (&String, &Value)| match value {
            Value::Number(number) => number.as_u64().map(|number| (name.clone(), number)),
            _ => None,
        };
        let bad = MemberError::BadInteger { member: "events_by_type" };
        Ok(Self {
            event_count: members.integer("event_count")?,
            policy_decisions: members.integer("policy_decisions")?,
            tool_calls: members.integer("tool_calls")?,
            memory_commits: members.integer("memory_commits")?,
            unknown_types: members.integer("unknown_types")?,
            events_by_type: by_type.iter().map(read).collect::<Option<_>>().ok_or(bad)?,
        })
    }

    /// Returns the counts as a receipt has them.
    #[must_use]
    pub fn to_object(&self) -> Object {
        let by_type = self.events_by_type.iter();
        let by_type: Object =
            by_type.map(|(name, count)| (name.clone(), integer(*count))).collect();
        object_of([
            ("event_count", integer(self.event_count)),
            ("events_by_type", Value::Object(by_type)),
            ("memory_commits", integer(self.memory_commits)),
            ("policy_decisions", integer(self.policy_decisions)),
            ("tool_calls", integer(self.tool_calls)),
            ("unknown_types", integer(self.unknown_types)),
        ])
    }
}

fn count(counter: &mut u64) {
    *counter = counter.saturating_add(1);
}
