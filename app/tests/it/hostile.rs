//! Nothing that anybody sends makes the service fail.

use crate::{
    client::send,
    service::{Running, settings},
    wire::CALLS,
};

/// What is put where a name belongs.
const NAMES: &[&str] = &[
    "r",
    "nothing",
    "..",
    "%2e%2e%2fetc",
    "%00",
    "%FF%FE",
    "a%0d%0aX-Y:z",
    "%F0%9F%98%80",
    "'--",
    "18446744073709551616",
    "-1",
    "memory",
    "latest",
    "verify",
];

/// What is put behind the path.
const QUERIES: &[&str] = &[
    "",
    "?limit=0",
    "?limit=18446744073709551616",
    "?limit=-5&offset=1e9",
    "?offset=9007199254740991",
    "?from_seq=9007199254740991&to_seq=0",
    "?depth=1000000",
    "?agent_id=",
    "?agent_id=%00",
    "?run_id=r&run_id=s",
    "?status=%F0%9F%98%80",
    "?before=0",
    "?&&==&",
    "?agent_id=a",
];

fn bodies() -> Vec<String> {
    let long = "x".repeat(300);
    let deep = |depth: usize| format!("{}1{}", r#"{"a":"#.repeat(depth), "}".repeat(depth));
    let whole = |object: &str| {
        format!(
            r#"{{"run_id":"r","agent_id":"a","event_id":"e","type":"t","timestamp":"t","source":"s",
            "proof_id":"r","proof_type":"run","anchor_type":"solana","state_type":"memory",
            "next_state_hash":"n","policy_type":"constraint","policy_id":"p","policy_hash":"h",
            "child_proof_id":"r","parent_proof_id":"s","relation":"retry","checkpoint_id":"c",
            "anchor_tx_id":"x","spec":{object},"data":{object},"event_proof":{object},
            "metadata":{object},"modifications":{object},"context":{object},"configs":[{object}],
            "delta_summary":{object},"evaluation_result":{object},"changes":{object}}}"#
        )
    };
    let mut bodies: Vec<String> = [
        "", " ", "null", "true", "0", "[]", "{}", "{", "\"", "{\"a\":}", "\u{feff}{}", "[[[[", "}{",
        r#"{"run_id":{}}"#, r#"{"run_id":null,"agent_id":null}"#, r#"{"run_id":1e400}"#,
        r#"{"run_id":"r","agent_version":"9007199254740992"}"#,
        r#"{"run_id":"r","agent_version":9007199254740991,"ended_at":"9999-12-31T23:59:59Z"}"#,
        r#"{"run_id":"r","ended_at":"2026-03-17T00:00:00+23:59"}"#,
        r#"{"run_id":"r","ended_at":"-0001-01-01T00:00:00Z"}"#,
        r#"{"proof":{"proof_spec_version":"runseal/1","receipt":{},"events":[]}}"#,
        r#"{"proof":{"proof_spec_version":"runseal/1","receipt":[]}}"#,
        r#"{"proof":{"run_id":"r","events":[{}]}}"#, r#"{"proof":[]}"#, r#"{"proof":{"events":1}}"#,
        r#"{"run_id":"r","event_id":"e9","type":"t","timestamp":"t","source":"s","seq":9007199254740991}"#,
        r#"{"run_id":"r","event_id":"e10","type":"t","timestamp":"t","source":"s"}"#,
    ]
    .map(str::to_owned)
    .into();
    bodies.push(format!(r#"{{"run_id":"{long}","agent_id":"{long}","proof_id":"{long}"}}"#));
    bodies.extend([deep(10), deep(127), deep(129), deep(100_000)]);
    bodies.extend([whole("{}"), whole(&deep(31)), whole(&deep(40)), whole(&deep(100))]);
    let large = format!(r#"{{"a":"{}"}}"#, "x".repeat(70_000));
    bodies.extend([whole(&large), "x".repeat((1 << 20) + 1)]);
    bodies
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_call_makes_the_service_fail() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path(), settings()).await;
    running.post("/v1/run/start", r#"{"run_id":"r","agent_id":"a"}"#).await.expect(200);
    let bodies = bodies();
    for (method, template, _) in CALLS {
        let calls = if *method == "GET" { NAMES.len().max(QUERIES.len()) } else { bodies.len() };
        for number in 0..calls {
            let name = NAMES[number % NAMES.len()];
            // Each name meets another query than the round before.
            let query = QUERIES[(number + number / QUERIES.len()) % QUERIES.len()];
            let path = format!("{}{query}", template.replace("{}", name));
            let body = bodies.get(number).filter(|_| *method != "GET").map(String::as_str);
            let answer = send(running.address, method, &path, body).await;
            let start: String = body.unwrap_or_default().chars().take(200).collect();
            assert!(
                (200..500).contains(&answer.status),
                "{} {method} {path} {start}: {}",
                answer.status,
                answer.body
            );
        }
    }
    // It is as well as before.
    running.post("/v1/run/start", r#"{"run_id":"last","agent_id":"z"}"#).await.expect(200);
    running.post("/v1/run/end", r#"{"run_id":"last"}"#).await.expect(200);
    let verified = running.get("/v1/runproof/last/verify").await.expect(200);
    assert_eq!(verified["verified"], true);
    let whole = running.get("/v1/ledger/a/verify").await.expect(200);
    assert_eq!(whole["valid"], true, "{whole}");
    running.stop().await;
}
