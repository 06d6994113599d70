//! The service as machines run it: told to end, out of room, and read by its log.

use runseal_tests::{Runseal, build_folder};
use serde_json::Value;
use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

/// A service that runs, and everything that it says.
pub(super) struct Server {
    child: Child,
    address: String,
    said: JoinHandle<String>,
}

impl Server {
    pub(super) fn of(mut child: Child) -> Self {
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let mut first = String::new();
        stderr.read_line(&mut first).unwrap();
        let address = first.split("http://").nth(1).and_then(|rest| rest.split(' ').next());
        let address = address.unwrap_or_else(|| panic!("{first}")).to_owned();
        let said = thread::spawn(move || {
            stderr.read_to_string(&mut first).unwrap();
            first
        });
        Self { child, address, said }
    }

    pub(super) fn call(
        &self,
        method: &str,
        path: &str,
        headers: &str,
        body: &str,
    ) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}Content-Length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all((head + body).as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    }

    pub(super) fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &pid]).status().unwrap().success());
    }

    /// Tells it to end, which must go well.
    pub(super) fn end(self) {
        self.signal("TERM");
        let (code, said) = self.wait();
        assert_eq!(code, Some(0), "{said}");
    }

    /// Waits until it has ended; returns its exit code and what it said.
    pub(super) fn wait(mut self) -> (Option<i32>, String) {
        let status = self.child.wait().unwrap();
        (status.code(), self.said.join().unwrap())
    }
}

fn home() -> Runseal {
    let runseal = Runseal::new();
    runseal.ok("keygen service.json");
    runseal.ok("-k service.json airdrop 10");
    runseal
}

fn serve(runseal: &Runseal, options: &str) -> Server {
    Server::of(runseal.start(&format!("serve --create-keys --listen 127.0.0.1:0 {options}")))
}

const START: &str = r#"{"run_id":"r","agent_id":"a"}"#;

/// A connection on which a call was begun that does not come to an end.
fn endless(server: &Server) -> TcpStream {
    let mut stream = TcpStream::connect(&server.address).unwrap();
    let head = "POST /v1/run/start HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{";
    stream.write_all(head.as_bytes()).unwrap();
    // Until it is at work.
    thread::sleep(Duration::from_millis(300));
    stream
}

#[test]
fn a_service_that_is_told_to_end_ends_well() {
    let runseal = home();
    for signal in ["TERM", "INT"] {
        let server = serve(&runseal, "");
        assert_eq!(server.call("POST", "/v1/run/start", "", START).0, 200);
        server.signal(signal);
        let (code, said) = server.wait();
        assert_eq!(code, Some(0), "{said}");
    }
    runseal.ok("fsck --offline");
}

#[test]
fn a_call_without_an_end_holds_the_end_up_for_no_longer_than_was_said() {
    let runseal = home();
    let server = serve(&runseal, "--grace 1");
    let stream = endless(&server);
    server.signal("TERM");
    let (code, said) = server.wait();
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("error: some calls did not end within 1 s\nhint: "), "{said}");
    drop(stream);
    runseal.ok("fsck --offline");
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let runseal = home();
    let server = serve(&runseal, "--grace 3600");
    let stream = endless(&server);
    server.signal("TERM");
    thread::sleep(Duration::from_millis(300));
    server.signal("TERM");
    let (code, said) = server.wait();
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("error: ended before every call was answered\n"), "{said}");
    drop(stream);
    runseal.ok("fsck --offline");
}

