//! The service and a time-stamping authority: one made with openssl, behind a real connection.

#[path = "../../../client/runseal-timestamp/tests/it/authority/mod.rs"]
mod authority;

use super::operating::Server;
use authority::{Authority, GOOD, Kind};
use base64::{Engine, engine::general_purpose::STANDARD};
use runseal_tests::Runseal;
use serde_json::{Value, json};
use std::{
    fs,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

/// How the authority answers the next call.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Mood {
    Good,
    /// With the answer that it gave last.
    Again,
    /// As another one, which nobody trusts.
    Strange,
    Broken,
    Cut,
    Refusing,
    Sick,
    Html,
    Endless,
    Elsewhere,
    Silent,
}

/// An authority behind a connection of its own.
struct Behind {
    address: String,
    mood: Arc<Mutex<Mood>>,
    asked: Arc<Mutex<usize>>,
    roots: Vec<u8>,
}

impl Behind {
    fn start(kind: Kind) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (authority, strange) = (Authority::new(kind), Authority::new(GOOD));
        let behind = Self {
            address: listener.local_addr().unwrap().to_string(),
            mood: Arc::new(Mutex::new(Mood::Good)),
            asked: Arc::default(),
            roots: authority.roots(),
        };
        let (mood, asked) = (Arc::clone(&behind.mood), Arc::clone(&behind.asked));
        thread::spawn(move || {
            let mut last = Vec::new();
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let query = query(&mut stream);
                *asked.lock().unwrap() += 1;
                let mood = *mood.lock().unwrap();
                let mut answer = match mood {
                    Mood::Strange => strange.answer(&query),
                    Mood::Again => last.clone(),
                    _ => authority.answer(&query),
                };
                last.clone_from(&answer);
                let half = answer.len() / 2;
                match mood {
                    Mood::Broken => answer[half] ^= 1,
                    Mood::Cut => answer.truncate(half),
                    Mood::Refusing => answer = b"\x30\x05\x30\x03\x02\x01\x02".to_vec(),
                    Mood::Endless => answer = vec![0x30; 100_000],
                    _ => {}
                }
                let (status, kind) = match mood {
                    Mood::Sick => ("500 Internal Server Error", "application/timestamp-reply"),
                    Mood::Html => ("200 OK", "text/html"),
                    Mood::Elsewhere => {
                        ("307 Temporary Redirect\r\nLocation: /", "application/timestamp-reply")
                    }
                    _ => ("200 OK", "application/timestamp-reply"),
                };
                if mood != Mood::Silent {
                    let length = answer.len();
                    let head = format!(
                        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
                    );
                    // Who has read enough breaks off.
                    stream.write_all(&[head.as_bytes(), &answer].concat()).ok();
                }
            }
        });
        behind
    }

    fn set(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }
}

fn query(stream: &mut TcpStream) -> Vec<u8> {
    let (mut bytes, mut buffer) = (Vec::new(), [0; 4_096]);
    loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8(bytes[..end].to_vec()).unwrap().to_lowercase();
            assert!(head.contains("content-type: application/timestamp-query"), "{head}");
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            let body = bytes.split_off(end + 4);
            if body.len() == length.unwrap().parse::<usize>().unwrap() {
                return body;
            }
            bytes.extend(body);
        }
        let count = stream.read(&mut buffer).unwrap();
        assert!(count > 0);
        bytes.extend(&buffer[..count]);
    }
}

fn serve(runseal: &Runseal, behind: &Behind, options: &str) -> Server {
    fs::write(runseal.folder().join("roots.pem"), &behind.roots).unwrap();
    let line = "-u http://127.0.0.1:1 serve --create-keys --listen 127.0.0.1:0";
    Server::of(runseal.start(&format!("{line} --tsa-roots roots.pem {options}")))
}

fn ok(server: &Server, method: &str, path: &str, body: &str) -> Value {
    let (status, answer) = server.call(method, path, "", body);
    assert_eq!(status, 200, "{method} {path}: {answer}");
    serde_json::from_str(&answer).unwrap()
}

fn run(server: &Server, run_id: &str) {
    ok(server, "POST", "/v1/run/start", &json!({"run_id": run_id, "agent_id": "a"}).to_string());
    ok(server, "POST", "/v1/run/end", &json!({"run_id": run_id}).to_string());
}

fn anchor(server: &Server, run_id: &str) -> Value {
    let body = json!({"proof_id": run_id, "proof_type": "run", "anchor_network": "rfc3161",
        "anchor_type": "timestamping_authority"});
    ok(server, "POST", "/v1/anchor", &body.to_string())
}

