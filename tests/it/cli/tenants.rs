//! Tenants whose stores are logs of their own.

use super::operating::Server;
use runseal_tests::Runseal;
use runseal_types::Digest;
use serde_json::{Value, json};
use std::{fs, thread, time::Duration};

fn home() -> Runseal {
    let runseal = Runseal::new();
    let parameters = runseal_tests::root().join("migrations/program/0001_config.toml");
    fs::copy(parameters, runseal.folder().join("config.toml")).unwrap();
    for name in ["operator", "one", "two"] {
        runseal.ok(&format!("keygen {name}.json"));
        runseal.ok(&format!("-k {name}.json airdrop 10"));
    }
    runseal.ok("-k operator.json config init config.toml");
    runseal
}

fn open_log(runseal: &Runseal, name: &str) -> String {
    let json = |line: &str| -> Value {
        serde_json::from_str(&runseal.ok(&format!("{line} --output json"))).unwrap()
    };
    let key = json(&format!("-k {name}.json address"))["address"].as_str().unwrap().to_owned();
    let open = format!(
        "-k operator.json log open {name} --anchoring-key {key} --promise-key {key}
         --cadence 5s --grace 10m --answer-window 1h --challenge-window 1d"
    );
    json(&open)["address"].as_str().unwrap().to_owned()
}

fn token(tenant: &str) -> Value {
    let hash = Digest::of(&[tenant.as_bytes()]).to_string();
    json!({"token_sha256": hash, "tenant": tenant, "scopes": ["ingest", "operate", "read"]})
}

fn write(runseal: &Runseal, tokens: &Value) {
    fs::write(runseal.folder().join("tokens.json"), tokens.to_string()).unwrap();
}

const SERVE: &str = "serve --create-keys --listen 127.0.0.1:0 --tokens tokens.json";

#[test]
fn each_tenant_s_runs_are_anchored_in_his_own_log() {
    let runseal = home();
    let logs = ["one", "two"].map(|name| {
        json!({"tenant": name, "log": open_log(&runseal, name), "keypair": format!("{name}.json")})
    });
    let [mut one, two] = logs;
    one["promise_keypair"] = "one.json".into();
    let logs = [one, two];
    // The third has no log, and the fourth's key is another log's: it is said, and ends nobody.
    let mut all = logs.to_vec();
    all.push(json!({"tenant": "four", "log": logs[0]["log"], "keypair": "two.json"}));
    let tokens = ["one", "two", "three", "four"].map(token);
    write(&runseal, &json!({"tokens": tokens, "logs": all}));
    let server = Server::of(runseal.start(SERVE));
    let call = |tenant: &str, method: &str, path: &str, body: &str| -> Value {
        let bearer = format!("Authorization: Bearer {tenant}\r\n");
        let (status, answer) = server.call(method, path, &bearer, body);
        assert_eq!(status, 200, "{tenant} {path}: {answer}");
        serde_json::from_str(&answer).unwrap()
    };
    let anchors = ["one", "two", "three", "four"].map(|tenant| {
        call(tenant, "POST", "/v1/run/start", r#"{"run_id":"r","agent_id":"a"}"#);
        let ended = call(tenant, "POST", "/v1/run/end", r#"{"run_id":"r"}"#);
        // Only who has named a key for it promises.
        assert_eq!(ended.get("promise").is_some(), tenant == "one", "{tenant}: {ended}");
        let anchor = r#"{"proof_id":"r","proof_type":"run","anchor_type":"solana"}"#;
        let made = call(tenant, "POST", "/v1/anchor", anchor);
        (tenant, format!("/v1/anchor/{}", made["id"].as_str().unwrap()))
    });
    for (tenant, path) in &anchors[..2] {
        let is_confirmed = (0..480).any(|_| {
            thread::sleep(Duration::from_millis(250));
            call(tenant, "GET", path, "")["status"] == "confirmed"
        });
        assert!(is_confirmed, "the log of {tenant} goes on");
    }
    for (tenant, path) in &anchors[2..] {
        assert_eq!(call(tenant, "GET", path, "")["status"], "pending", "{tenant}");
    }
    server.signal("TERM");
    let (code, said) = server.wait();
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("not anchored"), "{said}");
    for tenant in ["one", "two"] {
        runseal.ok(&format!("--home home/tenants/{tenant} fsck --offline"));
    }
}

#[test]
fn logs_that_make_no_sense_are_refused() {
    let runseal = Runseal::new();
    runseal.ok("keygen key.json");
    let log = "CktRuQ2mttgRGkXJtyksdKHjUdc2C4TgDzyB98oEzy8";
    let good = json!({"tenant": "one", "log": log, "keypair": "key.json"});
    let with = |member: &str, value: &str| {
        let mut changed = good.clone();
        changed[member] = value.into();
        changed
    };
    for logs in [
        json!([with("log", "nowhere")]),
        json!([with("keypair", "missing.json")]),
        json!([with("keypair", "tokens.json")]),
        json!([with("promise_keypair", "missing.json")]),
        json!([with("promise_keypair", "tokens.json")]),
        json!([with("promise_key", "key.json")]),
        json!([with("tenant", "two")]),
        json!([good, good]),
        json!([{}]),
        json!([7]),
        json!({"one": good}),
    ] {
        write(&runseal, &json!({"tokens": [token("one")], "logs": logs}));
        let ran = runseal.run(&format!("-u http://127.0.0.1:1 {SERVE}"));
        assert_eq!(ran.code, Some(1), "{logs}: {}", ran.stderr);
        assert!(ran.stderr.starts_with("error: tokens.json: "), "{logs}: {}", ran.stderr);
    }
}

#[test]
fn a_ledger_or_a_store_that_is_not_there_is_no_fault_of_the_file_with_the_tokens() {
    let runseal = Runseal::new();
    runseal.ok("keygen key.json");
    let log = "CktRuQ2mttgRGkXJtyksdKHjUdc2C4TgDzyB98oEzy8";
    let logs = json!([{
        "tenant": "one", "log": log, "keypair": "key.json", "promise_keypair": "key.json",
    }]);
    write(&runseal, &json!({"tokens": [token("one")], "logs": logs}));
    let serve = format!("-u http://127.0.0.1:1 {SERVE}");
    let silent = "error: tokens.json: the log of one: http://127.0.0.1:1 does not answer: nothing listens there\n\
                  hint: check the URL after -u, and that the cluster or validator is running\n";
    runseal.fails(&serve, 4, silent);
    let store = runseal.folder().join("home/tenants/one/store.db");
    fs::write(&store, "not a database, but long enough to be taken for one".repeat(20)).unwrap();
    let ran = runseal.run(&serve);
    assert_eq!(ran.code, Some(4), "{}", ran.stderr);
    assert!(ran.stderr.starts_with("error: home/tenants/one: "), "{}", ran.stderr);
}