#[test]
fn whoever_distributes_calls_is_told_before_nobody_is_let_in() {
    let runseal = home();
    let server = serve(&runseal, "--drain 3");
    let (code, ready) = server.call("GET", "/health/ready", "", "");
    let ready: Value = serde_json::from_str(&ready).unwrap();
    assert_eq!((code, &ready["status"]), (200, &"ready".into()), "{ready}");
    server.signal("TERM");
    thread::sleep(Duration::from_millis(500));
    let (code, ready) = server.call("GET", "/health/ready", "", "");
    assert!(code == 503 && ready.contains(r#""ending":true"#), "{ready}");
    assert_eq!(server.call("POST", "/v1/run/start", "", START).0, 200, "it works until it ends");
    assert_eq!(server.wait().0, Some(0));
}

#[test]
fn a_log_in_json_has_a_line_for_each_call_and_no_secret() {
    let runseal = home();
    let token = "planted-token";
    let hash = runseal_types::Digest::of(&[token.as_bytes()]).to_string();
    let tokens = format!(
        r#"{{"tokens":[{{"token_sha256":"{hash}","tenant":"acme","scopes":["ingest","read"]}}]}}"#
    );
    fs::write(runseal.folder().join("tokens.json"), tokens).unwrap();
    let server = serve(&runseal, "--tokens tokens.json --log json --log-level trace");
    let bearer = format!("Authorization: Bearer {token}\r\nX-Request-Id: mine-1\r\n");
    let event = r#"{"run_id":"planted-run","event_id":"e","type":"t","timestamp":"t","source":"s",
        "data":{"agent_id":"planted-agent","content":"planted-payload"}}"#;
    assert_eq!(server.call("POST", "/v1/run/event", &bearer, event).0, 200);
    assert_eq!(server.call("GET", "/v1/run/planted-run?x=planted-query", &bearer, "").0, 200);
    assert_eq!(
        server.call("GET", "/v1/runs", "Authorization: Bearer planted-wrong\r\n", "").0,
        401
    );
    assert_eq!(server.call("POST", "/v1/run/event", &bearer, "{\"planted-json").0, 422);
    server.signal("TERM");
    let (code, said) = server.wait();
    assert_eq!(code, Some(0), "{said}");
    assert!(!said.contains("planted"), "{said}");
    assert!(!said.contains(&hash), "{said}");
    let lines = said.lines().map(|line| {
        serde_json::from_str::<Value>(line).unwrap_or_else(|error| panic!("{error}: {line}"))
    });
    let calls: Vec<Value> = lines.filter(|line| line["message"] == "call").collect();
    let facts: Vec<_> = calls
        .iter()
        .map(|call| (call["route"].as_str().unwrap(), call["status"].as_u64().unwrap()))
        .collect();
    let expected = [
        ("/v1/run/event", 200),
        ("/v1/run/{run_id}", 200),
        ("/v1/runs", 401),
        ("/v1/run/event", 422),
    ];
    assert_eq!(facts, expected);
    assert_eq!(calls[0]["tenant"], "acme");
    assert_eq!(calls[0]["request_id"], "mine-1");
    assert!(calls[0]["microseconds"].as_u64().unwrap() > 0);
    assert_eq!(calls[2].get("tenant"), None, "who has no token is nobody's");
}

#[test]
fn a_disk_without_room_is_said_and_loses_nothing_that_was_acknowledged() {
    let runseal = home();
    // No file may grow beyond this: what a full disk is to whoever writes.
    let command = format!(
        "trap '' XFSZ; ulimit -f 1000; exec {} serve --create-keys --listen 127.0.0.1:0",
        build_folder().join("runseal").display()
    );
    let child = Command::new("sh")
        .args(["-c", &command])
        .current_dir(runseal.folder())
        .env("RUNSEAL_HOME", "home")
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let server = Server::of(child);
    assert_eq!(server.call("POST", "/v1/run/start", "", START).0, 200);
    let content = "x".repeat(20_000);
    let event = |number: u64| {
        format!(
            r#"{{"run_id":"r","event_id":"e{number}","type":"t","timestamp":"t","source":"s",
                "data":{{"content":"{content}"}}}}"#
        )
    };
    let mut acknowledged = 0;
    let (status, detail) = loop {
        let (status, body) = server.call("POST", "/v1/run/event", "", &event(acknowledged));
        if status != 200 {
            break (status, body);
        }
        acknowledged += 1;
    };
    assert!(acknowledged > 2, "{acknowledged}");
    assert!(status == 507 || status == 503, "{status} {detail}");
    assert!(!detail.contains("store.db"), "{detail}");
    server.signal("TERM");
    let (_, said) = server.wait();
    assert!(said.contains("store.db"), "the operator is told which store: {said}");
    let server = serve(&runseal, "");
    assert_eq!(server.call("POST", "/v1/run/event", "", &event(acknowledged)).0, 200);
    let (_, ended) = server.call("POST", "/v1/run/end", "", r#"{"run_id":"r"}"#);
    let ended: Value = serde_json::from_str(&ended).unwrap();
    assert_eq!(ended["event_count"], acknowledged + 1);
    server.signal("TERM");
    assert_eq!(server.wait().0, Some(0));
    runseal.ok("fsck --offline");
}

#[test]
fn a_backup_beside_a_service_at_work_has_all_that_was_acknowledged_before() {
    let runseal = home();
    let server = serve(&runseal, "");
    let event = |writer: usize, number: usize| {
        format!(
            r#"{{"run_id":"r{writer}","event_id":"e{number}","type":"t","timestamp":"t","source":"s",
                "data":{{"agent_id":"a"}}}}"#
        )
    };
    let counts = [const { AtomicUsize::new(0) }; 3];
    let (is_over, before) = (AtomicBool::new(false), Mutex::new([0; 3]));
    thread::scope(|scope| {
        for (writer, count) in counts.iter().enumerate() {
            let (server, is_over) = (&server, &is_over);
            scope.spawn(move || {
                while !is_over.load(Ordering::SeqCst) {
                    let number = count.load(Ordering::SeqCst);
                    let answer = server.call("POST", "/v1/run/event", "", &event(writer, number));
                    assert_eq!(answer.0, 200, "{}", answer.1);
                    count.store(number + 1, Ordering::SeqCst);
                }
            });
        }
        while counts.iter().any(|count| count.load(Ordering::SeqCst) < 20) {
            thread::sleep(Duration::from_millis(10));
        }
        *before.lock().unwrap() = counts.each_ref().map(|count| count.load(Ordering::SeqCst));
        let said = runseal.run("backup copy.db");
        is_over.store(true, Ordering::SeqCst);
        assert_eq!(said.code, Some(0), "{}", said.stderr);
        assert!(said.stdout.starts_with("Copied the store to copy.db: "), "{}", said.stdout);
    });
    server.signal("TERM");
    assert_eq!(server.wait().0, Some(0));
    // Never over a file that is there, and nothing half.
    let refused =
        "error: copy.db exists already\nhint: nothing is copied over a file: choose another name\n";
    runseal.fails("backup copy.db", 1, refused);
    assert!(!runseal.folder().join("copy.db.part").exists());
    // Another home, with the copy and the keys.
    let (from, to) = (runseal.folder().join("home"), runseal.folder().join("restored"));
    fs::create_dir_all(to.join("keys")).unwrap();
    fs::rename(runseal.folder().join("copy.db"), to.join("store.db")).unwrap();
    for key in ["service-key.json", "keys/a.json"] {
        fs::copy(from.join(key), to.join(key)).unwrap();
    }
    runseal.ok("--home restored fsck --offline");
    let server = serve(&runseal, "--home restored -u http://127.0.0.1:1");
    for (writer, count) in before.into_inner().unwrap().into_iter().enumerate() {
        for number in 0..count {
            let (_, answer) = server.call("POST", "/v1/run/event", "", &event(writer, number));
            assert!(answer.contains("duplicate"), "{writer} {number}: {answer}");
        }
    }
    server.signal("TERM");
    assert_eq!(server.wait().0, Some(0));
}
