//! The service as a process: it anchors what it takes in, and keeps what it acknowledged when it is killed.

use runseal_tests::Runseal;
use serde_json::Value;
use std::{
    fs::{self, Permissions},
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    os::unix::fs::PermissionsExt,
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
    serde_json::from_str(&text(address, method, path, body)?).ok()
}

/// The same, as it came.
fn text(address: &str, method: &str, path: &str, body: &str) -> Option<String> {
    let mut stream = TcpStream::connect(address).ok()?;
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all((head + body).as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    head.starts_with("HTTP/1.1 200").then(|| body.to_owned())
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
    let metrics = text(&server.address, "GET", "/metrics", "").unwrap();
    let number = |name: &str| {
        let line = metrics.lines().find_map(|line| line.strip_prefix(name));
        line.unwrap_or_else(|| panic!("no {name} in {metrics}")).trim().parse::<u64>().unwrap()
    };
    let anchored = number("runseal_periods_anchored ");
    assert!(anchored > seal["period"].as_u64().unwrap() && number("runseal_ledger_up ") == 1);
    assert!(number("runseal_periods_sealed ") >= anchored);
    assert!(number("runseal_anchor_lag_seconds ") < 3_600);
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
    let anchors = listed["anchors"].as_array().unwrap();
    let own = anchors.iter().find(|anchor| anchor["period"] == seal["period"]).unwrap();
    assert_eq!(own["slot"], confirmed["anchor_block"]);
    let receipts = json("receipt list");
    assert_eq!(receipts["receipts"][0]["digest"], ended["root_hash"], "{receipts}");
    runseal.ok("fsck");
}

#[test]
fn a_service_promises_with_the_log_s_own_key_alone() {
    let runseal = prepared(Runseal::new());
    let address = |name: &str| {
        let line = format!("-k {name}.json address --output json");
        let said: Value = serde_json::from_str(&runseal.ok(&line)).unwrap();
        said["address"].as_str().unwrap().to_owned()
    };
    runseal.ok("keygen promise.json");
    let open = format!(
        "-k operator.json log open hourly --anchoring-key {} --promise-key {}
         --cadence 1h --grace 1h --answer-window 1h --challenge-window 1d --output json",
        address("anchoring"),
        address("promise")
    );
    let log: Value = serde_json::from_str(&runseal.ok(&open)).unwrap();
    let log = log["address"].as_str().unwrap();
    let line = format!("-k anchoring.json serve --create-keys --anchor-log {log} --promise-key");
    let refused = runseal.run(&format!("{line} anchoring.json --listen 127.0.0.1:0"));
    assert!(
        refused.code != Some(0) && refused.stderr.contains("promise key"),
        "{}",
        refused.stderr
    );
    let refused = runseal.run(&format!("{line} nothing.json --listen 127.0.0.1:0"));
    assert!(
        refused.code != Some(0) && refused.stderr.contains("nothing.json"),
        "{}",
        refused.stderr
    );
    let promise = runseal.folder().join("promise.json");
    let open_to = |mode| fs::set_permissions(&promise, Permissions::from_mode(mode)).unwrap();
    open_to(0o644);
    let refused = runseal.run(&format!("{line} promise.json --listen 127.0.0.1:0"));
    assert!(refused.code != Some(0) && refused.stderr.contains("644"), "{}", refused.stderr);
    open_to(0o600);
    let alone = runseal.run("serve --promise-key promise.json --listen 127.0.0.1:0");
    assert_eq!(alone.code, Some(2), "{}", alone.stderr);
    let server = Server::start(&runseal, &format!("{line} promise.json"));
    server.call("POST", "/v1/run/start", r#"{"run_id":"r","agent_id":"a"}"#).unwrap();
    let ended = server.call("POST", "/v1/run/end", r#"{"run_id":"r"}"#).unwrap();
    assert_eq!(ended["promise"]["log"], log);
    // What was promised is there after a kill, and is promised once.
    server.kill();
    let server = Server::start(&runseal, &format!("{line} promise.json"));
    let again = server.call("POST", "/v1/run/end", r#"{"run_id":"r"}"#).unwrap();
    assert_eq!(again["promise"], ended["promise"]);
    server.kill();
    runseal.ok("fsck");
}

/// Something that a service told: its id, its name and its data.
type Told = (String, String, Value);

/// Listens to what happens behind an event.
fn listen(address: &str, last_event_id: &str) -> impl Iterator<Item = Told> + use<> {
    let mut stream = TcpStream::connect(address).unwrap();
    // It is only waited for so long when something is wrong.
    stream.set_read_timeout(Some(Duration::from_secs(120))).unwrap();
    // In HTTP/1.0 the body is what comes, to the end of the connection.
    let head = format!(
        "GET /v2/events HTTP/1.0\r\nHost: {address}\r\nLast-Event-ID: {last_event_id}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    std::iter::from_fn(move || {
        let (mut id, mut event) = (String::new(), String::new());
        loop {
            let line = lines.next()?;
            match line.split_once(": ") {
                Some(("id", text)) => id = text.to_owned(),
                Some(("event", text)) => event = text.to_owned(),
                Some(("data", text)) => {
                    return Some((id, event, serde_json::from_str(text).unwrap()));
                }
                _ => {}
            }
        }
    })
}

#[test]
fn what_happens_is_told_across_a_kill_and_every_promise_is_kept() {
    let runseal = prepared(Runseal::new());
    let key = runseal.ok("-k anchoring.json address --output json");
    let key: Value = serde_json::from_str(&key).unwrap();
    let key = key["address"].as_str().unwrap();
    let open = format!(
        "-k operator.json log open fast --anchoring-key {key} --promise-key {key}
         --cadence 1s --grace 10m --answer-window 1h --challenge-window 1d --output json"
    );
    let log: Value = serde_json::from_str(&runseal.ok(&open)).unwrap();
    let log = log["address"].as_str().unwrap();
    let line = format!(
        "-k anchoring.json serve --create-keys --anchor-log {log} --promise-key anchoring.json"
    );
    let (mut heard, mut last) = (Vec::<Told>::new(), "0-0-0-0-0".to_owned());
    let mut promised = Vec::<(Value, u64)>::new();
    for life in 0..3 {
        let server = Server::start(&runseal, &line);
        let told = listen(&server.address, &last);
        for number in 0..6 {
            let run = format!("r{life}-{number}");
            let start = format!(r#"{{"run_id":"{run}","agent_id":"a"}}"#);
            server.call("POST", "/v1/run/start", &start).unwrap();
            let end = format!(r#"{{"run_id":"{run}"}}"#);
            let ended = server.call("POST", "/v1/run/end", &end).unwrap();
            if let Some(period) = ended["promise"]["period"].as_u64() {
                promised.push((ended["root_hash"].clone(), period));
            }
        }
        // The last life hears everything; the others end in the middle of it.
        let newest = promised.iter().map(|(_, period)| *period).max().unwrap();
        let is_last = |(_, event, data): &Told| {
            event == "finalized" && data["period"].as_u64().is_some_and(|period| period >= newest)
        };
        // On a slow machine runs may be sealed before they are promised, so this may be over already.
        let is_heard = life == 2 && heard.iter().any(is_last);
        for one in told.take_while(|_| !is_heard) {
            let (_, event, _) = &one;
            let is_over = is_last(&one);
            let is_enough = life < 2 && event == "receipt" && heard.len() > 4 * (life + 1);
            last.clone_from(&one.0);
            heard.push(one);
            if is_over || is_enough {
                break;
            }
        }
        server.kill();
    }
    assert!(!promised.is_empty());
    let of = |name: &'static str| heard.iter().filter(move |(_, event, _)| event == name);
    for (digest, period) in &promised {
        assert_eq!(of("receipt").filter(|(_, _, data)| data["digest"] == *digest).count(), 1);
        assert!(of("promise").any(|(_, _, data)| data["digest"] == *digest), "{digest}");
        let receipt =
            runseal.ok(&format!("receipt show {} --output json", digest.as_str().unwrap()));
        let receipt: Value = serde_json::from_str(&receipt).unwrap();
        assert_eq!(receipt["period"], *period, "{receipt}");
    }
    // Every period is told once, in order, whoever was killed.
    for name in ["sealed", "finalized"] {
        let periods = of(name).map(|(_, _, data)| data["period"].as_u64().unwrap());
        assert!(periods.eq(0..u64::try_from(of(name).count()).unwrap()), "{name}");
    }
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
