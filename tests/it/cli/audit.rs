//! What auditors find, and what it costs whoever broke his word.

use runseal_tests::Audited;
use runseal_types::{Address, Digest, Leaf, Sequence};
use serde_json::{Value, json};
use std::{
    fs,
    io::{BufRead, BufReader},
};

/// The smallest bond, which is what one broken promise costs.
const SLASH: u64 = 1_000_000_000;
/// What of it the claimant gets, by migrations/program/0001_config.toml.
const CLAIMANT_BASIS_POINTS: u64 = 5_000;

/// First and last number of every span, and how they stand.
fn spans(report: &Value) -> Vec<(u64, u64, &str)> {
    let span = |span: &'_ Value| (span["from"].as_u64().unwrap(), span["to"].as_u64().unwrap());
    let spans = report["spans"].as_array().unwrap().iter();
    spans.map(|it| (span(it).0, span(it).1, it["standing"].as_str().unwrap())).collect()
}

/// Puts twice the smallest bond behind the log. Nobody who may be paid has an account for it yet.
fn post_bond(audited: &Audited) {
    let (story, bond) = (&audited.story, 2 * SLASH);
    story.done(&format!("-k operator.json bond account --wrap {bond}"));
    story.done(&format!("-k operator.json bond deposit {} {bond}", audited.stage.log));
}

/// What a claim that is upheld takes, by the story's parameters.
fn shares() -> Value {
    let claimant = SLASH / 10_000 * CLAIMANT_BASIS_POINTS;
    json!({
        "slashedAmount": SLASH, "claimantAmount": claimant, "treasuryAmount": SLASH - claimant,
    })
}

fn word(report: &Value) -> &str {
    report["conclusion"].as_str().unwrap()
}

/// Receipt 1 of three is promised and left out.
#[test]
fn a_receipt_that_was_promised_and_left_out_is_found_challenged_and_paid_for() {
    let audited = Audited::new(3);
    let (story, log) = (&audited.story, &audited.stage.log);
    let before = audited.audit("");
    assert_eq!((before.0, word(&before.1)), (Some(3), "UNKNOWN"));
    assert_eq!(spans(&before.1), [(0, 2, "not-yet")]);
    post_bond(&audited);
    audited.anchor(&[0, 2]);
    let (code, unseen) = audited.audit("");
    assert_eq!((code, spans(&unseen)), (Some(3), vec![(0, 2, "periods-unknown")]));
    assert_eq!(unseen["unknownPeriods"], json!([{"period": 0, "reason": "not mirrored here"}]));
    assert_eq!(audited.mirror("published").0, Some(0));

    let (code, found) = audited.audit("");
    assert_eq!((code, word(&found)), (Some(1), "OMITTED"));
    let standings = [(0, 0, "anchored"), (1, 1, "skipped"), (2, 2, "anchored")];
    assert_eq!(spans(&found), standings);
    let (code, found) = audited.audit("--promise promise-1.json --promise promise-2.json");
    let standings = [(0, 0, "anchored"), (1, 1, "not-where-promised"), (2, 2, "anchored")];
    assert_eq!((code, spans(&found)), (Some(1), standings.to_vec()));
    for (options, code, conclusion) in
        [("--from 2", 0, "COMPLETE"), ("--to 0", 0, "COMPLETE"), ("--to 9", 1, "OMITTED")]
    {
        let (found, report) = audited.audit(options);
        assert_eq!((found, word(&report)), (Some(code), conclusion), "{options}");
    }

    let (code, walked) = audited.json(&format!("audit log {log}"));
    assert_eq!((code, word(&walked)), (Some(0), "WHOLE"));
    let broken = challenge(&audited, 1);
    let kept = challenge(&audited, 2);
    let (code, walked) = audited.json(&format!("audit log {log}"));
    assert_eq!((code, &walked["openClaimCount"]), (Some(3), &json!(2)));
    let answer = "--home operator -k operator.json claim answer";
    assert_eq!(story.json(&format!("{answer} {kept}"))["state"], "answered");
    let cannot = story.run(&format!("{answer} {broken}"));
    assert_eq!(cannot.code, Some(1));
    assert!(cannot.stderr.contains("the promise is broken"), "{}", cannot.stderr);
    let early = audited.run(&format!("claim settle {broken}"));
    assert!(early.code == Some(1) && early.stderr.contains("SettleTooEarly"), "{early:?}");
    story.end_period();
    story.ok("warp 1m");
    let (_, settled) = audited.json(&format!("claim settle {broken}"));
    assert_eq!(settled["slash"], shares(), "{settled}");

    let (code, walked) = audited.json(&format!("audit log {log}"));
    assert_eq!((code, word(&walked)), (Some(1), "FAILED"));
    assert_eq!(walked["defects"], json!([]), "the chain is whole; the operator is not");
    let claims: Vec<_> = [&broken, &kept]
        .map(|address| {
            let mut claims = walked["claims"].as_array().unwrap().iter();
            let claim = claims.find(|claim| claim["address"] == **address).unwrap();
            (claim["state"].clone(), claim["slashedAmount"].clone())
        })
        .to_vec();
    assert_eq!(claims, [(json!("upheld"), json!(SLASH)), (json!("answered"), json!(0))]);
    assert_eq!(walked["log"]["bondAmount"], json!(SLASH));
    assert_eq!(walked["isOverdue"], json!(false));
}

