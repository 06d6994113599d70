//! Tokens: what each is good for, and that no tenant sees another's.

use crate::{client::send_with, listening::Listening, service::settings};
use runseal_app::{Access, Application, Grant, GrantError, Scope, Service};
use runseal_ledger::{AnyLedger, Rpc};
use runseal_store::{Options, SqliteStore};
use runseal_types::Digest;
use solana_commitment_config::CommitmentConfig;
use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    path::Path,
    sync::Arc,
};

/// A service for each tenant.
fn services(home: &Path, grants: &[Grant]) -> BTreeMap<String, Service> {
    let tenants: BTreeSet<&String> = grants.iter().map(|grant| &grant.tenant).collect();
    let service = |tenant: &String| {
        let home = home.join(tenant);
        std::fs::create_dir_all(&home).unwrap();
        let store = SqliteStore::open(&home.join("store.db"), Options::default()).unwrap();
        (tenant.clone(), Service::new(Arc::new(store), &home, settings()).unwrap())
    };
    tenants.into_iter().map(service).collect()
}

async fn start(home: &Path, grants: Vec<Grant>) -> SocketAddr {
    let services = services(home, &grants);
    let access = Access::by_tokens(grants, services).unwrap();
    let nowhere = Rpc::new("http://127.0.0.1:1", CommitmentConfig::finalized());
    let anywhere = "127.0.0.1:0".parse().unwrap();
    let application =
        Application::bind(anywhere, AnyLedger::Rpc(nowhere), "a ledger".into()).await.unwrap();
    let application = application.with_api(access);
    let address = application.address();
    tokio::spawn(application.run_until(std::future::pending()));
    address
}

fn grant(token: &str, tenant: &str, scopes: &[Scope]) -> Grant {
    let token_sha256 = Digest::of(&[token.as_bytes()]);
    Grant { token_sha256, tenant: tenant.to_owned(), scopes: scopes.to_vec() }
}

