//! What must not be done to a bundle, and how it is done.

use crate::support::{Scene, ours};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

/// What is done to every bundle, and the reason that must come of it.
pub fn common(scene: &Scene) -> Vec<Value> {
    let other = "CktRuQ2mttgRGkXJtyksdKHjUdc2C4TgDzyB98oEzy8";
    let log_at = find(scene, ours(&scene.town.log.0));
    let log = |rest: &str| format!("/accounts/{log_at}{rest}");
    vec![
        json!({"set": ["/version", "runseal/bundle/v2"], "code": "not-a-bundle"}),
        json!({"set": ["/unknown", 1], "code": "not-a-bundle"}),
        json!({"set": ["/proof/unknown", 1], "code": "not-a-bundle"}),
        json!({"set": ["/proof/kind", "existence"], "code": "not-a-bundle"}),
        json!({"remove": "/proof", "code": "not-a-bundle"}),
        json!({"remove": "/log", "code": "not-a-bundle"}),
        json!({"set": ["/genesis_hash", other], "code": "foreign-genesis"}),
        json!({"set": ["/program", other], "code": "foreign-program"}),
        json!({"set": ["/log", other], "code": "log-undecided"}),
        json!({"set": ["/proof/count", 5], "code": "count-differs"}),
        json!({"set": ["/proof/count", 12], "code": "count-differs"}),
        json!({"set": ["/proof/count", 14], "code": "count-differs"}),
        json!({"set": ["/proof/count", 26], "code": "count-differs"}),
        json!({"set": ["/proof/count", 0], "code": "count-differs"}),
        json!({"remove": "/accounts", "code": "quorum-not-reached"}),
        json!({"remove": "/accounts/0/answers/0", "code": "quorum-not-reached"}),
        json!({"set": ["/accounts/0/answers/1/commitment", "confirmed"], "code": "quorum-not-reached"}),
        json!({"set": ["/accounts/0/answers/0/endpoint", "two.example"], "code": "quorum-not-reached"}),
        json!({"set": ["/accounts/0/answers/0/commitment", "processed"], "code": "not-a-bundle"}),
        json!({"set": ["/accounts/0/data", "x"], "code": "not-a-bundle"}),
        json!({"flip": [log("/data"), 520], "code": "log-of-other-chain"}),
        json!({"flip": [log("/data"), 616], "code": "not-in-log"}),
        json!({"flip": [log("/data"), 8], "code": "not-in-log"}),
        json!({"flip": [log("/data"), 0], "code": "not-in-log"}),
        json!({"set": [log("/owner"), other], "code": "not-in-log"}),
        json!({"set": [log("/lamports"), 0], "code": "log-undecided"}),
        json!({"remove": log(""), "code": "log-undecided"}),
    ]
}

/// What is done where a path is, and must end in a wrong proof.
fn paths(at: &str) -> Vec<Value> {
    let first = format!("{at}/0");
    vec![
        json!({"flip_hash": first, "code": "proof-wrong"}),
        json!({"flip_hash": format!("{at}/1"), "code": "proof-wrong"}),
        json!({"remove": first, "code": "proof-wrong"}),
        json!({"append": first, "code": "proof-wrong"}),
        json!({"swap": [first, format!("{at}/1")], "code": "proof-wrong"}),
        json!({"set": [first, "00"], "code": "not-a-bundle"}),
    ]
}

fn receipts() -> Vec<Value> {
    vec![
        json!({"replace": ["/receipts/0", "trace-1", "trace-2"], "code": "not-a-bundle|signature-wrong"}),
        json!({"replace": ["/receipts/0", "\"role\":\"agent\"", "\"role\":\"host\""], "code": "not-signed-by-agent"}),
        json!({"replace": ["/receipts/0", "\"signer_id\":\"somebody\"", "\"signer_id\":\"another\""], "code": "signature-wrong"}),
        json!({"replace": ["/previous", "trace-1", "trace-2"], "code": "does-not-follow"}),
        json!({"set": ["/previous", "{}"], "code": "not-a-bundle"}),
        json!({"flip": ["/accounts/0/data", 120], "code": "agent-account-bad"}),
        json!({"set": ["/policies", ["another"]], "code": "policy-document-foreign"}),
    ]
}

