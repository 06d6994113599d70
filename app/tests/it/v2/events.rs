//! What happens, as it is told: nothing is left out, whoever comes back and whenever.

use super::story::send_receipts;
use crate::{
    listening::{Listening, Told},
    service::{Running, settings},
    town::{CADENCE_SECONDS, Town, text},
};
use std::sync::Arc;

const BEGINNING: &str = "0-0-0-0-0";

fn of<'a>(told: &'a [Told], event: &str) -> Vec<&'a Told> {
    told.iter().filter(|told| told.event == event).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_comes_back_after_a_restart_is_told_what_he_missed() {
    let town = Town::build().await;
    let running = town.serve().await;
    let mut listening = Listening::begin(running.address, None).await;
    let digests = send_receipts(&town, &running, 2).await;
    let mut heard = listening.until("receipt").await;
    let last = heard.last().unwrap().id.clone();
    // A service that ends keeps nobody waiting.
    running.stop().await;
    while listening.next().await.is_some() {}

    let running = town.serve().await;
    town.advance(2 * CADENCE_SECONDS);
    town.anchor(&running).await;
    let mut listening = Listening::begin(running.address, Some(&last)).await;
    heard.extend(listening.until("finalized").await);
    let receipts: Vec<_> =
        of(&heard, "receipt").iter().map(|it| it.data["digest"].clone()).collect();
    assert_eq!(receipts, digests);
    let promised = of(&heard, "promise");
    assert!(digests.iter().all(|it| promised.iter().any(|told| told.data["digest"] == **it)));
    let sealed = heard.iter().position(|told| told.event == "sealed").unwrap();
    assert!(heard[..sealed].iter().filter(|told| told.event == "receipt").count() == 2);
    assert_eq!(of(&heard, "sealed")[0].data["leaf_count"], 2);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_event_is_a_place_to_go_on_from() {
    let town = Town::build().await;
    let running = town.serve().await;
    send_receipts(&town, &running, 3).await;
    town.advance(2 * CADENCE_SECONDS);
    town.anchor(&running).await;
    let mut listening = Listening::begin(running.address, Some(BEGINNING)).await;
    let mut all = listening.until("finalized").await;
    all.extend(listening.until("finalized").await);
    let names: Vec<&str> = all.iter().map(|told| told.event.as_str()).collect();
    let expected = [
        "receipt",
        "promise",
        "receipt",
        "promise",
        "receipt",
        "promise",
        "sealed",
        "sealed",
        "posted",
        "posted",
        "finalized",
        "finalized",
    ];
    assert_eq!(names, expected);
    for (index, told) in all.iter().enumerate() {
        let rest = &all[index + 1..];
        let mut listening = Listening::begin(running.address, Some(&told.id)).await;
        let mut heard = Vec::new();
        while of(&heard, "finalized").len() < of(rest, "finalized").len() {
            heard.push(listening.next().await.unwrap());
        }
        // Promises may come twice; nothing else does, and nothing is left out.
        let others = |told: &[Told]| {
            let others = told.iter().filter(|told| told.event != "promise");
            others.map(|told| told.data.clone()).collect::<Vec<_>>()
        };
        assert_eq!(others(&heard), others(rest), "{}", told.id);
        for promise in of(rest, "promise") {
            assert!(heard.iter().any(|told| told.data == promise.data), "{promise:?}");
        }
    }
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_promise_that_comes_later_than_its_receipt_is_told_to_all() {
    let town = Town::build().await;
    let receipt = text(&town.receipt(0, None));
    let running =
        Running::start_promising(town.home(), settings(), Arc::clone(&town.ledger), None).await;
    let mut listening = Listening::begin(running.address, None).await;
    running.post("/v2/receipts", &receipt).await.expect(200);
    let told = listening.until("receipt").await.pop().unwrap();
    running.stop().await;

    let running = town.serve().await;
    // One listens when it is made, another one comes back afterwards.
    let mut listening = Listening::begin(running.address, Some(&told.id)).await;
    let taken = running.post("/v2/receipts", &receipt).await.expect(200);
    let live = listening.until("promise").await.pop().unwrap();
    assert_eq!(live.data, taken["promise"]);
    let mut later = Listening::begin(running.address, Some(&told.id)).await;
    assert_eq!(later.until("promise").await.pop().unwrap().data, taken["promise"]);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_place_is_refused_and_so_are_too_many() {
    let town = Town::build().await;
    let running = town.serve().await;
    for wrong in ["0", "x", "0-0-0-0-0-0", "1-0-0-0-0", "0-1-0-0-0", "0-0-9-0-0", "0-0-0-1-0"] {
        assert_eq!(Listening::begin(running.address, Some(wrong)).await.status(), 400, "{wrong}");
        let query = running.get(&format!("/v2/events?after={wrong}")).await;
        assert_eq!(query.status, 400, "{wrong}");
    }
    let mut listeners = Vec::new();
    for _ in 0..64 {
        let listening = Listening::begin(running.address, None).await;
        assert_eq!(listening.status(), 200);
        listeners.push(listening);
    }
    let refused = Listening::begin(running.address, None).await;
    assert_eq!(refused.status(), 429);
    assert!(refused.head.contains("retry-after"), "{}", refused.head);
    // Who leaves makes room.
    drop(listeners);
    let mut waited = 0;
    while Listening::begin(running.address, None).await.status() != 200 {
        tokio::time::sleep(std::time::Duration::from_millis(250)).await;
        waited += 1;
        assert!(waited < 240, "seats of those who left are free again");
    }
    running.stop().await;
}
