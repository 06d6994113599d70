//! Every path of RunProof's API with every status that it may answer, each seen in a script.

use crate::{
    matching::Names,
    openapi::Operation,
    script::{Call, Kind, all, run},
    service::{Running, settings},
};
use runseal_client::store::{AnchorRecord, Cut, LogIdentity, SavedCommitment};
use runseal_types::{Address, Digest, Period};
use std::collections::BTreeSet;

/// Method, path and the statuses that must be seen.
pub(crate) const CALLS: &[(&str, &str, &[u16])] = &[
    ("GET", "/health", &[200]),
    ("POST", "/v1/run/start", &[200, 409, 422]),
    ("POST", "/v1/run/event", &[200, 404, 409, 422]),
    ("POST", "/v1/run/end", &[200, 404, 422]),
    ("POST", "/v1/run/checkpoint", &[200, 404, 409, 422]),
    ("GET", "/v1/run/{}", &[200, 404]),
    ("GET", "/v1/runproof/{}", &[200, 404]),
    ("GET", "/v1/runproof/{}/refs", &[200, 404]),
    ("GET", "/v1/runproof/{}/verify", &[200, 404]),
    ("GET", "/v1/signing/public-key", &[200, 422]),
    ("GET", "/v1/protocol/event-vocabulary", &[200]),
    ("GET", "/v1/runs", &[200, 422]),
    ("GET", "/v1/stats", &[200]),
    ("GET", "/v1/ledger/{}", &[200, 422]),
    ("GET", "/v1/ledger/{}/latest", &[200, 404]),
    ("GET", "/v1/ledger/{}/range", &[200, 422]),
    ("GET", "/v1/ledger/{}/verify", &[200, 422]),
    ("POST", "/v1/ledger/{}/checkpoint", &[200, 400]),
    ("GET", "/v1/ledger/{}/checkpoints", &[200, 422]),
    ("GET", "/v1/ledger/{}/checkpoint/latest", &[200, 404]),
    ("GET", "/v1/ledger/{}/checkpoint/{}", &[200, 404]),
    ("GET", "/v1/ledger/{}/checkpoints/verify", &[200]),
    ("POST", "/v1/branch/retry", &[200, 400, 422]),
    ("POST", "/v1/branch/replay", &[200, 400, 422]),
    ("POST", "/v1/branch/fork", &[200, 400, 422]),
    ("GET", "/v1/branch/{}", &[200, 404]),
    ("GET", "/v1/branches/{}", &[200, 422]),
    ("POST", "/v1/branch/{}/link", &[200, 400, 404, 409, 422]),
    ("POST", "/v1/identity", &[200, 409, 422]),
    ("GET", "/v1/identity/{}", &[200, 404]),
    ("PUT", "/v1/identity/{}", &[200, 404, 422]),
    ("GET", "/v1/identity/{}/versions", &[200, 404]),
    ("GET", "/v1/identity/{}/verify", &[200]),
    ("POST", "/v1/identity/{}/bind-ledger", &[200, 404]),
    ("POST", "/v1/proof-graph/link", &[200, 400, 404, 409, 422]),
    ("GET", "/v1/proof-graph/{}", &[200, 404, 422]),
    ("GET", "/v1/proof-graph/{}/verify", &[200, 404]),
    ("GET", "/v1/runproof/{}/ancestry", &[200, 404]),
    ("GET", "/v1/runproof/{}/descendants", &[200, 404, 422]),
    ("POST", "/v1/state-proof", &[200, 400, 404, 409, 422]),
    ("GET", "/v1/state-proof/{}", &[200, 404]),
    ("GET", "/v1/runproof/{}/state-proofs", &[200, 404]),
    ("GET", "/v1/state-chain/{}", &[200, 400, 422]),
    ("GET", "/v1/state-chain/{}/verify", &[200, 400, 422]),
    ("POST", "/v1/policy-binding", &[200, 400, 404, 422]),
    ("GET", "/v1/runproof/{}/policies", &[200, 404]),
    ("GET", "/v1/policy/{}/runs", &[200, 422]),
    ("GET", "/v1/policy-binding/{}/verify", &[200, 404]),
    ("POST", "/v1/anchor", &[200, 400, 404, 422]),
    ("GET", "/v1/anchor/{}", &[200, 404]),
    ("GET", "/v1/runproof/{}/anchors", &[200, 404]),
    ("POST", "/v1/anchor/{}/confirm", &[200, 404, 422]),
    ("GET", "/v1/anchors/pending", &[200, 422]),
    ("POST", "/v1/agent/{}/register", &[200, 409, 422]),
    ("POST", "/v1/agent/{}/activate", &[200, 400, 404]),
    ("POST", "/v1/agent/{}/heartbeat", &[200, 400]),
    ("POST", "/v1/agent/{}/pause", &[200, 400, 404]),
    ("POST", "/v1/agent/{}/retire", &[200, 400, 404]),
    ("GET", "/v1/agent/{}/lifecycle", &[200, 404]),
    ("GET", "/v1/agents/active", &[200]),
    ("POST", "/verify", &[200, 400, 404, 422]),
    ("GET", "/verify/{}", &[200, 404]),
    ("GET", "/proof/{}", &[200, 404]),
];

pub(crate) fn is_of(path: &str, template: &str) -> bool {
    let (parts, names) = (path.split('/'), template.split('/'));
    parts.clone().count() == names.clone().count()
        && parts.zip(names).all(|(part, name)| name == "{}" || name == part)
}

