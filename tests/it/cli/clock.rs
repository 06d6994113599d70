//! A machine's clock that is wrong, or is set while work goes on: whoever runs a log is told, in one line,
//! and nothing is sealed early, lost or dated before it began.
#![cfg(target_os = "linux")]

use runseal_tests::{Elsewhere, Ran, Stage, Story, code_of};
use runseal_types::Timestamp;
use serde_json::{Value, json};
use solana_keypair::read_keypair_file;
use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Child, Command},
};

const HOUR_SECONDS: i64 = 3_600;

fn scene() -> (Story, Stage) {
    let story = Story::embedded();
    let stage = story.set_stage();
    (story, stage)
}

/// All that is said is one line: the machine's clock is an hour behind, less what went by while commands
/// ran.
fn assert_warned(said: &str) {
    let parts =
        ["warning: this machine's clock (20", " s behind the ledger's (20", "; set it right, or "];
    assert!(parts.iter().all(|part| said.contains(part)), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    let words: Vec<&str> = said.split_whitespace().collect();
    let at = words.iter().position(|word| *word == "s").unwrap();
    let apart_seconds: i64 = words[at - 1].parse().unwrap();
    assert!((HOUR_SECONDS - 100..=HOUR_SECONDS).contains(&apart_seconds), "{said}");
}

fn seal_with_promise(story: &Story, stage: &Stage, run_id: &str) -> (String, Ran) {
    let run = json!({"run_id": run_id, "events": []});
    fs::write(story.path("run.json"), run.to_string()).unwrap();
    let promise = format!("--promise-key promise.json --log {}", stage.log);
    let ran = story.run(&format!("-k agent.json receipt seal run.json {promise} --output json"));
    let sealed: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{ran:?}"));
    (sealed["digest"].as_str().unwrap().to_owned(), ran)
}

/// Proves receipts, and verifies the proofs; and the store has nothing to complain of.
fn check(story: &Story, digests: &[&String]) {
    for digest in digests {
        story.ok(&format!("prove {digest} -o {digest}.json"));
        let (code, report) = story.verify(&format!("{digest}.json"), "--min-stage C");
        assert_eq!((code, &report["verdict"]), (Some(0), &json!("VERIFIED")), "{report}");
    }
    let periods = story.json("period list --limit 1000");
    let periods = periods["periods"].as_array().unwrap();
    let numbers = periods.iter().map(|it| it["period"].as_u64().unwrap());
    assert!(numbers.eq(0..periods.len() as u64), "{periods:?}");
    assert_eq!(story.json("fsck")["findings"], json!([]));
}

fn ledger_seconds(story: &Story) -> i64 {
    story.json("warp 0s")["unixSeconds"].as_i64().unwrap()
}

#[test]
fn an_hour_slow_is_told_in_one_line_and_nothing_is_sealed_early() {
    let (story, stage) = scene();
    let before = ledger_seconds(&story);
    story.runseal.set_clock_off(-HOUR_SECONDS);
    let (first, ran) = seal_with_promise(&story, &stage, "run-1");
    assert_warned(&ran.stderr);
    assert!(ran.stderr.contains("`runseal warp 1s` if it is right"), "{}", ran.stderr);

    let early = story.run(&format!("period seal --log {}", stage.log));
    assert_eq!(early.code, Some(1));
    let (warning, error) = early.stderr.split_once('\n').unwrap();
    assert_warned(warning);
    assert!(error.starts_with("error: period 0 ends at 20"), "{error}");
    let (anchored, said) = story.anchor_and_hear(&stage);
    assert_warned(&said);
    assert_eq!(anchored, [0; 0]);

    // What came in meanwhile is signed by others and has times of its own.
    let identity = read_keypair_file(story.path("certifier.json")).unwrap();
    let elsewhere = "-k vendor.json agent register --identity certifier.json";
    let agent = story.done(&format!("{elsewhere} --manifest manifest.json"));
    let (imported, line) = Elsewhere::new(identity, agent.parse().unwrap()).sign();
    fs::write(story.path("lines.jsonl"), line + "\n").unwrap();
    let ran = story.run("receipt import lines.jsonl");
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));

    story.runseal.set_clock_off(0);
    assert!(ledger_seconds(&story) >= before, "time ran backwards");
    story.end_period();
    let (anchored, said) = story.anchor_and_hear(&stage);
    assert_eq!((anchored, said.as_str()), (vec![0], ""));
    check(&story, &[&first]);
    assert_eq!(story.json(&format!("receipt show {imported}"))["period"], 0);
}

#[test]
fn an_hour_fast_and_set_right_loses_nothing_and_takes_nothing_back() {
    let (story, stage) = scene();
    // The embedded ledger has no other clock than the machine's, so it cannot know of this one.
    story.runseal.set_clock_off(HOUR_SECONDS);
    let (first, ran) = seal_with_promise(&story, &stage, "run-1");
    assert_eq!(ran.stderr, "");
    // It is over by the only clock there is. That is for good, also if the machine is set right.
    let ran = story.run(&format!("period seal --log {}", stage.log));
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    story.runseal.set_clock_off(0);
    let (anchored, said) = story.anchor_and_hear(&stage);
    assert_warned(&said);
    assert_eq!(anchored, [0], "what was sealed was over, and still is");
    // It is told once more by each command, and there is a way to make an end of it.
    let (second, ran) = seal_with_promise(&story, &stage, "run-2");
    assert_warned(&ran.stderr);
    story.ok("warp 1s");
    let (third, ran) = seal_with_promise(&story, &stage, "run-3");
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    story.end_period();
    let (anchored, said) = story.anchor_and_hear(&stage);
    assert_eq!((anchored, said.as_str()), (vec![1], ""));
    check(&story, &[&first, &second, &third]);
    // Set forward and back once more: what was verified stays so.
    for off_seconds in [HOUR_SECONDS, -HOUR_SECONDS, 0] {
        story.runseal.set_clock_off(off_seconds);
        check(&story, &[&first, &third]);
    }
}

