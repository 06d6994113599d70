//! Bundles that are good, as files, and what must not be done to them.
//!
//! `tests/vectors/bundle` has a file for each; with `RUNSEAL_WRITE_VECTORS` set this test writes them.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use proptest::prelude::*;
use runseal_engine::{
    Bundle, BundleError, BundleParts, Check, Outcome, Policy, Report, Verdict, verify_text,
};
use runseal_evidence::Registry;
use serde_json::{Value, json};
use std::{collections::BTreeSet, env, fs, path::PathBuf, sync::LazyLock};
use support::{PERIOD, Scene, Town, ours};

/// A bundle that is good, with the policy under which it is.
fn scenes() -> [(&'static str, Scene); 5] {
    let mut closed = Scene::new(Town::inclusion);
    closed.hide(closed.town.anchors[PERIOD as usize].0);
    closed.parts.anchor = Some(closed.town.anchor_facts());
    [
        ("inclusion", Scene::new(Town::inclusion)),
        ("absence", Scene::new(Town::absence)),
        ("ends", without_events(Scene::new(Town::ends))),
        ("span", without_events(Scene::new(Town::span))),
        ("closed-anchor", closed),
    ]
}

fn without_events(mut scene: Scene) -> Scene {
    scene.policy.not_required = BTreeSet::from([Check::Events]);
    scene
}

/// What is done to every bundle, and the reason that must come of it.
fn common(scene: &Scene) -> Vec<Value> {
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

fn mutations(kind: &str, scene: &Scene) -> Vec<Value> {
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

fn bundle_of(parts: BundleParts) -> Value {
    serde_json::from_slice(&Bundle::new(parts).unwrap().to_bytes()).unwrap()
}

fn vector(kind: &str, scene: &Scene) -> Value {
    let policy: Value = serde_json::from_slice(&scene.policy.to_value().canonical()).unwrap();
    json!({
        "about": "A bundle that is VERIFIED under its policy, and mutations: after each it is not, and one check has this code, or one of those divided by |. docs/spec/bundle.md, docs/spec/verdict.md.",
        "policy": policy,
        "bundle": bundle_of(scene.finish()),
        "mutations": mutations(kind, scene),
    })
}

fn path_of(kind: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/bundle");
    folder.join(kind).with_extension("json")
}

fn report(bundle: &Value, policy: &Value) -> Report {
    let policy = Policy::parse(policy.to_string().as_bytes()).unwrap();
    verify_text(bundle.to_string().as_bytes(), &policy, &Registry)
}

#[test]
fn the_committed_vectors_are_what_is_made_here() {
    for (kind, scene) in scenes() {
        let made = vector(kind, &scene);
        if env::var_os("RUNSEAL_WRITE_VECTORS").is_some() {
            let text = serde_json::to_string_pretty(&made).unwrap() + "\n";
            fs::write(path_of(kind), text).unwrap();
        }
        let committed: Value = serde_json::from_slice(&fs::read(path_of(kind)).unwrap()).unwrap();
        assert!(committed == made, "{kind}: write the vectors anew if that is on purpose");
    }
}

#[test]
fn every_bundle_is_verified_and_none_of_its_mutations() {
    let mut wrong = Vec::new();
    for (kind, _) in scenes() {
        let vector: Value = serde_json::from_slice(&fs::read(path_of(kind)).unwrap()).unwrap();
        let good = report(&vector["bundle"], &vector["policy"]);
        assert_eq!(good.verdict(), Verdict::Verified, "{kind}: {:#?}", good.checks);
        let mutations = vector["mutations"].as_array().unwrap();
        assert!(mutations.len() >= 10);
        for mutation in mutations {
            let mutated = mutate(&vector["bundle"], mutation);
            let bad = report(&mutated, &vector["policy"]);
            let expected: Vec<_> = mutation["code"].as_str().unwrap().split('|').collect();
            let found = bad.checks.iter().map(|check| check.reason);
            let found: Vec<_> = found.filter(|reason| reason.outcome() != Outcome::Pass).collect();
            let named = found.iter().any(|reason| expected.contains(&reason.code()));
            if bad.verdict() == Verdict::Verified || !named {
                wrong.push(format!("{kind} {mutation}: {found:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Makes a vector's mutation.
fn mutate(bundle: &Value, mutation: &Value) -> Value {
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

fn put(bundle: &mut Value, place: &str, value: Value) {
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

#[test]
fn a_bundle_is_read_as_it_was_written() {
    for (_, scene) in scenes() {
        let bundle = Bundle::new(scene.finish()).unwrap();
        assert_eq!(Bundle::parse(&bundle.to_bytes()), Ok(bundle));
    }
}

#[test]
fn files_beyond_the_limits_are_refused_by_name() {
    let too_large = vec![b' '; (16 << 20) + 1];
    assert!(matches!(Bundle::parse(&too_large), Err(BundleError::Json(_))));
    let too_deep = "[".repeat(129);
    assert!(matches!(Bundle::parse(too_deep.as_bytes()), Err(BundleError::Json(_))));
    assert_eq!(Bundle::parse(b"[]"), Err(BundleError::NotAnObject));
    let good = bundle_of(scenes()[0].1.finish());
    let account = good["accounts"][0].clone();
    let cases = [
        ("/accounts", vec![account; 257]),
        ("/addenda", vec![Value::from(""); 257]),
        ("/policies", vec![Value::from(""); 257]),
        ("/events", vec![Value::from(""); 65_537]),
        ("/proof/path", vec![good["proof"]["path"][0].clone(); 127]),
        ("/accounts/0/answers", vec![good["accounts"][0]["answers"][0].clone(); 33]),
    ];
    for (place, list) in cases {
        let mut bundle = good.clone();
        put(&mut bundle, place, Value::from(list));
        let refused = Bundle::parse(bundle.to_string().as_bytes()).unwrap_err();
        assert!(refused.to_string().contains("at most"), "{place}: {refused}");
    }
}

/// The bundle that is changed below, and its policy.
static GOOD: LazyLock<Vec<(Bundle, Vec<u8>, Policy)>> = LazyLock::new(|| {
    let scenes = scenes().into_iter().map(|(_, scene)| {
        let bundle = Bundle::new(scene.finish()).unwrap();
        let text = bundle.to_bytes();
        (bundle, text, scene.policy)
    });
    scenes.collect()
});

/// What a bundle claims, apart from what others are said to have answered and from how texts are
/// spelled: nothing proves who answered, and spelling means nothing.
fn claims(bundle: &Bundle) -> Value {
    let mut object = bundle_of(bundle.parts().clone());
    for account in object["accounts"].as_array_mut().unwrap() {
        put(account, "/answers", Value::Null);
        put(account, "/lamports", Value::Null);
        put(account, "/data", Value::Null);
    }
    for place in ["/receipts", "/events"] {
        if let Some(list) = object.pointer_mut(place) {
            for text in list.as_array_mut().unwrap() {
                *text = text.as_str().unwrap().parse().unwrap();
            }
        }
    }
    if let Some(text) = object.get("previous").and_then(Value::as_str) {
        object["previous"] = text.parse().unwrap();
    }
    object.as_object_mut().unwrap().remove("log_path");
    object
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn one_changed_byte_never_changes_what_is_verified(
        kind in 0usize..5, at: prop::sample::Index, byte: u8,
    ) {
        let (good, text, policy) = &GOOD[kind];
        let mut changed = text.clone();
        let at = at.index(changed.len());
        changed[at] = byte;
        let report = verify_text(&changed, policy, &Registry);
        if report.verdict() == Verdict::Verified {
            let changed = Bundle::parse(&changed).unwrap();
            prop_assert_eq!(claims(&changed), claims(good), "byte {}", at);
        }
    }

    #[test]
    fn a_bundle_that_is_cut_off_is_none(kind in 0usize..5, at: prop::sample::Index) {
        let (_, text, policy) = &GOOD[kind];
        let report = verify_text(&text[..at.index(text.len())], policy, &Registry);
        prop_assert_eq!(report.verdict(), Verdict::Failed);
    }
}
