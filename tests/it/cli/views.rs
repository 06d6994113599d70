//! What people read: verdicts, times, lists and promises, in words.

use crate::cli::life::Town;
use runseal_tests::{Audited, Story};
use serde_json::{Value, json};
use std::fs;

/// The line that begins with this word, without it.
fn line<'a>(text: &'a str, word: &str) -> &'a str {
    let found = text.lines().find_map(|line| line.strip_prefix(word));
    found.unwrap_or_else(|| panic!("no {word} in:\n{text}")).trim_start()
}

#[test]
fn a_verdict_says_what_was_asked_when_it_was_anchored_and_by_whose_word() {
    let story = Story::embedded();
    let stage = story.set_stage();
    let (agent, log) = (&stage.agent, &stage.log);
    let digest = story.seal("run-1", None);
    story.seal("run-2", None);
    story.end_period();
    story.anchor(&stage);
    story.ok(&format!("prove {digest} -o receipt.json"));
    story.ok(&format!("prove-absence --agent {agent} --period 0 --sequence 7 -o absent.json"));
    story.ok(&format!("prove --agent {agent} --period 0 --from 0 --to 1 -o range.json"));
    let asked = [
        (
            "receipt.json",
            format!(
                "whether receipt {digest} is number 0 of agent {agent}, in period 0 of log {log}"
            ),
        ),
        ("absent.json", format!("whether agent {agent} has no receipt 7 in period 0 of log {log}")),
        (
            "range.json",
            format!("whether period 0 of log {log} has every receipt of agent {agent} from 0 to 1"),
        ),
    ];
    for (bundle, question) in asked {
        let text = story.run(&format!("verify {bundle} --min-stage C")).stdout;
        assert!(text.starts_with("VERIFIED\n"), "{text}");
        assert_eq!(line(&text, "Question"), question);
        let anchored = line(&text, "Anchored");
        let slot = story.json("anchor list")["anchors"][0]["slot"].clone();
        let chain = story.json(&format!("log show {log}"))["genesisHash"].clone();
        let place = format!(" UTC in slot {slot} of chain {}", chain.as_str().unwrap());
        assert!(anchored.ends_with(&place), "{anchored}");
        assert_eq!(line(&text, "Log"), "no log was named, so any would do");
        assert!(!text.contains("Offline"), "{text}");
    }
    let text = story.ok("verify receipt.json --min-stage C");
    assert_eq!(line(&text, &format!("{:<27} stage:", "")), "C");
    let text = story.ok(&format!("verify receipt.json --offline --trusted-log {log}"));
    let offline = "no cluster was asked: what the chain says is the bundle's own word";
    assert_eq!(line(&text, "Offline"), offline);
    assert!(!text.contains("any would do"), "{text}");
    let (_, report) = story.verify("receipt.json", "--min-stage C");
    let checks = report["checks"].as_array().unwrap().iter();
    let mut stages = checks.filter_map(|check| check["facts"].get("stage"));
    assert_eq!(stages.next(), Some(&json!(3)), "for programs it stays a number");
}

#[test]
fn a_stage_below_that_is_gone_hides_no_attestation_and_each_says_why_it_does_not_hold() {
    let town = Town::new();
    let version = town.published(&town.registered(), "1.0.0");
    town.accredited("ABC");
    let [_, b, c] = ["A", "B", "C"].map(|stage| town.attested(&version, stage));
    town.done(&format!("-k certifier.json certify revoke {b} --reason issued-in-error"));
    let status = town.json(&format!("certify status {version}"));
    let rungs = status["attestations"].as_array().unwrap();
    let standings: Vec<_> = rungs.iter().map(|rung| rung["standing"].as_str().unwrap()).collect();
    assert_eq!(standings, ["held", "revoked", "stage-below-missing"]);
    let held: Vec<_> = rungs.iter().map(|rung| rung["held"].as_bool().unwrap()).collect();
    assert_eq!((held, &status["stage"]), (vec![true, false, false], &json!("A")));
    let reason = (&rungs[1]["revokedReason"], &rungs[1]["revokedReasonName"]);
    assert_eq!(reason, (&json!(4), &json!("issued-in-error")));
    let text = town.runseal.ok(&format!("certify status {version}"));
    for part in [
        "B  did not hold: revoked".to_owned(),
        "C  did not hold: stage B, below it, did not".to_owned(),
        format!("Attestation  {c}"),
        "Outcome      passed, says certifier.example".to_owned(),
    ] {
        assert!(text.contains(&part), "{part}: {text}");
    }
    assert!(line(&text, "   Revoked").ends_with(" UTC): issued-in-error"), "{text}");
    assert!(line(&text, "   Until").ends_with(" UTC)"), "{text}");
    let ran = town.runseal.run(&format!("certify status {version} --at-slot 99999999999"));
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(3), ""));
    assert!(ran.stderr.starts_with("error: slot 99999999999 has not come yet: it is slot "));
    assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
}

