//! Whatever is wrong is answered with what is wrong.

use crate::{
    client::send,
    service::{Running, settings},
    town::{Town, signed_receipt, text},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use runseal_receipt::Receipt;
use runseal_types::Digest;
use serde_json::Value;
use solana_keypair::Keypair;
use solana_signer::Signer;

const NOBODY: &str = "11111111111111111111111111111111";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receipt_that_its_agent_did_not_sign_is_not_taken() {
    let town = Town::build().await;
    let running = town.serve().await;
    let good = text(&town.receipt(0, None));
    let other = text(&signed_receipt(&Keypair::new(), 0, None));
    let signatures = |text: &str| text[text.find(r#""signatures""#).unwrap()..].to_owned();
    let body = |text: &str| text[..text.find(r#""signatures""#).unwrap()].to_owned();
    let end = |text: &str| {
        let rest = signatures(text);
        rest[rest.find(']').unwrap() + 1..].to_owned()
    };
    for (what, wrong, status) in [
        ("nothing", String::new(), 422),
        ("no JSON", "receipt".to_owned(), 422),
        ("a list", format!("[{good}]"), 422),
        ("two", format!("{good}{good}"), 422),
        ("cut off", good[..good.len() - 1].to_owned(), 422),
        ("other content", good.replacen("run-0", "run-1", 1), 422),
        ("another sequence", good.replacen(r#""sequence":0"#, r#""sequence":1"#, 1), 422),
        ("another's signature", body(&good) + &signatures(&other), 422),
        ("no signature", format!("{}\"signatures\":[]{}", body(&good), end(&good)), 422),
        ("too large", format!("{good}{}", " ".repeat(2 << 20)), 413),
    ] {
        let answer = running.post("/v2/receipts", &wrong).await;
        assert_eq!(answer.status, status, "{what}: {}", answer.body);
    }
    assert_eq!(running.get("/v2/receipts").await.expect(200)["receipts"], serde_json::json!([]));
    running.post("/v2/receipts", &good).await.expect(200);
    let second = text(&town.receipt(1, Some(Digest::ZERO)));
    running.post("/v2/receipts", &second).await.expect(409);
    let elsewhere = text(&town.receipt(0, None)).replacen("trace-0", "trace-9", 1);
    running.post("/v2/receipts", &elsewhere).await.expect(422);
    running.stop().await;
}

/// An agent's first receipt, whose signature does not print its key.
fn without_key(identity: &Keypair) -> String {
    let text = text(&signed_receipt(identity, 0, None));
    let mut value: Value = serde_json::from_str(&text).unwrap();
    let entry = value["signatures"][0].as_object_mut().unwrap();
    assert!(entry.remove("public_key").is_some());
    // What is signed is also what the entry says.
    let receipt = Receipt::parse(value.to_string().as_bytes()).unwrap();
    let message = receipt.document().signatures()[0].message(&receipt.digest());
    let signature: [u8; 64] = identity.sign_message(&message).into();
    value["signatures"][0]["signature"] = STANDARD.encode(signature).into();
    value.to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receipt_that_does_not_print_its_key_is_checked_with_the_registered_one() {
    let town = Town::build().await;
    let running = town.serve().await;
    let registered = without_key(&town.identity);
    let taken = running.post("/v2/receipts", &registered).await.expect(200);
    assert_eq!(taken["stored"], "new");
    let stranger = without_key(&Keypair::new());
    running.post("/v2/receipts", &stranger).await.expect(422);
    running.stop().await;
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path(), settings()).await;
    running.post("/v2/receipts", &registered).await.expect(502);
    running.stop().await;
}

/// Calls, and with which status each is refused.
fn wrong_calls(town: &Town) -> Vec<(&'static str, String, u16)> {
    let (agent, log, version) = (town.agent(), town.log, town.version);
    let digest = "ab".repeat(32);
    vec![
        ("GET", "/v2/receipts/nothing".to_owned(), 404),
        ("GET", format!("/v2/receipts/{digest}"), 404),
        ("GET", format!("/v2/receipts/{digest}/bundle"), 404),
        ("GET", format!("/v2/receipts/{digest}/inclusion"), 404),
        ("GET", "/v2/receipts/x/bundle".to_owned(), 404),
        ("GET", "/v2/receipts?limit=x".to_owned(), 422),
        ("GET", "/v2/receipts?after=-1".to_owned(), 422),
        ("GET", "/v2/receipts?agent=nobody".to_owned(), 422),
        ("GET", "/v2/receipts?from=1".to_owned(), 422),
        ("GET", format!("/v2/agents/{agent}/absence"), 422),
        ("GET", format!("/v2/agents/{agent}/absence?period=0"), 422),
        ("GET", format!("/v2/agents/{agent}/absence?period=0&sequence=x"), 422),
        ("GET", format!("/v2/agents/{agent}/absence?period=0&sequence=0"), 409),
        ("GET", "/v2/agents/nobody/absence?period=0&sequence=0".to_owned(), 404),
        ("GET", format!("/v2/agents/{agent}/range?period=0&from=0"), 422),
        ("GET", format!("/v2/agents/{agent}/range?period=0&from=1&to=0"), 422),
        ("GET", format!("/v2/agents/{agent}/range?period=0&from=0&to=1000"), 422),
        ("GET", format!("/v2/agents/{agent}/range?period=0&from=0&to=999"), 409),
        ("GET", format!("/v2/agents/{agent}/completeness"), 404),
        ("GET", format!("/v2/agents/{agent}/completeness?from=2&to=1"), 422),
        ("GET", "/v2/agents/nobody/completeness".to_owned(), 404),
        ("GET", "/v2/logs/nothing".to_owned(), 404),
        ("GET", format!("/v2/logs/{NOBODY}"), 404),
        ("GET", format!("/v2/logs/{agent}"), 404),
        ("GET", format!("/v2/logs/{NOBODY}/periods"), 404),
        ("GET", format!("/v2/logs/{NOBODY}/anchors"), 404),
        ("GET", format!("/v2/logs/{log}/periods?limit=many"), 422),
        ("GET", format!("/v2/logs/{log}/anchors?from=first"), 422),
        ("GET", format!("/v2/registry/agents/{NOBODY}"), 404),
        ("GET", format!("/v2/registry/agents/{log}"), 404),
        ("GET", "/v2/registry/agents/nobody".to_owned(), 404),
        ("GET", "/v2/registry/agents?after=nobody".to_owned(), 422),
        ("GET", "/v2/registry/versions?agent=nobody".to_owned(), 422),
        ("GET", format!("/v2/registry/versions/{agent}"), 404),
        ("GET", format!("/v2/registry/versions/{version}?at_slot=x"), 422),
        ("GET", format!("/v2/registry/versions/{version}?at_slot=9007199254740991"), 400),
        ("GET", "/v2/registry/claims?log=nobody".to_owned(), 422),
        ("GET", "/v2/registry/nothing".to_owned(), 404),
        ("GET", "/v2/cost?cadence=0".to_owned(), 422),
        ("GET", "/v2/cost?cadence=60,,60".to_owned(), 422),
        ("GET", "/v2/cost?cadence=-1".to_owned(), 422),
        ("GET", "/v2/cost?receipts=0".to_owned(), 422),
        ("GET", "/v2/nothing".to_owned(), 404),
        ("POST", "/v2/verify".to_owned(), 422),
        ("POST", "/v2/verify?min_stage=F".to_owned(), 422),
        ("DELETE", format!("/v2/receipts/{digest}"), 405),
        ("GET", "/v2/verify".to_owned(), 405),
        ("POST", "/v2/events".to_owned(), 405),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_asked_wrongly_is_refused_by_name() {
    let town = Town::build().await;
    let running = town.serve().await;
    for (method, path, status) in wrong_calls(&town) {
        let answer = send(running.address, method, &path, None).await;
        assert_eq!(answer.status, status, "{method} {path}: {}", answer.body);
        assert!(answer.json()["detail"].is_string() || status == 422, "{path}: {}", answer.body);
    }
    for query in [
        "min_stage=F",
        "quorum=0",
        "quorum=33",
        "cosigners=x",
        "trusted_log=nobody",
        "genesis_hash=ab",
        "offline=maybe",
    ] {
        running.post(&format!("/v2/verify?{query}"), "{}").await.expect(422);
    }
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ledger_that_does_not_answer_is_said_and_its_address_is_not() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path(), settings()).await;
    for path in [
        format!("/v2/logs/{NOBODY}"),
        format!("/v2/logs/{NOBODY}/anchors"),
        "/v2/registry/agents".to_owned(),
        format!("/v2/registry/agents/{NOBODY}"),
        "/v2/cost".to_owned(),
    ] {
        let answer = running.get(&path).await;
        assert_eq!(answer.status, 502, "{path}: {}", answer.body);
        assert!(!answer.body.contains("127.0.0.1"), "{path}: {}", answer.body);
    }
    // A receipt is taken all the same: its agent's key stands in it.
    let receipt = signed_receipt(&Keypair::new(), 0, None);
    running.post("/v2/receipts", &text(&receipt)).await.expect(200);
    running.stop().await;
}