fn anchors() -> Vec<Value> {
    vec![
        json!({"flip": ["/accounts/4/data", 136], "code": "anchor-hash-wrong"}),
        json!({"flip": ["/accounts/4/data", 24], "code": "anchor-hash-wrong"}),
        json!({"flip": ["/accounts/4/data", 104], "code": "anchor-of-other-period"}),
        json!({"flip": ["/accounts/4/data", 200], "code": "anchor-hash-wrong"}),
        json!({"flip": ["/accounts/4/data", 72], "code": "anchor-account-bad"}),
        json!({"flip": ["/accounts/4/data", 16], "code": "anchor-account-bad"}),
        json!({"set": ["/period", 0], "code": "anchor-undecided"}),
        json!({"set": ["/period", 3], "code": "not-in-log|log-undecided"}),
        json!({"flip": ["/accounts/6/data", 64], "code": "cosignature-foreign"}),
        json!({"remove": "/accounts/6", "code": "cosigners-undecided"}),
        json!({"remove": "/accounts/4", "code": "proof-undecided"}),
    ]
}

pub fn mutations(kind: &str, scene: &Scene) -> Vec<Value> {
    let index = |at: &str, indices: [u64; 4]| {
        indices.map(|index| json!({"set": [at, index], "code": "proof-wrong"})).to_vec()
    };
    let mut all = common(scene);
    all.extend(match kind {
        "inclusion" => [
            receipts(), anchors(), paths("/proof/path"), index("/proof/index", [0, 6, 8, 13]),
            vec![
                json!({"set": ["/receipts", []], "code": "not-a-bundle"}),
                json!({"append": "/receipts/0", "code": "not-a-bundle"}),
                json!({"replace": ["/events/0", "\"run\":3", "\"run\":4"], "code": "events-differ"}),
                json!({"remove": "/events/1", "code": "events-differ"}),
                json!({"remove": "/events", "code": "events-not-shown"}),
                json!({"remove": "/previous", "code": "previous-not-shown"}),
            ],
        ].concat(),
        "absence" => [
            anchors(), paths("/proof/path"), index("/proof/index", [0, 8, 10, 13]),
            [5, 4, 2].map(|sequence| json!({"set": ["/proof/sequence", sequence], "code": "proof-wrong"})).to_vec(),
            vec![
                json!({"set": ["/proof/gap", "after-last"], "code": "not-a-bundle"}),
                json!({"set": ["/proof/agent", scene.parts.program.to_string()], "code": "proof-wrong"}),
                json!({"swap": ["/proof/left", "/proof/right"], "code": "proof-wrong"}),
                json!({"remove": "/proof/right", "code": "not-a-bundle"}),
            ],
        ].concat(),
        "ends" => [
            receipts(), anchors(), paths("/proof/first/path"), paths("/proof/last/path"),
            index("/proof/first/index", [0, 5, 7, 9]), index("/proof/last/index", [6, 8, 10, 13]),
            vec![json!({"swap": ["/proof/first", "/proof/last"], "code": "not-a-bundle|proof-wrong"})],
        ].concat(),
        "span" => [
            receipts(), anchors(), paths("/proof/path"), index("/proof/index", [0, 5, 7, 13]),
            vec![
                json!({"remove": "/proof/leaves/1", "code": "not-a-bundle|proof-wrong"}),
                json!({"append": "/proof/leaves/0", "code": "proof-wrong"}),
                json!({"remove": "/receipts/2", "code": "receipts-not-shown"}),
                json!({"swap": ["/receipts/0", "/receipts/1"], "code": "not-a-bundle"}),
            ],
        ].concat(),
        _ => [
            receipts(), paths("/proof/path"), index("/proof/index", [0, 6, 8, 13]),
            vec![
                json!({"flip_hash": "/anchor/root", "code": "not-in-log"}),
                json!({"flip_hash": "/anchor/previous_anchor_hash", "code": "not-in-log"}),
                json!({"flip_hash": "/anchor/context", "code": "anchor-of-other-period"}),
                json!({"set": ["/anchor/leaf_count", 14], "code": "count-differs"}),
                json!({"set": ["/anchor/posted_slot", 1999], "code": "not-in-log"}),
                json!({"set": ["/anchor/posted_unix_seconds", 0], "code": "not-in-log"}),
                json!({"remove": "/anchor", "code": "anchor-undecided"}),
                json!({"remove": "/log_path", "code": "anchor-undecided"}),
                json!({"set": ["/log_path/count", 2], "code": "log-path-outdated"}),
                json!({"flip_hash": "/log_path/path/0", "code": "not-in-log"}),
                json!({"remove": "/log_path/path/0", "code": "not-in-log"}),
                json!({"append": "/log_path/path/0", "code": "not-in-log"}),
                json!({"swap": ["/log_path/path/0", "/log_path/path/1"], "code": "not-in-log"}),
            ],
        ].concat(),
    });
    all
}

