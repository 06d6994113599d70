//! Events, their chain, and what is gathered from them.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, clippy::indexing_slicing, missing_docs)]

mod support;

use runseal_receipt::{
    Event, EventError, MemberError, RunHashes, Trace, TraceError,
    chain::{ChainError, ChainHead, EventChain},
    event::{CanonicalType, EventType, SideList},
};
use runseal_types::Digest;
use serde_json::{Value, json};
use support::{assert_refused, for_each, mutate, text, to_bytes, vectors};

#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error(transparent)]
    Event(#[from] EventError),
    #[error(transparent)]
    Trace(#[from] TraceError),
    #[error("another count")]
    CountMismatch,
    #[error("another root")]
    RootMismatch,
}

fn events(list: &Value) -> Result<Vec<Event>, EventError> {
    list.as_array().unwrap().iter().map(|event| Event::parse(&to_bytes(event))).collect()
}

/// Reads events and compares their chain with that of a case.
fn follow(list: &Value, case: &Value) -> Result<Trace, Refusal> {
    let trace = Trace::of(&events(list)?)?;
    let ChainHead { count, root } = trace.head();
    if count != case["count"].as_u64().unwrap() {
        return Err(Refusal::CountMismatch);
    }
    let same = root.to_string() == text(case, "root");
    if same { Ok(trace) } else { Err(Refusal::RootMismatch) }
}

fn hash(value: &Value) -> Option<Digest> {
    value.as_str().map(|text| text.parse().unwrap())
}

#[test]
fn every_run_has_its_chain_its_hashes_and_its_counts() {
    for_each(&vectors("events")["cases"], |case| {
        let trace = follow(&case["events"], case).unwrap();
        let hashes = &case["hashes"];
        let expected = RunHashes {
            input: hash(&hashes["input"]),
            output: hash(&hashes["output"]),
            environment: hash(&hashes["environment"]),
        };
        assert_eq!(trace.hashes(), expected, "{case}");
        let telemetry = runseal_receipt::json::Value::Object(trace.telemetry().to_object());
        let telemetry: Value = serde_json::from_slice(&telemetry.canonical()).unwrap();
        assert_eq!(telemetry, case["telemetry"]);
    });
}

#[test]
fn every_event_has_its_bytes_its_data_hash_and_its_link() {
    for_each(&vectors("events")["cases"], |case| {
        let mut chain = EventChain::default();
        for (index, event) in events(&case["events"]).unwrap().iter().enumerate() {
            let bytes = std::str::from_utf8(event.to_bytes()).unwrap();
            assert_eq!(bytes, case["bytes"][index].as_str().unwrap());
            assert_eq!(Some(event.data_hash), hash(&case["data_hashes"][index]));
            let head = chain.head();
            assert_eq!(Some(chain.push(event).unwrap()), hash(&case["links"][index]));
            let mut resumed = EventChain::resume(head, index.checked_sub(1).map(|_| 0));
            assert_eq!(resumed.push(event).unwrap(), chain.head().root, "goes on after a restart");
        }
    });
}

#[test]
fn every_mutation_of_every_run_is_refused_by_its_name() {
    let vectors = vectors("events");
    for_each(&vectors["cases"], |case| {
        let mut made = 0;
        for_each(&vectors["mutations"], |mutation| {
            if let Some(mutated) = mutate(&case["events"], mutation) {
                made += 1;
                assert_refused(follow(&mutated, case), mutation, &mutation.to_string());
            }
        });
        assert!(made >= 25, "{made} mutations of {}", text(case, "name"));
    });
}

#[test]
fn a_run_with_data_withheld_has_the_root_of_the_whole_run() {
    let cases = vectors("events")["cases"].clone();
    assert_eq!(cases[0]["root"], cases[1]["root"]);
    assert_ne!(cases[0]["events"], cases[1]["events"]);
}

#[test]
fn a_chain_without_events_has_the_zero_root() {
    let trace = Trace::default();
    assert_eq!(trace.head(), ChainHead { count: 0, root: Digest::ZERO });
    assert_eq!(trace.hashes(), RunHashes::default());
}

#[test]
fn a_refused_event_changes_nothing() {
    let cases = vectors("events")["cases"].clone();
    let events = events(&cases[0]["events"]).unwrap();
    let mut trace = Trace::of(&events[..3]).unwrap();
    let before = trace.clone();
    let again = TraceError::DuplicateEventId { event_id: "e2".to_owned() };
    assert_eq!(trace.push(&events[2]), Err(again));
    let mut late = events[3].clone();
    late.seq = 2;
    let order = ChainError::SeqNotIncreasing { seq: 2, last_seq: 2 };
    assert_eq!(trace.push(&late), Err(order.into()));
    assert_eq!(trace, before);
}

#[test]
fn a_full_chain_takes_no_more() {
    let cases = vectors("events")["cases"].clone();
    let event = &events(&cases[0]["events"]).unwrap()[0];
    let head = ChainHead { count: u64::MAX, root: Digest::ZERO };
    assert_eq!(EventChain::resume(head, None).push(event), Err(ChainError::Full));
}

#[test]
fn the_vocabulary_has_every_canonical_type_and_no_type_twice() {
    let vocabulary: Vec<_> = EventType::vocabulary().collect();
    assert_eq!((vocabulary.len(), CanonicalType::ALL.len()), (21, 18));
    for canonical in CanonicalType::ALL {
        assert!(vocabulary.iter().any(|(_, other)| other == canonical), "{canonical}");
        assert_eq!(CanonicalType::find(canonical.as_str()), Some(*canonical));
    }
    let mut types: Vec<_> = vocabulary.iter().map(|(raw, _)| raw).collect();
    types.sort_unstable();
    types.dedup();
    assert_eq!(types.len(), 21);
}

#[test]
fn both_families_of_names_are_counted_in_the_same_list() {
    let table = [
        ("policy.check", Some(SideList::PolicyDecisions)),
        ("policy.checked", Some(SideList::PolicyDecisions)),
        ("policy.denied", Some(SideList::PolicyDecisions)),
        ("policy.violation", Some(SideList::PolicyDecisions)),
        ("tool.invoke", Some(SideList::ToolCalls)),
        ("tool.called", Some(SideList::ToolCalls)),
        ("tool.completed", Some(SideList::ToolCalls)),
        ("memory.write", Some(SideList::MemoryCommits)),
        ("memory.committed", Some(SideList::MemoryCommits)),
        ("memory.read", None),
        ("vendor.custom", None),
    ];
    for (raw, list) in table {
        let event = json!({
            "event_id": "e", "type": raw, "timestamp": "t", "source": "s", "seq": 0, "data": {}
        });
        assert_eq!(Event::parse(&to_bytes(&event)).unwrap().event_type.side_list(), list, "{raw}");
    }
}

#[test]
fn what_is_no_object_is_no_event() {
    for json in ["null", "[]", "1", "\"e\""] {
        assert_eq!(Event::parse(json.as_bytes()), Err(EventError::NotAnObject), "{json}");
    }
    let missing = MemberError::Missing { member: "type" };
    assert_eq!(Event::parse(b"{}"), Err(missing.into()));
    assert!(matches!(Event::parse(b"{\"seq\":0,\"seq\":0}"), Err(EventError::Json(_))));
}
