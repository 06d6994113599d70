//! Thousands of requests that nobody should send, against a service with two tenants: nothing fails,
//! nothing of one tenant is seen by the other, and the stores are sound afterwards.
//!
//! The seed is printed; `RUNSEAL_SEED=<seed>` sends the same requests again, and `RUNSEAL_LONG=1` sends
//! a hundred thousand and more.

mod requests;
mod secrets;
mod tenants;

use crate::client::{read_answer, send_with};
use fastrand::Rng;
use requests::{Request, Ways, make};
use secrets::{Secrets, plant};
use serde_json::json;
use std::{
    collections::BTreeMap,
    env,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};
use tenants::Tenants;
use tokio::{io::AsyncWriteExt, net::TcpStream, runtime::Builder};

const A: &str = "Bearer token-of-a";
const B: &str = "Bearer token-of-b";
/// The threads of the service, so that its panics are known from those of other tests.
const THREAD: &str = "hostile-service";
/// As many requests are on their way at a time.
const AT_A_TIME: usize = 16;

static PANICS: AtomicUsize = AtomicUsize::new(0);

#[test]
fn nothing_that_is_sent_breaks_the_service_or_shows_another_tenant_s_data() {
    let seed = env::var("RUNSEAL_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = seed.unwrap_or_else(|| fastrand::u64(..));
    let count = if env::var_os("RUNSEAL_LONG").is_some() { 110_000 } else { 3_000 };
    println!("RUNSEAL_SEED={seed}, {count} requests");
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if std::thread::current().name() == Some(THREAD) {
            PANICS.fetch_add(1, Ordering::SeqCst);
        }
        before(panic);
    }));
    let mut service = Builder::new_multi_thread();
    let service = service.worker_threads(2).thread_name(THREAD).enable_all().build().unwrap();
    let callers = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let home = tempfile::tempdir().unwrap();
    let tenants = service.block_on(Tenants::start(home.path()));
    let seen = callers.block_on(campaign(tenants.address, seed, count));
    println!("{seen:#?}");
    service.block_on(tenants.stop());
    assert_eq!(PANICS.load(Ordering::SeqCst), 0, "RUNSEAL_SEED={seed}: the service panicked");
    let mebibytes = resident_mebibytes();
    println!("{mebibytes} MiB are in memory");
    assert!(mebibytes < 2_048, "{mebibytes} MiB");
}

async fn campaign(address: SocketAddr, seed: u64, count: usize) -> BTreeMap<String, usize> {
    let secrets = Arc::new(plant(address).await);
    let document = send_with(address, "GET", "/openapi.json", None, "").await.expect(200);
    let ways = Arc::new(Ways::of(&document, &secrets));
    systematic(address, &ways, &secrets).await;
    let tasks = (0..AT_A_TIME).map(|task| {
        let (secrets, ways) = (Arc::clone(&secrets), Arc::clone(&ways));
        let mut rng = Rng::with_seed(seed.wrapping_add(task as u64));
        tokio::spawn(async move {
            let mut seen = BTreeMap::<String, usize>::new();
            for _ in 0..count / AT_A_TIME {
                let request = make(&mut rng, &ways);
                let answer = exchange(address, &request).await;
                let outcome = judge(&request, &answer, &secrets, seed);
                *seen.entry(format!("{} {outcome}", request.kind)).or_default() += 1;
            }
            seen
        })
    });
    let mut seen = BTreeMap::new();
    for task in tasks.collect::<Vec<_>>() {
        for (outcome, count) in task.await.unwrap() {
            *seen.entry(outcome).or_default() += count;
        }
    }
    still_works(address).await;
    seen
}

/// Every route with every name of A's, asked for by A, who sees what is his, and by B, who does not.
async fn systematic(address: SocketAddr, ways: &Ways, secrets: &Secrets) {
    let mut told = 0;
    for target in ways.targets() {
        let mine = send_with(address, "GET", &target, None, A).await;
        told += usize::from(secrets.found_in(&mine.body, &target).is_some());
        let theirs = send_with(address, "GET", &target, None, B).await;
        assert!(theirs.status < 500, "{} {target} {}", theirs.status, theirs.body);
        let found = secrets.found_in(&theirs.body, &target);
        assert_eq!(found, None, "B sees A's data at {target}: {}", theirs.body);
        let nobody = send_with(address, "GET", &target, None, "").await;
        assert_eq!(nobody.status, 401, "{target}");
    }
    assert!(told > 40, "A sees what is his at {told} targets alone: are the secrets there?");
}

/// Returns the outcome in a word, if it is one that may be.
fn judge(request: &Request, answer: &[u8], secrets: &Secrets, seed: u64) -> String {
    let sent = String::from_utf8_lossy(&request.bytes);
    let text = String::from_utf8_lossy(answer);
    let start: String = sent.chars().take(500).collect();
    let place = format!("RUNSEAL_SEED={seed} {}\n{start}\n{text}", request.kind);
    assert_ne!(answer, b"never", "nothing is answered and nothing ended\n{place}");
    if !request.is_of_a {
        let found = secrets.found_in(&text, &sent);
        assert_eq!(found, None, "A's data are seen\n{place}");
    }
    // That a body may come is no answer yet.
    let text = text.strip_prefix("HTTP/1.1 100 Continue\r\n\r\n").unwrap_or(&text);
    let Some(status) = text.strip_prefix("HTTP/1.1 ").or(text.strip_prefix("HTTP/1.0 ")) else {
        assert!(text.is_empty(), "no answer of HTTP's\n{place}");
        return "closed".to_owned();
    };
    let status: u16 = status.get(..3).unwrap().parse().unwrap();
    assert!((200..500).contains(&status), "{place}");
    if let Some(expected) = request.expected {
        assert_eq!(status, expected, "{place}");
    }
    status.to_string()
}

async fn exchange(address: SocketAddr, request: &Request) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // The service may have said no, and gone, before all was sent.
    let _unread = stream.write_all(&request.bytes).await;
    if request.ends {
        stream.shutdown().await.ok();
    }
    read_answer(&mut stream).await.unwrap_or_else(|| b"never".to_vec())
}

async fn still_works(address: SocketAddr) {
    send_with(address, "GET", "/health", None, "").await.expect(200);
    for token in [A, B] {
        let call = async |method: &str, path: &str, body: Option<&str>| {
            send_with(address, method, path, body, token).await.expect(200)
        };
        let start = json!({ "run_id": "afterwards", "agent_id": "afterwards" }).to_string();
        call("POST", "/v1/run/start", Some(&start)).await;
        call("POST", "/v1/run/end", Some(r#"{"run_id":"afterwards"}"#)).await;
        let verified = call("GET", "/v1/runproof/afterwards/verify", None).await;
        assert_eq!(verified["verified"], true);
        let whole = call("GET", "/v1/ledger/afterwards/verify", None).await;
        assert_eq!(whole["valid"], true);
    }
}

fn resident_mebibytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kibibytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kibibytes.unwrap_or(0) / 1_024
}
