//! What people type, pipe and interrupt by mistake: one line and a hint, the right code, and nothing lost.

use runseal_tests::{Elsewhere, Runseal, Stage, Story, build_folder};
use serde_json::Value;
use solana_keypair::read_keypair_file;
use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Command, Output},
};

/// A ledger with a log, a proved receipt and its bundle.
fn scene() -> (Story, Stage, String) {
    let story = Story::embedded();
    let stage = story.set_stage();
    let digest = story.seal("run-1", Some(&stage));
    story.end_period();
    story.anchor(&stage);
    story.ok(&format!("prove {digest} -o bundle.json"));
    (story, stage, digest)
}

/// Runs a command in a shell, in which `runseal` is the command that was built.
fn shell(runseal: &Runseal, line: &str) -> Output {
    let path = std::env::join_paths([build_folder(), "/bin".into(), "/usr/bin".into()]).unwrap();
    let mut command = Command::new("bash");
    command.args(["-c", line]).current_dir(runseal.folder()).env("PATH", path);
    command.env("RUNSEAL_HOME", "home").env("HOME", runseal.folder());
    command.env_remove("RUNSEAL_URL").env_remove("RUNSEAL_KEYPAIR").env_remove("RUNSEAL_STORE");
    command.output().unwrap()
}

/// What is wrong is one line; at most one more says what to do; and nothing else is printed.
fn assert_refused(story: &Story, line: &str, code: i32, part: &str) {
    let ran = story.run(line);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(code), ""), "{line}: {}", ran.stderr);
    let lines: Vec<&str> = ran.stderr.lines().collect();
    let is_short = match lines[..] {
        [error] => error.starts_with("error: "),
        [error, hint] => error.starts_with("error: ") && hint.starts_with("hint: "),
        _ => false,
    };
    assert!(is_short && ran.stderr.contains(part), "{line}: {}", ran.stderr);
}

#[test]
fn whatever_is_mistyped_is_one_line_and_what_to_do_next() {
    let (story, stage, digest) = scene();
    fs::write(story.path("empty"), "").unwrap();
    fs::write(story.path("no-tokens"), "{}").unwrap();
    fs::create_dir(story.path("folder")).unwrap();
    let Stage { agent, log, .. } = &stage;
    let help = "hint: the same command with --help says what belongs there";
    for (line, code, part) in [
        ("receipt show zz", 2, "2 characters where 64 belong"),
        ("receipt show zz", 2, help),
        ("agent show zz", 2, "not an address: 32 bytes in base58, 32 to 44 characters"),
        ("verify", 2, "arguments were not provided: <BUNDLE>"),
        ("verify bundle.json --cosigners -1", 2, "unexpected argument '-1' found"),
        ("agnet list", 2, "hint: a similar subcommand exists: 'agent'"),
        ("receipt list --output xml", 2, "[possible values: text, json, json-compact]"),
        ("warp 1w", 2, "a duration is a whole number and s, m, h or d"),
        (&format!("agent show {log}"), 1, "it is another kind of account"),
        (&format!("anchor post -k anchoring.json --log {agent}"), 1, "another kind of account"),
        ("-u http://127.0.0.1:99999 agent list", 2, "is no URL: invalid port number"),
        ("-u http:// agent list", 2, "is no URL: empty host"),
        ("-u http://127.0.0.1:1,http://127.0.0.1:2 agent list", 4, "hint: check the URL after -u"),
        ("-C empty agent list", 2, "empty has no json_rpc_url and no keypair_path"),
        ("-C missing agent list", 2, "configuration missing cannot be read: "),
        ("-k vendor.json config set empty", 1, "0001_config.toml has them all"),
        ("serve --listen 127.0.0.1:0 --tokens empty", 1, "empty: it has no tokens: the text ends"),
        ("serve --listen 127.0.0.1:0 --tokens no-tokens", 1, "there is no token in it"),
        ("verify folder", 2, "folder cannot be read: Is a directory"),
        ("backup bundle.json", 1, "bundle.json exists already"),
        ("backup no/copy.db", 4, "no/copy.db cannot be written to: No such file"),
        (&format!("prove {digest} -o folder"), 1, "folder cannot be written: Is a directory"),
    ] {
        assert_refused(&story, line, code, part);
    }
    let other = format!("-k anchoring.json serve --anchor-log {log} --listen 127.0.0.1:0");
    fs::copy(story.path("vendor.json"), story.path("other.json")).unwrap();
    let known = format!("is {}, not {}", story.key("promise"), story.key("vendor"));
    assert_refused(&story, &format!("{other} --promise-key other.json"), 1, &known);
}

