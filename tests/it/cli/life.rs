//! Vendors, certifiers and operators, by the command line alone.

use runseal_tests::Runseal;
use serde_json::Value;
use std::fs;

/// A configured ledger with a vendor, an agent and a certifier who have lamports.
pub(super) struct Town {
    pub(super) runseal: Runseal,
}

impl Town {
    pub(super) fn new() -> Self {
        let runseal = Runseal::new();
        let parameters = runseal_tests::root().join("migrations/program/0001_config.toml");
        fs::copy(parameters, runseal.folder().join("config.toml")).unwrap();
        for name in ["manifest.json", "code.tar", "evidence.txt"] {
            fs::write(runseal.folder().join(name), name).unwrap();
        }
        for name in ["vendor", "agent", "certifier", "other"] {
            runseal.ok(&format!("keygen {name}.json"));
            runseal.ok(&format!("-k {name}.json airdrop 10"));
        }
        runseal.ok("-k vendor.json config init config.toml");
        Self { runseal }
    }

    /// Runs a command that prints what it did and returns the address that it was about.
    pub(super) fn done(&self, line: &str) -> String {
        self.json(line)["address"].as_str().unwrap().to_owned()
    }

    pub(super) fn json(&self, line: &str) -> Value {
        serde_json::from_str(&self.runseal.ok(&format!("{line} --output json"))).unwrap()
    }

    pub(super) fn key(&self, name: &str) -> String {
        self.done(&format!("-k {name}.json address"))
    }

    pub(super) fn refused(&self, line: &str, part: &str) {
        let ran = self.runseal.run(line);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""), "{line}");
        assert!(ran.stderr.contains(part), "{line}: {}", ran.stderr);
    }

    pub(super) fn registered(&self) -> String {
        self.done("-k vendor.json agent register --identity agent.json --manifest manifest.json")
    }

    pub(super) fn published(&self, agent: &str, version: &str) -> String {
        let files = "--manifest manifest.json --code code.tar";
        self.done(&format!("-k vendor.json agent publish {agent} --semver {version} {files}"))
    }

    pub(super) fn accredited(&self, stages: &str) -> String {
        let (key, name) = (self.key("certifier"), "--organisation certifier.example");
        self.done(&format!("-k vendor.json certifier accredit {key} {name} --stages {stages}"))
    }

    pub(super) fn attested(&self, version: &str, stage: &str) -> String {
        let evidence = "--evidence evidence.txt";
        self.done(&format!("-k certifier.json certify attest {version} --stage {stage} {evidence}"))
    }
}

#[test]
fn an_agent_is_published_used_and_put_away() {
    let town = Town::new();
    let agent = town.registered();
    town.refused(&format!("-k vendor.json agent activate {agent}"), "NoVersionYet");
    let first = town.published(&agent, "1.0.0");
    town.published(&agent, "1.1.0");
    town.done(&format!("-k vendor.json agent activate {agent}"));
    town.done("-k agent.json agent heartbeat");
    town.done(&format!("-k vendor.json agent yank {first}"));
    let shown = town.json(&format!("agent show {agent}"));
    assert_eq!(shown["status"], "active");
    let versions = shown["versions"].as_array().unwrap();
    let said: Vec<_> = versions.iter().map(|one| (&one["version"], &one["yanked"])).collect();
    assert_eq!(said, [(&"1.0.0".into(), &true.into()), (&"1.1.0".into(), &false.into())]);
    for (verb, status) in [("pause", "paused"), ("retire", "retired"), ("archive", "archived")] {
        town.done(&format!("-k vendor.json agent {verb} {agent}"));
        assert_eq!(town.json(&format!("agent show {agent}"))["status"], status);
    }
    town.refused(&format!("-k vendor.json agent activate {agent}"), "AgentArchived");
    town.refused("-k agent.json agent heartbeat", "AgentRetired");
}

#[test]
fn an_agent_goes_to_another_vendor_who_wants_it() {
    let town = Town::new();
    let (agent, other) = (town.registered(), town.key("other"));
    town.done(&format!("-k vendor.json agent transfer {agent} {other}"));
    town.refused(&format!("-k certifier.json agent accept {agent}"), "NotProposed");
    town.done(&format!("-k vendor.json agent cancel-transfer {agent}"));
    town.refused(&format!("-k other.json agent accept {agent}"), "NobodyProposed");
    town.done(&format!("-k vendor.json agent transfer {agent} {other}"));
    town.done(&format!("-k other.json agent accept {agent}"));
    assert_eq!(town.json(&format!("agent show {agent}"))["authority"], other);
}