/// Challenges the promise of a receipt, twice; returns the one claim that this makes.
fn challenge(audited: &Audited, number: usize) -> String {
    let line = format!("claim challenge promise-{number}.json");
    let (code, first) = audited.json(&line);
    assert_eq!((code, &first["state"]), (Some(0), &json!("open")));
    assert!(first["signature"].is_string());
    let (code, again) = audited.json(&line);
    assert_eq!(
        (code, &again["address"], &again["signature"]),
        (Some(0), &first["address"], &Value::Null)
    );
    first["address"].as_str().unwrap().to_owned()
}

#[test]
fn an_operator_who_keeps_going_answers_challenges_by_himself() {
    let audited = Audited::new(2);
    audited.anchor(&[0]);
    let broken = challenge(&audited, 1);
    let kept = challenge(&audited, 0);
    let run = "--home operator -k anchoring.json anchor run";
    let mut child = audited.story.start(run);
    let stderr = BufReader::new(child.stderr.take().unwrap());
    let said: Vec<String> = stderr.lines().map(Result::unwrap).take(3).collect();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(said.contains(&format!("answered challenge {kept}")), "{said:?}");
    let cannot = said.iter().find(|line| line.starts_with(&format!("challenge {broken}")));
    assert!(cannot.unwrap().contains("the promise is broken"), "{said:?}");
    let claims = audited.story.json("claim list");
    let state = |address: &str| {
        let mut claims = claims.as_array().unwrap().iter();
        claims.find(|claim| claim["address"] == *address).unwrap()["state"].clone()
    };
    assert_eq!([state(&kept), state(&broken)], [json!("answered"), json!("open")]);
}

#[test]
fn an_agent_whose_receipts_are_all_anchored_is_complete_and_what_is_not_held_is_unknown() {
    let audited = Audited::new(4);
    audited.anchor(&[1, 0]);
    audited.anchor(&[2, 3]);
    assert_eq!(audited.mirror("published").0, Some(0));
    // Promises were for period 0, so only the stranger who has none of them sees no wrong.
    let (code, report) = audited.audit("");
    assert_eq!((code, word(&report)), (Some(0), "COMPLETE"));
    assert_eq!(spans(&report), [(0, 3, "anchored")]);
    let (code, late) = audited.audit("--promise promise-3.json");
    assert_eq!((code, spans(&late)[1]), (Some(1), (3, 3, "not-where-promised")));

    let store = audited.story.path("auditor/store.db");
    for file in ["store.db", "store.db-wal", "store.db-shm"] {
        drop(fs::remove_file(audited.story.path(&format!("auditor/{file}"))));
    }
    assert!(!store.exists());
    let (code, report) = audited.audit("");
    assert_eq!(
        (code, word(&report), spans(&report)),
        (Some(3), "UNKNOWN", vec![(0, 3, "not-held")])
    );
    audited.import("auditor", &[0, 2]);
    let (code, report) = audited.audit("");
    assert_eq!((code, spans(&report)[1]), (Some(3), (1, 1, "not-held")));
}