#[test]
fn a_ledger_or_a_store_that_cannot_be_used_is_named() {
    let (story, ..) = scene();
    let journal = story.path("home/ledger/journal");
    let good = fs::read(&journal).unwrap();
    let newer = [b"RSLEDGR2", &good[8..]].concat();
    let mut damaged = good.clone();
    damaged[80] ^= 1;
    let ledger = "the ledger in home/ledger cannot be used: ";
    for (bytes, part) in [
        (newer, "another version of runseal made its journal"),
        (damaged, "its journal is damaged at byte 40"),
    ] {
        fs::write(&journal, &bytes).unwrap();
        for line in ["agent list", "-k vendor.json airdrop 1", "verify bundle.json"] {
            assert_refused(&story, line, 4, &format!("{ledger}{part}"));
        }
        assert_eq!(fs::read(&journal).unwrap(), bytes, "it is left alone");
    }
    fs::remove_file(&journal).unwrap();
    fs::create_dir(&journal).unwrap();
    assert_refused(&story, "agent list", 4, &format!("{ledger}Is a directory"));
    // Where nobody may look there may be a store: it is not said that there is none.
    fs::remove_dir_all(story.path("home")).unwrap();
    fs::write(story.path("home"), "").unwrap();
    assert_refused(&story, "receipt list", 4, "home/store.db cannot be looked for: ");
    assert_refused(&story, "agent list", 4, ledger);
}

#[test]
fn a_dash_stands_for_stdin_and_stdout() {
    let (story, _, digest) = scene();
    let piped = format!("runseal prove {digest} -o - | runseal verify - --output json");
    let output = shell(&story.runseal, &piped);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["verdict"], "VERIFIED");
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("inclusion in period 0"), "{said}");
    assert!(!story.path("-").exists());
    let output = shell(&story.runseal, "echo '{' | runseal -k vendor.json claim challenge -");
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.starts_with("error: stdin is no promise: "), "{said}");
}

#[test]
fn whoever_reads_no_more_makes_no_command_crash_and_an_answer_that_is_lost_is_said() {
    let (story, ..) = scene();
    let runs: String =
        (0..3).map(|it| format!("{{\"run_id\":\"r{it}\",\"events\":[]}}\n")).collect();
    fs::write(story.path("runs.jsonl"), runs).unwrap();
    let closed = |line: &str| format!("runseal {line} | true; exit ${{PIPESTATUS[0]}}");
    let full = |line: &str| format!("runseal {line} > /dev/full");
    let seal = "-k agent.json receipt seal runs.jsonl --lines";
    for (line, code, part) in [
        (closed("completions bash"), 0, ""),
        (closed("man"), 0, ""),
        (closed("receipt list"), 0, ""),
        (full("completions bash"), 1, "error: stdout: No space left"),
        (full("man"), 1, "error: stdout: No space left"),
        (full("receipt list"), 1, "error: stdout: No space left"),
        (full(seal), 1, "hint: what is stored stays so: run it again for the answers"),
    ] {
        let output = shell(&story.runseal, &line);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{line}: {said}");
        assert!(said.contains(part) && !said.contains("panicked"), "{line}: {said}");
    }
    assert_eq!(story.ok(seal).lines().count(), 3);
    assert_eq!(story.json("receipt list")["receipts"].as_array().unwrap().len(), 4);
}

#[test]
fn a_file_that_cannot_be_written_whole_leaves_what_was_there() {
    let (story, _, digest) = scene();
    let before = fs::read(story.path("bundle.json")).unwrap();
    fs::create_dir(story.path("bundle.json.part")).unwrap();
    assert_refused(&story, &format!("prove {digest} -o bundle.json"), 1, "cannot be written");
    assert_eq!(fs::read(story.path("bundle.json")).unwrap(), before);
    // No file may have a byte: what a full disk is to whoever writes.
    let output = shell(&story.runseal, "trap '' XFSZ; ulimit -f 0; runseal keygen new.json");
    assert_eq!(output.status.code(), Some(1));
    assert!(!story.path("new.json").exists(), "half a key is in the way of a whole one");
    story.ok("keygen new.json");
}

#[test]
fn ctrl_c_in_the_middle_of_an_import_loses_nothing_that_was_acknowledged() {
    let (story, stage, _) = scene();
    let identity = read_keypair_file(story.path("agent.json")).unwrap();
    let mut agent = Elsewhere::new(identity, stage.agent.parse().unwrap());
    let lines: Vec<String> = (0..8_000).map(|_| agent.sign().1).collect();
    fs::write(story.path("lines.jsonl"), lines.join("\n") + "\n").unwrap();
    fs::remove_file(story.path("home/store.db")).unwrap();
    let mut child = story.start("receipt import lines.jsonl --answers");
    let mut answers = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let mut acknowledged = answers.by_ref().take(10).count();
    let interrupted = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(interrupted.unwrap().success());
    acknowledged += answers.count();
    assert!(!child.wait().unwrap().success(), "it was over before");
    assert!((10..8_000).contains(&acknowledged));
    let again = story.run("receipt import lines.jsonl");
    assert_eq!(again.code, Some(0), "{again:?}");
    let stored_before: usize = again.stdout.split_whitespace().nth(2).unwrap().parse().unwrap();
    assert!(stored_before >= acknowledged, "{}: {acknowledged} were acknowledged", again.stdout);
    assert_eq!(story.json("fsck --offline")["findings"], Value::Array(Vec::new()));
}
