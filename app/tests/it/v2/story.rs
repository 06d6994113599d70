//! From a signed receipt to a verdict, over the wire alone.

use crate::{
    client::send,
    listening::Listening,
    service::Running,
    town::{CADENCE_SECONDS, Town, text},
};
use runseal_client::keys;
use runseal_ed25519::PublicKey;
use runseal_engine::SignedPromise;
use serde_json::{Value, json};
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

/// The same verdict here as from the service, and on a changed bundle as well.
async fn check_bundle(running: &Running, bundle: &str) {
    let verify = async |text: &str, query: &str| {
        send(running.address, "POST", &format!("/v2/verify{query}"), Some(text)).await.expect(200)
    };
    let own = runseal_engine::verify_text(
        bundle.as_bytes(),
        &runseal_engine::Policy {
            cosigners: 0,
            quorum: 1,
            recorded_answers: true,
            ..runseal_engine::Policy::strict(
                runseal_client::verdicts::own_chain(bundle.as_bytes()),
                keys::ours(&runseal_client::registry::PROGRAM),
            )
        },
        &runseal_evidence::Registry,
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
    // The identity key stands for the agent.
    let by_key = format!("/v2/agents/{}/completeness", town.identity.pubkey());
    assert_eq!(running.get(&by_key).await.expect(200), audit);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_chain_and_the_store_are_shown_in_pages() {
    let town = Town::build().await;
    let running = town.serve().await;
    let digests = send_receipts(&town, &running, 5).await;
    let first = running.get("/v2/receipts?limit=2").await.expect(200);
    let row = |list: &Value, index: usize| list["receipts"][index]["digest"].clone();
    assert_eq!([row(&first, 0), row(&first, 1)], [json!(digests[0]), json!(digests[1])]);
    let next = running.get(&format!("/v2/receipts?limit=9&after={}", first["next"])).await;
    let next = next.expect(200);
    assert_eq!((row(&next, 2), &next["next"]), (json!(digests[4]), &Value::Null));
    let own = format!("/v2/receipts?agent={}&from=1&to=3&limit=2", town.agent());
    let own = running.get(&own).await.expect(200);
    assert_eq!((row(&own, 0), &own["next"]), (json!(digests[1]), &json!(3)));

    town.advance(3 * CADENCE_SECONDS);
    town.anchor(&running).await;
    let log = town.log;
    let periods = running.get(&format!("/v2/logs/{log}/periods?limit=2")).await.expect(200);
    assert_eq!((&periods["periods"][1]["period"], &periods["next"]), (&json!(1), &json!(2)));
    assert_eq!(periods["periods"][0]["state"], "finalized");
    let anchors = running.get(&format!("/v2/logs/{log}/anchors?from=1")).await.expect(200);
    assert_eq!(anchors["anchors"][0]["root"], periods["periods"][1]["root"]);
    assert_eq!((&anchors["anchor_count"], &anchors["next"]), (&json!(3), &Value::Null));
    let account = running.get(&format!("/v2/logs/{log}")).await.expect(200);
    assert_eq!((&account["name"], &account["next_period"]), (&json!("receipts"), &json!(3)));

    for (kind, member, value) in [
        ("agents", "identity", town.identity.pubkey().to_string()),
        ("versions", "version", "1.2.3".to_owned()),
        ("attestations", "stage", "A".to_owned()),
        ("certifiers", "organisation", "certifier.example".to_owned()),
        ("logs", "address", log.to_string()),
    ] {
        let listed = running.get(&format!("/v2/registry/{kind}")).await.expect(200);
        assert_eq!(listed["items"][0][member], value, "{kind}: {listed}");
        assert!(listed["slot"].as_u64().unwrap() > 0 && listed["next"].is_null(), "{listed}");
        let after = format!(
            "/v2/registry/{kind}?after={}",
            listed["items"][0]["address"].as_str().unwrap()
        );
        assert_eq!(running.get(&after).await.expect(200)["items"], json!([]), "{kind}");
    }
    for kind in ["auditors", "claims"] {
        let listed = running.get(&format!("/v2/registry/{kind}")).await.expect(200);
        assert_eq!(listed["items"], json!([]));
    }
    let agent = running.get(&format!("/v2/registry/agents/{}", town.agent())).await.expect(200);
    assert_eq!(agent["versions"][0]["address"], town.version.to_string());
    let version = format!("/v2/registry/versions/{}", town.version);
    let certified = running.get(&version).await.expect(200);
    assert_eq!((&certified["status"]["stage"], &certified["yanked"]), (&json!("A"), &json!(false)));
    let issued = &certified["status"]["stages"][0]["attestation"]["issued_at"]["slot"];
    let before = issued.as_u64().unwrap() - 1;
    let earlier = running.get(&format!("{version}?at_slot={before}")).await.expect(200);
    assert_eq!(earlier["status"]["stage"], Value::Null);
    let of_other = format!("/v2/registry/versions?agent={}", town.log);
    assert_eq!(running.get(&of_other).await.expect(200)["items"], json!([]));

    let cost = running.get("/v2/cost?cadence=60,86400&receipts=1000").await.expect(200);
    assert_eq!(
        (&cost["days"][0]["anchor_count"], &cost["days"][1]["anchor_count"]),
        (&json!(1440), &json!(1))
    );
    assert_eq!(cost["days"][1]["microlamports_per_receipt"], 10_000_000);
    running.stop().await;
}
