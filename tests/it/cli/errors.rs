//! One clear line for each thing that goes wrong outside of the program, and what to do.

use runseal_tests::{Runseal, build_folder};
use std::{fs, net::TcpListener, process::Command};

#[test]
fn a_missing_keypair_file_is_named() {
    let stderr = "error: keypair file nothing.json cannot be read: No such file or directory (os error 2)\n\
                  hint: `runseal keygen FILE` makes one\n";
    Runseal::new().fails("-k nothing.json airdrop 1", 1, stderr);
}

#[test]
fn a_file_that_is_no_keypair_is_named() {
    let runseal = Runseal::new();
    for wrong in ["", "[]", "[1,2,3]", "secret", "{\"key\":1}"] {
        fs::write(runseal.folder().join("wrong.json"), wrong).unwrap();
        let ran = runseal.run("-k wrong.json airdrop 1");
        assert_eq!(ran.code, Some(1), "{wrong}");
        assert!(
            ran.stderr.starts_with("error: wrong.json is not a keypair file\nhint: "),
            "{}",
            ran.stderr
        );
    }
}

#[test]
fn a_keypair_whose_halves_do_not_belong_together_is_refused() {
    let runseal = Runseal::new();
    runseal.ok("keygen one.json");
    let path = runseal.folder().join("one.json");
    let mut bytes: Vec<u8> = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    bytes[40] ^= 1;
    fs::write(&path, serde_json::to_string(&bytes).unwrap()).unwrap();
    assert_eq!(runseal.run("-k one.json airdrop 1").code, Some(1));
}

#[test]
fn a_signing_command_without_a_keypair_says_so() {
    let stderr = "error: this command signs, and no keypair was given\n\
                  hint: pass -k FILE; `runseal keygen FILE` makes one\n";
    Runseal::new().fails("airdrop 1", 2, stderr);
}

#[test]
fn a_key_is_never_overwritten() {
    let runseal = Runseal::new();
    runseal.ok("keygen vendor.json");
    let before = fs::read(runseal.folder().join("vendor.json")).unwrap();
    assert_eq!(runseal.run("keygen vendor.json").code, Some(1));
    assert_eq!(fs::read(runseal.folder().join("vendor.json")).unwrap(), before);
}

#[cfg(unix)]
#[test]
fn a_key_file_is_its_owner_s_alone() {
    use std::os::unix::fs::PermissionsExt;
    let runseal = Runseal::new();
    runseal.ok("keygen vendor.json");
    let mode = fs::metadata(runseal.folder().join("vendor.json")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_dead_validator_is_one_line_and_a_hint() {
    // A port that was free a moment ago, so that nothing listens on it.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let stderr = format!(
        "error: http://127.0.0.1:{port} does not answer: nothing listens there\n\
         hint: check the URL after -u, and that the cluster or validator is running\n"
    );
    Runseal::new().fails(&format!("-u http://127.0.0.1:{port} agent list"), 4, &stderr);
}

#[test]
fn an_unknown_moniker_is_answered_with_the_known_ones() {
    let stderr = "error: \"mainet\" is no ledger\n\
                  hint: use embedded, localhost, devnet, testnet, mainnet-beta or a URL\n";
    Runseal::new().fails("-u mainet agent list", 2, stderr);
}

#[test]
fn a_ledger_that_was_never_made_is_not_made_by_looking() {
    let runseal = Runseal::new();
    runseal.ok("keygen vendor.json");
    let stderr = "error: there is no ledger in home/ledger yet\n\
                  hint: `runseal -k KEYPAIR airdrop 1` makes one\n";
    for line in ["agent list", "-k vendor.json agent list", "-k vendor.json config init"] {
        runseal.fails(line, 4, stderr);
    }
    assert!(!runseal.folder().join("home").exists());
}

#[test]
fn a_ledger_that_another_process_uses_is_named() {
    let runseal = Runseal::new();
    runseal.ok("keygen vendor.json");
    runseal.ok("-k vendor.json airdrop 1");
    let journal = fs::read_dir(runseal.folder().join("home/ledger")).unwrap().next().unwrap();
    let file = fs::File::open(journal.unwrap().path()).unwrap();
    file.lock().unwrap();
    let stderr = "error: the ledger in home/ledger cannot be used: another process is using it; \
                  stop that process or choose another folder\n";
    runseal.fails("agent list", 4, stderr);
}

#[test]
fn more_ledgers_that_must_agree_than_there_are_is_a_usage_error() {
    let runseal = Runseal::new();
    runseal.ok("keygen vendor.json");
    runseal.ok("-k vendor.json airdrop 1");
    let stderr = "error: 2 endpoints cannot agree, there are 1\n\
                  hint: repeat -u, once for each endpoint\n";
    fs::write(runseal.folder().join("bundle.json"), "{}").unwrap();
    for line in
        ["agent list", "-u http://127.0.0.1:1 agent list", "verify bundle.json", "program show"]
    {
        runseal.fails(&format!("{line} --quorum 2"), 2, stderr);
    }
    let two = "-u http://127.0.0.1:1 -u http://localhost:1";
    runseal.fails(
        &format!("{two} --quorum 3 agent list"),
        2,
        "error: 3 endpoints cannot agree, there are 2\n",
    );
    runseal.ok("agent list --quorum 1");
    // The same endpoint by another name counts: nothing here knows that it is one.
    assert_eq!(runseal.run(&format!("{two} --quorum 2 agent list")).code, Some(4));
}

#[test]
fn a_usage_line_asks_for_nothing_that_the_environment_says_already() {
    let ran = Runseal::new().run("agent show");
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("<AGENT>") && !ran.stderr.contains("--home"), "{}", ran.stderr);
}

