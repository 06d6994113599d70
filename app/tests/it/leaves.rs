//! Leaf lists as mirrors fetch them.

use crate::{
    client::fetch,
    service::{Running, settings},
};
use runseal_client::store::{Cut, LogIdentity};
use runseal_types::{Address, Digest, Period};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sealed_period_is_published_whole_and_in_parts() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path(), settings()).await;
    for number in 0..3 {
        let start = format!(r#"{{"run_id":"r{number}","agent_id":"a"}}"#);
        running.post("/v1/run/start", &start).await.expect(200);
        running.post("/v1/run/end", &format!(r#"{{"run_id":"r{number}"}}"#)).await.expect(200);
    }
    let log = Address::new([9; 32]);
    running.store.bind_log(&LogIdentity { genesis_hash: Digest::ZERO, log }).unwrap();
    let sealed = running.store.seal_period(Period(0), Cut::Everything).unwrap();
    let leaves = running.store.list_period_leaves(Period(0), 0, 10).unwrap();
    let expected: Vec<u8> = leaves.iter().flat_map(|leaf| leaf.sort_key()).collect();
    assert_eq!(expected.len(), 3 * 72);
    let path = format!("/v2/logs/{log}/leaves/0.leaves");
    let (status, head, body) = fetch(running.address, &path, None).await;
    assert_eq!((status, &body), (200, &expected));
    assert!(head.contains("immutable") && head.contains(&sealed.root.to_string()), "{head}");
    for (range, part) in [("bytes=0-71", 0..72), ("bytes=100-", 100..216), ("bytes=-1", 215..216)] {
        let (status, head, body) = fetch(running.address, &path, Some(range)).await;
        assert_eq!((status, body.as_slice()), (206, &expected[part.clone()]), "{range}");
        let range = format!("content-range: bytes {}-{}/216", part.start, part.end - 1);
        assert!(head.contains(&range), "{head}");
    }
    assert_eq!(fetch(running.address, &path, Some("bytes=216-")).await.0, 416);
    let other = Address::new([8; 32]);
    for path in [
        format!("/v2/logs/{log}/leaves/1.leaves"),
        format!("/v2/logs/{log}/leaves/0"),
        format!("/v2/logs/{log}/leaves/x.leaves"),
        format!("/v2/logs/{other}/leaves/0.leaves"),
        "/v2/logs/nothing/leaves/0.leaves".to_owned(),
    ] {
        assert_eq!(fetch(running.address, &path, None).await.0, 404, "{path}");
    }
    running.stop().await;
}
