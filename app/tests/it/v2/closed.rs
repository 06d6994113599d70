//! What the service still says of anchors whose accounts are closed.

use super::story::send_receipts;
use crate::{
    client::fetch,
    town::{CADENCE_SECONDS, Town},
};
use runseal_client::{instructions::logs, ledger::Ledger};
use runseal_engine::bundle::parse_anchor;
use serde_json::{Value, json};
use solana_signer::Signer;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_closed_anchors_said_is_shown_published_and_counted_on() {
    let town = Town::build().await;
    let running = town.serve().await;
    send_receipts(&town, &running, 3).await;
    town.advance(2 * CADENCE_SECONDS);
    town.anchor(&running).await;
    let log = town.log;
    let anchors = format!("/v2/logs/{log}/anchors");
    let completeness = format!("/v2/agents/{}/completeness", town.agent());
    let open = running.get(&anchors).await.expect(200);
    assert_eq!(open["anchors"][0]["closed"], json!(false));
    assert_eq!(running.get(&completeness).await.expect(200)["conclusion"], "COMPLETE");

    town.advance(31 * 86_400);
    let close = logs::close_anchor(town.owner.pubkey(), town.anchoring.pubkey(), log, 0);
    town.ledger.submit(&[close], &[&town.owner]).await.unwrap();
    let closed = running.get(&anchors).await.expect(200)["anchors"].clone();
    assert_eq!((&closed[0]["closed"], &closed[1]["closed"]), (&json!(true), &json!(false)));
    let of_account = ["cosignature_count", "timeliness", "closed"];
    for (member, said) in open["anchors"][0].as_object().unwrap() {
        let is_gone = of_account.contains(&member.as_str());
        assert!(is_gone || closed[0][member] == *said, "{member}: {closed}");
    }
    assert_eq!(closed[0]["timeliness"], Value::Null, "only the account said so");
    let (status, head, text) =
        fetch(running.address, &format!("/v2/logs/{log}/leaves/0.anchor"), None).await;
    assert_eq!(status, 200);
    let hash = parse_anchor(&text).unwrap().hash().to_string();
    assert_eq!(closed[0]["anchor_hash"], hash);
    assert!(head.contains("immutable") && head.contains(&hash), "{head}");
    let report = running.get(&completeness).await.expect(200);
    assert_eq!(
        (&report["conclusion"], &report["unknown_periods"]),
        (&json!("COMPLETE"), &json!([]))
    );

    for wrong in [
        format!("/v2/logs/{log}/leaves/9.anchor"),
        format!("/v2/logs/{log}/leaves/x.anchor"),
        format!("/v2/logs/{log}/leaves/0.anchors"),
        format!("/v2/logs/{}/leaves/0.anchor", town.version),
        "/v2/logs/nothing/leaves/0.anchor".to_owned(),
    ] {
        assert_eq!(fetch(running.address, &wrong, None).await.0, 404, "{wrong}");
    }
    running.stop().await;
}
