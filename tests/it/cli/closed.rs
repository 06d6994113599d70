//! What an auditor, a mirror and an operator can still say when anchors' accounts are closed.

use runseal_tests::{Audited, LeafServer, Manners};
use serde_json::{Value, json};
use std::{fs, path::PathBuf};

/// A log of four periods with a receipt in each, mirrored while every anchor was open. Their retention
/// is over.
fn mirrored() -> Audited {
    let audited = Audited::new(4);
    (0..4).for_each(|number| audited.anchor(&[number]));
    assert_eq!(audited.mirror("published").0, Some(0));
    audited.story.ok("warp 91d");
    audited
}

fn close(audited: &Audited, periods: &[u64]) {
    for period in periods {
        let log = &audited.stage.log;
        audited.story.ok(&format!("-k operator.json anchor close {period} --log {log}"));
    }
}

fn kept(audited: &Audited, period: u64) -> PathBuf {
    audited.mirrored(&format!("{period}.anchor"))
}

fn published(audited: &Audited, period: u64) -> PathBuf {
    audited.story.path(&format!("published/{period}.anchor"))
}

fn walk(audited: &Audited) -> (Option<i32>, Value) {
    audited.json(&format!("audit log {}", audited.stage.log))
}

fn states(report: &Value) -> Vec<&str> {
    let periods = report["periods"].as_array().unwrap();
    periods.iter().map(|period| period["state"].as_str().unwrap()).collect()
}

/// The periods that an agent's audit does not know, and why.
fn unknown(report: &Value) -> Vec<(u64, &str)> {
    let unknown = report["unknownPeriods"].as_array().unwrap().iter();
    unknown.map(|it| (it["period"].as_u64().unwrap(), it["reason"].as_str().unwrap())).collect()
}

const MISSING: &str = "the anchor's account is closed, and nobody here knows what it said";
const UNPROVEN: &str =
    "the anchor's account is closed, and nothing that is proven leads to what is offered of it";
const REFUTED: &str =
    "the anchor's account is closed, and what is offered of it is not what was anchored";

#[test]
fn a_closed_anchor_counts_as_an_open_one_where_the_mirror_kept_what_it_said() {
    let audited = mirrored();
    for closed in [&[1][..], &[0, 3], &[2]] {
        close(&audited, closed);
        let (code, report) = audited.audit("");
        assert_eq!((code, &report["conclusion"]), (Some(0), &json!("COMPLETE")), "{report}");
        assert_eq!(unknown(&report), []);
        let (_, walked) = walk(&audited);
        assert_eq!((&walked["isWhole"], &walked["defects"]), (&json!(true), &json!([])));
        assert_eq!(walked["unknownPeriods"], json!([]));
        let (code, report) = audited.mirror("published");
        assert_eq!((code, states(&report)), (Some(0), vec!["ok"; 4]));
        let is_closed = report["periods"][1]["isAnchorClosed"].as_bool();
        assert_eq!(is_closed, Some(true));
    }
    let (_, walked) = walk(&audited);
    assert_eq!(walked["closedPeriods"], json!([0, 1, 2, 3]));
    // What was promised for a closed period and left out is found as it would be in an open one.
    let (code, report) = audited.audit("--promise promise-2.json");
    assert_eq!((code, &report["conclusion"]), (Some(1), &json!("OMITTED")));
    assert_eq!(report["spans"][1]["standing"], json!("not-where-promised"));
    let (code, report) =
        audited.json(&format!("mirror {} --from published --period 1", audited.stage.log));
    assert_eq!((code, states(&report)), (Some(0), vec!["ok"]));
}

