//! A running service, and what must be true of it whatever was posted.

use crate::client::{Answer, send};
use runseal_app::{Access, Application, Promising, Service, Settings};
use runseal_client::{
    sql::{Database, fsck},
    store::{Store, Vitals},
};
use runseal_ledger::{AnyLedger, Rpc};
use runseal_store::{Options, SqliteStore};
use runseal_store_postgres::{Address, PostgresStore};
use solana_commitment_config::CommitmentConfig;
use solana_keypair::Keypair;
use std::{net::SocketAddr, path::Path, sync::Arc};
use tempfile::TempDir;
use tokio::{sync::oneshot, task::JoinHandle};

/// A service on a store in a folder of its own.
pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    pub(crate) store: Arc<dyn Store>,
    check: Box<dyn FnOnce()>,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<Result<(), std::io::Error>>,
}

pub(crate) fn settings() -> Settings {
    Settings { create_keys: true, engine: "sqlite".to_owned(), ..Settings::default() }
}

/// A ledger for those who ask none.
fn nowhere() -> Arc<AnyLedger> {
    Arc::new(AnyLedger::Rpc(Rpc::new("http://127.0.0.1:1", CommitmentConfig::finalized())))
}

impl Running {
    pub(crate) async fn start(home: &Path, settings: Settings) -> Self {
        Self::start_on(home, settings, Options::default()).await
    }

    /// Starts on a ledger; `promises` says for which log, with which key.
    pub(crate) async fn start_promising(
        home: &Path,
        settings: Settings,
        ledger: Arc<AnyLedger>,
        promises: Option<(solana_address::Address, Keypair)>,
    ) -> Self {
        let store = SqliteStore::open(&home.join("store.db"), Options::default()).unwrap();
        Self::with(store, home, settings, ledger, promises).await
    }

    /// Starts on a store that is opened like this.
    pub(crate) async fn start_on(home: &Path, settings: Settings, options: Options) -> Self {
        let store = SqliteStore::open(&home.join("store.db"), options).unwrap();
        Self::with(store, home, settings, nowhere(), None).await
    }

    /// Starts a service on a store in a database of its own.
    pub(crate) async fn start_on_server(home: &Path, settings: Settings) -> Self {
        let url = runseal_postgres_server::shared().database();
        let store = PostgresStore::open(&Address::parse(&url, None).unwrap()).unwrap();
        let settings = Settings { engine: "postgres".to_owned(), ..settings };
        Self::with(store, home, settings, nowhere(), None).await
    }

    async fn with<S: Database + Vitals + 'static>(
        store: S,
        home: &Path,
        settings: Settings,
        ledger: Arc<AnyLedger>,
        promises: Option<(solana_address::Address, Keypair)>,
    ) -> Self {
        let store = Arc::new(store);
        let limits = settings.limits;
        let mut service = Service::new(Arc::clone(&store) as _, home, settings).unwrap();
        if let Some((log, key)) = promises {
            let promising = Promising::begin(&*store, Arc::clone(&ledger), log, key).await;
            service = service.with_promises(promising.unwrap());
        }
        let checked = Arc::clone(&store);
        let check = move || fsck::check(&*checked, &mut |finding| panic!("{finding}")).unwrap();
        let anywhere = "127.0.0.1:0".parse().unwrap();
        let application = Application::bind(anywhere, ledger, "a ledger".into()).await.unwrap();
        let access = match limits.rate {
            Some(rate) => Access::open(service).with_rate(rate),
            None => Access::open(service),
        };
        let application = application.with_limits(limits).with_api(access);
        let (address, (stop, stopped)) = (application.address(), oneshot::channel());
        let task = tokio::spawn(application.run_until(async { stopped.await.unwrap_or(()) }));
        Self { address, store, check: Box::new(check), stop: Some(stop), task }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        send(self.address, "GET", path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: &str) -> Answer {
        send(self.address, "POST", path, Some(body)).await
    }

    /// Tells the service to end.
    pub(crate) fn tell(&mut self) {
        self.stop.take().unwrap().send(()).unwrap();
    }

    /// Ends the service and looks whether its store is sound.
    pub(crate) async fn stop(mut self) {
        if self.stop.is_some() {
            self.tell();
        }
        self.task.await.unwrap().unwrap();
        (self.check)();
    }
}

