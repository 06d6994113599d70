use super::{CheckedReceipt, EntryDraft, Page, Position, StoreError, Stored};
use runseal_receipt::{
    Event, EventError,
    json::{MOST_INTEGER, Number, Object, Value},
};
use runseal_types::{Address, Digest, Timestamp};

/// What is known of a run when it starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRun {
    /// What it is called; no other run is.
    pub run_id: String,
    /// The work that it is a part of.
    pub trace_id: String,
    /// Whose it is.
    pub agent: Address,
    /// What its events are seen through.
    pub adapter: String,
    /// The conversation that it belongs to.
    pub session_key: Option<String>,
    /// When it started.
    pub started_at: Timestamp,
    /// What set it off, as JSON.
    pub trigger: Option<String>,
}

/// An event with the text that it came as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    /// The event.
    pub event: Event,
    /// Its text.
    pub text: Vec<u8>,
}

/// An event that is still to get its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnnumberedEvent {
    event_id: String,
    object: Object,
}

impl UnnumberedEvent {
    /// Takes an event's members without `seq`, if they are an event's whatever its number.
    pub fn check(object: Object) -> Result<Self, EventError> {
        let event = Event::from_object(with_seq(&object, MOST_INTEGER))?;
        Ok(Self { event_id: event.event_id, object })
    }

    /// Returns what it is called.
    pub fn event_id(&self) -> &str {
        &self.event_id
    }

    /// Gives it its number.
    pub fn numbered(&self, seq: u64) -> Result<NewEvent, EventError> {
        let object = with_seq(&self.object, i64::try_from(seq).unwrap_or(i64::MAX));
        let text = Value::Object(object.clone()).canonical();
        Ok(NewEvent { event: Event::from_object(object)?, text })
    }
}

fn with_seq(object: &Object, seq: i64) -> Object {
    let mut object = object.clone();
    // A number beyond JSON's is null here, and refused as one that is missing.
    let seq = Number::from_integer(seq).map_or(Value::Null, Value::Number);
    object.insert("seq".to_owned(), seq);
    object
}

/// What became of an event, and its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appended {
    /// Whether it was stored before.
    pub stored: Stored,
    /// Its number.
    pub seq: u64,
}

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunState {
    /// It goes on.
    Active,
    /// It ended with this receipt.
    Finished {
        /// The receipt's digest.
        receipt: Digest,
    },
}

/// A run as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunRow {
    /// Where it stands among all runs.
    pub position: Position,
    /// What it started as.
    pub run: NewRun,
    /// How far it is.
    pub state: RunState,
    /// How many events it has.
    pub event_count: u64,
    /// The number of the last one.
    pub last_seq: Option<u64>,
}

/// An event as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEvent {
    /// Its number in the run.
    pub seq: u64,
    /// What it is called.
    pub event_id: String,
    /// The text that it came as.
    pub text: Vec<u8>,
}

/// Runs and their events, while they go on and after.
pub trait Runs {
    /// Starts a run. The same start again is none; another one under the same name is refused.
    fn start_run(&self, run: &NewRun) -> Result<Stored, StoreError>;

    /// Stores an event of an active run. The same event again is a repetition and changes nothing.
    fn put_event(&self, run_id: &str, event: NewEvent) -> Result<Stored, StoreError>;

    /// Stores an event of an active run as its next. The same event again is a repetition, changes
    /// nothing, and keeps its number.
    fn append_event(&self, run_id: &str, event: UnnumberedEvent) -> Result<Appended, StoreError>;

    /// Ends a run: its receipt is stored, the run can no longer change, and the entry stands in its
    /// agent's ledger, all or nothing. After the receipt of a checkpoint the run goes on.
    fn finish_run(
        &self,
        run_id: &str,
        receipt: CheckedReceipt,
        entry: Option<EntryDraft>,
    ) -> Result<Stored, StoreError>;

    /// Lists runs in the order in which they started here; one run, all, or the active ones.
    fn list_runs(
        &self,
        run_id: Option<&str>,
        active_only: bool,
        after: Option<Position>,
        limit: usize,
    ) -> Result<Page<RunRow>, StoreError>;

    /// Lists a run's events by their numbers, those behind `after`.
    fn list_events(
        &self,
        run_id: &str,
        after: Option<u64>,
        limit: usize,
    ) -> Result<Vec<StoredEvent>, StoreError>;
}