const ALL: [Scope; 3] = [Scope::Ingest, Scope::Operate, Scope::Read];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_is_good_for_its_scopes_alone() {
    let home = tempfile::tempdir().unwrap();
    let grants = vec![
        grant("i", "t", &[Scope::Ingest]),
        grant("o", "t", &[Scope::Operate]),
        grant("r", "t", &[Scope::Read]),
        grant("n", "t", &[]),
    ];
    let address = start(home.path(), grants).await;
    let start = r#"{"run_id":"r","agent_id":"a"}"#;
    let bundle = format!("/receipts/{}/bundle.json", "0".repeat(64));
    for (token, method, path, body, status) in [
        ("Bearer i", "POST", "/v1/run/start", start, 200),
        ("bearer i", "POST", "/v1/run/start", start, 200),
        ("Bearer o", "POST", "/v1/run/start", start, 403),
        ("Bearer r", "POST", "/v1/run/start", start, 403),
        ("Bearer n", "POST", "/v1/run/start", start, 403),
        ("Bearer o", "POST", "/v1/agent/a/register", "", 200),
        ("Bearer i", "POST", "/v1/agent/a/register", "", 403),
        ("Bearer i", "POST", "/v1/agent/a/heartbeat", "", 200),
        ("Bearer r", "GET", "/v1/runs", "", 200),
        ("Bearer i", "POST", "/v2/receipts", "{}", 422),
        ("Bearer r", "POST", "/v2/receipts", "{}", 403),
        ("Bearer r", "POST", "/v2/verify?offline=1", "{}", 200),
        ("Bearer i", "POST", "/v2/verify?offline=1", "{}", 403),
        ("Bearer r", "GET", "/v2/receipts", "", 200),
        ("Bearer o", "GET", "/v2/receipts", "", 403),
        ("Bearer i", "GET", "/v2/events", "", 403),
        ("", "GET", "/v2/events", "", 401),
        ("Bearer i", "GET", "/v1/runs", "", 403),
        ("Bearer R", "GET", "/v1/runs", "", 401),
        ("Bearer", "GET", "/v1/runs", "", 401),
        ("Basic r", "GET", "/v1/runs", "", 401),
        ("r", "GET", "/v1/runs", "", 401),
        ("", "GET", "/v1/runs", "", 401),
        ("", "POST", "/v1/run/start", start, 401),
        ("", "POST", "/v1/run/start", "{", 401),
        ("", "GET", "/v1/nothing", "", 401),
        ("", "GET", "/v2/nothing", "", 401),
        ("", "GET", "/health", "", 200),
        // Pages show what is on chain; what is stored is its tenant's.
        ("", "GET", &bundle, "", 403),
        ("Bearer r", "GET", &bundle, "", 403),
    ] {
        let answer = send_with(address, method, path, Some(body), token).await;
        assert_eq!(answer.status, status, "{token} {method} {path}: {}", answer.body);
    }
    let answer = send_with(address, "GET", "/v1/runs", None, "").await;
    assert!(answer.head.contains("www-authenticate: bearer"), "{}", answer.head);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_of_one_tenant_is_seen_by_another() {
    let home = tempfile::tempdir().unwrap();
    let address = start(home.path(), vec![grant("x", "one", &ALL), grant("y", "two", &ALL)]).await;
    let one = "Bearer x";
    let call = async |token: &str, method: &str, path: &str, body: &str| {
        send_with(address, method, path, Some(body), token).await
    };
    call(one, "POST", "/v1/run/start", r#"{"run_id":"r","agent_id":"a"}"#).await.expect(200);
    let ended = call(one, "POST", "/v1/run/end", r#"{"run_id":"r"}"#).await.expect(200);
    let root = ended["root_hash"].as_str().unwrap().to_owned();
    let (by_root, other) = (format!("/verify/{root}"), "Bearer y");
    for path in ["/v1/run/r", "/v1/runproof/r", "/proof/r", "/verify/r", &by_root] {
        call(one, "GET", path, "").await.expect(200);
        let refused = call(other, "GET", path, "").await;
        assert_eq!(refused.status, 404, "{path}: {}", refused.body);
    }
    let path = format!("/v2/receipts/{root}");
    call(one, "GET", &path, "").await.expect(200);
    call(other, "GET", &path, "").await.expect(404);
    let receipts = call(other, "GET", "/v2/receipts", "").await.expect(200);
    assert_eq!(receipts["receipts"], serde_json::json!([]));
    let runs = call(other, "GET", "/v1/runs", "").await.expect(200);
    assert_eq!(runs["runs"], serde_json::json!([]));
    // The same names mean other runs and other agents, with other keys.
    call(other, "POST", "/v1/run/start", r#"{"run_id":"r","agent_id":"a"}"#).await.expect(200);
    call(other, "POST", "/v1/run/end", r#"{"run_id":"r"}"#).await.expect(200);
    let agents = [one, other].map(async |token| {
        let proof = send_with(address, "GET", "/v1/runproof/r", None, token).await.expect(200);
        proof["seal"]["agent"].clone()
    });
    let [mine, theirs] = agents;
    assert_ne!(mine.await, theirs.await);
    // Nor is anybody told what happens to another.
    let headers = format!("Authorization: {other}\r\nLast-Event-ID: 0-0-0-0-0\r\n");
    let told = Listening::begin_with(address, &headers).await.until("receipt").await;
    assert_ne!(told[0].data["digest"], root);
}

#[test]
fn tokens_that_say_two_things_or_lead_nowhere_are_refused() {
    let home = tempfile::tempdir().unwrap();
    let twice = vec![grant("x", "one", &ALL), grant("x", "two", &[])];
    let both = services(home.path(), &twice);
    assert!(matches!(Access::by_tokens(twice, both), Err(GrantError::Twice { .. })));
    let nowhere = vec![grant("x", "one", &ALL)];
    let none = Access::by_tokens(nowhere, BTreeMap::new());
    assert!(matches!(none, Err(GrantError::NoService { tenant }) if tenant == "one"));
}
