//! Keys that another program has: the one in the documentation, and every way in which one can be wrong.

use crate::service::{Running, settings};
use runseal_app::{Settings, SignerCommand};
use std::{fs, path::Path, process::Command, sync::Arc, time::Duration};
use tempfile::TempDir;
use tokio::time::sleep;

const START: &str = r#"{"run_id":"r","agent_id":"agent-1"}"#;
const END: &str = r#"{"run_id":"r"}"#;

/// A service whose signer is this program; it has so long to answer.
async fn start(home: &Path, program: &str, patience: Duration) -> Running {
    let path = home.join("signer.py");
    fs::write(&path, program).unwrap();
    let command = format!("python3 {}", path.display());
    let signer = SignerCommand::new(&command, None, patience).map(Arc::new);
    Running::start(home, Settings { create_keys: false, signer, ..settings() }).await
}

const PATIENT: Duration = Duration::from_secs(60);

fn key(home: &Path) -> String {
    let path = home.join("agent-1.pem");
    let mut command = Command::new("openssl");
    command.args(["genpkey", "-algorithm", "ed25519", "-out"]).arg(&path);
    assert!(command.output().unwrap().status.success());
    path.display().to_string()
}

/// The program that docs/service.md shows, with this key.
fn documented(key: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let page = fs::read_to_string(root.join("docs/service.md")).unwrap();
    let (_, rest) = page.split_once("```python\nimport json, subprocess").unwrap();
    let (program, _) = rest.split_once("```").unwrap();
    let program = format!("import json, subprocess{program}");
    program.replace(r#""agent-1": "agent-1.pem""#, &format!(r#""agent-1": "{key}""#))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_signer_in_the_documentation_signs_runs() {
    let home = TempDir::new().unwrap();
    let key = key(home.path());
    let running = start(home.path(), &documented(&key), PATIENT).await;
    running.post("/v1/run/start", START).await.expect(200);
    running.post("/v1/run/end", END).await.expect(200);
    running.post("/v1/identity", r#"{"agent_id":"agent-1"}"#).await.expect(200);
    let state = r#"{"run_id":"r","state_type":"memory","next_state_hash":"m"}"#;
    running.post("/v1/state-proof", state).await.expect(200);
    let verified = running.get("/v1/runproof/r/verify").await.expect(200);
    assert_eq!(verified["verified"], true, "{verified}");
    let identity = running.get("/v1/identity/agent-1/verify").await.expect(200);
    assert_eq!(identity["valid"], true, "{identity}");
    // Whom it does not know has no key.
    let other = r#"{"run_id":"s","agent_id":"agent-2"}"#;
    let refused = running.post("/v1/run/start", other).await.expect(403);
    assert_eq!(refused["detail"], "Agent has no key here: agent-2");
    assert!(!home.path().join("keys").exists(), "no key is made here");
    running.stop().await;
}

/// A signer that gives the public key, counts its signatures in a file, and does `act` when it is to
/// sign; `sign()` is the right signature.
fn acting(key: &str, act: &str) -> String {
    let program = documented(key);
    let (before, after) = program.split_once("    else:\n").unwrap();
    let (_, end) = after.split_once("    print(").unwrap();
    format!(
        "import os, time\ndef sign(ask):\n    with tempfile.NamedTemporaryFile() as message:\n        \
         message.write(bytes.fromhex(ask['message']))\n        message.flush()\n        return openssl(\
         'pkeyutl', '-sign', '-rawin', '-inkey', '{key}', '-in', message.name).hex()\n\
         def first():\n    is_first = not os.path.exists('{key}.asked')\n    \
         open('{key}.asked', 'w').close()\n    return is_first\n\
         {before}    else:\n        {act}\n    print({end}"
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signer_that_is_wrong_once_is_started_again_and_signs() {
    let silent = "first() and time.sleep(3600)";
    for (act, status) in [
        // It ends instead of an answer: the next one is asked the same.
        ("first() and sys.exit(1)", 200),
        (silent, 503),
        ("first() and print('{}', flush=True)", 500),
        ("first() and print('[1]', flush=True)", 500),
        ("first() and print('nonsense', flush=True)", 500),
        ("first() and print('x' * 20000, flush=True)", 500),
        (
            "first() and print(json.dumps({'id': ask['id'] - 1, 'signature': sign(ask)}), flush=True)",
            500,
        ),
        ("first() and print(json.dumps({'id': ask['id'], 'signature': 7}), flush=True)", 500),
        (
            "first() and print(json.dumps({'id': ask['id'], 'signature': '00' * 63}), flush=True)",
            500,
        ),
        (
            "first() and print(json.dumps({'id': ask['id'], 'signature': '00' * 64}), flush=True)",
            500,
        ),
        ("first() and print(json.dumps({'id': ask['id'], 'error': 7}), flush=True)", 500),
        // Another message's signature.
        (
            "ask['message'] = '00' if first() else ask['message']; answer['signature'] = sign(ask)",
            500,
        ),
        // No is an answer, and the program goes on.
        (
            "answer['error'] = 'not today' if first() else None; answer['signature'] = sign(ask)",
            403,
        ),
    ] {
        let home = TempDir::new().unwrap();
        let key = key(home.path());
        let act = match act.contains("answer[") {
            true => act.to_owned(),
            false => format!("{act}; answer['signature'] = sign(ask)"),
        };
        let patience = if act.contains(silent) { Duration::from_secs(5) } else { PATIENT };
        let running = start(home.path(), &acting(&key, &act), patience).await;
        running.post("/v1/run/start", START).await.expect(200);
        let refused = running.post("/v1/run/end", END).await;
        assert_eq!(refused.status, status, "{act}: {}", refused.body);
        assert!(!refused.body.contains("signer.py"), "{}", refused.body);
        // It is left alone for a second.
        sleep(Duration::from_millis(1_100)).await;
        let again = running.post("/v1/run/end", END).await;
        assert_eq!(again.status, 200, "{act}: {}", again.body);
        let verified = running.get("/v1/runproof/r/verify").await.expect(200);
        assert_eq!(verified["verified"], true, "{act}: {verified}");
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signer_that_cannot_be_started_is_said_and_not_tried_for_every_call() {
    let home = TempDir::new().unwrap();
    let signer = SignerCommand::new("/nowhere/signer now", None, PATIENT).map(Arc::new);
    let running =
        Running::start(home.path(), Settings { create_keys: false, signer, ..settings() }).await;
    for _ in 0..3 {
        let refused = running.post("/v1/run/start", START).await;
        assert_eq!(refused.expect(503)["detail"], "the signer does not answer");
        assert!(refused.head.contains("retry-after: 1"), "{}", refused.head);
    }
    running.stop().await;
    assert!(SignerCommand::new(" \t", None, PATIENT).is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signer_that_always_ends_leaves_its_runs_as_they_are() {
    let home = TempDir::new().unwrap();
    let key = key(home.path());
    let running = start(home.path(), &acting(&key, "sys.exit(1)"), PATIENT).await;
    running.post("/v1/run/start", START).await.expect(200);
    running.post("/v1/run/end", END).await.expect(503);
    let run = running.get("/v1/run/r").await.expect(200);
    assert_eq!(run["status"], "active");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signer_that_ended_between_two_calls_is_started_again_unseen() {
    let home = TempDir::new().unwrap();
    let key = key(home.path());
    let once =
        "answer['signature'] = sign(ask); print(json.dumps(answer), flush=True); sys.exit(0)";
    let running = start(home.path(), &acting(&key, once), PATIENT).await;
    for run in ["r", "s", "t"] {
        let body = START.replace("\"r\"", &format!("\"{run}\""));
        running.post("/v1/run/start", &body).await.expect(200);
        running.post("/v1/run/end", &format!(r#"{{"run_id":"{run}"}}"#)).await.expect(200);
    }
    running.stop().await;
}
