//! What the documents tell a newcomer to type works when it is typed.

use runseal_tests::{build_folder, root};
use std::{env, ffi::OsString, fs, process::Command};

/// Runs the blocks of shell commands behind `heading` in `document`, in an empty folder; returns what
/// they print.
fn type_what_stands_in(document: &str, heading: &str) -> String {
    let text = fs::read_to_string(root().join(document)).unwrap();
    let section = text.split_once(heading).unwrap().1.split("\n## ").next().unwrap();
    let blocks = section.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let script: String = blocks.collect();
    assert!(!script.is_empty());
    let folder = tempfile::tempdir().unwrap();
    let mut path = OsString::from(build_folder());
    path.push(":");
    path.push(env::var_os("PATH").unwrap());
    let mut shell = Command::new("sh");
    shell.args(["-euc", &script]).current_dir(folder.path());
    shell.env("HOME", folder.path()).env("PATH", path);
    for name in ["RUNSEAL_HOME", "RUNSEAL_URL", "RUNSEAL_KEYPAIR", "RUNSEAL_STORE"] {
        shell.env_remove(name);
    }
    let output = shell.output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{stdout}{stderr}");
    stdout
}

#[test]
fn the_first_commands_of_the_readme_register_an_agent() {
    let printed = type_what_stands_in("README.md", "\n## Who uses it\n");
    assert!(printed.contains("Registered agent: "), "{printed}");
}

#[test]
fn a_ledger_of_one_s_own_leads_from_a_key_to_a_verdict() {
    let printed = type_what_stands_in("docs/command-line.md", "\n## A ledger of your own\n");
    assert!(printed.contains("VERIFIED"), "{printed}");
}
