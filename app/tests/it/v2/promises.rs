//! Promises at intake: who is given them, and by which key.

use crate::{
    client::send_as,
    service::{Running, settings},
    town::{CADENCE_SECONDS, Town, text},
};
use runseal_app::Promising;
use runseal_client::{Ledger, instructions::logs, promises::PromiseError};
use runseal_registry::instructions::RotateLogKeysArgs;
use runseal_store::{Options, SqliteStore};
use serde_json::Value;
use solana_address::Address;
use solana_keypair::Keypair;
use solana_signer::Signer;
use std::sync::Arc;

const KEY_OF_OTHER: Address = Address::new_from_array([9; 32]);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_that_ends_is_promised_and_its_document_says_so() {
    let town = Town::build().await;
    let running = town.serve().await;
    running.post("/v1/run/start", r#"{"run_id":"r","agent_id":"a"}"#).await.expect(200);
    let ended = running.post("/v1/run/checkpoint", r#"{"run_id":"r"}"#).await.expect(200);
    assert_eq!(ended["promise"]["version"], "runseal/promise/v1");
    let ended = running.post("/v1/run/end", r#"{"run_id":"r"}"#).await.expect(200);
    assert_eq!(ended["promise"]["digest"], ended["root_hash"]);
    let again = running.post("/v1/run/end", r#"{"run_id":"r"}"#).await.expect(200);
    assert_eq!(again, ended);
    let document = running.get("/v1/runproof/r").await.expect(200);
    assert_eq!(document["seal"]["promise"]["signature"], ended["promise"]["signature"]);
    // So is one whose spans come in, though nobody is told but who looks.
    let trace = "5b8efff798038103d269b633813fc60c";
    let spans = format!(
        r#"{{"resourceSpans":[{{"resource":{{"attributes":[{{"key":"service.name","value":
            {{"stringValue":"a"}}}}]}},"scopeSpans":[{{"spans":[{{"traceId":"{trace}",
            "spanId":"00000000000000aa","name":"run","kind":1,"attributes":[{{"key":
            "gen_ai.operation.name","value":{{"stringValue":"invoke_agent"}}}}],
            "startTimeUnixNano":"1773705600000000000","endTimeUnixNano":"1773705601000000000"
            }}]}}]}}]}}"#
    );
    let json = "Content-Type: application/json\r\n";
    send_as(running.address, "/v1/traces", json, &spans).await.expect(200);
    let document = running.get(&format!("/v1/runproof/{trace}")).await.expect(200);
    assert!(document["seal"]["promise"]["signature"].is_string(), "{document}");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_promises_for_no_log_says_so() {
    let town = Town::build().await;
    let running =
        Running::start_promising(town.home(), settings(), Arc::clone(&town.ledger), None).await;
    running.post("/v1/run/start", r#"{"run_id":"r","agent_id":"a"}"#).await.expect(200);
    let ended = running.post("/v1/run/end", r#"{"run_id":"r"}"#).await.expect(200);
    assert!(ended.get("promise").is_none() && ended.get("no_promise").is_none(), "{ended}");
    let taken = running.post("/v2/receipts", &text(&town.receipt(0, None))).await.expect(200);
    assert_eq!((&taken["promise"], &taken["state"]), (&Value::Null, &"stored".into()));
    assert_eq!(taken["no_promise"], "the service promises for no log");
    running.stop().await;
    // Whoever sends the receipt again when the service promises is given the promise.
    let running = town.serve().await;
    let taken = running.post("/v2/receipts", &text(&town.receipt(0, None))).await.expect(200);
    assert_eq!((&taken["stored"], &taken["state"]), (&"before".into(), &"promised".into()));
    assert!(taken["promise"].is_object() && taken.get("no_promise").is_none(), "{taken}");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_does_not_serve_the_log_is_refused_at_the_start() {
    let town = Town::build().await;
    let store = SqliteStore::open(&town.home().join("store.db"), Options::default()).unwrap();
    let begin = async |log, key| {
        Promising::begin(&store, Arc::clone(&town.ledger), log, key).await.err().unwrap()
    };
    for wrong in [&town.anchoring, &town.identity, &Keypair::new()] {
        let error = begin(town.log, wrong.insecure_clone()).await;
        assert!(matches!(error, PromiseError::OtherKey { .. }), "{error}");
    }
    let error = begin(town.version, town.promise.insecure_clone()).await;
    assert!(matches!(error, PromiseError::Read(_)), "{error}");
    let error = begin(solana_address::Address::default(), town.promise.insecure_clone()).await;
    assert!(matches!(error, PromiseError::Read(_)), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_serves_no_longer_promises_no_longer() {
    let town = Town::build().await;
    let running = town.serve().await;
    let args = RotateLogKeysArgs { anchoring_key: Address::default(), promise_key: KEY_OF_OTHER };
    let rotate = logs::rotate_keys(town.owner.pubkey(), town.log, args);
    town.ledger.submit(&[rotate], &[&town.owner]).await.unwrap();
    town.advance(CADENCE_SECONDS);
    tokio::time::sleep(std::time::Duration::from_millis(2_500)).await;
    let taken = running.post("/v2/receipts", &text(&town.receipt(0, None))).await.expect(200);
    assert_eq!((&taken["stored"], &taken["promise"]), (&"new".into(), &Value::Null));
    let why = taken["no_promise"].as_str().unwrap();
    assert!(why.contains(&KEY_OF_OTHER.to_string()), "{why}");
    running.stop().await;
}
