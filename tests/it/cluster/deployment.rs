use super::{ledger, owner, url};
use runseal_client::{Ledger, program};
use runseal_ledger::PROGRAM_BYTES;
use runseal_tests::{Runseal, built_program};
use serde_json::Value;
use solana_signer::Signer;
use std::fs;

#[tokio::test]
async fn the_cluster_runs_the_program_that_this_repository_carries() {
    let deployed = program::find(&ledger()).await.unwrap().unwrap();
    assert!(deployed.is(PROGRAM_BYTES));
    assert_eq!(deployed.upgrade_authority, Some(owner().pubkey()));
}

#[tokio::test]
async fn a_cluster_is_never_taken_for_the_embedded_ledger() {
    let folder = tempfile::tempdir().unwrap();
    let embedded =
        runseal_ledger::Embedded::open_or_create(folder.path(), owner().pubkey()).unwrap();
    let (here, there) = (embedded.genesis_hash().await, ledger().genesis_hash().await);
    assert_ne!(here.unwrap(), there.unwrap());
}

/// Runs `runseal deploy` for a program of its own, and returns what it says and its exit code.
fn deploy_as(runseal: &Runseal, authority: &str, options: &str) -> (Option<i32>, Value, String) {
    let ledger = format!("-u {} --commitment confirmed --output json", url());
    let keys = format!("-k {authority}.json --program-keypair program.json --program program.so");
    let ran = runseal.run(&format!("deploy {keys} {options} {ledger}"));
    let said = serde_json::from_str(&ran.stdout).unwrap_or(Value::Null);
    (ran.code, said, ran.stderr)
}

#[test]
fn a_program_is_deployed_upgraded_and_left_alone_where_it_is_there() {
    let runseal = Runseal::new();
    for name in ["owner", "stranger", "program"] {
        runseal.ok(&format!("keygen {name}.json"));
    }
    for name in ["owner", "stranger"] {
        let ledger = format!("-u {} --commitment confirmed", url());
        runseal.ok(&format!("-k {name}.json airdrop 10 {ledger}"));
    }
    let put = |package: &str| {
        let bytes = built_program(package);
        fs::write(runseal.folder().join("program.so"), bytes).unwrap();
    };
    put("runseal-multiply");
    let (code, plan, _) = deploy_as(&runseal, "owner", "--plan");
    assert_eq!((code, &plan["kind"]), (Some(0), &"first deployment".into()));
    let (code, done, stderr) = deploy_as(&runseal, "owner", "");
    assert!(code == Some(0) && done["signature"].is_string(), "{stderr}");
    let (code, done, _) = deploy_as(&runseal, "owner", "");
    assert_eq!((code, &done["kind"]), (Some(0), &"nothing".into()));

    put("runseal-impostor");
    let (code, _, stderr) = deploy_as(&runseal, "stranger", "");
    assert!(code == Some(1) && stderr.contains("upgrade authority"), "{stderr}");
    let (code, done, stderr) = deploy_as(&runseal, "owner", "");
    assert_eq!((code, &done["kind"]), (Some(0), &"upgrade".into()), "{stderr}");
    let (code, plan, _) = deploy_as(&runseal, "owner", "--plan");
    assert_eq!((code, &plan["kind"]), (Some(0), &"nothing".into()));
    assert!(!runseal.folder().join("home/deploy-buffer.json").exists());
}

#[test]
fn what_is_no_program_is_not_deployed() {
    let runseal = Runseal::new();
    runseal.ok("keygen owner.json");
    runseal.ok("keygen program.json");
    fs::write(runseal.folder().join("program.so"), "not a program").unwrap();
    let (code, _, stderr) = deploy_as(&runseal, "owner", "");
    assert!(code == Some(1) && stderr.contains("it is no ELF file"), "{stderr}");
}