#[test]
fn what_a_closed_anchor_could_have_said_is_unknown_and_the_rest_is_not() {
    let audited = Audited::new(2);
    let log = &audited.stage.log;
    audited.anchor(&[0]);
    audited.anchor(&[1]);
    assert_eq!(audited.mirror("published").0, Some(0));
    assert_eq!(audited.audit("").0, Some(0));
    // As a mirror that was made by a version which kept no anchors.
    let forget =
        |period: u64| fs::remove_file(audited.mirrored(&format!("{period}.anchor"))).unwrap();
    [0, 1].into_iter().for_each(forget);
    fs::remove_file(audited.story.path("published/0.anchor")).unwrap();
    audited.story.ok("warp 91d");
    audited.story.ok(&format!("-k operator.json anchor close 0 --log {log}"));
    let (code, mirrored) = audited.mirror("published");
    let states = [&mirrored["periods"][0]["state"], &mirrored["periods"][1]["state"]];
    assert_eq!((code, states), (Some(3), [&json!("unknown"), &json!("ok")]));
    let (code, report) = audited.audit("");
    let standings = vec![(0, 0, "periods-unknown"), (1, 1, "anchored")];
    assert_eq!((code, spans(&report)), (Some(3), standings));
    let reason = json!([{"period": 0, "reason": "the anchor's account is closed, and nobody here knows what it said"}]);
    assert_eq!(report["unknownPeriods"], reason);
    let (code, walked) = audited.json(&format!("audit log {log}"));
    assert_eq!((code, word(&walked)), (Some(3), "UNKNOWN"));
    assert_eq!((&walked["closedPeriods"], &walked["isOverdue"]), (&json!([0]), &json!(true)));
    assert_eq!((&walked["defects"], &walked["isWhole"]), (&json!([]), &json!(false)));
    let (code, after) = audited.audit("--from 1");
    assert_eq!((code, word(&after)), (Some(3), "UNKNOWN"), "a closed period may have it again");
}

#[tokio::test]
async fn another_digest_at_an_agent_s_number_is_found_and_so_is_one_that_is_there_twice() {
    let audited = Audited::new(2);
    let agent: Address = audited.stage.agent.parse().unwrap();
    let leaf = |number: usize| Leaf {
        agent,
        sequence: Sequence(u64::try_from(number).unwrap()),
        digest: audited.sealed[number]["digest"].as_str().unwrap().parse().unwrap(),
    };
    let other = Leaf { digest: Digest::new([1; 32]), ..leaf(1) };
    audited.anchor_list(&[leaf(0), other]).await;
    audited.anchor_list(&[leaf(0)]).await;
    assert_eq!(audited.mirror("published").0, Some(0));
    let (code, report) = audited.audit("");
    let standings = vec![(0, 0, "anchored-twice"), (1, 1, "other-digest")];
    assert_eq!((code, spans(&report)), (Some(1), standings));
}

