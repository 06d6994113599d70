//! Events: what happened in a run, one at a time.

mod event_type;

pub use event_type::{CanonicalType, EventType, SideList, VOCABULARY_VERSION};

use crate::{
    json::{JsonError, Object, Value, canonical_object, parse},
    limit::{LimitError, check_depth, check_size},
    member::{MemberError, Members},
};
use runseal_types::Digest;

const DATA_DOMAIN: &[u8] = b"runseal/event-data/v1";

/// Why bytes are not an event.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EventError {
    /// They are not JSON that has one meaning.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// They are a JSON value, but not an object.
    #[error("not an object")]
    NotAnObject,
    /// It is beyond a limit.
    #[error(transparent)]
    Limit(#[from] LimitError),
    /// A member is not what belongs there.
    #[error(transparent)]
    Member(#[from] MemberError),
    /// Data and their hash both stand there and do not belong together.
    #[error("data_hash is {claimed}, but the data hash to {computed}")]
    DataHashMismatch {
        /// What the event says.
        claimed: Digest,
        /// What its data hash to.
        computed: Digest,
    },
    /// The canonical type is not the one that the vocabulary gives the type.
    #[error("canonical_type is {claimed:?}, but that of {event_type:?} is another")]
    CanonicalTypeMismatch {
        /// What the event says.
        claimed: String,
        /// The type that it follows from.
        event_type: String,
    },
}

/// One thing that happened in a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What it is called; unique in its run.
    pub event_id: String,
    /// What kind of thing happened.
    pub event_type: EventType,
    /// When, in the words of whoever saw it; nobody reads it as a time.
    pub timestamp: String,
    /// Who saw it.
    pub source: String,
    /// Its number in the run; later events have larger ones.
    pub seq: u64,
    /// What is known of it, unless that is withheld.
    pub data: Option<Object>,
    /// The hash of the data, also where they are withheld.
    pub data_hash: Digest,
    bytes: Vec<u8>,
}

impl Event {
    /// Parses an event.
    pub fn parse(bytes: &[u8]) -> Result<Self, EventError> {
        match parse(bytes)? {
            Value::Object(object) => Self::from_object(object),
            _ => Err(EventError::NotAnObject),
        }
    }

    /// Reads an event that was parsed as part of something larger.
    pub fn from_object(mut object: Object) -> Result<Self, EventError> {
        check_depth(&object)?;
        let event_type = read_type(Members(&object))?;
        let data_bytes = Members(&object).optional("data", Members::object)?.map(canonical_object);
        let data_hash = read_data_hash(Members(&object), data_bytes.as_deref())?;
        let data = match object.remove("data") {
            Some(Value::Object(data)) => Some(data),
            _ => None,
        };
        object.remove("canonical_type");
        object.insert("data_hash".to_owned(), Value::from(data_hash));
        let bytes = canonical_object(&object);
        check_size(bytes.len().saturating_add(data_bytes.map_or(0, |data| data.len())))?;
        let members = Members(&object);
        Ok(Self {
            event_id: members.text("event_id")?.to_owned(),
            event_type,
            timestamp: members.text("timestamp")?.to_owned(),
            source: members.text("source")?.to_owned(),
            seq: members.integer("seq")?,
            data,
            data_hash,
            bytes,
        })
    }

    /// Returns the bytes that the chain takes up: all members but the data, which their hash
    /// stands for, and the canonical type, which follows from the type.
    #[must_use]
    pub fn to_bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// Returns the hash of an event's data.
#[must_use]
pub fn data_hash(data: &Object) -> Digest {
    hash_data(&canonical_object(data))
}

fn hash_data(bytes: &[u8]) -> Digest {
    Digest::of(&[DATA_DOMAIN, bytes])
}

fn read_data_hash(members: Members<'_>, data: Option<&[u8]>) -> Result<Digest, EventError> {
    let computed = data.map(hash_data);
    let claimed = members.optional("data_hash", Members::digest)?;
    match (computed, claimed) {
        (None, None) => Err(MemberError::Missing { member: "data" }.into()),
        (Some(computed), Some(claimed)) if computed != claimed => {
            Err(EventError::DataHashMismatch { claimed, computed })
        }
        (Some(hash), _) | (None, Some(hash)) => Ok(hash),
    }
}

fn read_type(members: Members<'_>) -> Result<EventType, EventError> {
    let event_type = EventType::new(members.text("type")?);
    let claimed = members.optional("canonical_type", Members::text)?;
    let derived = event_type.canonical().map(CanonicalType::as_str);
    match claimed {
        Some(claimed) if Some(claimed) != derived => Err(EventError::CanonicalTypeMismatch {
            claimed: claimed.to_owned(),
            event_type: event_type.as_str().to_owned(),
        }),
        _ => Ok(event_type),
    }
}