#[test]
fn what_an_agent_s_account_has_is_shown() {
    let town = Town::new();
    let (agent, other) = (town.registered(), town.key("other"));
    let shown = town.json(&format!("agent show {agent}"));
    assert_eq!(
        (&shown["pendingAuthority"], &shown["lastHeartbeatAt"]),
        (&Value::Null, &Value::Null)
    );
    town.published(&agent, "1.0.0");
    town.done(&format!("-k vendor.json agent activate {agent}"));
    town.done("-k agent.json agent heartbeat");
    town.done(&format!("-k vendor.json agent transfer {agent} {other}"));
    let shown = town.json(&format!("agent show {agent}"));
    assert_eq!(shown["pendingAuthority"], json!(other));
    assert!(shown["statusChangedAt"]["slot"].is_u64() && shown["lastHeartbeatAt"]["slot"].is_u64());
    let text = town.runseal.ok(&format!("agent show {agent}"));
    assert_eq!(line(&text, "Proposed"), other);
    assert!(line(&text, "Status").starts_with("active since slot "), "{text}");
    assert!(line(&text, "Last heard of").ends_with(" UTC)"), "{text}");
    let key = town.key("certifier");
    let certifier = town.accredited("AB");
    town.done(&format!("-k vendor.json certifier suspend {certifier} --void-from-slot 7"));
    let listed = town.runseal.ok("certifier list");
    assert!(listed.contains(&key) && listed.contains("void from slot 7 on"), "{listed}");
}

#[test]
fn logs_and_auditors_are_listed_and_a_log_shows_what_it_promises() {
    let story = Story::embedded();
    let stage = story.set_stage();
    let log = &stage.log;
    let text = story.ok(&format!("log show {log}"));
    assert!(line(&text, "Periods").starts_with("1 h each, from 20"), "{text}");
    assert_eq!(line(&text, "Answers"), "within 1 h");
    assert_eq!(line(&text, "Challenges"), "for 1 d behind that");
    assert_eq!(line(&text, "Anchors kept"), "90 d");
    let logs = story.json("log list");
    assert_eq!((&logs[0]["address"], &logs[0]["name"]), (&json!(log), &json!("story")));
    assert!(story.ok("log list").lines().nth(1).unwrap().starts_with(log.as_str()));
    assert_eq!(story.json("auditor list"), json!([]));
    let key = story.key("certifier");
    let auditor =
        story.done(&format!("-k vendor.json auditor register {key} --organisation a.example"));
    let listed = story.json("auditor list");
    assert_eq!((&listed[0]["address"], &listed[0]["authority"]), (&json!(auditor), &json!(key)));
    let text = story.ok("auditor list");
    let row = text.lines().last().unwrap().split_whitespace();
    assert!(row.eq([auditor.as_str(), &key, "a.example"]), "{text}");
}

#[test]
fn a_log_says_when_what_was_asked_back_can_be_had_as_the_program_does() {
    let story = Story::embedded();
    let log = &story.set_stage().log;
    story.done("-k operator.json bond account --wrap 2000000000");
    story.done(&format!("-k operator.json bond deposit {log} 2000000000"));
    story.done(&format!("-k operator.json bond unbond {log} 500"));
    let shown = story.json(&format!("log show {log}"));
    let from = shown["unbondFromSeconds"].as_i64().unwrap();
    let asked = shown["unbondRequestedAt"]["unixSeconds"].as_i64().unwrap();
    let text = story.ok(&format!("log show {log}"));
    assert!(line(&text, "Asked back").starts_with("500 base units, to be had after 20"), "{text}");
    let withdraw = format!("-k operator.json bond withdraw {log}");
    story.ok(&format!("warp {}s", from - asked - 60));
    let early = story.run(&withdraw);
    assert!(early.code == Some(1) && early.stderr.contains("UnbondTooEarly"), "{early:?}");
    story.ok("warp 120s");
    story.ok(&withdraw);
    let shown = story.json(&format!("log show {log}"));
    assert_eq!((&shown["unbondFromSeconds"], &shown["unbondAmount"]), (&Value::Null, &json!(0)));
}

