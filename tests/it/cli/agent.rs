use runseal_tests::Runseal;
use serde_json::Value;
use std::fs;

/// A command whose folder has a vendor with lamports, a configured ledger and a manifest.
fn configured() -> Runseal {
    let runseal = Runseal::new();
    let parameters = runseal_tests::root().join("migrations/program/0001_config.toml");
    fs::copy(parameters, runseal.folder().join("config.toml")).unwrap();
    fs::write(runseal.folder().join("manifest.json"), "{}").unwrap();
    runseal.ok("keygen vendor.json");
    runseal.ok("-k vendor.json airdrop 10");
    runseal.ok("-k vendor.json config init config.toml");
    runseal.ok("keygen agent.json");
    runseal
}

const REGISTER: &str =
    "-k vendor.json agent register --identity agent.json --manifest manifest.json";

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn an_agent_is_registered_shown_and_listed() {
    let runseal = configured();
    let done = json(&runseal.ok(&format!("{REGISTER} --heartbeat-cadence 60 --output json")));
    let address = done["address"].as_str().unwrap();
    let agent = json(&runseal.ok(&format!("agent show {address} --output json-compact")));
    assert_eq!(agent["address"], address);
    assert_eq!(agent["status"], "registered");
    assert_eq!(agent["heartbeatCadenceSeconds"], 60);
    // SHA-256 of the two bytes of the manifest.
    let hash = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
    assert_eq!(agent["manifestHash"], hash);
    let identity = agent["identity"].as_str().unwrap();
    assert_eq!(json(&runseal.ok(&format!("agent show {identity} --output json"))), agent);
    let listed = json(&runseal.ok("agent list --output json"));
    let mut alone = agent.clone();
    assert_eq!(alone.as_object_mut().unwrap().remove("versions"), Some(Value::Array(Vec::new())));
    assert_eq!(listed, Value::Array(vec![alone]));
}

#[test]
fn registering_twice_says_so_and_how_to_see_it() {
    let runseal = configured();
    let printed = runseal.ok(&format!("{REGISTER} --output json"));
    let address = json(&printed)["address"].as_str().unwrap().to_owned();
    let stderr = format!(
        "error: agent {address} is registered already\nhint: `runseal agent show {address}` prints it\n"
    );
    runseal.fails(REGISTER, 1, &stderr);
}

#[test]
fn a_uri_that_the_program_does_not_take_is_explained() {
    let stderr = "error: refused: the URI holds a byte that is not printable ASCII (UriNotPrintable, error 6101)\n";
    configured().fails(&format!("{REGISTER} --uri münchen"), 1, stderr);
}

#[test]
fn a_vendor_without_lamports_is_told_what_to_do() {
    let runseal = configured();
    runseal.ok("keygen poor.json");
    let ran = runseal.run(&REGISTER.replace("vendor", "poor"));
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("hint: the payer has too few lamports"), "{}", ran.stderr);
}
