//! Pages are told that they are not so any more, each only of what it is about.

use crate::{
    listening::Listening,
    service::{Running, settings},
    town::{CADENCE_SECONDS, Town, text},
};
use runseal_types::Digest;

/// Reads where a page is told, and what it shows, out of its markup.
async fn stream_of(running: &Running, path: &str) -> String {
    let page = running.get(path).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let head = page.head.to_lowercase();
    assert!(head.contains("script-src 'self';") && head.contains("connect-src 'self';"), "{head}");
    let value = |name: &str| {
        let from = page.body.split(&format!("{name}=\"")).nth(1).unwrap();
        from.split('"').next().unwrap().replace("&amp;", "&")
    };
    format!("{}&seen={}", value("data-stream"), value("data-seen"))
}

async fn listen(running: &Running, path: &str) -> Listening {
    Listening::begin_at(running.address, &stream_of(running, path).await, "").await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_is_told_when_something_came_that_it_is_about() {
    let town = Town::build().await;
    let running = town.serve().await;
    let (agent, log) = (format!("/agents/{}", town.agent()), format!("/logs/{}", town.log));
    let (mut of_agent, mut of_log) = (listen(&running, &agent).await, listen(&running, &log).await);
    let mut of_all = listen(&running, "/").await;

    let receipt = town.receipt(0, None);
    running.post("/v2/receipts", &text(&receipt)).await.expect(200);
    let first = of_agent.next().await.unwrap();
    assert_eq!(first.event, "seen");
    let mut of_receipt = listen(&running, &format!("/receipts/{}", receipt.digest())).await;
    // Read again, the page shows what was told.
    assert!(stream_of(&running, &agent).await.ends_with(&first.id));

    town.advance(2 * CADENCE_SECONDS);
    town.anchor(&running).await;
    for page in [&mut of_log, &mut of_receipt, &mut of_all] {
        let told = page.next().await.unwrap();
        assert_eq!((told.event.as_str(), told.id.len()), ("seen", 64));
    }
    // The agent's receipt is sealed now, and its page says so.
    assert_ne!(of_agent.next().await.unwrap().id, first.id);
    running.stop().await;
    while of_log.next().await.is_some() {}
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_comes_back_is_told_what_changed_meanwhile_and_nothing_else() {
    let town = Town::build().await;
    let running = town.serve().await;
    running.post("/v1/run/start", r#"{"run_id":"r & <s>","agent_id":"a"}"#).await.expect(200);
    let path = stream_of(&running, "/run?id=r%20%26%20%3Cs%3E").await;
    let mut quiet = Listening::begin_at(running.address, &path, "").await;
    let event = r#"{"run_id":"r & <s>","event_id":"e","type":"t","timestamp":"t","source":"s"}"#;
    running.post("/v1/run/event", event).await.expect(200);
    let told = quiet.next().await.unwrap();
    // Behind what it was told, there is nothing until something comes.
    let last = format!("Last-Event-ID: {}\r\n", told.id);
    let mut back = Listening::begin_at(running.address, &path, &last).await;
    running.post("/v1/run/end", r#"{"run_id":"r & <s>"}"#).await.expect(200);
    let (after, again) = (back.next().await.unwrap(), quiet.next().await.unwrap());
    assert!(after.id != told.id && after == again, "{after:?} {again:?}");
    // And who was told nothing since is told at once.
    let mut late = Listening::begin_at(running.address, &path, "").await;
    assert_eq!(late.next().await.unwrap(), after);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn that_the_ledger_is_silent_is_told() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path(), settings()).await;
    let log = solana_address::Address::new_from_array([1; 32]);
    for seen in ["", "&seen=silent", "&seen=nothing"] {
        let path = format!("/live?of=account:{log}{seen}");
        let told = Listening::begin_at(running.address, &path, "").await.next().await.unwrap();
        assert_eq!((told.event.as_str(), told.id.as_str()), ("silent", "silent"), "{seen}");
    }
    // What is kept here is there nevertheless.
    let path = format!("/live?of=receipt:{}", Digest::ZERO);
    let told = Listening::begin_at(running.address, &path, "").await.next().await.unwrap();
    assert_eq!(told.event, "seen");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_asks_for_nothing_or_too_much_is_told_so() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path(), settings()).await;
    for query in [
        "",
        "?",
        "?of=",
        "?of=nothing",
        "?of=account:x",
        "?of=registry&of=",
        "?of=registry&of=account:1",
        "?of=run:a&of=run:b&of=run:c&of=run:d&of=run:e",
        "?seen=0",
    ] {
        let answer = running.get(&format!("/live{query}")).await.expect(400);
        assert_eq!(answer["code"], "nothing_to_tell", "{query}");
    }
    let mut all = Vec::new();
    for _ in 0..256 {
        all.push(Listening::begin_at(running.address, "/live?of=run:r", "").await);
    }
    assert!(all.iter().all(|one| one.status() == 200));
    let more = running.get("/live?of=run:r").await.expect(503);
    assert_eq!(more["code"], "crowded");
    // Whoever leaves leaves his seat.
    drop(all);
    let mut status = 503;
    for _ in 0..600 {
        status = Listening::begin_at(running.address, "/live?of=run:r", "").await.status();
        if status == 200 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert_eq!(status, 200);
    running.stop().await;
}
