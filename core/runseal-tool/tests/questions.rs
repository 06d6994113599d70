//! Questions and answers. What is true of trees, signatures and texts is tested where it is decided;
//! the vector files go through `runseal tool` and through the module for browsers.
#![allow(clippy::unwrap_used, missing_docs)]

use proptest::prelude::*;
use runseal_tool::{Answer, MOST_QUESTION_BYTES, Refusal, Tool, to_json};
use serde_json::{Value, json};

const ZEROS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

fn printed(answer: &Answer) -> Value {
    serde_json::from_slice(&to_json(answer)).unwrap()
}

/// What a question is answered: `"ok"`, or the reason.
fn answer(tool: Tool, question: &str) -> String {
    let answer = printed(&tool.answer(question.as_bytes()));
    if answer["ok"] == true { "ok".into() } else { answer["reason"].as_str().unwrap().into() }
}

/// Whether the only leaf of a tree stands at its place.
fn single() -> Value {
    json!({"index": 0, "count": 1, "leaf_hash": ZEROS, "root": ZEROS, "proof": []})
}

/// A question of each kind that is answered with yes.
fn good() -> [(Tool, Value); 6] {
    let signature = concat!(
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155",
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    );
    let key = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    let tree =
        json!({"old_count": 1, "new_count": 1, "old_root": ZEROS, "new_root": ZEROS, "proof": []});
    let leaves =
        json!({"from": 0, "to": 1, "count": 1, "leaf_hashes": [ZEROS], "root": ZEROS, "proof": []});
    [
        (Tool::MerkleInclusion, single()),
        (Tool::MerkleConsistency, tree),
        (Tool::MerkleRange, leaves),
        (Tool::MerkleAbsence, json!({"count": 1, "root": ZEROS, "proof": [], "right_hash": ZEROS})),
        // The first of RFC 8032, 7.1.
        (Tool::Ed25519Verify, json!({"public_key": key, "message": "", "signature": signature})),
        (Tool::Canonicalize, json!({"json": "[1.0]"})),
    ]
}

#[test]
fn each_tool_is_found_by_its_name_and_by_no_other() {
    for tool in Tool::ALL {
        assert_eq!(Tool::find(tool.name()), Some(tool));
    }
    for name in ["", "verify", "Canonicalize", " canonicalize", "canonicalize\0", "merkle"] {
        assert_eq!(Tool::find(name), None, "{name:?}");
    }
}

#[test]
fn a_question_needs_each_of_its_members() {
    for (tool, question) in good() {
        assert_eq!(answer(tool, &question.to_string()), "ok", "{tool:?}");
        for name in question.as_object().unwrap().keys() {
            for value in [Value::Null, json!({}), json!(true), json!(-1), json!(0.5), json!([[]])] {
                let mut changed = question.clone();
                changed[name] = value;
                // A gap without a leaf beside it is another gap.
                let is_gap = name == "right_hash" && changed[name].is_null();
                let expected = if is_gap { "CountsReversed" } else { "Malformed" };
                assert_eq!(answer(tool, &changed.to_string()), expected, "{tool:?}: {changed}");
            }
        }
    }
}

#[test]
fn what_is_no_object_of_json_is_malformed() {
    let text = single().to_string();
    let twice = text.replacen('{', "{\"index\":0,", 1);
    let behind = text.clone() + "{}";
    for (tool, _) in good() {
        for question in ["", " ", "null", "7", "\"{}\"", "[]", "{", &twice, &behind, &text[1..]] {
            assert_eq!(answer(tool, question), "Malformed", "{tool:?}: {question}");
        }
    }
}

