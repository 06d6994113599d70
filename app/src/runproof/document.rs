use runseal_client::store::NewRun;
use runseal_receipt::{
    Event, Receipt, Trace,
    event::SideList,
    json::{Object, Value, parse},
    member::{integer, object_of},
};
use runseal_types::{Digest, Period, to_hex};

/// The recipe of these documents: the root is a Runseal receipt's digest (docs/spec/receipt.md).
pub(crate) const SPEC_VERSION: &str = "runseal/1";

/// What is said of a proof and is not in its receipt, because it came later or is the service's word.
#[derive(Clone, Debug, Default)]
pub(crate) struct Overlay {
    /// What the agent is called here.
    pub(crate) agent_id: String,
    /// The period that the receipt is sealed in.
    pub(crate) period: Option<Period>,
    /// The period that it is promised for, and the log's signature.
    pub(crate) promise: Option<(Period, [u8; 64])>,
    /// The run that it follows from.
    pub(crate) parent_id: Option<String>,
    /// The first run of those.
    pub(crate) root_id: Option<String>,
}

/// A receipt with its events.
pub(crate) struct Proof {
    pub(crate) receipt: Receipt,
    pub(crate) events: Vec<Event>,
    pub(crate) overlay: Overlay,
}

/// Returns what a receipt says for RunProof's clients, beside what every receipt does.
pub(crate) fn runproof_members(agent_id: &str, run: &NewRun) -> Object {
    // It was an object when it came, and was stored as it was.
    let trigger = run.trigger.as_ref().and_then(|text| parse(text.as_bytes()).ok());
    let said = object_of([
        ("agent_id", Value::from(agent_id)),
        ("event_proof", trigger.unwrap_or(Value::Null)),
        ("session_key", Value::from(run.session_key.as_deref())),
    ]);
    object_of([("runproof", Value::Object(said))])
}

impl Proof {
    pub(crate) fn new(receipt: Receipt, events: Vec<Event>, overlay: Overlay) -> Self {
        Self { receipt, events, overlay }
    }

    /// Computes from the events whether they are the receipt's.
    pub(crate) fn is_chain_valid(&self) -> bool {
        self.receipt.check_events(&self.events).is_ok()
    }

    /// Returns what the agent is called: what its receipt says, or else the service.
    pub(crate) fn agent_id(&self) -> &str {
        match self.said("agent_id") {
            Some(Value::Text(agent_id)) => agent_id,
            _ => &self.overlay.agent_id,
        }
    }

    /// Finds what the receipt says for RunProof's clients.
    fn said(&self, member: &str) -> Option<&Value> {
        match self.receipt.document().body().get("runproof") {
            Some(Value::Object(said)) => said.get(member),
            _ => None,
        }
    }

    /// Returns the whole document.
    pub(crate) fn into_document(self) -> Object {
        let mut document = self.run_members();
        document.extend(self.event_members());
        document.extend(self.hash_members());
        document.extend(self.later_members());
        document
    }

    fn run_members(&self) -> Object {
        let facts = self.receipt.facts();
        object_of([
            ("version", Value::from("1.0")),
            ("run_id", Value::from(facts.run_id.as_str())),
            ("trace_id", Value::from(facts.trace_id.as_str())),
            ("agent_id", Value::from(self.agent_id())),
            ("adapter", Value::from(facts.adapter.as_str())),
            ("started_at", time(facts.started_at)),
            ("ended_at", time(facts.ended_at)),
            ("status", Value::from(facts.status.as_str())),
            ("reason", Value::from(facts.reason.as_deref())),
            ("event_proof", self.said("event_proof").cloned().unwrap_or(Value::Null)),
            ("session_key", self.said("session_key").cloned().unwrap_or(Value::Null)),
        ])
    }

    fn event_members(&self) -> Object {
        let trace = Trace::of(&self.events).unwrap_or_default();
        object_of([
            ("events", self.events.iter().map(event).collect()),
            ("policy_decisions", self.side_list(SideList::PolicyDecisions)),
            ("tool_calls", self.side_list(SideList::ToolCalls)),
            ("memory_commits", self.side_list(SideList::MemoryCommits)),
            ("telemetry", Value::Object(trace.telemetry().to_object())),
            ("state_proofs", self.events.iter().filter_map(told_state).collect()),
        ])
    }

    /// Returns the data of the events that belong in a list.
    pub(crate) fn side_list(&self, list: SideList) -> Value {
        let of_list = self.events.iter().filter(|event| event.event_type.side_list() == Some(list));
        of_list.filter_map(|event| event.data.clone()).collect()
    }

    /// Returns the links of the chain over the events, one an event.
    pub(crate) fn entries(&self) -> Vec<Digest> {
        let mut trace = Trace::default();
        self.events.iter().map_while(|event| trace.push(event).ok()).collect()
    }

