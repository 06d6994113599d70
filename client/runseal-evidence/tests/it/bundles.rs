//! Bundles that are good, as files, and what must not be done to them.
//!
//! `tests/vectors/bundle` has a file for each; with `RUNSEAL_WRITE_VECTORS` set this test writes them.

use crate::mutations::{mutate, mutations, put};
use crate::support::{PERIOD, Scene, Town};
use proptest::prelude::*;
use runseal_engine::{
    Bundle, BundleError, BundleParts, Outcome, Policy, Report, Verdict, verify_text,
};
use runseal_evidence::Registry;
use runseal_types::{parse_hex, to_hex};
use serde_json::{Value, json};
use solana_address::Address;
use std::{env, fs, path::PathBuf, sync::LazyLock};

/// A bundle that is good, with the policy under which it is.
fn scenes() -> [(&'static str, Scene); 5] {
    let mut closed = Scene::new(Town::inclusion);
    closed.hide(closed.town.anchors[PERIOD as usize].0);
    closed.parts.anchor = Some(closed.town.anchor_facts());
    [
        ("inclusion", Scene::new(Town::inclusion)),
        ("absence", Scene::new(Town::absence)),
        ("ends", Scene::new(Town::ends)),
        ("span", Scene::new(Town::span)),
        ("closed-anchor", closed),
    ]
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

/// The agent and the number that a bundle says are absent, if it is of an absence.
fn asked_of_an_absence(claims: &Value) -> Option<(Value, Value)> {
    let proof = &claims["proof"];
    (proof["kind"] == "absence").then(|| (proof["agent"].clone(), proof["sequence"].clone()))
}

/// Whether an absence between two leaves is of a number that sorts between them.
fn lies_in_its_gap(claims: &Value) -> bool {
    let proof = &claims["proof"];
    let agent: Address = proof["agent"].as_str().unwrap().parse().unwrap();
    let sequence = proof["sequence"].as_u64().unwrap();
    let asked = to_hex(&[&agent.to_bytes()[..], &sequence.to_be_bytes()].concat());
    let number = |side: &str| proof[side].as_str().unwrap()[..80].to_owned();
    number("left") < asked && asked < number("right")
}

#[test]
fn an_absence_is_of_whatever_it_names_and_names_only_what_its_gap_holds() {
    let (good, _, policy) = &GOOD[1];
    let good = bundle_of(good.parts().clone());
    let left: [u8; 72] = parse_hex(good["proof"]["left"].as_str().unwrap()).unwrap();
    let sequence = good["proof"]["sequence"].as_u64().unwrap();
    let agent_of = |bytes: &[u8]| Value::from(Address::try_from(bytes).unwrap().to_string());
    let last = u64::from_be_bytes(left[32..40].try_into().unwrap());
    let mut neighbour = left[..32].to_vec();
    neighbour[31] ^= 1;
    let neighbour_is_above = neighbour[31] > left[31];
    let cases = [
        ("the next number", good["proof"]["agent"].clone(), sequence + 1, true),
        ("the number of the leaf on the left", agent_of(&left[..32]), last, false),
        ("one before the leaf on the left", agent_of(&left[..32]), last - 1, false),
        ("another agent of the same gap", agent_of(&neighbour), 0, neighbour_is_above),
        ("an agent before the gap", agent_of(&[0; 32]), sequence, false),
        ("an agent behind the gap", agent_of(&[0xff; 32]), sequence, false),
    ];
    for (what, agent, sequence, verified) in cases {
        let mut changed = good.clone();
        put(&mut changed, "/proof/agent", agent.clone());
        put(&mut changed, "/proof/sequence", Value::from(sequence));
        let report = verify_text(changed.to_string().as_bytes(), policy, &Registry);
        assert_eq!(report.verdict() == Verdict::Verified, verified, "{what}");
        let told: Value = serde_json::from_slice(&report.to_value().canonical()).unwrap();
        assert_eq!(told["subject"]["agent"], agent, "{what}");
        assert_eq!(told["subject"]["sequence"], sequence, "{what}");
    }
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
            let mut changed = claims(&Bundle::parse(&changed).unwrap());
            if let Some(asked) = asked_of_an_absence(&changed) {
                // Another number of the same gap is as absent as the one that was asked for.
                prop_assert!(lies_in_its_gap(&changed), "{:?}, byte {}", asked, at);
                let (agent, sequence) = asked_of_an_absence(&claims(good)).unwrap();
                put(&mut changed, "/proof/agent", agent);
                put(&mut changed, "/proof/sequence", sequence);
            }
            prop_assert_eq!(changed, claims(good), "byte {}", at);
        }
    }

    #[test]
    fn a_bundle_that_is_cut_off_is_none(kind in 0usize..5, at: prop::sample::Index) {
        let (_, text, policy) = &GOOD[kind];
        let report = verify_text(&text[..at.index(text.len())], policy, &Registry);
        prop_assert_eq!(report.verdict(), Verdict::Failed);
    }
}
