//! Statuses that no script can see: what they need is not in a call.

use crate::service::{Running, settings};
use serde_json::Value;

/// Calls that need an agent's key, and are 409 when it is another than the agent had.
pub(crate) const KEYED: &[(&str, &str, &str)] = &[
    ("POST", "/v1/run/start", r#"{"run_id":"new","agent_id":"a"}"#),
    ("POST", "/v1/run/end", r#"{"run_id":"open"}"#),
    ("POST", "/v1/run/checkpoint", r#"{"run_id":"open"}"#),
    ("POST", "/v1/branch/retry?agent_id=a", r#"{"run_id":"ended"}"#),
    ("POST", "/v1/branch/replay?agent_id=a", r#"{"checkpoint_id":"c"}"#),
    ("POST", "/v1/branch/fork?agent_id=a", r#"{"run_id":"ended","configs":[{}]}"#),
    (
        "POST",
        "/v1/policy-binding",
        r#"{"run_id":"ended","policy_type":"constraint","policy_id":"p","policy_hash":"h"}"#,
    ),
    (
        "POST",
        "/v1/state-proof",
        r#"{"run_id":"ended","state_type":"memory","next_state_hash":"n"}"#,
    ),
    (
        "POST",
        "/v1/proof-graph/link",
        r#"{"child_proof_id":"ended","parent_proof_id":"other","relation":"approval"}"#,
    ),
    ("POST", "/v1/identity", r#"{"agent_id":"a"}"#),
    ("PUT", "/v1/identity/named", r#"{"spec":{}}"#),
    ("POST", "/v1/agent/a/register", ""),
    ("POST", "/v1/agent/a/heartbeat", ""),
    ("GET", "/v1/signing/public-key?agent_id=a", ""),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_makes_no_key() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path(), settings()).await;
    let path = "/v1/signing/public-key?agent_id=nobody";
    let refused = running.get(path).await.expect(403);
    assert_eq!(refused["detail"], "Agent has no key here: nobody");
    assert!(!home.path().join("keys/nobody.json").exists());
    running.post("/v1/agent/nobody/register", "").await.expect(200);
    running.get(path).await.expect(200);
    assert!(home.path().join("keys/nobody.json").exists());
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_signs_with_another_key_than_before_is_refused() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path(), settings()).await;
    for (run_id, agent_id) in [("open", "a"), ("ended", "a"), ("other", "b")] {
        let start = format!(r#"{{"run_id":"{run_id}","agent_id":"{agent_id}"}}"#);
        running.post("/v1/run/start", &start).await.expect(200);
    }
    for run_id in ["ended", "other"] {
        let end = format!(r#"{{"run_id":"{run_id}","success":false}}"#);
        running.post("/v1/run/end", &end).await.expect(200);
    }
    running.post("/v1/identity", r#"{"agent_id":"named"}"#).await.expect(200);
    running.stop().await;
    // The next start makes other keys for the same names.
    std::fs::remove_dir_all(home.path().join("keys")).unwrap();
    let running = Running::start(home.path(), settings()).await;
    let before: Value = running.get("/v1/stats").await.expect(200);
    for (method, path, body) in KEYED {
        let answer = crate::client::send(running.address, method, path, Some(body)).await;
        assert_eq!(answer.status, 409, "{method} {path} {}", answer.body);
    }
    assert_eq!(running.get("/v1/stats").await.expect(200), before, "nothing was done");
    running.stop().await;
}
