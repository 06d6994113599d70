//! What is too much, too often or too slow: it is said, in time, and nobody else has to suffer.

use crate::{
    client::{Answer, send},
    held::Held,
    service::{Running, settings},
};
use runseal_app::{Limits, Rate, Settings};
use runseal_store::Options;
use std::{net::SocketAddr, num::NonZeroU32, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
    time::{sleep, timeout},
};

/// As long as nobody should ever have to wait, however much else the machine does.
const NEVER: Duration = Duration::from_secs(120);

fn with(limits: Limits) -> Settings {
    Settings { limits, ..settings() }
}

fn start_of(number: u32) -> String {
    format!(r#"{{"run_id":"r{number}","agent_id":"a"}}"#)
}

fn start_many(address: SocketAddr, count: u32) -> JoinSet<Answer> {
    let call = |number| async move {
        let body = start_of(number);
        send(address, "POST", "/v1/run/start", Some(&body)).await
    };
    (0..count).map(call).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn too_many_calls_at_a_time_are_sent_away_and_the_others_are_done() {
    let home = tempfile::tempdir().unwrap();
    let limits = Limits { at_work: 2, calls: 4, ..Limits::default() };
    let running = Running::start(home.path(), with(limits)).await;
    running.post("/v1/run/start", &start_of(100)).await.expect(200);
    let held = Held::begin(home.path());
    let mut calls = start_many(running.address, 12);
    for _ in 0..8 {
        let refused = timeout(NEVER, calls.join_next()).await.unwrap().unwrap().unwrap();
        assert_eq!(refused.expect(429)["detail"], "too many calls at a time");
        assert!(refused.head.contains("\r\nretry-after: 1\r\n"), "{}", refused.head);
    }
    held.end();
    while let Some(done) = calls.join_next().await {
        done.unwrap().expect(200);
    }
    let runs = running.get("/v1/runs").await.expect(200);
    assert_eq!(runs["runs"].as_array().unwrap().len(), 5, "who was sent away changed nothing");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_does_not_answer_is_said_and_is_over_when_it_does() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path(), settings()).await;
    running.post("/v1/run/start", &start_of(0)).await.expect(200);
    running.get("/health").await.expect(200);
    sleep(Duration::from_millis(1_100)).await;
    let held = Held::begin(home.path());
    let (refused, sick, unready) = tokio::join!(
        running.post("/v1/run/end", r#"{"run_id":"r0"}"#),
        running.get("/health"),
        running.get("/health/ready"),
    );
    assert_eq!(refused.expect(503)["detail"], "the store is not available");
    assert!(refused.head.contains("\r\nretry-after: 1\r\n"), "{}", refused.head);
    assert_eq!(sick.expect(503)["status"], "store_unavailable");
    assert_eq!(unready.expect(503)["store"], "unavailable");
    // What is only read is there all the same.
    running.get("/v1/run/r0").await.expect(200);
    held.end();
    running.post("/v1/run/end", r#"{"run_id":"r0"}"#).await.expect(200);
    for _ in 0..100 {
        if running.get("/health").await.status == 200 {
            break;
        }
        sleep(Duration::from_millis(100)).await;
    }
    running.get("/health").await.expect(200);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_takes_too_long_is_answered_and_may_be_made_again() {
    let home = tempfile::tempdir().unwrap();
    let limits = Limits { call: Duration::from_millis(1_500), ..Limits::default() };
    let running = Running::start(home.path(), with(limits)).await;
    running.post("/v1/run/start", &start_of(0)).await.expect(200);
    let held = Held::begin(home.path());
    let event = r#"{"run_id":"r0","event_id":"e","type":"t","timestamp":"t","source":"s"}"#;
    let late = running.post("/v1/run/event", event).await;
    let detail = "the call took too long: it may have been done or not; ask again";
    assert_eq!(late.expect(503)["detail"], detail);
    held.end();
    // Done or not, once is all that it counts.
    for _ in 0..100 {
        if running.post("/v1/run/event", event).await.status == 200 {
            break;
        }
    }
    let again = running.post("/v1/run/event", event).await.expect(200);
    assert_eq!(again["status"], "duplicate");
    let run = running.get("/v1/run/r0").await.expect(200);
    assert_eq!(run["event_count"], 1);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_507_and_what_was_acknowledged_stays() {
    let home = tempfile::tempdir().unwrap();
    let small = Options { most_pages: Some(130) };
    let running = Running::start_on(home.path(), settings(), small).await;
    running.post("/v1/run/start", &start_of(0)).await.expect(200);
    let content = "x".repeat(10_000);
    let mut acknowledged = 0;
    let refused = loop {
        let event = format!(
            r#"{{"run_id":"r0","event_id":"e{acknowledged}","type":"t","timestamp":"t",
                "source":"s","data":{{"content":"{content}"}}}}"#
        );
        let answer = running.post("/v1/run/event", &event).await;
        if answer.status != 200 {
            break answer;
        }
        acknowledged += 1;
    };
    assert!(acknowledged > 2, "{acknowledged}");
    assert_eq!(refused.expect(507)["detail"], "the store is full");
    assert!(!refused.body.contains("store.db"), "where it is, is nobody's business");
    running.stop().await;
    let running = Running::start(home.path(), settings()).await;
    let ended = running.post("/v1/run/end", r#"{"run_id":"r0"}"#).await.expect(200);
    assert_eq!(ended["event_count"], acknowledged);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_calls_too_often_is_told_when_to_come_again() {
    let home = tempfile::tempdir().unwrap();
    let number = |number| NonZeroU32::new(number).unwrap();
    let rate = Rate { per_second: number(1), burst: number(3) };
    let limits = Limits { rate: Some(rate), ..Limits::default() };
    let running = Running::start(home.path(), with(limits)).await;
    let answers = start_many(running.address, 40).join_all().await;
    let (done, refused): (Vec<_>, Vec<_>) =
        answers.into_iter().partition(|answer| answer.status == 200);
    assert!(done.len() >= 3 && !refused.is_empty(), "{} were done", done.len());
    for refused in refused {
        assert_eq!(refused.expect(429)["detail"], "too many calls in a second");
        assert!(refused.head.contains("\r\nretry-after: 1\r\n"), "{}", refused.head);
    }
    // Whoever looks whether it is well is not counted.
    for _ in 0..10 {
        running.get("/health").await.expect(200);
    }
    // Who waits is let in again.
    for _ in 0..100 {
        sleep(Duration::from_millis(300)).await;
        if running.get("/v1/runs").await.status == 200 {
            return running.stop().await;
        }
    }
    panic!("nobody is let in any more");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_sends_too_slowly_holds_up_nobody_for_long() {
    let home = tempfile::tempdir().unwrap();
    let short = Duration::from_millis(500);
    let limits = Limits { head: short, body: short, connections: 2, ..Limits::default() };
    let running = Running::start(home.path(), with(limits)).await;
    let mut without_end = TcpStream::connect(running.address).await.unwrap();
    without_end.write_all(b"POST /v1/run/start HTTP/1.1\r\nHost: x\r\n").await.unwrap();
    let mut without_body = TcpStream::connect(running.address).await.unwrap();
    let head = b"POST /v1/run/start HTTP/1.1\r\nHost: x\r\nContent-Length: 30\r\n\r\n{";
    without_body.write_all(head).await.unwrap();
    // Both places are taken, and become free by themselves.
    timeout(NEVER, running.get("/health")).await.unwrap().expect(200);
    let mut answer = Vec::new();
    timeout(NEVER, without_body.read_to_end(&mut answer)).await.unwrap().unwrap();
    let answer = String::from_utf8(answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    let mut nothing = Vec::new();
    let _closed = timeout(NEVER, without_end.read_to_end(&mut nothing)).await.unwrap();
    assert_eq!(nothing, b"");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_begun_before_the_end_is_answered_and_nobody_is_let_in() {
    let home = tempfile::tempdir().unwrap();
    let mut running = Running::start(home.path(), settings()).await;
    let held = Held::begin(home.path());
    let mut calls = start_many(running.address, 3);
    let mut idle = TcpStream::connect(running.address).await.unwrap();
    // Until all three are in the store.
    while !running.get("/metrics").await.body.contains("state=\"at_work\"} 4\n") {
        sleep(Duration::from_millis(20)).await;
    }
    running.tell();
    while TcpStream::connect(running.address).await.is_ok() {
        sleep(Duration::from_millis(20)).await;
    }
    // Who has asked for nothing is not waited for.
    let mut nothing = Vec::new();
    timeout(NEVER, idle.read_to_end(&mut nothing)).await.unwrap().unwrap();
    held.end();
    while let Some(done) = calls.join_next().await {
        done.unwrap().expect(200);
    }
    running.stop().await;
}
