use super::*;
use crate::{
    routes::runs::StartRequest,
    service::{Sealing, Settings},
};
use runseal_receipt::Status;
use runseal_store::{Options, SqliteStore};
use tempfile::TempDir;

/// A service with so many receipts.
fn service(count: usize) -> (TempDir, Arc<Service>) {
    let home = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&home.path().join("store.db"), Options::default()).unwrap();
    let settings = Settings { create_keys: true, ..Settings::default() };
    let service = Service::new(Arc::new(store), home.path(), settings).unwrap();
    for number in 0..count {
        let run_id = format!("run-{number}");
        let start = StartRequest {
            run_id: run_id.clone(),
            agent_id: "agent".to_owned(),
            adapter: None,
            trace_id: None,
            session_key: None,
            started_at: None,
            event_proof: None,
        };
        service.start(start).unwrap();
        let sealing = Sealing {
            run_id,
            at: None,
            at_member: "ended_at",
            status: Status::Completed,
            reason: None,
            agent_version: 0,
        };
        service.seal(&sealing).unwrap();
    }
    (home, Arc::new(service))
}

fn begin(service: &Arc<Service>, patience: Duration) -> mpsc::Receiver<Item> {
    let seat = service.news.sit_down().unwrap();
    Listener::new(service, Cursor::default(), seat).begin(patience)
}

/// Waits until nobody is told anything any more.
async fn until_left(service: &Arc<Service>) {
    for _ in 0..6_000 {
        if Arc::strong_count(service) == 1 {
            return;
        }
        sleep(Duration::from_millis(20)).await;
    }
    panic!("a listener who takes nothing, or left, is given up");
}

#[tokio::test]
async fn who_takes_nothing_for_too_long_is_told_nothing_more_and_loses_nothing() {
    let (_home, service) = service(2 * MOST_WAITING);
    let mut items = begin(&service, Duration::from_millis(50));
    until_left(&service).await;
    let (mut told, mut last) = (0, Cursor::default());
    while let Some((cursor, _)) = items.recv().await {
        (told, last) = (told + 1, cursor);
    }
    assert_eq!(told, MOST_WAITING);
    let seat = service.news.sit_down().unwrap();
    let mut items = Listener::new(&service, last, seat).begin(Duration::from_secs(60));
    for _ in 0..MOST_WAITING {
        last = items.recv().await.unwrap().0;
    }
    assert_eq!(
        last,
        Cursor::now(&*service.store).map(|now| Cursor { promises: 0, ..now }).unwrap()
    );
}

#[tokio::test]
async fn an_end_is_an_end_and_who_leaves_is_forgotten() {
    let (_home, service) = service(0);
    let mut items = begin(&service, Duration::from_secs(60));
    service.news.end();
    assert_eq!(items.recv().await, None);
    service.news.ended.send_replace(false);
    let items = begin(&service, Duration::from_secs(60));
    drop(items);
    until_left(&service).await;
}