#[test]
fn what_nobody_kept_is_unknown_and_what_it_would_prove_is_too() {
    let audited = mirrored();
    close(&audited, &[0, 1, 2, 3]);
    let all: Vec<_> = (0..4).map(|period| fs::read(kept(&audited, period)).unwrap()).collect();
    let cases = [
        vec![(2, MISSING)],
        vec![(0, MISSING)],
        vec![(3, MISSING)],
        vec![(0, UNPROVEN), (1, MISSING), (2, MISSING)],
        vec![(0, MISSING), (1, MISSING), (2, MISSING), (3, MISSING)],
    ];
    for expected in cases {
        let is_missing = |(period, why): &(u64, &str)| (*why == MISSING).then_some(*period);
        let missing: Vec<u64> = expected.iter().filter_map(is_missing).collect();
        missing.iter().for_each(|period| fs::remove_file(kept(&audited, *period)).unwrap());
        let (code, report) = audited.audit("");
        assert_eq!((code, &report["conclusion"]), (Some(3), &json!("UNKNOWN")));
        assert_eq!(unknown(&report), expected);
        let (code, walked) = walk(&audited);
        let periods: Vec<u64> = expected.iter().map(|(period, _)| *period).collect();
        assert_eq!((code, &walked["unknownPeriods"]), (Some(3), &json!(periods)));
        assert_eq!((&walked["defects"], &walked["isWhole"]), (&json!([]), &json!(false)));
        (0u64..)
            .zip(&all)
            .for_each(|(period, text)| fs::write(kept(&audited, period), text).unwrap());
    }
    assert_eq!(audited.audit("").0, Some(0));
}

/// Anchors as somebody who lies would offer them.
fn lies(audited: &Audited) -> Vec<(String, Vec<u8>)> {
    let right = fs::read(published(audited, 2)).unwrap();
    let said: Value = serde_json::from_slice(&right).unwrap();
    let mut lies = vec![
        ("that of another period".to_owned(), fs::read(published(audited, 1)).unwrap()),
        ("nothing".to_owned(), Vec::new()),
        ("no anchor".to_owned(), b"{}".to_vec()),
        ("half of it".to_owned(), right[..right.len() / 2].to_vec()),
        ("one thing more".to_owned(), [&right[..right.len() - 1], b",\"x\":1}"].concat()),
        ("far too much".to_owned(), vec![b' '; 100_000]),
    ];
    for (member, value) in said.as_object().unwrap() {
        let mut lie = said.clone();
        lie[member] = match value {
            Value::Number(number) => json!(number.as_u64().unwrap() + 1),
            Value::String(hash) => {
                let last = if hash.ends_with('0') { "1" } else { "0" };
                json!(format!("{}{last}", &hash[..63]))
            }
            other => panic!("{member}: {other}"),
        };
        lies.push((member.clone(), lie.to_string().into_bytes()));
    }
    assert_eq!(lies.len(), 15);
    lies
}

#[test]
fn whatever_is_not_what_was_anchored_is_found_named_and_believed_by_nobody() {
    let audited = mirrored();
    close(&audited, &[1, 2, 3]);
    let right = fs::read(kept(&audited, 2)).unwrap();
    for (name, lie) in lies(&audited) {
        fs::write(kept(&audited, 2), &lie).unwrap();
        let (code, report) = audited.audit("");
        assert_eq!((code, &report["conclusion"]), (Some(3), &json!("UNKNOWN")), "{name}");
        assert_eq!(unknown(&report), [(2, REFUTED)], "{name}");
        let (code, walked) = walk(&audited);
        assert_eq!((code, &walked["conclusion"]), (Some(1), &json!("FAILED")), "{name}");
        assert_eq!(walked["unknownPeriods"], json!([2]), "{name}");
        let defects = walked["defects"].as_array().unwrap();
        let sentence = defects[0]["sentence"].as_str().unwrap();
        assert!(
            sentence.starts_with("what the mirror says of the closed anchor is not"),
            "{sentence}"
        );
        assert_eq!((defects.len(), &defects[0]["period"]), (1, &json!(2)), "{name}");
    }
    // The source has the right one: it is proven and kept, and what was kept is evidence.
    let lie = fs::read(kept(&audited, 2)).unwrap();
    let (code, report) = audited.mirror("published");
    assert_eq!((code, states(&report)), (Some(0), vec!["ok"; 4]));
    assert_eq!(fs::read(kept(&audited, 2)).unwrap(), right);
    assert_eq!(fs::read(audited.mirrored("2.anchor.differs")).unwrap(), lie);
    assert_eq!(audited.audit("").0, Some(0));
}

