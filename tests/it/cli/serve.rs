//! The service as a process: it anchors what it takes in, and keeps what it acknowledged when it is killed.

use runseal_tests::Runseal;
use serde_json::Value;
use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::Child,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

/// A service that runs.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(runseal: &Runseal, line: &str) -> Self {
        let mut child = runseal.start(&format!("{line} --listen 127.0.0.1:0"));
        let mut said = BufReader::new(child.stderr.take().unwrap());
        let mut first = String::new();
        said.read_line(&mut first).unwrap();
        let address = first.split("http://").nth(1).and_then(|rest| rest.split(' ').next());
        let address = address.unwrap_or_else(|| panic!("{first}")).to_owned();
        // Whatever else it says is read, so that it never waits to say it.
        thread::spawn(move || said.read_to_string(&mut String::new()));
        Self { child, address }
    }

    fn call(&self, method: &str, path: &str, body: &str) -> Option<Value> {
        call(&self.address, method, path, body)
    }

    /// Ends it as a power cut would.
    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// Returns the body of an answer that is 200; none if there was no such answer.
fn call(address: &str, method: &str, path: &str, body: &str) -> Option<Value> {
    let mut stream = TcpStream::connect(address).ok()?;
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all((head + body).as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    head.starts_with("HTTP/1.1 200").then(|| serde_json::from_str(body).ok()).flatten()
}

fn homes() -> [Runseal; 2] {
    [Runseal::new(), Runseal::with_store(&runseal_postgres_server::shared().database())]
}

fn prepared(runseal: Runseal) -> Runseal {
    let parameters = runseal_tests::root().join("migrations/program/0001_config.toml");
    fs::copy(parameters, runseal.folder().join("config.toml")).unwrap();
    for name in ["operator", "anchoring"] {
        runseal.ok(&format!("keygen {name}.json"));
        runseal.ok(&format!("-k {name}.json airdrop 10"));
    }
    runseal.ok("-k operator.json config init config.toml");
    runseal
}

#[test]
fn a_service_anchors_the_runs_that_it_takes_in() {
    for (home, engine) in homes().into_iter().zip(["sqlite", "postgres"]) {
        anchors_what_it_takes_in(&prepared(home), engine);
    }
}

fn anchors_what_it_takes_in(runseal: &Runseal, engine: &str) {
    let json = |line: &str| -> Value {
        serde_json::from_str(&runseal.ok(&format!("{line} --output json"))).unwrap()
    };
    let key = json("-k anchoring.json address")["address"].as_str().unwrap().to_owned();
    let open = format!(
        "-k operator.json log open daily --anchoring-key {key} --promise-key {key}
         --cadence 1s --grace 10m --answer-window 1h --challenge-window 1d"
    );
    let log = json(&open)["address"].as_str().unwrap().to_owned();
    let line = format!("-k anchoring.json serve --create-keys --anchor-log {log}");
    let server = Server::start(runseal, &line);
    assert_eq!(server.call("GET", "/health", "").unwrap()["database"], engine);
    server.call("POST", "/v1/run/start", r#"{"run_id":"r","agent_id":"a"}"#).unwrap();
    let ended = server.call("POST", "/v1/run/end", r#"{"run_id":"r"}"#).unwrap();
    let anchor = r#"{"proof_id":"r","proof_type":"run","anchor_type":"solana"}"#;
    let anchor = server.call("POST", "/v1/anchor", anchor).unwrap();
    let path = format!("/v1/anchor/{}", anchor["id"].as_str().unwrap());
    let confirmed = (0..240).find_map(|_| {
        thread::sleep(Duration::from_millis(250));
        server.call("GET", &path, "").filter(|anchor| anchor["status"] == "confirmed")
    });
    let confirmed = confirmed.expect("the period of the receipt is anchored");
    let seal = server.call("GET", "/v1/runproof/r", "").unwrap()["seal"].clone();
    server.kill();
    // A mirror fetches the leaves, and finds the root that is on the chain, which is free by now: the
    // service looks at another.
    let server = Server::start(runseal, "-u http://127.0.0.1:1 serve");
    let from = format!("http://{}/v2/logs/{log}/leaves", server.address);
    let mirrored = json(&format!("mirror {log} --from {from} --period {}", seal["period"]));
    assert_eq!(mirrored["periods"][0]["state"], "ok", "{mirrored}");
    server.kill();
    // What the service said is what the store and the chain have.
    let listed = json("anchor list --limit 1000");
    let anchors = listed.as_array().unwrap();
    let own = anchors.iter().find(|anchor| anchor["period"] == seal["period"]).unwrap();
    assert_eq!(own["slot"], confirmed["anchor_block"]);
    let receipts = json("receipt list");
    assert_eq!(receipts["receipts"][0]["digest"], ended["root_hash"], "{receipts}");
    runseal.ok("fsck");
}

#[test]
fn what_was_acknowledged_survives_a_kill() {
    homes().into_iter().for_each(|home| survives_a_kill(&prepared(home)));
}

fn survives_a_kill(runseal: &Runseal) {
    let serve = "-k anchoring.json serve --create-keys";
    let server = Server::start(runseal, serve);
    let killed = AtomicBool::new(false);
    let acknowledged = thread::scope(|scope| {
        let writers = (0..4).map(|writer| {
            let (address, killed) = (server.address.clone(), &killed);
            scope.spawn(move || {
                let events = (0..2_000).map_while(|number| {
                    let id = format!("{writer}-{number}");
                    let body = format!(
                        r#"{{"run_id":"r{writer}","event_id":"{id}","type":"t","timestamp":"t",
                            "source":"s","data":{{"agent_id":"a"}}}}"#
                    );
                    let answer = call(&address, "POST", "/v1/run/event", &body);
                    assert!(answer.is_some() || killed.load(Ordering::SeqCst), "{id}");
                    answer.map(|_| id)
                });
                events.collect::<Vec<String>>()
            })
        });
        let writers: Vec<_> = writers.collect();
        thread::sleep(Duration::from_millis(700));
        killed.store(true, Ordering::SeqCst);
        server.kill();
        writers.into_iter().map(|writer| writer.join().unwrap()).collect::<Vec<_>>()
    });
    let server = Server::start(runseal, serve);
    for (writer, ids) in acknowledged.iter().enumerate() {
        assert!(!ids.is_empty(), "writer {writer} was heard before the kill");
        let end = format!(r#"{{"run_id":"r{writer}"}}"#);
        server.call("POST", "/v1/run/end", &end).unwrap();
        let proof = server.call("GET", &format!("/v1/runproof/r{writer}"), "").unwrap();
        let events = proof["events"].as_array().unwrap();
        let stored: Vec<&str> =
            events.iter().map(|event| event["event_id"].as_str().unwrap()).collect();
        // The last one may be there without having been acknowledged.
        assert!(stored.len() <= ids.len() + 1);
        assert!(
            stored.iter().zip(ids).all(|(stored, id)| stored == id) && stored.len() >= ids.len()
        );
    }
    server.kill();
    runseal.ok("fsck");
}