    fn hash_members(&self) -> Object {
        let facts = self.receipt.facts();
        let hashes = object_of([
            ("entries", self.entries().into_iter().collect()),
            ("chain_valid", Value::Bool(self.is_chain_valid())),
        ]);
        let prints = self.receipt.fingerprints();
        let fingerprints = object_of([
            ("spec_fingerprint", Value::from(prints.spec)),
            ("runtime_fingerprint", Value::from(prints.runtime)),
            ("environment_fingerprint", Value::from(prints.environment)),
            ("instance_fingerprint", Value::from(prints.instance)),
            ("run_fingerprint", Value::from(prints.run)),
        ]);
        let document = self.receipt.document().to_value();
        let signatures = match &document {
            Value::Object(object) => object.get("signatures").cloned().unwrap_or(Value::Null),
            _ => Value::Null,
        };
        object_of([
            ("hashes", Value::Object(hashes)),
            ("root_hash", Value::from(self.receipt.digest())),
            ("input_hash", Value::from(facts.hashes.input)),
            ("output_hash", Value::from(facts.hashes.output)),
            ("environment_hash", Value::from(facts.hashes.environment)),
            ("claimed_hashes", Value::Object(self.claimed_hashes())),
            ("proof_type", Value::from("receipt")),
            ("proof_spec_version", Value::from(SPEC_VERSION)),
            ("signatures", signatures),
            ("fingerprints", Value::Object(fingerprints)),
            ("receipt", document),
        ])
    }

    /// Returns the hashes that the events themselves name, which nobody checked.
    fn claimed_hashes(&self) -> Object {
        let named = |event_type: &str, member: &str| {
            let events = self.events.iter();
            let of_type = events.filter(|event| event.event_type.as_str() == event_type);
            let data = of_type.filter_map(|event| event.data.as_ref());
            data.map(|data| data.get(member).cloned().unwrap_or(Value::Null)).collect::<Vec<_>>()
        };
        let first = |values: Vec<Value>| values.into_iter().find(|value| *value != Value::Null);
        let received = first(named("message.received", "environment_hash"));
        let captured = || first(named("environment.captured", "environment_hash"));
        object_of([
            ("input_hash", first(named("message.received", "input_hash")).unwrap_or(Value::Null)),
            ("output_hash", named("message.sent", "output_hash").pop().unwrap_or(Value::Null)),
            ("environment_hash", received.or_else(captured).unwrap_or(Value::Null)),
        ])
    }

    /// Returns what came later, and no receipt can say of itself.
    fn later_members(&self) -> Object {
        let Overlay { parent_id, root_id, period, promise, .. } = &self.overlay;
        let facts = self.receipt.facts();
        let promise = promise.map(|(period, signature)| {
            let hex = Value::Text(to_hex(&signature));
            object_of([("period", integer(period.0)), ("signature", hex)])
        });
        let seal = object_of([
            ("digest", Value::from(self.receipt.digest())),
            ("agent", Value::from(facts.agent)),
            ("sequence", integer(facts.sequence.0)),
            ("period", period.map_or(Value::Null, |period| integer(period.0))),
            ("promise", Value::from(promise)),
        ]);
        object_of([
            ("parent_id", Value::from(parent_id.as_deref())),
            ("root_id", Value::from(root_id.as_deref())),
            ("seal", Value::Object(seal)),
        ])
    }
}

fn time(timestamp: runseal_types::Timestamp) -> Value {
    Value::Text(crate::wire::Moment(timestamp).to_string())
}

/// Returns the hash of an event's data as documents have it.
pub(crate) fn content_hash(event: &Event) -> String {
    format!("sha256:{}", event.data_hash)
}

/// Returns an event as documents have it.
pub(crate) fn event(event: &Event) -> Object {
    let mut object = match runseal_receipt::json::parse(event.to_bytes()) {
        Ok(Value::Object(object)) => object,
        _ => Object::new(),
    };
    object.remove("data_hash");
    object.insert("data".to_owned(), Value::from(event.data.clone()));
    object.insert("content_hash".to_owned(), Value::Text(content_hash(event)));
    if let Some(canonical) = event.event_type.canonical() {
        object.insert("canonical_type".to_owned(), Value::from(canonical.as_str()));
    }
    object
}

/// Returns the change of a state that an event tells.
fn told_state(event: &Event) -> Option<Object> {
    const MEMBERS: [&str; 7] = [
        "proof_id",
        "timestamp",
        "state_type",
        "prev_state_hash",
        "next_state_hash",
        "run_id",
        "run_proof_hash",
    ];
    let data = event.data.as_ref().filter(|_| event.event_type.as_str() == "state.proof")?;
    let copy = |member: &str| data.get(member).cloned().unwrap_or(Value::Null);
    Some(MEMBERS.map(|member| (member.to_owned(), copy(member))).into())
}