#[test]
fn what_an_authority_stamps_is_confirmed_and_whatever_else_it_answers_is_not() {
    let (runseal, behind) = (Runseal::new(), Behind::start(GOOD));
    let server = serve(&runseal, &behind, &format!("--tsa http://{}/tsr", behind.address));
    run(&server, "first");
    let made = anchor(&server, "first");
    assert_eq!(made["status"], "confirmed", "{made}");
    let path = format!("/v1/anchor/{}", made["id"].as_str().unwrap());
    let shown = ok(&server, "GET", &path, "");
    assert_eq!(shown["anchor_url"], format!("http://{}/tsr", behind.address));
    assert_eq!(shown["confirmation_data"]["policy"], "1.2.3.4.1");
    assert!(shown["anchor_timestamp"].is_string() && shown["confirmed_at"].is_string(), "{shown}");
    // Once is enough.
    assert_eq!(anchor(&server, "first")["id"], made["id"]);
    assert_eq!(*behind.asked.lock().unwrap(), 1);
    run(&server, "second");
    for (mood, reason) in [
        (Mood::Again, "the token is of "),
        (Mood::Strange, "leads to no trusted root"),
        (Mood::Broken, ""),
        (Mood::Cut, "malformed"),
        (Mood::Refusing, "refused, with status 2"),
        (Mood::Sick, "the status 500"),
        (Mood::Html, "of the type"),
        (Mood::Endless, "more than 65536 bytes"),
        (Mood::Elsewhere, "the status 307"),
        (Mood::Silent, ""),
    ] {
        if mood == Mood::Again {
            behind.set(Mood::Good);
            run(&server, "before");
            anchor(&server, "before");
        }
        behind.set(mood);
        let made = anchor(&server, "second");
        assert_eq!(made["status"], "pending", "{mood:?}: {made}");
        let said = made["reason"].as_str().unwrap();
        assert!(said.starts_with("the authority gave no good token: "), "{mood:?}: {said}");
        assert!(said.contains(reason), "{mood:?}: {said}");
    }
    behind.set(Mood::Good);
    assert_eq!(anchor(&server, "second")["status"], "confirmed");
    let of_run = ok(&server, "GET", "/v1/runproof/second/anchors", "");
    assert_eq!(of_run["confirmed"], 1, "{of_run}");
    assert_eq!(ok(&server, "GET", "/v1/ledger/a/verify", "")["valid"], true);
    server.end();
    // Who trusts somebody else is told that nobody has confirmed it.
    let other = Behind::start(GOOD);
    let server = serve(&runseal, &other, "");
    assert_eq!(ok(&server, "GET", &path, "")["status"], "pending");
    server.end();
}

#[test]
fn a_token_that_somebody_brings_is_checked_before_it_is_kept() {
    let (runseal, tsa) = (Runseal::new(), Authority::new(GOOD));
    fs::write(runseal.folder().join("roots.pem"), tsa.roots()).unwrap();
    let line = "-u http://127.0.0.1:1 serve --create-keys --listen 127.0.0.1:0";
    let server = Server::of(runseal.start(&format!("{line} --tsa-roots roots.pem")));
    let token = |hash: &str| {
        tsa.openssl(&["ts", "-query", "-digest", hash, "-sha256", "-cert", "-out", "asked"]);
        tsa.write("answered", &tsa.answer(&tsa.bytes("asked")));
        tsa.openssl(&["ts", "-reply", "-in", "answered", "-token_out", "-out", "token"]);
        tsa.bytes("token")
    };
    run(&server, "r");
    let made = anchor(&server, "r");
    assert_eq!(made["status"], "pending", "nobody is asked: {made}");
    let path = format!("/v1/anchor/{}", made["id"].as_str().unwrap());
    let confirm = |token: &str| {
        let body = json!({"anchor_tx_id": "x", "confirmation_data": {"token": token}});
        let (status, answer) =
            server.call("POST", &format!("{path}/confirm"), "", &body.to_string());
        (status, serde_json::from_str::<Value>(&answer).unwrap())
    };
    let good = token(made["proof_hash"].as_str().unwrap());
    let stranger = Authority::new(GOOD).sign(&good, "-cades");
    let mut broken = good.clone();
    broken[good.len() / 2] ^= 1;
    for bad in [
        "!".to_owned(),
        STANDARD.encode(token(&"00".repeat(32))),
        STANDARD.encode(&good[..good.len() - 1]),
        STANDARD.encode([&good[..], b"\0"].concat()),
        STANDARD.encode(broken),
        STANDARD.encode(stranger),
    ] {
        let (status, answer) = confirm(&bad);
        assert_eq!(status, 400, "{answer}");
        let said = answer["detail"].as_str().unwrap();
        assert!(said.starts_with("the token is not good: "), "{said}");
    }
    assert_eq!(ok(&server, "GET", &path, "")["status"], "pending");
    let (status, confirmed) = confirm(&STANDARD.encode(&good));
    assert_eq!((status, &confirmed["status"]), (200, &"confirmed".into()), "{confirmed}");
    assert_eq!(confirm(&STANDARD.encode(&good)).0, 409);
    // Without a token, what is said is a claim as ever.
    server.end();
}

#[test]
fn options_for_an_authority_that_make_no_sense_are_refused() {
    let runseal = Runseal::new();
    let tsa = Authority::new(GOOD);
    fs::write(runseal.folder().join("roots.pem"), tsa.roots()).unwrap();
    fs::write(runseal.folder().join("nothing.pem"), "nothing").unwrap();
    for (options, code) in [
        ("--tsa http://127.0.0.1:1/", 2),
        ("--tsa ftp://127.0.0.1/ --tsa-roots roots.pem", 2),
        ("--tsa http://me:secret@127.0.0.1/ --tsa-roots roots.pem", 2),
        ("--tsa nowhere --tsa-roots roots.pem", 2),
        ("--tsa-roots nothing.pem", 1),
        ("--tsa-roots missing.pem", 1),
    ] {
        let line = "-u http://127.0.0.1:1 serve --listen 127.0.0.1:0";
        let ran = runseal.run(&format!("{line} {options}"));
        assert_eq!(ran.code, Some(code), "{options}: {}", ran.stderr);
        assert!(!ran.stderr.contains("Listening"), "{options}: {}", ran.stderr);
    }
}