#[test]
fn lists_of_periods_and_anchors_say_what_is_anchored_and_how_they_go_on() {
    let story = Story::embedded();
    let stage = story.set_stage();
    let digest = story.seal("run-1", Some(&stage));
    let shown = |expected: &str| {
        let text = story.ok(&format!("receipt show {digest}"));
        assert_eq!(line(&text, "Period"), expected, "{text}");
    };
    shown("0, promised");
    story.end_period();
    assert_eq!(story.anchor(&stage), [0]);
    let slot = story.json("anchor list")["anchors"][0]["slot"].as_u64().unwrap();
    shown(&format!("0, sealed, anchored in slot {slot}"));
    story.end_period();
    story.end_period();
    story.ok(&format!("-k operator.json period seal --log {}", stage.log));
    let periods = story.json("period list");
    let anchored = |index: usize| periods["periods"][index]["anchoredInSlot"].clone();
    assert_eq!([anchored(0), anchored(1)], [json!(slot), Value::Null]);
    assert_eq!(periods["next"], Value::Null);
    let page = story.json("period list --limit 1");
    assert_eq!((&page["periods"][0]["period"], &page["next"]), (&json!(0), &json!(1)));
    assert!(story.ok("period list --limit 1").ends_with("\nmore: --from 1\n"));
    assert_eq!(story.json("period list --from 1 --limit 1")["next"], Value::Null);
    assert_eq!(line(&story.ok("period show 0"), "Anchored"), format!("in slot {slot}"));
    let anchors = story.json("anchor list");
    assert_eq!((&anchors["anchors"][0]["leafCount"], &anchors["next"]), (&json!(1), &Value::Null));
    assert_eq!(story.anchor(&stage), [1, 2]);
    let page = story.json("anchor list --limit 2");
    assert_eq!((page["anchors"].as_array().unwrap().len(), &page["next"]), (2, &json!(2)));
    assert!(story.ok("anchor list --limit 2").ends_with("\nmore: --from 2\n"));
    assert!(story.ok("period export 0 -o lists").starts_with("1 leaf list, 1 anchor\n"));
    assert!(story.ok("period export -o lists").starts_with("3 leaf lists, 3 anchors\n"));
}

#[test]
fn a_promise_is_written_where_it_was_asked_for_and_printed_again() {
    let audited = Audited::new(1);
    let (story, log) = (&audited.story, &audited.stage.log);
    // This leaves the run in a file, to be sealed again and promised.
    story.seal("promised", None);
    let seal =
        format!("-k agent.json receipt seal run.json --promise-key promise.json --log {log}");
    let said = story.ok(&format!("{seal} --promise-out out.json"));
    assert_eq!(line(&said, "Promise "), "out.json");
    let digest = line(&said, "Receipt");
    let written = fs::read_to_string(story.path("out.json")).unwrap();
    let promise: Value = serde_json::from_str(&written).unwrap();
    assert_eq!(story.ok(&format!("receipt promise {digest}")), format!("{written}\n"));
    assert_eq!(story.json(&format!("receipt promise {digest}")), promise);
    assert_eq!(story.json(&format!("receipt show {digest}"))["promise"], promise);
    let again = story.ok(&seal);
    assert_eq!(line(&again, "Promise "), format!("`runseal receipt promise {digest}` prints it"));
    let nothing = story.run(&format!("receipt promise {}", "0".repeat(64)));
    assert_eq!((nothing.code, nothing.stdout.as_str()), (Some(3), ""));
    for wrong in ["--promise-out out.json", "--promise-key promise.json --promise-out x --lines"] {
        assert_eq!(
            story.run(&format!("-k agent.json receipt seal run.json {wrong}")).code,
            Some(2)
        );
    }
    // It is what a challenge reads.
    audited.anchor(&[0]);
    let (code, claim) = audited.json("claim challenge out.json");
    assert_eq!((code, &claim["state"]), (Some(0), &json!("open")), "{claim}");
    let text = audited.run("claim list").stdout;
    assert!(text.contains("broken promise"), "{text}");
}

#[test]
fn a_mirror_whose_source_breaks_off_says_so_and_counts_what_it_tried() {
    let audited = Audited::new(1);
    audited.anchor(&[0]);
    audited.anchor(&[]);
    let log = &audited.stage.log;
    let text = audited.run(&format!("mirror {log} --from http://127.0.0.1:1")).stdout;
    assert_eq!(line(&text, "0 of"), "1 period ok, 0 leaves");
    assert!(text.ends_with("\nlater periods were not tried\n"), "{text}");
    let text = audited.run(&format!("mirror {log} --from published")).stdout;
    assert_eq!(line(&text, "2 of"), "2 periods ok, 1 leaf");
    let text = audited.run(&format!("mirror {log} --from published --period 0")).stdout;
    assert_eq!(line(&text, "1 of"), "1 period ok, 1 leaf");
}
