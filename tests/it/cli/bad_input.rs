//! What is wrong in files, stores and disks gets one clear line and the right code, and loses nothing.

use runseal_tests::{Elsewhere, Stage, Story, code_of};
use serde_json::Value;
use solana_keypair::read_keypair_file;
use std::{fs, process::Command};

/// A ledger with an agent, and receipts that it signed elsewhere.
fn scene(receipts: usize) -> (Story, Stage, Vec<String>) {
    let story = Story::embedded();
    let stage = story.set_stage();
    let identity = read_keypair_file(story.path("agent.json")).unwrap();
    let mut agent = Elsewhere::new(identity, stage.agent.parse().unwrap());
    let lines = (0..receipts).map(|_| agent.sign().1).collect();
    (story, stage, lines)
}

fn stored(story: &Story) -> usize {
    story.json("receipt list --limit 1000")["receipts"].as_array().unwrap().len()
}

#[test]
fn each_bad_line_is_named_and_stops_none_of_the_others() {
    let (story, _, lines) = scene(4);
    let forged = lines[1].replace("elsewhere-1", "elsewhere-9");
    let stranger =
        lines[2].replace(&story.json("agent list")[0]["address"].as_str().unwrap()[..4], "1111");
    let text =
        [lines[0].as_str(), "{", "not JSON", &forged, &stranger, "[]", "", lines[1].as_str()];
    let cut_off = &lines[2][..lines[2].len() / 2];
    fs::write(story.path("lines.jsonl"), format!("{}\n{cut_off}", text.join("\n"))).unwrap();
    let ran = story.run("receipt import lines.jsonl --answers");
    assert_eq!(ran.code, Some(1), "{ran:?}");
    let answers: Vec<Value> =
        ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let good: Vec<u64> = answers
        .iter()
        .filter(|answer| answer["ok"] == true)
        .map(|answer| answer["line"].as_u64().unwrap())
        .collect();
    assert_eq!((answers.len(), good), (8, vec![1, 8]));
    let reason = |line: usize| {
        let answer = answers.iter().find(|answer| answer["line"] == line).unwrap();
        answer["reason"].as_str().unwrap()
    };
    assert!(reason(4).contains("signature"), "{}", reason(4));
    assert!(reason(9).contains("cut off"), "{}", reason(9));
    assert_eq!(stored(&story), 2);
}

#[test]
fn what_is_no_digest_no_run_and_no_bundle_is_said_to_be_none() {
    let (story, stage, _) = scene(0);
    fs::write(story.path("wrong.json"), "{\"run_id\":\"a\",\"run_id\":\"b\"}").unwrap();
    fs::write(story.path("misspelt.json"), "{\"run_id\":\"a\",\"stauts\":\"failed\"}").unwrap();
    let cases = [
        ("receipt show zz", 2, "invalid value 'zz'"),
        ("-k agent.json receipt seal wrong.json", 1, "wrong.json is no run: "),
        ("-k agent.json receipt seal misspelt.json", 1, "a member \"stauts\" of a run"),
        ("-k agent.json receipt seal nothing.json", 1, "nothing.json cannot be read: "),
        ("verify nothing.json", 2, "nothing.json cannot be read: "),
        ("verify .", 2, ". cannot be read: "),
        ("verify wrong.json --policy nothing.json", 2, "nothing.json cannot be read: "),
        ("-k agent.json claim challenge nothing.json", 2, "nothing.json cannot be read: "),
        ("verify wrong.json --policy wrong.json", 2, "wrong.json is no policy: "),
        ("verify wrong.json --min-stage F", 2, "a stage is A, B, C, D, E or none"),
        ("receipt list", 0, ""),
        ("anchor post -k anchoring.json", 2, "the store belongs to no log yet"),
        ("prove 00", 2, "invalid value '00'"),
    ];
    story.seal("run-1", None);
    for (line, code, part) in cases {
        let ran = story.run(line);
        assert_eq!(ran.code, Some(code), "{line}: {}", ran.stderr);
        assert!(ran.stderr.contains(part), "{line}: {}", ran.stderr);
    }
    for line in [
        format!("audit --agent {} --log {} --promise nothing.json", stage.agent, stage.log),
        format!("mirror {} --from nothing", stage.log),
    ] {
        let ran = story.run(&line);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{line}: {}", ran.stderr);
    }
    let ran = story.run("verify wrong.json --output json");
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((ran.code, code_of(&report, "bundle")), (Some(1), "not-a-bundle"));
}

