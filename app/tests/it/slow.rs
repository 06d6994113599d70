//! Callers who take their time: they are ended, and others are served meanwhile.

use crate::service::settings;
use runseal_app::{Access, Application, Limits, Service};
use runseal_ledger::{AnyLedger, Rpc};
use runseal_store::{Options, SqliteStore};
use solana_commitment_config::CommitmentConfig;
use std::{net::SocketAddr, path::Path, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{sleep, timeout},
};

/// Longer than that nobody may hold a connection here, however slow the machine is.
const NEVER: Duration = Duration::from_secs(120);

async fn start(home: &Path, limits: Limits) -> SocketAddr {
    let store = SqliteStore::open(&home.join("store.db"), Options::default()).unwrap();
    let service = Service::new(Arc::new(store), home, settings()).unwrap();
    let nowhere = Rpc::new("http://127.0.0.1:1", CommitmentConfig::finalized());
    let anywhere = "127.0.0.1:0".parse().unwrap();
    let application = Application::bind(anywhere, AnyLedger::Rpc(nowhere), "a ledger".into());
    let application = application.await.unwrap().with_api(Access::open(service));
    let application = application.with_limits(limits);
    let address = application.address();
    tokio::spawn(application.run_until(std::future::pending()));
    address
}

/// Sends the first bytes at once and then one at a time, until the other side ends it.
async fn drip(address: SocketAddr, first: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(first.as_bytes()).await.unwrap();
    let (mut reader, mut writer) = stream.into_split();
    let dripping = tokio::spawn(async move {
        while writer.write_all(b"a").await.is_ok() {
            sleep(Duration::from_millis(50)).await;
        }
    });
    let mut answer = Vec::new();
    let _cut_off = timeout(NEVER, reader.read_to_end(&mut answer)).await.expect("it never ends");
    dripping.abort();
    String::from_utf8(answer).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_does_not_come_to_the_point_is_ended_and_others_are_served() {
    let home = tempfile::tempdir().unwrap();
    let (short, long) = (Duration::from_millis(400), Duration::from_secs(600));
    let hasty_heads =
        start(home.path(), Limits { head: short, body: long, ..Limits::default() }).await;
    for first in ["", "GET", "GET /health HTTP/1.1\r\nHost: x\r\nX-A: "] {
        let answer = drip(hasty_heads, first).await;
        assert!(!answer.contains("200 OK"), "{first} {answer}");
    }
    // A connection that is kept is ended too, after its answer.
    let mut kept = TcpStream::connect(hasty_heads).await.unwrap();
    kept.write_all(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    timeout(NEVER, kept.read_to_string(&mut answer)).await.expect("it never ends").unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_does_not_come_is_408_wherever_one_is_read() {
    let home = tempfile::tempdir().unwrap();
    let (short, long) = (Duration::from_millis(400), Duration::from_secs(600));
    let address = start(home.path(), Limits { head: long, body: short, ..Limits::default() }).await;
    let document = crate::client::send(address, "GET", "/openapi.json", None).await.expect(200);
    let operations = crate::openapi::operations(&document);
    let mut tried = 0;
    for operation in operations.iter().filter(|it| it.value.get("requestBody").is_some()) {
        let path = operation.path.replace(['{', '}'], "");
        let head = format!(
            "{} {path}?agent_id=a HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n{{",
            operation.method
        );
        let answer = drip(address, &head).await;
        assert!(answer.starts_with("HTTP/1.1 408"), "{path} {answer}");
        assert!(operation.statuses().contains(&408), "{path}");
        tried += 1;
    }
    assert!(tried > 15, "{tried}");
    crate::client::send(address, "GET", "/health", None).await.expect(200);
}
