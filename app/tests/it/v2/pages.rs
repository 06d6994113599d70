//! What the chain has and what the store has, page by page.

use super::story::send_receipts;
use crate::town::{CADENCE_SECONDS, Town};
use serde_json::{Value, json};
use solana_signer::Signer;

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
        (&json!(1440.0), &json!(1.0))
    );
    assert_eq!(cost["days"][1]["microlamports_per_receipt"], 5_000_000);
    running.stop().await;
}