#[test]
fn stages_are_attested_read_as_of_a_slot_renewed_and_revoked() {
    let town = Town::new();
    let version = town.published(&town.registered(), "1.0.0");
    let before = town.json(&format!("certify status {version}"));
    assert_eq!((&before["stage"], &before["attestations"]), (&Value::Null, &Value::Array(vec![])));
    town.accredited("ABC");
    town.refused(
        &format!("-k certifier.json certify attest {version} --stage B --evidence evidence.txt"),
        "StageBelowMissing",
    );
    let a = town.attested(&version, "A");
    let b = town.attested(&version, "B");
    let status = town.json(&format!("certify status {version}"));
    assert_eq!(status["stage"], "B");
    assert_eq!(status["attestations"][1]["organisation"], "certifier.example");
    let then = status["slot"].as_u64().unwrap();

    let again = town.attested(&version, "A");
    assert_ne!(again, a, "a renewal is an account of its own");
    town.done(&format!("-k certifier.json certify revoke {b} --reason safety"));
    assert_eq!(town.json(&format!("certify status {version}"))["stage"], "A");
    let past = town.json(&format!("certify status {version} --at-slot {then}"));
    assert_eq!((&past["stage"], &past["attestations"][0]["attestation"]), (&"B".into(), &a.into()));
    town.refused(
        &format!("-k certifier.json certify attest {version} --stage D --evidence evidence.txt"),
        "StageNotAccredited",
    );
}

#[test]
fn a_suspended_certifier_s_word_counts_no_more() {
    let town = Town::new();
    let version = town.published(&town.registered(), "1.0.0");
    let certifier = town.accredited("A");
    town.attested(&version, "A");
    town.done(&format!("-k vendor.json certifier suspend {certifier} --void-from-slot 0"));
    assert_eq!(town.json(&format!("certify status {version}"))["stage"], Value::Null);
    let listed = town.json("certifier list");
    assert_eq!((&listed[0]["suspended"], &listed[0]["voidFromSlot"]), (&true.into(), &0.into()));
}

#[test]
fn a_log_is_opened_shown_and_handed_over() {
    let town = Town::new();
    let (key, other) = (town.key("certifier"), town.key("other"));
    let keys = format!("--anchoring-key {key} --promise-key {key}");
    let short = "--cadence 1m --grace 10s --answer-window 30m --challenge-window 1h --retention 3h";
    let log = town.done(&format!("-k vendor.json log open daily {keys} {short}"));
    let shown = town.json(&format!("log show {log}"));
    assert_eq!((&shown["name"], &shown["cadenceSeconds"]), (&"daily".into(), &60.into()));
    assert_eq!(shown["promiseKeys"][0]["key"], key);
    town.done(&format!("-k vendor.json log transfer {log} {other}"));
    town.done(&format!("-k other.json log accept {log}"));
    assert_eq!(town.json(&format!("log show {log}"))["operator"], other);
    town.refused(&format!("-k vendor.json log transfer {log} {key}"), "NotAuthority");
    assert_eq!(town.json(&format!("claim list --log {log}")), Value::Array(Vec::new()));
    let retention = format!("-k vendor.json log open other {keys} --retention 1h");
    town.refused(&retention, "RetentionTooShort");
}

#[test]
fn what_a_receipt_costs_is_reckoned_at_the_ledger_s_prices() {
    let town = Town::new();
    let plan = town.json("cost plan --receipts-per-day 1000 --cadence 1d --cadence 1h");
    let rent = plan["anchorRentLamports"].as_u64().unwrap();
    assert!(rent > 0);
    let days = plan["days"].as_array().unwrap();
    assert_eq!((&days[0]["anchorCount"], &days[1]["anchorCount"]), (&1.0.into(), &24.0.into()));
    assert_eq!(days[0]["microlamportsPerReceipt"], 5_000_000);
    assert_eq!(days[1]["rentLamports"], 24 * rent);
    let month = town.json("cost plan --receipts-per-day 1000 --cadence 30d");
    assert_eq!(month["days"][0]["rentLamports"], rent / 30);
    town.refused("cost plan --cadence 0s", "costs without end");
}