#[test]
fn a_mirror_takes_closed_anchors_from_a_source_that_it_does_not_believe() {
    let audited = mirrored();
    close(&audited, &[0, 1, 2, 3]);
    let forget = || {
        drop(fs::remove_dir_all(kept(&audited, 0).parent().unwrap()));
        assert_eq!(unknown(&audited.audit("").1).len(), 4);
    };
    forget();
    let server = LeafServer::start(audited.story.path("published"), Manners::Good);
    let (code, report) = audited.mirror(&server.url);
    assert_eq!((code, states(&report)), (Some(0), vec!["ok"; 4]));
    let asked = server.requests();
    assert_eq!(asked.iter().filter(|path| path.ends_with(".anchor")).count(), 4, "{asked:?}");
    assert_eq!(audited.audit("").0, Some(0));
    // One period alone takes those that lead to it, the newest first.
    forget();
    let server = LeafServer::start(audited.story.path("published"), Manners::Good);
    let only = format!("mirror {} --from {} --period 1", audited.stage.log, server.url);
    let (code, report) = audited.json(&only);
    assert_eq!((code, states(&report)), (Some(0), vec!["ok"]));
    let expected = ["3.anchor", "2.anchor", "1.anchor", "1.leaves"];
    assert_eq!(server.requests(), expected.map(|name| format!("/lists/{name}")));
    assert_eq!(audited.mirror("published").0, Some(0));
    // A mirror is as good a source as the operator.
    fs::rename(kept(&audited, 0).parent().unwrap(), audited.story.path("other")).unwrap();
    let (code, report) = audited.mirror("other");
    assert_eq!((code, states(&report)), (Some(0), vec!["ok"; 4]));

    forget();
    let right = fs::read(published(&audited, 2)).unwrap();
    for (name, lie) in lies(&audited) {
        fs::write(published(&audited, 2), &lie).unwrap();
        let (code, report) = audited.mirror("published");
        assert_eq!((code, states(&report)), (Some(1), vec!["ok", "ok", "differs", "ok"]), "{name}");
        assert!(!kept(&audited, 2).exists(), "{name}");
        let kept_as = report["periods"][2]["keptAs"].as_str().unwrap();
        let evidence = fs::read(audited.story.path(kept_as)).unwrap();
        assert!(lie.starts_with(&evidence) && evidence.len() <= 4_096, "{name}");
        assert_eq!(unknown(&audited.audit("").1), [(2, MISSING)], "{name}");
    }
    fs::remove_file(published(&audited, 2)).unwrap();
    let (code, report) = audited.mirror("published");
    assert_eq!((code, states(&report)), (Some(3), vec!["ok", "ok", "unknown", "ok"]));
    assert_eq!(report["periods"][2]["reason"], json!(MISSING));
    fs::write(published(&audited, 2), right).unwrap();
    assert_eq!(audited.mirror("published").0, Some(0));

    forget();
    let server = LeafServer::start(audited.story.path("published"), Manners::Fails);
    let (code, report) = audited.mirror(&server.url);
    assert_eq!((code, states(&report)), (Some(4), vec!["unavailable"]));
}