#[tokio::test]
async fn a_period_that_was_anchored_out_of_order_is_mirrored_as_evidence_and_paid_for() {
    let audited = Audited::new(0);
    post_bond(&audited);
    let leaf = |number: u64| Leaf {
        agent: Address::new([3; 32]),
        sequence: Sequence(number),
        digest: Digest::of(&[b"disorder", &number.to_le_bytes()]),
    };
    audited.anchor_list(&[leaf(0), leaf(1)]).await;
    audited.anchor_list(&[leaf(0), leaf(2), leaf(1), leaf(3)]).await;
    let claim = |period| format!("claim disorder --log {} --period {period}", audited.stage.log);
    let nothing_yet = audited.run(&claim(1));
    assert_eq!((nothing_yet.code, nothing_yet.stdout.as_str()), (Some(1), ""));
    let (code, report) = audited.mirror("published");
    assert_eq!(code, Some(1));
    let reason = report["periods"][1]["reason"].as_str().unwrap();
    assert!(reason.contains("leaf 2") && reason.contains("was anchored like that"), "{reason}");
    let in_order = audited.run(&claim(0));
    assert_eq!((in_order.code, in_order.stdout.as_str()), (Some(1), ""));

    let (code, proved) = audited.json(&claim(1));
    assert_eq!((code, &proved["state"]), (Some(0), &json!("upheld")));
    assert_eq!((&proved["slashedAmount"], &proved["sequence"]), (&json!(SLASH), &json!(2)));
    assert_eq!(proved["slash"], shares());
    let said = audited.run(&claim(1)).stdout;
    assert!(said.contains(&format!(", of {SLASH} base units slashed\n")), "{said}");
    let (code, again) = audited.json(&claim(1));
    assert_eq!((code, &again["signature"]), (Some(0), &Value::Null));
    let missing = audited.run(&claim(7));
    assert_eq!(missing.code, Some(3), "{missing:?}");
}

#[test]
fn a_promise_that_cannot_be_held_against_the_log_is_refused_before_anything_is_sent() {
    let audited = Audited::new(1);
    audited.anchor(&[0]);
    let good = fs::read_to_string(audited.story.path("promise-0.json")).unwrap();
    let promise: Value = serde_json::from_str(&good).unwrap();
    let changed = |member: &str, value: Value| {
        let mut promise = promise.clone();
        promise[member] = value;
        promise.to_string()
    };
    let signature = promise["signature"].as_str().unwrap();
    let other = if signature.starts_with('0') { "1" } else { "0" };
    let cases = [
        (good.replace("runseal/promise/v1", "runseal/promise/v2"), "is no promise"),
        (good[..good.len() - 1].to_owned(), "is no promise"),
        (changed("note", json!("hello")), "is no promise"),
        (changed("signature", json!(format!("{other}{}", &signature[1..]))), "did not sign it"),
        (changed("sequence", json!(1)), "did not sign it"),
        (changed("period", json!(1)), "did not sign it"),
        (changed("genesis_hash", json!(audited.stage.agent)), "another chain or log"),
        (changed("log", json!(audited.stage.agent)), "were expected"),
    ];
    for (text, reason) in cases {
        fs::write(audited.story.path("wrong.json"), &text).unwrap();
        let ran = audited.run("claim challenge wrong.json");
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""), "{text}");
        assert!(ran.stderr.contains(reason), "{text}: {}", ran.stderr);
    }
    assert_eq!(audited.json("claim list").1, json!([]));
    fs::write(audited.story.path("wrong.json"), changed("signature", json!("00"))).unwrap();
    let Audited { stage, .. } = &audited;
    let line = format!("audit --agent {} --log {} --promise wrong.json", stage.agent, stage.log);
    assert_eq!(audited.run(&line).code, Some(1));
    let nobody = audited.run(&format!("audit --agent {} --log {}", stage.version, stage.log));
    assert_eq!((nobody.code, nobody.stdout.as_str()), (Some(3), ""));
    for wrong in ["audit", "audit --agent x --log y", "audit log", "audit log nothing"] {
        assert_eq!(audited.run(wrong).code, Some(2), "{wrong}");
    }
    let range = format!("audit --agent {} --log {} --from 3 --to 2", stage.agent, stage.log);
    assert_eq!(audited.run(&range).code, Some(2));
}
