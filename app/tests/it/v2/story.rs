//! From a signed receipt to a verdict, over the wire alone.

use super::verdicts::check_bundle;
use crate::{
    listening::Listening,
    service::Running,
    town::{CADENCE_SECONDS, Town, text},
};
use runseal_client::keys;
use runseal_ed25519::PublicKey;
use runseal_engine::SignedPromise;
use serde_json::json;
use solana_signer::Signer;

/// Sends in the agent's first receipts, and returns their digests.
pub(super) async fn send_receipts(town: &Town, running: &Running, count: u64) -> Vec<String> {
    let (mut digests, mut previous) = (Vec::new(), None);
    for sequence in 0..count {
        let receipt = town.receipt(sequence, previous);
        let taken = running.post("/v2/receipts", &text(&receipt)).await.expect(200);
        assert_eq!((&taken["stored"], &taken["state"]), (&json!("new"), &json!("promised")));
        assert_eq!(taken["sequence"], sequence);
        previous = Some(receipt.digest());
        digests.push(taken["digest"].as_str().unwrap().to_owned());
    }
    digests
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receipt_is_promised_anchored_and_proved() {
    let town = Town::build().await;
    let running = town.serve().await;
    let mut listening = Listening::begin(running.address, None).await;
    assert_eq!(listening.status(), 200);
    assert!(listening.head.contains("content-type: text/event-stream"), "{}", listening.head);

    let receipt = town.receipt(0, None);
    let taken = running.post("/v2/receipts", &text(&receipt)).await.expect(200);
    let digest = receipt.digest().to_string();
    assert_eq!((&taken["digest"], &taken["stored"]), (&json!(digest), &json!("new")));
    let promise = SignedPromise::parse(taken["promise"].to_string().as_bytes()).unwrap();
    assert_eq!((promise.leaf, promise.place.log), (receipt.leaf(), keys::ours(&town.log)));
    promise.check(&PublicKey::parse(&town.promise.pubkey().to_bytes()).unwrap()).unwrap();
    // Again: what is stored and promised stays as it is.
    let again = running.post("/v2/receipts", &text(&receipt)).await.expect(200);
    assert_eq!((&again["stored"], &again["promise"]), (&json!("before"), &taken["promise"]));

    let path = format!("/v2/receipts/{digest}");
    let shown = running.get(&path).await.expect(200);
    assert_eq!((&shown["state"], &shown["promise"]), (&json!("promised"), &taken["promise"]));
    assert_eq!(shown["receipt"].to_string(), text(&receipt));
    for early in ["bundle", "inclusion"] {
        running.get(&format!("{path}/{early}")).await.expect(409);
    }

    town.advance(2 * CADENCE_SECONDS);
    town.anchor(&running).await;
    let told = listening.until("finalized").await;
    let names: Vec<&str> = told.iter().map(|told| told.event.as_str()).collect();
    let period = promise.place.period.0;
    assert_eq!(names[..2], ["receipt", "promise"], "{told:?}");
    assert_eq!(told[0].data["digest"], digest);
    assert_eq!(told[1].data, taken["promise"]);
    assert!(names.contains(&"sealed"), "{told:?}");
    assert_eq!(told.last().unwrap().data["period"], 0);

    let shown = running.get(&path).await.expect(200);
    assert_eq!((&shown["state"], &shown["period"]), (&json!("finalized"), &json!(period)));
    let inclusion = running.get(&format!("{path}/inclusion")).await.expect(200);
    assert_eq!(
        (&inclusion["state"], &inclusion["proof"]["kind"]),
        (&json!("finalized"), &json!("inclusion"))
    );
    let bundle = running.get(&format!("{path}/bundle")).await;
    assert_eq!(bundle.status, 200, "{}", bundle.body);
    check_bundle(&running, &bundle.body).await;
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_there_is_proved_and_what_is_complete_is_shown() {
    let town = Town::build().await;
    let running = town.serve().await;
    let digests = send_receipts(&town, &running, 3).await;
    let agent = town.agent();
    let complete = format!("/v2/agents/{agent}/completeness");
    let audit = running.get(&complete).await.expect(200);
    assert_eq!(audit["conclusion"], "UNKNOWN", "{audit}");
    town.advance(2 * CADENCE_SECONDS);
    town.anchor(&running).await;
    let audit = running.get(&complete).await.expect(200);
    assert_eq!((&audit["conclusion"], &audit["to"]), (&json!("COMPLETE"), &json!(2)), "{audit}");
    let beyond = running.get(&format!("{complete}?from=1&to=5")).await.expect(200);
    assert_eq!(beyond["conclusion"], "UNKNOWN");
    assert_eq!(beyond["spans"][1]["standing"], "not-yet");

    let shown = running.get(&format!("/v2/receipts/{}", digests[0])).await.expect(200);
    let period = &shown["period"];
    let absence = format!("/v2/agents/{agent}/absence?period={period}");
    let bundle = running.get(&format!("{absence}&sequence=7")).await;
    assert_eq!(bundle.status, 200, "{}", bundle.body);
    let report = running.post("/v2/verify?offline=1", &bundle.body).await.expect(200);
    assert_eq!(report["verdict"], "VERIFIED", "{report}");
    running.get(&format!("{absence}&sequence=1")).await.expect(409);
    running.get(&format!("/v2/agents/{agent}/absence?period=99&sequence=7")).await.expect(409);
    // All of a period's receipts in one bundle.
    let range = format!("/v2/agents/{agent}/range?period={period}");
    let bundle = running.get(&format!("{range}&from=0&to=2")).await;
    let report = running.post("/v2/verify", &bundle.body).await.expect(200);
    assert_eq!(report["verdict"], "VERIFIED", "{report}");
    for digest in &digests {
        assert!(bundle.body.contains(digest), "{digest}");
    }
    running.get(&format!("{range}&from=1&to=3")).await.expect(409);
    // The identity key stands for the agent.
    let by_key = format!("/v2/agents/{}/completeness", town.identity.pubkey());
    assert_eq!(running.get(&by_key).await.expect(200), audit);
    running.stop().await;
}