#[test]
fn the_ledger_says_no_time_that_it_takes_back_when_the_machine_s_clock_is_set_back() {
    let (story, stage) = scene();
    story.runseal.set_clock_off(HOUR_SECONDS);
    // Nothing is written here but the period, and that only because its end was read.
    story.ok(&format!("period seal --log {}", stage.log));
    let sealed = story.json("period show 0");
    story.runseal.set_clock_off(0);
    let refused = story.run(&format!("period seal --log {}", stage.log));
    let said = refused.stderr.lines().find(|line| line.starts_with("error: ")).unwrap();
    assert!(said.starts_with("error: period 1 ends at"), "{said}");
    let (_, now) = said.split_once("clock says ").unwrap();
    let now: Timestamp = now.replace(' ', "T").replace("TUTC", "Z").parse().unwrap();
    let now = i64::try_from(now.unix_seconds()).unwrap();
    let log = story.json(&format!("log show {}", stage.log));
    let end = log["startSeconds"].as_i64().unwrap() + HOUR_SECONDS;
    assert!(now >= end, "period 0 ends at {end}, it is {now}, and it is sealed: {sealed}");
}

#[test]
fn a_run_that_began_before_the_clock_was_set_back_ends_no_earlier_than_it_began() {
    let (story, _) = scene();
    let began = "2999-01-01T00:00:00Z";
    let run = json!({"run_id": "run-1", "started_at": began, "events": []}).to_string();
    fs::write(story.path("run.json"), run).unwrap();
    let seal = || story.json("-k agent.json receipt seal run.json")["digest"].clone();
    let digest = seal();
    let shown = story.json(&format!("receipt show {}", digest.as_str().unwrap()));
    let receipt = &shown["receipt"];
    assert_eq!((&receipt["started_at"], &receipt["ended_at"]), (&json!(began), &json!(began)));
    story.runseal.set_clock_off(-HOUR_SECONDS);
    assert_eq!(seal(), digest);
}

#[test]
fn certifications_end_by_the_ledger_s_clock_and_not_by_the_machine_s() {
    let (story, stage) = scene();
    let attest =
        format!("-k certifier.json certify attest {} --evidence evidence.txt", stage.version);
    story.ok(&format!("{attest} --stage C --valid-for 5m"));
    let (first, _) = seal_with_promise(&story, &stage, "run-1");
    story.end_period();
    // The machine's clock is an hour before that; the ledger's is an hour behind the attestation.
    story.runseal.set_clock_off(-HOUR_SECONDS);
    assert_eq!(story.anchor(&stage), [0]);
    story.ok(&format!("prove {first} -o first.json"));
    let (code, report) = story.verify("first.json", "--min-stage C");
    assert_eq!((code, code_of(&report, "certification")), (Some(1), "stage-expired"), "{report}");
    assert_eq!(story.verify("first.json", "--min-stage B").0, Some(0));
}

/// Commands that go on for long notice a clock that is set meanwhile.
#[test]
fn anchoring_that_goes_on_tells_once_that_the_clock_was_set_and_once_that_it_is_right_again() {
    let (story, mut said) = (Story::embedded(), String::new());
    let keys = ["anchoring", "promise"].map(|name| story.key(name));
    let keys = format!("--anchoring-key {} --promise-key {}", keys[0], keys[1]);
    let times = "--cadence 2s --grace 2s --answer-window 1h --challenge-window 1d";
    let log = story.done(&format!("-k operator.json log open quick {keys} {times}"));
    story.runseal.set_clock_off(0);
    let mut child = story.start(&format!("-k anchoring.json anchor run --log {log}"));
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
    let mut until = |part: &str| {
        let line = lines.by_ref().inspect(|line| said += &format!("{line}\n"));
        line.into_iter().find(|line| line.contains(part)).unwrap()
    };
    until("period 0 is anchored for good");
    story.runseal.set_clock_off(-HOUR_SECONDS);
    let warning = until("warning");
    assert_warned(&warning);
    story.runseal.set_clock_off(0);
    until("this machine's clock and the ledger's agree again");
    until("is anchored for good");
    interrupt(&child);
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(said.matches("warning").count(), 1, "{said}");
    check(&story, &[]);
}

/// Says to a process what Ctrl-C says.
fn interrupt(child: &Child) {
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
}

#[test]
fn a_service_that_anchors_says_so_too() {
    let (story, stage) = scene();
    story.runseal.set_clock_off(-HOUR_SECONDS);
    let line = format!("-k anchoring.json serve --anchor-log {} --listen 127.0.0.1:0", stage.log);
    let mut child = story.start(&line);
    let lines = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
    let warning = lines.into_iter().find(|line| line.starts_with("warning: ")).unwrap();
    assert_warned(&warning);
    interrupt(&child);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