fn find(scene: &Scene, address: runseal_types::Address) -> usize {
    let accounts = scene.finish().accounts;
    accounts.iter().position(|one| one.account.address == address).unwrap()
}

/// Makes a vector's mutation.
pub fn mutate(bundle: &Value, mutation: &Value) -> Value {
    let mut bundle = bundle.clone();
    let texts = |name: &str| -> Option<Vec<&str>> {
        mutation[name].as_array().map(|list| list.iter().filter_map(Value::as_str).collect())
    };
    if let Some([place, value]) = mutation["set"].as_array().map(Vec::as_slice) {
        put(&mut bundle, place.as_str().unwrap(), value.clone());
    } else if let Some(place) = mutation["remove"].as_str() {
        remove(&mut bundle, place);
    } else if let Some(place) = mutation["append"].as_str() {
        let copy = bundle.pointer(place).unwrap().clone();
        let (list, _) = place.rsplit_once('/').unwrap();
        bundle.pointer_mut(list).unwrap().as_array_mut().unwrap().push(copy);
    } else if let Some([one, other]) = texts("swap").as_deref() {
        let first = bundle.pointer(one).unwrap().clone();
        let second = std::mem::replace(bundle.pointer_mut(other).unwrap(), first);
        *bundle.pointer_mut(one).unwrap() = second;
    } else if let Some([place, from, to]) = texts("replace").as_deref() {
        let text = bundle.pointer(place).unwrap().as_str().unwrap();
        assert!(text.contains(from), "{mutation}");
        let text = text.replacen(from, to, 1);
        *bundle.pointer_mut(place).unwrap() = Value::from(text);
    } else if let Some(place) = mutation["flip_hash"].as_str() {
        let hash = bundle.pointer(place).unwrap().as_str().unwrap();
        let flipped = if hash.starts_with('0') { "1" } else { "0" };
        *bundle.pointer_mut(place).unwrap() = Value::from(flipped.to_owned() + &hash[1..]);
    } else {
        let flip = mutation["flip"].as_array().unwrap_or_else(|| panic!("{mutation}"));
        let (place, at) = (flip[0].as_str().unwrap(), flip[1].as_u64().unwrap());
        let mut data = STANDARD.decode(bundle.pointer(place).unwrap().as_str().unwrap()).unwrap();
        data[usize::try_from(at).unwrap()] ^= 1;
        *bundle.pointer_mut(place).unwrap() = Value::from(STANDARD.encode(data));
    }
    bundle
}

pub fn put(bundle: &mut Value, place: &str, value: Value) {
    let (parent, key) = place.rsplit_once('/').unwrap();
    match bundle.pointer_mut(parent).unwrap() {
        Value::Array(list) => list[key.parse::<usize>().unwrap()] = value,
        object => object[key] = value,
    }
}

fn remove(bundle: &mut Value, place: &str) {
    let (parent, key) = place.rsplit_once('/').unwrap();
    match bundle.pointer_mut(parent).unwrap() {
        Value::Array(list) => drop(list.remove(key.parse().unwrap())),
        object => drop(object.as_object_mut().unwrap().remove(key).unwrap()),
    }
}
