//! For which periods receipts are promised, and that they are in them.

use crate::{
    client::send,
    town::{CADENCE_SECONDS, Town, signed_receipt, text},
};
use runseal_client::store::MOST_ITEMS;
use solana_keypair::Keypair;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_promise_is_for_a_period_that_was_sealed_meanwhile() {
    let town = Town::build().await;
    let running = town.serve().await;
    let mut previous = None;
    // The service may still go by the chain's word of before.
    for sequence in 0..4 {
        let receipt = town.receipt(sequence, previous);
        let taken = running.post("/v2/receipts", &text(&receipt)).await.expect(200);
        assert!(taken["promise"]["period"].as_u64().unwrap() >= sequence, "{taken}");
        town.advance(CADENCE_SECONDS);
        town.anchor(&running).await;
        previous = Some(receipt.digest());
    }
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_promise_is_for_a_period_that_is_over_by_the_chain_s_word() {
    let town = Town::build().await;
    let running = town.serve().await;
    town.advance(CADENCE_SECONDS);
    // Longer than a word is believed.
    tokio::time::sleep(std::time::Duration::from_millis(2_500)).await;
    let taken = running.post("/v2/receipts", &text(&town.receipt(0, None))).await.expect(200);
    assert!(taken["promise"]["period"].as_u64().unwrap() >= 1, "{taken}");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_promise_is_kept_whatever_is_sealed_meanwhile() {
    let town = Town::build().await;
    let running = town.serve().await;
    let senders = (0..4).map(|_| {
        let address = running.address;
        tokio::spawn(async move {
            let (identity, mut previous) = (Keypair::new(), None);
            for sequence in 0..15 {
                let receipt = signed_receipt(&identity, sequence, previous);
                let text = text(&receipt);
                let taken = send(address, "POST", "/v2/receipts", Some(&text)).await.expect(200);
                // One that is sealed before it is promised needs no promise.
                let is_sealed = taken["state"] != "promised" && taken["period"].is_u64();
                assert!(taken["promise"].is_object() || is_sealed, "{taken}");
                previous = Some(receipt.digest());
            }
        })
    });
    let senders: Vec<_> = senders.collect();
    for _ in 0..6 {
        town.advance(CADENCE_SECONDS);
        town.anchor(&running).await;
    }
    for sender in senders {
        sender.await.unwrap();
    }
    town.advance(3 * CADENCE_SECONDS);
    town.anchor(&running).await;
    let receipts = running.store.list_receipts(&Default::default(), None, MOST_ITEMS).unwrap();
    assert_eq!(receipts.items.len(), 60);
    let mut promised_count = 0;
    for row in receipts.items {
        let digest = row.columns.leaf.digest;
        let sealed = running.store.find_receipt(&digest).unwrap().unwrap().period;
        assert!(sealed.is_some(), "{digest}");
        if let Some(promised) = running.store.find_promise(&digest).unwrap() {
            assert_eq!(sealed, Some(promised.promise.period), "{digest}");
            promised_count += 1;
        }
    }
    assert!(promised_count > 0);
    running.stop().await;
}