#[test]
fn words_that_mean_nothing_are_usage_errors() {
    let runseal = Runseal::new();
    let address = "11111111111111111111111111111111";
    let lines = [
        format!("-k x certify attest {address} --stage F --evidence e"),
        format!("-k x certify attest {address} --stage A --evidence e --valid-for 1w"),
        format!("-k x certifier accredit {address} --organisation o --stages AZ"),
        format!("-k x agent publish {address} --semver 1.2 --manifest m --code c"),
        format!(
            "-k x log open {} --anchoring-key {address} --promise-key {address}",
            "n".repeat(33)
        ),
        "agent show nobody".to_owned(),
        "-k x airdrop 0".to_owned(),
        "-k x airdrop 1.0000000001".to_owned(),
        "man agnet".to_owned(),
        "man anchor nothing".to_owned(),
    ];
    for line in lines {
        let ran = runseal.run(&line);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{line}: {}", ran.stderr);
    }
}

#[test]
fn what_was_done_already_or_cannot_be_done_yet_is_said_with_what_to_do() {
    let town = Town::new();
    let (key, stranger) = (town.key("certifier"), town.key("other"));
    let accredit = format!(
        "-k vendor.json certifier accredit {key} --organisation certifier.example --stages A"
    );
    let certifier = town.done(&accredit);
    let register = format!("-k vendor.json auditor register {key} --organisation auditor.example");
    let auditor = town.done(&register);
    let keys = format!("--anchoring-key {key} --promise-key {key}");
    let open = format!("-k vendor.json log open daily {keys}");
    let log = town.done(&open);
    let version = town.published(&town.registered(), "1.0.0");
    let evidence = "--stage A --evidence evidence.txt";
    let renew = format!("-k certifier.json certify renew {version} {evidence}");
    let deposit = format!("-k vendor.json bond deposit {log} 1000");
    let nothing_to_renew = "there is nothing to renew: this key never attested that stage\n\
                            hint: `runseal certify attest`";
    for (line, part) in [
        (
            accredit,
            format!("certifier {certifier} is accredited already\nhint: `runseal certifier"),
        ),
        (register, format!("auditor {auditor} is registered already\nhint: one key")),
        (open, format!("log {log} is open already, by that name\nhint: `runseal log show {log}`")),
        (
            "-k other.json agent heartbeat".to_owned(),
            format!("the key {stranger} is no agent's identity\nhint: pass with -k"),
        ),
        (format!("-k vendor.json certifier suspend {stranger}"), "there is no ".to_owned()),
        (deposit.clone(), "is not there\nhint: `runseal bond account --wrap LAMPORTS`".to_owned()),
        (renew.clone(), nothing_to_renew.to_owned()),
    ] {
        town.refused(&line, &part);
    }
    town.done("-k vendor.json bond account --wrap 999");
    town.refused(&deposit, "has 999 tokens\nhint: `runseal bond account --wrap LAMPORTS`");
    town.done("-k vendor.json bond account --wrap 1");
    town.done(&deposit);
    town.attested(&version, "A");
    assert!(town.runseal.ok(&renew).starts_with("Renewed: "));
    let took_back = town.runseal.ok(&format!("-k vendor.json bond unbond {log} 0"));
    assert!(took_back.starts_with("Took back the request "), "{took_back}");
    // A certifier goes by its key as well, as an agent does.
    assert_eq!(town.done(&format!("-k vendor.json certifier suspend {key}")), certifier);
}

#[test]
fn lamports_come_in_parts_of_a_sol_and_by_a_transaction() {
    let town = Town::new();
    let sent = town.json("-k other.json airdrop 1.5");
    assert_eq!(sent["done"], "Sent 1.5 SOL");
    assert!(sent["signature"].is_string() && sent["slot"].is_u64(), "{sent}");
    assert_eq!(town.json("-k other.json balance")["lamports"], 11_500_000_000u64);
}

#[test]
fn a_name_that_is_none_is_told_what_a_name_is() {
    let address = "11111111111111111111111111111111";
    let ran = std::process::Command::new(runseal_tests::build_folder().join("runseal"))
        .args(["auditor", "register", address, "--organisation", "Audit Inc"])
        .output()
        .unwrap();
    let stderr = String::from_utf8(ran.stderr).unwrap();
    assert_eq!(ran.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains("1 to 32 printable ASCII characters, and no spaces"), "{stderr}");
}

#[test]
fn an_address_with_nothing_there_is_named() {
    let town = Town::new();
    let nothing = town.key("other");
    for line in [format!("log show {nothing}"), format!("certify status {nothing}")] {
        town.refused(&line, "there is no ");
    }
}