async fn with_service(test: impl AsyncFnOnce(&Running, &TempDir)) {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path(), settings()).await;
    test(&running, &home).await;
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_is_there_after_a_restart() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path(), settings()).await;
    running.post("/v1/run/start", r#"{"run_id":"r","agent_id":"a"}"#).await.expect(200);
    let event = r#"{"run_id":"r","event_id":"e","type":"t","timestamp":"t","source":"s"}"#;
    running.post("/v1/run/event", event).await.expect(200);
    running.stop().await;
    let running = Running::start(home.path(), settings()).await;
    let again = running.post("/v1/run/event", event).await.expect(200);
    assert_eq!(again["status"], "duplicate");
    let ended = running.post("/v1/run/end", r#"{"run_id":"r"}"#).await.expect(200);
    assert_eq!(ended["event_count"], 1);
    running.stop().await;
    let running = Running::start(home.path(), settings()).await;
    let verified = running.get("/v1/runproof/r/verify").await.expect(200);
    assert_eq!(verified["verified"], true);
    assert_eq!(verified["root_hash"], ended["root_hash"]);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_writers_share_a_run_and_nothing_is_lost_or_counted_twice() {
    with_service(async |running, _| {
        running.post("/v1/run/start", r#"{"run_id":"r","agent_id":"a"}"#).await.expect(200);
        let mut writers = Vec::new();
        for writer in 0..16 {
            let address = running.address;
            writers.push(tokio::spawn(async move {
                for number in 0..8 {
                    let body = format!(
                        r#"{{"run_id":"r","event_id":"{writer}-{number}","type":"tool.invoke",
                            "timestamp":"t","source":"s"}}"#
                    );
                    // Each is sent twice, as a client does that got no answer.
                    for _ in 0..2 {
                        send(address, "POST", "/v1/run/event", Some(&body)).await.expect(200);
                    }
                }
            }));
        }
        for writer in writers {
            writer.await.unwrap();
        }
        let ended = running.post("/v1/run/end", r#"{"run_id":"r"}"#).await.expect(200);
        assert_eq!(ended["event_count"], 128);
        let proof = running.get("/v1/runproof/r").await.expect(200);
        let numbers = proof["events"].as_array().unwrap().iter().map(|event| &event["seq"]);
        assert!(numbers.eq((0..128).collect::<Vec<u64>>().iter()));
        assert_eq!(proof["telemetry"]["tool_calls"], 128);
        assert_eq!(proof["hashes"]["chain_valid"], true);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn runs_that_end_together_have_receipts_that_follow_each_other() {
    with_service(async |running, _| {
        let mut enders = Vec::new();
        for number in 0..12 {
            let address = running.address;
            enders.push(tokio::spawn(async move {
                let start = format!(r#"{{"run_id":"r{number}","agent_id":"a"}}"#);
                send(address, "POST", "/v1/run/start", Some(&start)).await.expect(200);
                let end = format!(r#"{{"run_id":"r{number}"}}"#);
                send(address, "POST", "/v1/run/end", Some(&end)).await.expect(200);
            }));
        }
        for ender in enders {
            ender.await.unwrap();
        }
        let mut sequences = Vec::new();
        for number in 0..12 {
            let proof = running.get(&format!("/v1/runproof/r{number}")).await.expect(200);
            sequences.push(proof["seal"]["sequence"].as_u64().unwrap());
        }
        sequences.sort_unstable();
        assert_eq!(sequences, (0..12).collect::<Vec<_>>());
        let verified = running.get("/v1/ledger/a/verify").await.expect(200);
        assert_eq!((&verified["valid"], &verified["latest_seq"]), (&true.into(), &11.into()));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_agents_with_a_key_run_unless_keys_are_made() {
    let home = tempfile::tempdir().unwrap();
    let without = Settings { create_keys: false, ..settings() };
    let running = Running::start(home.path(), without).await;
    let start = r#"{"run_id":"r","agent_id":"a"}"#;
    let refused = running.post("/v1/run/start", start).await.expect(403);
    assert_eq!(refused["detail"], "Agent has no key here: a");
    for path in ["/v1/agent/a/register", "/v1/agent/a/heartbeat"] {
        running.post(path, "").await.expect(403);
    }
    running.post("/v1/identity", r#"{"agent_id":"a"}"#).await.expect(403);
    running.get("/v1/runs").await.expect(200);
    running.stop().await;
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_others_can_read_or_that_is_another_s_signs_nothing() {
    use std::{fs, os::unix::fs::PermissionsExt};
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path(), settings()).await;
    running.post("/v1/run/start", r#"{"run_id":"r","agent_id":"a"}"#).await.expect(200);
    running.stop().await;
    let key = home.path().join("keys/a.json");
    assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    fs::set_permissions(&key, fs::Permissions::from_mode(0o640)).unwrap();
    let running = Running::start(home.path(), settings()).await;
    let refused = running.post("/v1/run/end", r#"{"run_id":"r"}"#).await.expect(500);
    assert_eq!(refused["detail"], "the agent's key file can be read by others");
    running.stop().await;
    fs::remove_file(&key).unwrap();
    // The next start would make another key for the same name: another account.
    let running = Running::start(home.path(), settings()).await;
    running.post("/v1/run/end", r#"{"run_id":"r"}"#).await.expect(409);
    running.post("/v1/run/start", r#"{"run_id":"s","agent_id":"a"}"#).await.expect(409);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_default_agent_owns_the_runs_of_events_that_name_nobody() {
    let home = tempfile::tempdir().unwrap();
    let default = Settings { default_agent: Some("me".to_owned()), ..settings() };
    let running = Running::start(home.path(), default).await;
    let event = r#"{"run_id":"r","event_id":"e","type":"t","timestamp":"t","source":"s"}"#;
    running.post("/v1/run/event", event).await.expect(200);
    let runs = running.get("/v1/runs").await.expect(200);
    assert_eq!(runs["runs"][0]["agent_id"], "me");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proof_is_checked_by_itself_and_every_change_is_seen() {
    with_service(async |running, _| {
        running.post("/v1/run/start", r#"{"run_id":"r","agent_id":"a"}"#).await.expect(200);
        for number in 0..2 {
            let event = format!(
                r#"{{"run_id":"r","event_id":"{number}","type":"tool.invoke","timestamp":"t",
                    "source":"s","data":{{"x":{number}}}}}"#
            );
            running.post("/v1/run/event", &event).await.expect(200);
        }
        running.post("/v1/run/end", r#"{"run_id":"r"}"#).await.expect(200);
        let proof = running.get("/v1/runproof/r").await.expect(200);
        // Another service checks it, which has never heard of the agent.
        let home = tempfile::tempdir().unwrap();
        let other = Running::start(home.path(), settings()).await;
        let check = async |proof: &serde_json::Value| {
            let body = serde_json::json!({ "proof": proof }).to_string();
            other.post("/verify", &body).await
        };
        let verdict = check(&proof).await.expect(200);
        assert_eq!((&verdict["valid"], &verdict["status"]), (&true.into(), &"verified".into()));
        let changes = [
            ("/events/0/data/x", 7.into()),
            ("/events/0/timestamp", "u".into()),
            ("/events/1/source", "other".into()),
            ("/events/1/content_hash", "sha256:00".into()),
            ("/events", serde_json::json!([])),
            ("/agent_id", "b".into()),
            ("/adapter", "b".into()),
            ("/status", "failed".into()),
            ("/ended_at", "2026-03-17T00:00:00+00:00".into()),
            ("/root_hash", "0".repeat(64).into()),
            ("/hashes/entries", serde_json::json!([])),
            ("/telemetry/tool_calls", 9.into()),
            ("/fingerprints/run_fingerprint", "0".repeat(64).into()),
            ("/signatures", serde_json::json!([])),
            ("/receipt/signatures", serde_json::json!([])),
            ("/receipt/run_id", "s".into()),
            ("/receipt/sequence", 5.into()),
        ];
        for (pointer, value) in changes {
            let mut changed = proof.clone();
            *changed.pointer_mut(pointer).unwrap() = value;
            let answer = check(&changed).await;
            let refused = answer.status == 422;
            assert!(refused || answer.json()["valid"] == false, "{pointer}: {}", answer.body);
        }
        other.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_has_a_name_and_is_not_kept() {
    with_service(async |running, _| {
        for path in ["/health", "/v1/runs", "/v1/nothing", "/v1/run/nothing"] {
            let head = running.get(path).await.head;
            assert!(head.contains("x-request-id: req-"), "{path}: {head}");
            assert!(head.contains("x-content-type-options: nosniff"), "{path}: {head}");
            assert!(head.contains("cache-control: no-store"), "{path}: {head}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_is_bounded_and_read_strictly() {
    with_service(async |running, _| {
        let large = format!(r#"{{"run_id":"{}"}}"#, "x".repeat(1 << 20));
        running.post("/v1/run/end", &large).await.expect(413);
        let deep = format!(r#"{{"run_id":"r","data":{}{}}}"#, "[".repeat(300), "]".repeat(300));
        running.post("/v1/run/event", &deep).await.expect(422);
        for body in [
            "{",
            "{}}",
            r#"{"run_id":"r","run_id":"s"}"#,
            r#"{"run_id":"r","data":{"x":NaN}}"#,
            r#"{"run_id":"r","data":{"x":1e999}}"#,
            r#"{"run_id":"r","data":{"x":9007199254740993}}"#,
            "{\"run_id\":\"\u{1}\"}",
            r#"{"run_id":"\ud800"}"#,
        ] {
            let refused = running.post("/v1/run/event", body).await.expect(422);
            assert_eq!(refused["detail"][0]["type"], "json_invalid", "{body}");
            assert_eq!(refused["detail"][0]["loc"][0], "body", "{body}");
        }
        // A type that is not JSON's is no reason to refuse what is.
        let start = r#"{"run_id":"r","agent_id":"a"}"#;
        running.post("/v1/run/start", start).await.expect(200);
    })
    .await;
}