/// Finds the documented path that a call is of; those without names come first.
pub(crate) fn template_of_any<'a>(
    all: &'a [Operation],
    method: &str,
    path: &str,
) -> Option<&'a String> {
    let fitting = all.iter().filter(|it| it.method == method && is_of(path, &it.template()));
    fitting.map(|it| &it.path).min_by_key(|path| path.matches('{').count())
}

/// Returns the first template that a path is of; those without names come first.
fn template_of(method: &str, path: &str) -> Option<&'static str> {
    let of_method = CALLS.iter().filter(|(other, ..)| *other == method);
    let fitting = of_method.filter(|(_, template, _)| is_of(path, template));
    fitting.map(|(_, template, _)| *template).min_by_key(|template| template.matches("{}").count())
}

/// A script has the answers in it, so nothing more is to be compared.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_script_is_answered_the_same_on_a_server() {
    for script in all() {
        run(&script, Kind::Postgres).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_path_answers_every_status_that_it_should() {
    let mut seen: BTreeSet<Call> = BTreeSet::new();
    for script in all() {
        seen.extend(run(&script, Kind::Sqlite).await);
    }
    let known = |(method, path, status): &Call| {
        template_of(method, path).map(|template| (method.clone(), template.to_owned(), *status))
    };
    let seen: BTreeSet<Call> = seen.iter().filter_map(known).collect();
    let all = CALLS.iter().flat_map(|(method, path, statuses)| {
        statuses.iter().map(|status| ((*method).to_owned(), (*path).to_owned(), *status))
    });
    let missing: Vec<Call> = all.filter(|call| !seen.contains(call)).collect();
    assert!(missing.is_empty(), "no script sees {missing:#?}");
    assert_eq!(CALLS.len(), 63, "RunProof has 63 routes");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_anchor_is_confirmed_when_the_period_of_the_receipt_is_anchored_for_good() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path(), settings()).await;
    running.post("/v1/run/start", r#"{"run_id":"r","agent_id":"a"}"#).await.expect(200);
    let ended = running.post("/v1/run/end", r#"{"run_id":"r"}"#).await.expect(200);
    let anchor = r#"{"proof_id":"r","proof_type":"run","anchor_type":"solana"}"#;
    let anchor = running.post("/v1/anchor", anchor).await.expect(200);
    assert_eq!(anchor["proof_hash"], ended["root_hash"]);
    let path = format!("/v1/anchor/{}", anchor["id"].as_str().unwrap());
    assert_eq!(running.get(&path).await.expect(200)["status"], "pending");
    let store = &running.store;
    let (genesis_hash, log) = (Digest::ZERO, Address::new([1; 32]));
    store.bind_log(&LogIdentity { genesis_hash, log }).unwrap();
    let sealed = store.seal_period(Period(0), Cut::Everything).unwrap();
    let mut record = AnchorRecord {
        period: Period(0),
        root: sealed.root,
        anchor_hash: Digest::ZERO,
        signature: Some([7; 64]),
        slot: 42,
        commitment: SavedCommitment::Confirmed,
        facts: None,
    };
    runseal_client::store::Anchoring::put_anchor(&**store, &record).unwrap();
    assert_eq!(running.get(&path).await.expect(200)["status"], "pending");
    record.commitment = SavedCommitment::Finalized;
    runseal_client::store::Anchoring::put_anchor(&**store, &record).unwrap();
    let confirmed = running.get(&path).await.expect(200);
    assert_eq!(
        (&confirmed["status"], &confirmed["anchor_block"]),
        (&"confirmed".into(), &42.into())
    );
    // A transaction's name as Solana's own tools write it.
    let name = confirmed["anchor_tx_id"].as_str().unwrap();
    assert!(name.len() > 80 && !name.contains(['0', 'O', 'I', 'l']), "{name}");
    let again = running.post(&format!("{path}/confirm"), r#"{"anchor_tx_id":"t"}"#).await;
    assert_eq!(again.expect(409)["detail"], "Anchor already confirmed");
    let of_run = running.get("/v1/runproof/r/anchors").await.expect(200);
    assert_eq!((&of_run["confirmed"], &of_run["pending"]), (&1.into(), &0.into()));
    assert_eq!(running.get("/v1/anchors/pending").await.expect(200)["count"], 0);
    let proof = running.get("/v1/runproof/r").await.expect(200);
    assert_eq!(proof["seal"]["period"], 0);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_root_is_the_digest_of_the_receipt_that_is_stored() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path(), settings()).await;
    running.post("/v1/run/start", r#"{"run_id":"r","agent_id":"a"}"#).await.expect(200);
    running.post("/v1/run/end", r#"{"run_id":"r"}"#).await.expect(200);
    let proof = running.get("/v1/runproof/r").await.expect(200);
    let receipt = runseal_receipt::Receipt::parse(proof["receipt"].to_string().as_bytes()).unwrap();
    assert_eq!(proof["root_hash"], receipt.digest().to_string());
    let names: Names = [("root".to_owned(), receipt.digest().to_string())].into();
    let expected = serde_json::json!({"valid": true, "run_id": "r", "root_hash": "<root>"});
    for path in [format!("/verify/{}", names["root"]), format!("/verify/sha256:{}", names["root"])]
    {
        let found = running.get(&path).await.expect(200);
        assert_eq!(crate::matching::differs(&expected, &found, &mut names.clone()), None);
    }
    running.stop().await;
}
