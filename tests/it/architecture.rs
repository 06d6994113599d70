//! Who may depend on whom (ARCHITECTURE.md), read from cargo itself, and that no file was forgotten.

use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    process::Command,
};

/// Each of our crates and what it may use of ours, beside what it may use of others' alone.
const MAY_USE: &[(&str, &[&str])] = &[
    ("runseal-ed25519", &[]),
    ("runseal-sha256-wide", &[]),
    ("runseal-merkle", &["runseal-sha256-wide"]),
    // Leaves are hashed with the tree's rule in its tests alone.
    ("runseal-types", &["runseal-merkle"]),
    ("runseal-receipt", &["runseal-ed25519", "runseal-types"]),
    ("runseal-tool", &["runseal-ed25519", "runseal-merkle", "runseal-receipt"]),
    ("runseal-engine", &["runseal-ed25519", "runseal-merkle", "runseal-receipt", "runseal-types"]),
    // The program's types hold its layouts to the truth in its tests alone (docs/adr/0013).
    (
        "runseal-evidence",
        &[
            "runseal-ed25519",
            "runseal-engine",
            "runseal-merkle",
            "runseal-receipt",
            "runseal-registry",
            "runseal-types",
        ],
    ),
    ("runseal-registry", &["runseal-merkle"]),
    ("runseal-escrow", &["runseal-registry"]),
    ("runseal-impostor", &[]),
    ("runseal-multiply", &[]),
    (
        "runseal-client",
        &[
            "runseal-ed25519",
            "runseal-engine",
            "runseal-merkle",
            "runseal-receipt",
            "runseal-registry",
            "runseal-types",
        ],
    ),
    // The Ed25519 program of the embedded ledger (docs/adr/0019).
    ("runseal-ledger", &["runseal-client", "runseal-ed25519"]),
    ("runseal-timestamp", &["runseal-types"]),
    ("runseal-wasm", &["runseal-evidence", "runseal-receipt", "runseal-tool"]),
    // The contract is used in its tests alone.
    (
        "runseal-store",
        &["runseal-client", "runseal-receipt", "runseal-store-contract", "runseal-types"],
    ),
    // And so is the server (docs/adr/0021).
    (
        "runseal-store-postgres",
        &["runseal-client", "runseal-postgres-server", "runseal-store-contract", "runseal-types"],
    ),
    ("runseal-postgres-server", &[]),
    (
        "runseal-store-contract",
        &[
            "runseal-client",
            "runseal-ed25519",
            "runseal-engine",
            "runseal-receipt",
            "runseal-types",
        ],
    ),
    // The store is the binary's to choose; the service's own tests alone name one. Bundles need
    // somebody who reads accounts (docs/adr/0026).
    (
        "runseal-app",
        &[
            "runseal-client",
            "runseal-ed25519",
            // The verdict is the engine's, over accounts that the evidence room reads (docs/adr/0022).
            "runseal-engine",
            "runseal-evidence",
            "runseal-ledger",
            "runseal-postgres-server",
            "runseal-receipt",
            "runseal-registry",
            "runseal-store",
            "runseal-store-postgres",
            "runseal-timestamp",
            "runseal-types",
        ],
    ),
    (
        "runseal-cli",
        &[
            "runseal-app",
            "runseal-client",
            "runseal-ed25519",
            "runseal-engine",
            "runseal-evidence",
            "runseal-ledger",
            "runseal-receipt",
            "runseal-registry",
            "runseal-store",
            "runseal-store-postgres",
            "runseal-timestamp",
            "runseal-tool",
            "runseal-types",
        ],
    ),
    (
        "runseal-tests",
        &[
            "runseal-app",
            "runseal-client",
            "runseal-ed25519",
            "runseal-escrow",
            "runseal-ledger",
            "runseal-merkle",
            "runseal-postgres-server",
            "runseal-receipt",
            "runseal-registry",
            "runseal-store",
            "runseal-types",
        ],
    ),
    (
        "runseal-bench",
        &[
            "runseal-client",
            "runseal-ed25519",
            "runseal-engine",
            "runseal-merkle",
            "runseal-receipt",
            "runseal-sha256-wide",
            "runseal-store",
            "runseal-store-contract",
            "runseal-types",
        ],
    ),
    ("xtask", &[]),
];

