//! Whether the service is well, whether calls should be sent to it, and small change of HTTP.

use crate::{
    client::{send, send_as},
    service::{Running, settings},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_whose_ledger_is_silent_says_so_and_takes_what_comes() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path(), settings()).await;
    let ready = running.get("/health/ready").await.expect(200);
    let expected = serde_json::json!({
        "status": "degraded", "store": "writable", "key": "loaded", "ledger": "silent",
        "ending": false,
    });
    assert_eq!(ready, expected);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slash_too_many_is_taken_off() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path(), settings()).await;
    for (method, path, status, location) in [
        ("GET", "/v1/runs/", 307, "/v1/runs"),
        ("GET", "/v1/runs/?limit=2", 307, "/v1/runs?limit=2"),
        ("POST", "/v1/run/start/", 307, "/v1/run/start"),
        ("GET", "/v1/run//", 307, "/v1/run/"),
        ("GET", "/v1//evil.example/", 307, "/v1//evil.example"),
        ("GET", "/v1/nothing", 404, ""),
        // Not ours: what begins with two slashes would lead elsewhere.
        ("GET", "//evil.example/", 404, ""),
    ] {
        let answer = send(running.address, method, path, None).await;
        assert_eq!(answer.status, status, "{method} {path}");
        let found = answer.head.lines().find_map(|line| line.strip_prefix("location: "));
        assert_eq!(found.unwrap_or_default(), location, "{method} {path}");
    }
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn head_is_get_without_a_body_and_another_method_is_refused() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path(), settings()).await;
    let (got, head) = (
        running.get("/v1/protocol/event-vocabulary").await,
        send(running.address, "HEAD", "/v1/protocol/event-vocabulary", None).await,
    );
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    let length = format!("content-length: {}\r\n", got.body.len());
    assert!(head.head.contains(&length), "{}", head.head);
    for (method, path) in
        [("OPTIONS", "/v1/runs"), ("DELETE", "/v1/runs"), ("HEAD", "/v1/run/start")]
    {
        let refused = send(running.address, method, path, None).await;
        assert_eq!(refused.status, 405, "{method} {path}");
    }
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_keeps_the_name_that_it_was_given_if_it_is_a_plain_one() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path(), settings()).await;
    let long = "x".repeat(129);
    for (given, is_kept) in
        [("call-7", true), ("a/b:c", true), ("two words", false), ("\u{e9}", false), (&long, false)]
    {
        let headers = format!("X-Request-Id: {given}\r\n");
        let answer = send_as(running.address, "/v1/run/end", &headers, "{}").await;
        let line = format!("x-request-id: {given}\r\n");
        assert_eq!(answer.head.contains(&line), is_kept, "{given}: {}", answer.head);
        assert!(is_kept || answer.head.contains("x-request-id: req-"), "{given}");
    }
    running.stop().await;
}