/// The operator has mirrored nothing: his store noted what each anchor said when it was final.
#[test]
fn an_operator_s_store_knows_what_his_closed_anchors_said_and_cannot_lie_about_it() {
    let audited = mirrored();
    close(&audited, &[0, 1, 3]);
    let log = &audited.stage.log;
    let as_operator = |line: &str| {
        let ran = audited.story.run(&format!("--home operator {line} --output json"));
        let printed = serde_json::from_str::<Value>(&ran.stdout);
        (ran.code, printed.unwrap_or_else(|error| panic!("{line}: {error}: {ran:?}")))
    };
    let (_, walked) = as_operator(&format!("audit log {log}"));
    assert_eq!((&walked["isWhole"], &walked["closedPeriods"]), (&json!(true), &json!([0, 1, 3])));
    let (code, checked) = as_operator("fsck");
    assert_eq!((code, &checked["findings"]), (Some(0), &json!([])));
    assert_eq!((&checked["anchorsCompared"], &checked["anchorsClosed"]), (&json!(4), &json!(0)));
    // The auditor's store has receipts and belongs to no log, so it offers nothing.
    fs::remove_dir_all(kept(&audited, 0).parent().unwrap()).unwrap();
    assert_eq!(unknown(&audited.audit("").1)[0], (0, MISSING));

    // Somebody changes one byte of the store's file.
    let file = audited.story.path("operator/store.db");
    let right = String::from_utf8(fs::read(published(&audited, 1)).unwrap()).unwrap();
    let lie = right.replace("\"leaf_count\":1", "\"leaf_count\":2");
    let mut bytes = fs::read(&file).unwrap();
    let at = bytes.windows(right.len()).position(|part| part == right.as_bytes()).unwrap();
    bytes[at..at + lie.len()].copy_from_slice(lie.as_bytes());
    fs::write(&file, bytes).unwrap();
    let (code, walked) = as_operator(&format!("audit log {log}"));
    assert_eq!((code, &walked["unknownPeriods"]), (Some(1), &json!([1])));
    let sentence = walked["defects"][0]["sentence"].as_str().unwrap();
    assert!(sentence.starts_with("what the store says of the closed anchor is not"), "{sentence}");
    let (code, checked) = as_operator("fsck");
    let findings = checked["findings"].as_array().unwrap();
    assert_eq!((code, findings.len()), (Some(1), 2), "{findings:?}");
}

#[test]
fn what_was_kept_of_a_log_before_it_grew_is_proven_by_what_came_after() {
    let audited = Audited::new(4);
    (0..2).for_each(|number| audited.anchor(&[number]));
    assert_eq!(audited.mirror("published").0, Some(0));
    (2..4).for_each(|number| audited.anchor(&[number]));
    audited.story.ok("warp 91d");
    close(&audited, &[0, 1]);
    let (_, walked) = walk(&audited);
    assert_eq!((&walked["isWhole"], &walked["closedPeriods"]), (&json!(true), &json!([0, 1])));
    let not_mirrored = "not mirrored here";
    assert_eq!(unknown(&audited.audit("").1), [(2, not_mirrored), (3, not_mirrored)]);
    // What came after is closed too, and nobody kept it: there is nothing that leads to the rest.
    close(&audited, &[2, 3]);
    let found = audited.audit("").1;
    let expected = [(0, UNPROVEN), (1, UNPROVEN), (2, MISSING), (3, MISSING)];
    assert_eq!(unknown(&found), expected);
    assert_eq!(audited.mirror("published").0, Some(0));
    assert_eq!(audited.audit("").0, Some(0));
}

#[test]
fn another_log_s_anchors_are_refused() {
    let (audited, other) = (mirrored(), mirrored());
    close(&audited, &[0, 1, 2]);
    for period in 0..4 {
        let name = format!("{period}.anchor");
        fs::copy(other.mirrored(&name), audited.mirrored(&name)).unwrap();
    }
    let (code, walked) = walk(&audited);
    assert_eq!((code, &walked["unknownPeriods"]), (Some(1), &json!([0, 1, 2])));
    let defects = walked["defects"].as_array().unwrap();
    assert_eq!(defects.len(), 3, "the file of an open anchor is not looked at");
    let is_foreign =
        |defect: &Value| defect["sentence"].as_str().unwrap().contains("another chain");
    assert!(defects.iter().all(is_foreign), "{defects:?}");
}