#[test]
fn numbers_are_integers_of_64_bits_however_they_are_spelled() {
    let question =
        |index: &str| single().to_string().replace("\"index\":0", &format!("\"index\":{index}"));
    for index in ["0", "-0", "0.0", "0e5", "\"0\"", "\"00\""] {
        assert_eq!(answer(Tool::MerkleInclusion, &question(index)), "ok", "{index}");
    }
    // Behind the last leaf, and read to the last digit.
    for index in ["1", "1.0", "9007199254740993", "\"9007199254740993\"", "18446744073709551615"] {
        let found = Tool::MerkleInclusion.answer(question(index).as_bytes());
        let detail = format!("{}", printed(&found)["detail"]);
        let digits = index.trim_matches('"').trim_end_matches(".0");
        assert!(detail.contains(&format!("index {digits} ")), "{index}: {detail}");
    }
    for index in [
        "-1",
        "0.5",
        "1e16",
        "9007199254740993.0",
        "18446744073709551616",
        "\"+0\"",
        "\"\"",
        "\"0x0\"",
    ] {
        assert_eq!(answer(Tool::MerkleInclusion, &question(index)), "Malformed", "{index}");
    }
}

#[test]
fn size_is_bounded_on_both_sides() {
    let of_size = |size: usize| {
        let start = "{\"json\":\"1\",\"unknown\":\"";
        format!("{start}{}\"}}", "a".repeat(size - start.len() - 2))
    };
    assert_eq!(answer(Tool::Canonicalize, &of_size(MOST_QUESTION_BYTES)), "ok");
    assert_eq!(answer(Tool::Canonicalize, &of_size(MOST_QUESTION_BYTES + 1)), "Malformed");
}

#[test]
fn answers_say_what_they_are_first() {
    let expected = r#"{"ok":true,"canonical":"{\"a\":1,\"b\":\"\\n\\u0001\"}"}"#;
    let spelled = Tool::Canonicalize.answer(br#"{"json":"{\"b\":\"\\n\\u0001\",\"a\":1}"}"#);
    assert_eq!(String::from_utf8(to_json(&spelled)).unwrap(), expected);
    assert_eq!(
        to_json(&Tool::MerkleInclusion.answer(single().to_string().as_bytes())),
        br#"{"ok":true}"#
    );
    let refused = Err(Refusal::new("Late", "it was \"late\"\n"));
    assert_eq!(to_json(&refused), br#"{"ok":false,"reason":"Late","detail":"it was \"late\"\n"}"#);
}

#[test]
fn what_did_not_arrive_is_answered_in_its_place() {
    let late = || Refusal::new("Late", "it is not here");
    for (tool, question) in good() {
        let question = question.to_string();
        let questions = [Ok(question.as_bytes()), Err(late()), Ok(b"{}"), Ok(question.as_bytes())];
        let found = tool.answers(questions);
        let alone = |question: &[u8]| tool.answer(question);
        let expected =
            [alone(question.as_bytes()), Err(late()), alone(b"{}"), alone(question.as_bytes())];
        assert_eq!(found, expected, "{tool:?}");
    }
}

proptest! {
    // Each case asks hundreds of questions.
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn together_the_answers_are_those_of_each_alone(flips in prop::collection::vec(0usize..600, 0..80)) {
        for (tool, question) in good() {
            let questions: Vec<Vec<u8>> = flips.iter().map(|at| {
                let mut bytes = question.to_string().into_bytes();
                // Most of the larger ones are beyond the end: those questions stay good.
                if let Some(byte) = bytes.get_mut(*at) {
                    *byte ^= 1;
                }
                bytes
            }).collect();
            let together = tool.answers(questions.iter().map(|question| Ok(question.as_slice())));
            let alone: Vec<Answer> = questions.iter().map(|question| tool.answer(question)).collect();
            prop_assert_eq!(together, alone);
        }
    }
}

proptest! {
    #[test]
    fn no_bytes_break_a_tool(bytes in prop::collection::vec(any::<u8>(), 0..96)) {
        for tool in Tool::ALL {
            prop_assert_eq!(printed(&tool.answer(&bytes))["ok"].clone(), json!(false));
        }
    }
}
