//! A run as its file tells it.

use runseal_client::{
    receipts::Ending,
    store::{NewEvent, NewRun},
};
use runseal_receipt::{
    DocumentError, Event, EventError, MemberError, Statements, Status,
    json::{Value, parse},
    member::Members,
};
use runseal_types::{Address, Timestamp};

const MOST_EVENTS: usize = 65_536;
const MEMBERS: &[&str] = &[
    "run_id",
    "trace_id",
    "agent_version",
    "adapter",
    "session_key",
    "runtime",
    "started_at",
    "ended_at",
    "status",
    "reason",
    "events",
    "links",
    "states",
    "policies",
    "compact",
    "payment",
];

/// Why a file is not a run.
#[derive(Debug, thiserror::Error)]
pub(super) enum DraftError {
    #[error(transparent)]
    Json(#[from] runseal_receipt::json::JsonError),
    #[error("a run is a JSON object")]
    NotAnObject,
    #[error("nothing is known of a member {member:?} of a run")]
    UnknownMember { member: String },
    #[error(transparent)]
    Member(#[from] MemberError),
    #[error("event {index}: {reason}")]
    Event { index: usize, reason: EventError },
    #[error(transparent)]
    Document(#[from] DocumentError),
}

/// A run, with its events and its end.
pub(super) struct Draft {
    pub(super) run: NewRun,
    pub(super) events: Vec<NewEvent>,
    pub(super) ending: Ending,
}

/// Reads a run. What it does not say is as it is usual: version 0, completed, now; or as it was when
/// the run was `started` before.
pub(super) fn read(
    text: &[u8],
    agent: Address,
    now: Timestamp,
    started: impl FnOnce(&str) -> Option<Timestamp>,
) -> Result<Draft, DraftError> {
    let Value::Object(object) = parse(text)? else { return Err(DraftError::NotAnObject) };
    if let Some(member) = object.keys().find(|member| !MEMBERS.contains(&member.as_str())) {
        return Err(DraftError::UnknownMember { member: member.clone() });
    }
    let members = Members(&object);
    let text = |member| members.optional(member, Members::text).map(|it| it.map(str::to_owned));
    let run_id = members.text("run_id")?.to_owned();
    let started_at = members.optional("started_at", Members::timestamp)?;
    let started_at = started_at.or_else(|| started(&run_id));
    // A clock that was set back since the run began ends no run before it began.
    let ended_at = members.optional("ended_at", Members::timestamp)?;
    let ended_at = ended_at.unwrap_or_else(|| started_at.map_or(now, |it| it.max(now)));
    let started_at = started_at.unwrap_or(ended_at);
    let run = NewRun {
        trace_id: text("trace_id")?.unwrap_or_else(|| run_id.clone()),
        run_id,
        agent,
        adapter: text("adapter")?.unwrap_or_else(|| "runseal".to_owned()),
        session_key: text("session_key")?,
        started_at,
        trigger: None,
    };
    let ending = Ending {
        agent_version: members.optional("agent_version", Members::integer)?.unwrap_or(0),
        runtime: members.optional("runtime", Members::object)?.cloned(),
        ended_at,
        status: members
            .optional("status", |members, member| members.word(member, Status::find))?
            .unwrap_or(Status::Completed),
        reason: text("reason")?,
        statements: Statements::read(members)?,
        compact: members.optional("compact", Members::digest)?,
        payment: text("payment")?,
    };
    Ok(Draft { run, events: read_events(members)?, ending })
}

fn read_events(members: Members<'_>) -> Result<Vec<NewEvent>, DraftError> {
    let objects = members.objects("events", MOST_EVENTS)?;
    let event = |(index, object): (usize, &runseal_receipt::json::Object)| {
        let event = Event::from_object(object.clone());
        let event = event.map_err(|reason| DraftError::Event { index, reason })?;
        Ok(NewEvent { event, text: Value::Object(object.clone()).canonical() })
    };
    objects.into_iter().enumerate().map(event).collect()
}