#[test]
fn the_environment_stands_in_for_options_that_are_left_out() {
    let runseal = Runseal::new();
    runseal.ok("keygen vendor.json");
    let address = runseal.ok("-k vendor.json address");
    let run = |line: &str, urls: &str| {
        let mut command = Command::new(build_folder().join("runseal"));
        command.args(line.split(' ')).current_dir(runseal.folder());
        command.env("RUNSEAL_KEYPAIR", "vendor.json").env("RUNSEAL_HOME", "elsewhere");
        let output = command.env("RUNSEAL_URL", urls).output().unwrap();
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    assert_eq!(run("address", ""), (address, String::new()));
    let (_, twice) = run("agent list", "http://127.0.0.1:1,http://127.0.0.1:1");
    assert_eq!(twice, "error: the endpoint http://127.0.0.1:1 is named twice\n");
    let (_, missing) = run("agent list", "");
    assert!(missing.contains("there is no ledger in elsewhere/ledger yet"), "{missing}");
    let (_, given) = run("-u embedded --home here agent list", "http://127.0.0.1:1");
    assert!(given.contains("there is no ledger in here/ledger yet"), "{given}");
}

#[test]
fn help_keeps_a_command_s_own_options_apart_from_those_of_all() {
    let help = Runseal::new().ok("agent publish --help");
    let (own, global) = help.split_once("\nGlobal options:\n").unwrap();
    assert!(own.contains("--semver") && !own.contains("--quorum"), "{own}");
    assert!(global.contains("--quorum") && !global.contains("--semver"), "{global}");
}

#[test]
fn a_port_in_use_is_named() {
    let runseal = Runseal::new();
    runseal.ok("keygen vendor.json");
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let stderr = format!(
        "error: cannot listen on {address}: Address already in use (os error 98)\n\
         hint: choose another port with --listen 127.0.0.1:PORT\n"
    );
    runseal.fails(&format!("-k vendor.json serve --listen {address}"), 1, &stderr);
}

#[test]
fn a_command_that_does_not_exist_is_a_usage_error() {
    let ran = Runseal::new().run("agnet list");
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("a similar subcommand exists: 'agent'"), "{}", ran.stderr);
}

#[test]
fn a_reader_who_has_seen_enough_is_no_error() {
    let runseal = Runseal::new();
    runseal.ok("keygen vendor.json");
    runseal.ok("-k vendor.json airdrop 1");
    let mut child = runseal.start("agent list");
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    assert_eq!(
        (ended.status.code(), String::from_utf8(ended.stderr).unwrap()),
        (Some(0), String::new())
    );
}

#[test]
fn nobody_who_reads_errors_changes_nothing_about_how_a_command_ends() {
    let runseal = Runseal::new();
    let mut child = runseal.start("agent list");
    drop(child.stderr.take());
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(4));
}