/// Libraries that belong to one room, and the crates that may name them.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("axum", &["runseal-app"]),
    ("clap", &["runseal-bench", "runseal-cli", "xtask"]),
    ("anyhow", &["runseal-bench", "xtask"]),
    ("hyper-util", &["runseal-app"]),
    ("litesvm", &["runseal-ledger", "runseal-tests"]),
    ("coset", &["runseal-engine"]),
    ("five8", &["runseal-types"]),
    ("hyper", &["runseal-app"]),
    ("hyper-util", &["runseal-app"]),
    ("prost", &["runseal-app"]),
    ("rs_merkle", &["runseal-bench", "runseal-merkle"]),
    // The benchmark's rival is plain SQLite.
    ("rusqlite", &["runseal-bench", "runseal-store"]),
    ("reqwest", &["runseal-cli", "runseal-ledger"]),
    ("rustls", &["runseal-store-postgres"]),
    ("rustls-pki-types", &["runseal-timestamp"]),
    ("rustls-webpki", &["runseal-timestamp"]),
    ("ryu-js", &["runseal-receipt"]),
    ("serde_json_canonicalizer", &["runseal-receipt"]),
    ("solana-rpc-client", &["runseal-ledger"]),
    ("tokio-postgres", &["runseal-store-postgres"]),
    ("tokio-postgres-rustls", &["runseal-store-postgres"]),
    // Who logs says so; where the log goes is the binary's to say.
    ("tracing", &["runseal-app", "runseal-cli"]),
    ("tracing-subscriber", &["runseal-cli"]),
    // The service's document; what others send is nobody's document.
    ("utoipa", &["runseal-app"]),
];

/// Every package that a clean build may pull in. A change that needs more says so here.
const MOST_LOCKED_PACKAGES: usize = 690;

/// Direct dependencies, development ones included, of each package of the workspace.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new("cargo")
        .args(["metadata", "--no-deps", "--format-version=1", "--locked", "--offline"])
        .current_dir(runseal_tests::root())
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let name = |value: &Value| value["name"].as_str().unwrap().to_owned();
    let packages = metadata["packages"].as_array().unwrap().iter();
    packages
        .map(|package| {
            let used = package["dependencies"].as_array().unwrap().iter().map(name).collect();
            (name(package), used)
        })
        .collect()
}

#[test]
fn dependencies_point_down() {
    let dependencies = dependencies();
    let ours: BTreeSet<&str> = MAY_USE.iter().map(|(name, _)| *name).collect();
    let found: BTreeSet<&str> = dependencies.keys().map(String::as_str).collect();
    assert_eq!(found, ours, "a new crate gets a line in MAY_USE");
    for (name, allowed) in MAY_USE {
        let used =
            dependencies[*name].iter().map(String::as_str).filter(|used| ours.contains(used));
        for used in used {
            assert!(allowed.contains(&used), "{name} may not use {used}: that needs an ADR");
        }
    }
}

#[test]
fn a_library_stays_in_its_room() {
    let dependencies = dependencies();
    for (library, allowed) in ONLY_IN {
        let users = dependencies.iter().filter(|(_, used)| used.contains(*library));
        for (user, _) in users {
            assert!(allowed.contains(&user.as_str()), "{user} may not name {library}");
        }
    }
}

#[test]
fn the_lockfile_does_not_grow_unnoticed() {
    let lock = fs::read_to_string(runseal_tests::root().join("Cargo.lock")).unwrap();
    let packages = lock.lines().filter(|line| *line == "[[package]]").count();
    assert!(
        packages <= MOST_LOCKED_PACKAGES,
        "{packages} packages, {MOST_LOCKED_PACKAGES} allowed"
    );
}

#[test]
fn no_test_file_is_forgotten() {
    let folder = runseal_tests::root().join("tests/it");
    for room in fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
        if room.is_dir() {
            assert_named_in(&room, &room.with_extension("rs"));
        }
    }
    assert_named_in(&folder, &folder.join("main.rs"));
}

fn assert_named_in(folder: &Path, list: &Path) {
    let text = fs::read_to_string(list).unwrap();
    for file in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let name = file.file_stem().unwrap().to_str().unwrap();
        let named = name == "main" || text.lines().any(|line| line == format!("mod {name};"));
        assert!(named, "{} is not named in {}", file.display(), list.display());
    }
}

/// An error that no test provokes is one that nobody knows to be refused.
#[test]
fn every_error_of_the_program_is_expected_in_a_test() {
    let folder = runseal_tests::root().join("tests/it/program");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.is_file());
    let tests: String = files.map(|path| fs::read_to_string(path).unwrap()).collect();
    let words: BTreeSet<&str> =
        tests.split(|character: char| !character.is_alphanumeric() && character != ':').collect();
    let idl: Value = serde_json::from_str(runseal_registry::IDL).unwrap();
    for error in idl["errors"].as_array().unwrap() {
        let name = format!("Error::{}", error["name"].as_str().unwrap());
        assert!(words.contains(name.as_str()), "{name} is expected in no test of the program");
    }
}
