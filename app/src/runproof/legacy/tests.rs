use super::*;

/// The published check values of version 1.0.
fn document() -> serde_json::Value {
    serde_json::json!({
        "run_id": "run-1", "trace_id": "trace-1", "agent_id": "agent-1", "adapter": "openclaw",
        "started_at": "2026-03-17T00:00:00+00:00", "ended_at": "2026-03-17T00:00:02+00:00",
        "events": [
            {"event_id": "e1", "type": "message.received", "timestamp": "2026-03-17T00:00:00Z",
             "data": {}, "content_hash": "sha256:44136fa355b3678a"},
            {"event_id": "e2", "type": "message.sent", "timestamp": "2026-03-17T00:00:01Z",
             "data": {"b": "é", "a": 1.0}, "content_hash": "sha256:ef4a1ec63544c3d4"},
        ],
        "telemetry": {
            "event_count": 2, "events_by_type": {"message.received": 1, "message.sent": 1}
        },
        "hashes": {"entries": [
            "f6d15dbc9e7988d984768ea98503252450f9016767b141e238944bda716db0bb",
            "5165c450f843a95a2c3d34aae9c0ff84847bcc82d066cbdaea1854f106a566f9",
        ]},
        "root_hash": "3e26c5bd373e2faec587f46088ed0f9db1224f22c3e2bd997635f6ee8c0caf7b",
        "fingerprints": {"spec_fingerprint": "b9171daa13c67874a6500ad8e992d5d3"},
        "signatures": [{"signer_id": "runtime:0011223344556677", "key_id": "0011223344556677"}],
    })
}

fn outcomes(document: &serde_json::Value) -> Vec<Outcome> {
    let verdict = check(&document.to_string()).unwrap();
    assert!(!verdict.is_verified(), "a signature by an unknown key verifies nothing");
    verdict.checks.iter().map(|check| check.result).collect()
}

#[test]
fn the_published_values_pass_as_far_as_a_key_is_not_needed() {
    use Outcome::{Pass, Unknown};
    assert_eq!(outcomes(&document()), [Pass, Pass, Unknown, Pass]);
}

#[test]
fn each_change_fails_the_check_that_covers_it() {
    use serde_json::json;
    for (pointer, value, failing) in [
        ("/events/0/data", json!({"x": 1}), 0),
        ("/events/1/data/a", json!(1), 0),
        ("/events/0/timestamp", json!("2026-03-17T00:00:01Z"), 0),
        ("/events/0/event_id", json!("e0"), 0),
        ("/events/1/type", json!("message.received"), 0),
        ("/events/0/content_hash", json!("sha256:0000000000000000"), 0),
        ("/hashes/entries/1", json!("00"), 0),
        ("/run_id", json!("run-2"), 1),
        ("/trace_id", json!("trace-2"), 1),
        ("/ended_at", json!("2026-03-17T00:00:03+00:00"), 1),
        ("/root_hash", json!("00"), 1),
        ("/signatures", json!([]), 2),
        ("/telemetry/event_count", json!(3), 3),
        ("/telemetry/events_by_type", json!({}), 3),
        ("/fingerprints/spec_fingerprint", json!("00"), 3),
    ] {
        let mut changed = document();
        *changed.pointer_mut(pointer).unwrap() = value;
        assert_eq!(outcomes(&changed)[failing], Outcome::Fail, "{pointer}");
    }
}

#[test]
fn what_is_no_document_is_refused() {
    for text in ["{}", r#"{"run_id":1}"#, r#"{"events":[]}"#, "[]", "null"] {
        assert!(check(text).is_err(), "{text}");
    }
}