#[test]
fn what_is_not_anchored_yet_is_unknown_and_not_wrong() {
    let (story, stage, _) = scene(0);
    let digest = story.seal("run-1", Some(&stage));
    let ran = story.run(&format!("prove {digest} -o bundle.json"));
    assert_eq!(ran.code, Some(3), "{}", ran.stderr);
    assert!(ran.stderr.contains("is in no sealed period yet"), "{}", ran.stderr);
    assert!(!story.path("bundle.json").exists());
}

#[test]
fn a_bundle_of_another_cluster_fails_by_that_name() {
    let (story, stage, _) = scene(0);
    let digest = story.seal("run-1", None);
    story.end_period();
    story.anchor(&stage);
    story.ok(&format!("prove {digest} -o bundle.json"));
    let mainnet = "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d";
    let (code, report) =
        story.verify("bundle.json", &format!("--offline --genesis-hash {mainnet}"));
    assert_eq!((code, code_of(&report, "chain")), (Some(1), "foreign-genesis"));
    // Offline, the bundle's own answers are all there is, and they are enough if that is asked for.
    assert_eq!(story.verify("bundle.json", "--offline").0, Some(0));
    let (code, report) = story.verify("bundle.json", "--offline --quorum 2");
    assert_eq!((code, code_of(&report, "finality")), (Some(3), "quorum-not-reached"));
    let (code, report) = story.verify("bundle.json", "--cosigners 1");
    assert_eq!((code, code_of(&report, "cosigners")), (Some(1), "too-few-cosigners"));
}

#[test]
fn a_store_that_is_none_or_newer_is_refused_and_left_alone() {
    let (story, _, _) = scene(0);
    story.seal("run-1", None);
    let path = story.path("home/store.db");
    let good = fs::read(&path).unwrap();
    // SQLite keeps the version of a store here.
    let mut newer = good.clone();
    newer[60..64].copy_from_slice(&99u32.to_be_bytes());
    let other = b"not a database, but long enough to be taken for one".repeat(20);
    for (bytes, part) in [(newer, "has version 99"), (other, "is not a store")] {
        fs::write(&path, &bytes).unwrap();
        for line in ["receipt list", "-k agent.json receipt seal run.json", "fsck --offline"] {
            let ran = story.run(line);
            assert_eq!((ran.code, ran.stdout.as_str()), (Some(4), ""), "{line}: {}", ran.stderr);
            assert!(ran.stderr.contains(part), "{line}: {}", ran.stderr);
        }
        assert_eq!(fs::read(&path).unwrap(), bytes);
    }
    fs::write(&path, good).unwrap();
    assert_eq!(stored(&story), 1);
}

#[test]
fn a_disk_that_takes_no_more_loses_nothing_that_was_acknowledged() {
    let (story, _, lines) = scene(2_000);
    fs::write(story.path("few.jsonl"), format!("{}\n", lines[..20].join("\n"))).unwrap();
    story.ok("receipt import few.jsonl");
    fs::write(story.path("lines.jsonl"), format!("{}\n", lines.join("\n"))).unwrap();
    // No file may grow beyond this: what a full disk is to whoever writes.
    let command = format!(
        "trap '' XFSZ; ulimit -f 4000; exec {} receipt import lines.jsonl --answers",
        runseal_tests::build_folder().join("runseal").display()
    );
    let output = Command::new("sh")
        .args(["-c", &command])
        .current_dir(story.runseal.folder())
        .env("RUNSEAL_HOME", "home")
        .output()
        .unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(4), "{stderr}");
    assert!(stderr.contains("store.db"), "{stderr}");
    let acknowledged = String::from_utf8(output.stdout).unwrap().lines().count();
    assert!(stored_all(&story) >= acknowledged.max(20));
    assert_eq!(story.json("fsck")["findings"], Value::Array(Vec::new()));
    story.ok("receipt import lines.jsonl");
    assert_eq!(stored_all(&story), 2_000);
}

fn stored_all(story: &Story) -> usize {
    let (mut count, mut after) = (0, String::new());
    loop {
        let page = story.json(&format!("receipt list --limit 1000 {after}"));
        count += page["receipts"].as_array().unwrap().len();
        match page["next"].as_u64() {
            Some(next) => after = format!("--after {next}"),
            None => return count,
        }
    }
}
