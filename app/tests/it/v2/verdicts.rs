//! Verdicts from the service are those that anybody comes to.

use crate::{client::send, service::Running};
use runseal_client::{keys, registry, verdicts};
use runseal_engine::{Policy, verify_text};
use runseal_evidence::Registry;
use serde_json::{Value, json};

/// The same verdict here as from the service, and on a changed bundle as well.
pub(super) async fn check_bundle(running: &Running, bundle: &str) {
    let verify = async |text: &str, query: &str| {
        send(running.address, "POST", &format!("/v2/verify{query}"), Some(text)).await.expect(200)
    };
    let own = verify_text(
        bundle.as_bytes(),
        &Policy {
            cosigners: 0,
            quorum: 1,
            recorded_answers: true,
            ..Policy::strict(verdicts::own_chain(bundle.as_bytes()), keys::ours(&registry::PROGRAM))
        },
        &Registry,
    );
    assert_eq!(own.verdict().as_str(), "VERIFIED", "{:?}", own.checks);
    for query in ["", "?offline=true", "?min_stage=none"] {
        let report = verify(bundle, query).await;
        assert_eq!(report["verdict"], "VERIFIED", "{query}: {report}");
        assert!(report["checks"].as_array().unwrap().len() > 10, "{report}");
    }
    // What is asked for and not there is not passed over.
    for query in [
        "min_stage=B",
        "cosigners=1",
        "quorum=2",
        "trusted_log=11111111111111111111111111111111",
        "genesis_hash=11111111111111111111111111111111",
    ] {
        let report = verify(bundle, &format!("?{query}")).await;
        assert_ne!(report["verdict"], "VERIFIED", "{query}: {report}");
    }
    check_policy(running, bundle).await;
    let tampered = bundle.replacen("trace-0", "trace-1", 1);
    assert_ne!(tampered, bundle);
    assert_eq!(verify(&tampered, "").await["verdict"], "FAILED");
    assert_eq!(verify("{}", "").await["verdict"], "FAILED");
    assert_eq!(verify("no bundle", "?offline=1").await["verdict"], "FAILED");
}

/// A policy in the place of options.
async fn check_policy(running: &Running, bundle: &str) {
    let bundle_value: Value = serde_json::from_str(bundle).unwrap();
    let policy = json!({
        "version": "runseal/policy/v1", "genesis_hash": bundle_value["genesis_hash"],
        "program": bundle_value["program"], "cosigners": 0, "quorum": 1,
    });
    let with = |policy: &Value| format!(r#"{{"bundle":{bundle},"policy":{policy}}}"#);
    let report = running.post("/v2/verify", &with(&policy)).await.expect(200);
    assert_eq!(report["verdict"], "VERIFIED", "{report}");
    // By the bundle's own word only if the policy takes that for enough.
    let offline = running.post("/v2/verify?offline=true", &with(&policy)).await.expect(200);
    assert_eq!(offline["verdict"], "INCOMPLETE", "{offline}");
    let mut strict = policy.clone();
    strict["cosigners"] = json!(1);
    let report = running.post("/v2/verify", &with(&strict)).await.expect(200);
    assert_ne!(report["verdict"], "VERIFIED", "{report}");
    running.post("/v2/verify?quorum=1", &with(&policy)).await.expect(422);
    for (member, wrong) in [
        ("version", json!("runseal/policy/v2")),
        ("genesis_hash", json!(7)),
        ("quorum", json!(0)),
        ("more", json!(true)),
    ] {
        let mut spoiled = policy.clone();
        spoiled[member] = wrong;
        running.post("/v2/verify", &with(&spoiled)).await.expect(422);
    }
    let three = format!(r#"{{"bundle":{bundle},"policy":{policy},"policy":{policy}}}"#);
    let report = running.post("/v2/verify", &three).await.expect(200);
    assert_eq!(report["verdict"], "FAILED", "what has two meanings is no bundle");
}
