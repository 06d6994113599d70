//! One clear line for each thing that goes wrong outside of the program, and what to do.

use runseal_tests::Runseal;
use std::{fs, net::TcpListener};

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
    let stderr = "error: there is no ledger in home/ledger yet\n\
                  hint: `runseal -k KEYPAIR airdrop 1` makes one\n";
    runseal.fails("agent list", 4, stderr);
    assert!(!runseal.folder().join("home").exists());
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
