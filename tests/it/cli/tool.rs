//! `runseal tool`: one answer a line, in order, whatever stands in the lines.

use runseal_tests::Runseal;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};

const ZEROS: &str = "0000000000000000000000000000000000000000000000000000000000000000";
const EMPTY_ROOT: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

fn answers(verb: &str, input: &str) -> Vec<Value> {
    let printed = Runseal::new().pipe(&format!("tool {verb}"), input.as_bytes());
    printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// What a question is answered: `"ok"`, or the reason.
fn answer(verb: &str, question: &Value) -> String {
    let [answer] = answers(verb, &question.to_string()).try_into().unwrap();
    if answer["ok"] == true { "ok".into() } else { answer["reason"].as_str().unwrap().into() }
}

/// A tree of one leaf.
fn single() -> Value {
    json!({"index": 0, "count": 1, "leaf_hash": ZEROS, "root": ZEROS, "proof": []})
}

fn with(question: &Value, member: &str, value: Value) -> Value {
    let mut changed = question.clone();
    changed[member] = value;
    changed
}

#[test]
fn what_is_no_question_is_malformed_and_stops_nothing() {
    let good = single().to_string();
    let list = json!([0, 1, ZEROS, ZEROS, []]).to_string();
    let twice = good.replacen('{', "{\"index\":0,", 1);
    let wrong = ["", " ", "{", "{}", "null", "nonsense", "[]", &list, &twice, &good[1..], "{} {}"];
    let input: String = wrong.iter().map(|line| format!("{line}\n{good}\n")).collect();
    let found = answers("merkle-inclusion", &input);
    assert_eq!(found.len(), 2 * wrong.len());
    for (line, pair) in wrong.iter().zip(found.chunks(2)) {
        assert_eq!(pair[0]["reason"], "Malformed", "{line}");
        assert!(!pair[0]["detail"].as_str().unwrap().is_empty());
        assert_eq!(pair[1], json!({"ok": true}), "behind {line}");
    }
}

#[test]
fn bytes_that_are_not_text_are_malformed() {
    let runseal = Runseal::new();
    let printed = runseal.pipe("tool canonicalize", b"{\"json\":\"\xff\"}\n\0\n{\"json\":\"1\"}");
    let lines: Vec<&str> = printed.lines().collect();
    assert_eq!(lines.len(), 3);
    assert!(lines[..2].iter().all(|line| line.contains("\"Malformed\"")), "{printed}");
    assert_eq!(lines[2], "{\"ok\":true,\"canonical\":\"1\"}");
}

#[test]
fn no_line_is_no_answer() {
    assert_eq!(Runseal::new().pipe("tool ed25519-verify", b""), "");
    assert_eq!(answers("ed25519-verify", "\n").len(), 1);
}

#[test]
fn members_are_of_their_kind() {
    let good = single();
    assert_eq!(answer("merkle-inclusion", &with(&good, "name", json!("unknown"))), "ok");
    let changes = [
        ("index", json!(-1)),
        ("index", json!(0.5)),
        ("index", json!("")),
        ("index", json!("+0")),
        ("index", json!("0x0")),
        ("index", json!("18446744073709551616")),
        ("index", json!(null)),
        ("leaf_hash", json!(&ZEROS[2..])),
        ("leaf_hash", json!(format!("{ZEROS}00"))),
        ("leaf_hash", json!(ZEROS.replace('0', "g"))),
        ("root", json!([0, 0])),
        ("proof", json!([""])),
        ("proof", json!({})),
    ];
    for (member, value) in changes {
        let question = with(&good, member, value);
        assert_eq!(answer("merkle-inclusion", &question), "Malformed", "{question}");
    }
    let overflow = good.to_string().replace("\"index\":0", "\"index\":18446744073709551616");
    assert_eq!(answers("merkle-inclusion", &overflow)[0]["reason"], "Malformed");
}

#[test]
fn numbers_up_to_the_largest_are_not_rounded() {
    let path = |levels: usize| json!(vec![ZEROS; levels]);
    for (index, count) in [(1u64 << 53, (1 << 53) + 1), (u64::MAX - 1, u64::MAX)] {
        for (index, count) in
            [(json!(index), json!(count)), (json!(index.to_string()), json!(count.to_string()))]
        {
            let question = json!({"index": index, "count": count, "leaf_hash": ZEROS, "root": ZEROS, "proof": []});
            // Rounded to doubles, index and count would be the same and the index outside.
            assert_eq!(answer("merkle-inclusion", &question), "WrongLength", "{question}");
        }
    }
    let promoted = json!({"index": 1u64 << 53, "count": (1u64 << 53) + 1, "leaf_hash": ZEROS, "root": ZEROS, "proof": path(1)});
    assert_eq!(answer("merkle-inclusion", &promoted), "RootMismatch");
    let outside = json!({"index": u64::MAX, "count": u64::MAX, "leaf_hash": ZEROS, "root": ZEROS, "proof": []});
    assert_eq!(answer("merkle-inclusion", &outside), "IndexOutsideTree");
}

#[test]
fn hexadecimal_may_be_upper_case() {
    let question = json!({"count": 0, "root": EMPTY_ROOT.to_uppercase(), "proof": []});
    assert_eq!(answer("merkle-absence", &question), "ok");
}

#[test]
fn an_empty_tree_begins_every_tree() {
    let question = |old: u64, new: u64, old_root: &str, new_root: &str| json!({"old_count": old, "new_count": new, "old_root": old_root, "new_root": new_root, "proof": []});
    let cases = [
        (question(0, 0, EMPTY_ROOT, EMPTY_ROOT), "ok"),
        (question(0, 9, EMPTY_ROOT, ZEROS), "ok"),
        (question(9, 9, ZEROS, ZEROS), "ok"),
        (question(0, 0, EMPTY_ROOT, ZEROS), "RootMismatch"),
        (question(0, 9, ZEROS, ZEROS), "RootMismatch"),
        (question(9, 9, ZEROS, EMPTY_ROOT), "RootMismatch"),
        (question(9, 0, ZEROS, EMPTY_ROOT), "CountsReversed"),
        (question(1, 9, ZEROS, ZEROS), "WrongLength"),
        (with(&question(0, 9, EMPTY_ROOT, ZEROS), "proof", json!([ZEROS])), "WrongLength"),
    ];
    for (question, expected) in cases {
        assert_eq!(answer("merkle-consistency", &question), expected, "{question}");
    }
}

#[test]
fn a_gap_is_told_by_the_leaves_around_it() {
    let empty = json!({"count": 0, "root": EMPTY_ROOT, "proof": []});
    let one = json!({"count": 1, "root": ZEROS, "proof": []});
    let cases = [
        (empty.clone(), "ok"),
        (with(&one, "right_hash", json!(ZEROS)), "ok"),
        (with(&one, "left_hash", json!(ZEROS)), "ok"),
        (with(&one, "right_hash", json!(EMPTY_ROOT)), "RootMismatch"),
        (with(&empty, "left_hash", json!(ZEROS)), "IndexOutsideTree"),
        (with(&empty, "index", json!(0)), "Malformed"),
        (with(&with(&one, "left_hash", json!(ZEROS)), "right_hash", json!(ZEROS)), "Malformed"),
        (one, "CountsReversed"),
    ];
    for (question, expected) in cases {
        assert_eq!(answer("merkle-absence", &question), expected, "{question}");
    }
}

#[test]
fn an_answer_comes_before_the_next_question_is_asked() {
    let runseal = Runseal::new();
    let mut child = runseal.start_with_stdin("tool canonicalize");
    let mut stdin = child.stdin.take().unwrap();
    let mut printed = BufReader::new(child.stdout.take().unwrap());
    for number in 0..3 {
        writeln!(stdin, "{{\"json\":\" {number} \"}}").unwrap();
        let mut line = String::new();
        printed.read_line(&mut line).unwrap();
        assert_eq!(line, format!("{{\"ok\":true,\"canonical\":\"{number}\"}}\n"));
    }
    drop(stdin);
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_line_beyond_the_limit_is_refused_and_the_next_is_answered() {
    let long = "a".repeat(9 << 20);
    let found = answers("canonicalize", &format!("{{\"json\":\"{long}\"}}\n{{\"json\":\"[ ]\"}}"));
    assert_eq!(found[0]["reason"], "LineTooLong");
    assert_eq!(found[1], json!({"ok": true, "canonical": "[]"}));
    let large = json!({"json": format!("\"{}\"", "a".repeat(1 << 20))});
    assert_eq!(answer("canonicalize", &large), "TooLarge");
}

#[test]
fn answers_that_nobody_reads_are_an_error() {
    let runseal = Runseal::new();
    let mut child = runseal.start_with_stdin("tool canonicalize");
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().unwrap();
    // It may be gone before it has read this.
    drop(stdin.write_all(b"{\"json\":\"1\"}\n"));
    assert_eq!(child.wait().unwrap().code(), Some(1));
}
