use runseal_tests::Runseal;
use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    thread,
};

#[test]
fn the_command_says_which_program_runs_and_who_may_change_it() {
    let runseal = Runseal::new();
    runseal.ok("keygen owner.json");
    runseal.ok("-k owner.json airdrop 1");
    let shown = runseal.ok("program show");
    assert!(shown.starts_with("Program            RS2JNVLHLcEg8sQYGvZDXvXcpUvgi3veqXs2Ra4Yq8k\n"));
    assert!(shown.ends_with("Which program      the one that this command carries\n"), "{shown}");
    let json: serde_json::Value =
        serde_json::from_str(&runseal.ok("program show --output json")).unwrap();
    assert_eq!(json["isCarried"], true);
    assert_eq!(json["sha256"].as_str().unwrap().len(), 64);
    let authority = json["upgradeAuthority"].as_str().unwrap();
    assert!(shown.contains(&format!("Upgrade authority  {authority}\n")), "{shown}");
    assert_eq!(json["address"], "RS2JNVLHLcEg8sQYGvZDXvXcpUvgi3veqXs2Ra4Yq8k");
}

#[test]
fn without_a_ledger_there_is_no_program() {
    let ran = Runseal::new().run("program show");
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(4), ""));
    assert!(ran.stderr.contains("there is no ledger"), "{}", ran.stderr);
}

/// Starts an endpoint of a cluster on which nothing was ever deployed; returns its URL.
fn empty_cluster() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            // Whoever asks may hang up at any time.
            thread::spawn(move || answer(stream.unwrap()));
        }
    });
    url
}

fn answer(stream: TcpStream) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let mut size = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        match line.trim().to_ascii_lowercase().split_once(": ") {
            Some(("content-length", length)) => size = length.parse().ok()?,
            None if line.trim().is_empty() => break,
            _ => {}
        }
    }
    let mut body = vec![0; size];
    reader.read_exact(&mut body).ok()?;
    let request: Value = serde_json::from_slice(&body).ok()?;
    let value: Vec<Value> = match request["method"].as_str()? {
        "getMultipleAccounts" => vec![Value::Null; request["params"][0].as_array()?.len()],
        "getProgramAccounts" => Vec::new(),
        other => panic!("{other} was not expected"),
    };
    let result = json!({"context": {"slot": 7}, "value": value});
    let text = json!({"jsonrpc": "2.0", "id": request["id"], "result": result}).to_string();
    let head = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/json";
    let stream = reader.get_mut();
    write!(stream, "{head}\r\nContent-Length: {}\r\n\r\n{text}", text.len()).ok()
}

#[test]
fn a_cluster_without_the_program_is_not_taken_for_one_where_nobody_registered() {
    let (runseal, url) = (Runseal::new(), empty_cluster());
    let stderr = "error: this ledger does not have the program\n\
                  hint: check the ledger after -u; `runseal deploy` puts the program there\n";
    for line in ["agent list", "certifier list", "claim list", "config show", "program show"] {
        runseal.fails(&format!("-u {url} {line}"), 1, stderr);
    }
}
