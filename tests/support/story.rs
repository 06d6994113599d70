//! One story of a vendor, a certifier, an operator and an auditor, told by the command line alone.
//!
//! It is told the same way on the embedded ledger, whose clock can be moved, and on a cluster, where
//! time has to pass.

use crate::{Ran, Runseal, root};
use serde_json::{Value, json};
use std::{fs, path::Path, process::Child, thread, time::Duration};

/// Where a story takes place, and everybody in it.
pub struct Story {
    pub runseal: Runseal,
    /// The options that choose the ledger.
    ledger: String,
    /// The keypair file of whoever configures the program and accredits.
    authority: String,
    cadence_seconds: u64,
    is_embedded: bool,
}

/// Who has been brought onto the stage.
#[derive(Clone, Debug)]
pub struct Stage {
    pub agent: String,
    pub version: String,
    pub log: String,
}

impl Story {
    /// On a ledger of its own.
    pub fn embedded() -> Self {
        let story = Self {
            runseal: Runseal::new(),
            ledger: String::new(),
            authority: "vendor.json".to_owned(),
            cadence_seconds: 3_600,
            is_embedded: true,
        };
        let parameters = root().join("migrations/program/0001_config.toml");
        fs::copy(parameters, story.path("config.toml")).unwrap();
        story.cast();
        story.ok("-k vendor.json config init config.toml");
        story
    }

    /// On a cluster that is configured, whose owner's key is in this file.
    pub fn cluster(url: &str, authority: &Path, cadence_seconds: u64) -> Self {
        let story = Self {
            runseal: Runseal::new(),
            ledger: format!("-u {url} --commitment confirmed"),
            authority: authority.display().to_string(),
            cadence_seconds,
            is_embedded: false,
        };
        story.cast();
        story
    }

    fn cast(&self) {
        for name in ["manifest.json", "code.tar", "evidence.txt"] {
            fs::write(self.path(name), name).unwrap();
        }
        for name in ["vendor", "agent", "certifier", "operator", "anchoring", "promise"] {
            self.runseal.ok(&format!("keygen {name}.json"));
        }
        for name in ["vendor", "certifier", "operator", "anchoring"] {
            self.ok(&format!("-k {name}.json airdrop 10"));
        }
    }

    /// Where a file of the story is.
    pub fn path(&self, name: &str) -> std::path::PathBuf {
        self.runseal.folder().join(name)
    }

    /// Runs a command on the story's ledger; it must succeed.
    pub fn ok(&self, line: &str) -> String {
        self.runseal.ok(&format!("{line} {}", self.ledger))
    }

    /// Runs a command on the story's ledger, however it ends.
    pub fn run(&self, line: &str) -> Ran {
        self.runseal.run(&format!("{line} {}", self.ledger))
    }

    /// Starts a command on the story's ledger and leaves it running.
    pub fn start(&self, line: &str) -> Child {
        self.runseal.start(&format!("{line} {}", self.ledger))
    }

    /// Runs a command that must succeed, and reads what it printed.
    pub fn json(&self, line: &str) -> Value {
        serde_json::from_str(&self.ok(&format!("{line} --output json"))).unwrap()
    }

    /// Runs a command that does something to an account, and returns that account's address.
    pub fn done(&self, line: &str) -> String {
        self.json(line)["address"].as_str().unwrap().to_owned()
    }

    /// The address of somebody of the story.
    pub fn key(&self, name: &str) -> String {
        self.done(&format!("-k {name}.json address"))
    }

    /// Registers an agent, certifies it from A to C and opens a log.
    pub fn set_stage(&self) -> Stage {
        let agent = self
            .done("-k vendor.json agent register --identity agent.json --manifest manifest.json");
        let files = "--semver 1.0.0 --manifest manifest.json --code code.tar";
        let version = self.done(&format!("-k vendor.json agent publish {agent} {files}"));
        self.done(&format!("-k vendor.json agent activate {agent}"));
        let (certifier, authority) = (self.key("certifier"), &self.authority);
        let organisation = format!("--organisation {}.example", &certifier[..8]);
        self.done(&format!(
            "-k {authority} certifier accredit {certifier} {organisation} --stages ABC"
        ));
        for stage in ["A", "B", "C"] {
            let evidence = format!("--stage {stage} --evidence evidence.txt");
            self.done(&format!("-k certifier.json certify attest {version} {evidence}"));
        }
        let keys = format!(
            "--anchoring-key {} --promise-key {}",
            self.key("anchoring"),
            self.key("promise")
        );
        let cadence = self.cadence_seconds;
        let times = format!(
            "--cadence {cadence}s --grace {cadence}s --answer-window {cadence}s --challenge-window 1d"
        );
        let log = self.done(&format!("-k operator.json log open story {keys} {times}"));
        Stage { agent, version, log }
    }

    /// Seals the receipt of a run with two events, and returns its digest.
    pub fn seal(&self, run_id: &str, promised_by: Option<&Stage>) -> String {
        self.sealed(run_id, promised_by)["digest"].as_str().unwrap().to_owned()
    }

    /// The same, with all that was printed.
    pub fn sealed(&self, run_id: &str, promised_by: Option<&Stage>) -> Value {
        let event = |seq: u64, kind: &str| {
            json!({
                "event_id": format!("{run_id}-{seq}"), "type": kind, "seq": seq, "source": "agent",
                "timestamp": "2026-01-01T00:00:00Z", "data": {"text": format!("{kind} of {run_id}")},
            })
        };
        let events = [event(0, "message.received"), event(1, "message.sent")];
        let run = json!({"run_id": run_id, "events": events});
        fs::write(self.path("run.json"), run.to_string()).unwrap();
        let promise = promised_by.map_or_else(String::new, |stage| {
            format!("--promise-key promise.json --log {}", stage.log)
        });
        let sealed = self.json(&format!("-k agent.json receipt seal run.json {promise}"));
        assert_eq!(sealed["promise"].is_object(), promised_by.is_some());
        sealed
    }

    /// Whether time passes only when it is told to.
    pub fn is_embedded(&self) -> bool {
        self.is_embedded
    }

    /// Lets the present period end.
    pub fn end_period(&self) {
        if self.is_embedded {
            self.ok(&format!("warp {}s", self.cadence_seconds));
        } else {
            thread::sleep(Duration::from_secs(self.cadence_seconds));
        }
    }

    /// Posts what is over, until at least one more period is anchored; returns the numbers of those
    /// that were.
    pub fn anchor(&self, stage: &Stage) -> Vec<u64> {
        self.anchor_and_hear(stage).0
    }

    /// The same, with what was said beside the result.
    pub fn anchor_and_hear(&self, stage: &Stage) -> (Vec<u64>, String) {
        let line = format!("-k anchoring.json anchor post --log {} --output json", stage.log);
        let ran = self.run(&line);
        assert_eq!(ran.code, Some(0), "{ran:?}");
        let posted: Value = serde_json::from_str(&ran.stdout).unwrap();
        let anchored = posted["anchored"].as_array().unwrap().iter();
        (anchored.map(|anchor| anchor["period"].as_u64().unwrap()).collect(), ran.stderr)
    }

    /// Verifies a bundle; returns the exit code and the report.
    pub fn verify(&self, bundle: &str, options: &str) -> (Option<i32>, Value) {
        let ran = self.run(&format!("verify {bundle} {options} --output json"));
        let report = serde_json::from_str(&ran.stdout);
        (ran.code, report.unwrap_or_else(|error| panic!("{error}: {ran:?}")))
    }

    /// The whole story: two periods, one receipt verified, one tampered with, one that is not there.
    pub fn tell(&self) {
        let stage = self.set_stage();
        let first = self.seal("run-1", Some(&stage));
        let second = self.seal("run-2", None);
        self.end_period();
        let mut anchored = self.anchor(&stage);
        // What is finalized is behind the present, on a busy validator by more than a period.
        while anchored.is_empty() {
            self.end_period();
            anchored = self.anchor(&stage);
        }
        let third = self.seal("run-3", None);
        let before = anchored.len();
        while anchored.len() == before {
            self.end_period();
            anchored.extend(self.anchor(&stage));
        }
        let expected: Vec<u64> = (0..).take(anchored.len()).collect();
        assert_eq!(anchored, expected, "each period is anchored once, in order");

        for (digest, check) in [(&first, "first-receipt"), (&second, "follows-previous")] {
            self.ok(&format!("prove {digest} -o {digest}.json"));
            let (code, report) = self.verify(&format!("{digest}.json"), "--min-stage C");
            assert_eq!((code, &report["verdict"]), (Some(0), &json!("VERIFIED")), "{report}");
            assert_eq!(code_of(&report, "coverage"), check);
        }
        self.ok(&format!("prove {third} -o third.json"));
        assert_eq!(self.verify("third.json", "").0, Some(0));
        self.tampered(&first);
        self.absent(&stage);
        self.range(&stage);
        let clean = self.json("fsck");
        assert_eq!(clean["findings"], json!([]));
        assert_eq!(clean["anchorsCompared"], json!(anchored.len()));
    }

    /// A shorter one, in which the machine's clock is an hour ahead, and then an hour behind. Periods go
    /// by the chain's clock, so it makes no difference to what is promised, anchored and proved; whoever
    /// posts is told in one line. The embedded ledger goes by the fast clock, and knows only of the slow one.
    pub fn tell_with_another_clock(&self) {
        const HOUR_SECONDS: i64 = 3_600;
        let stage = self.set_stage();
        let mut anchored = Vec::new();
        let digests = [(HOUR_SECONDS, " s ahead of "), (-HOUR_SECONDS, " s behind ")];
        let digests = digests.map(|(off_seconds, part)| {
            self.runseal.set_clock_off(off_seconds);
            let digest = self.seal(&format!("run-at-{off_seconds}"), Some(&stage));
            let (periods, said) = self.anchor_and_hear(&stage);
            anchored.extend(periods);
            let expected = usize::from(!self.is_embedded || off_seconds < 0);
            assert_eq!(said.lines().count(), expected, "{said}");
            assert_eq!(said.matches(part).count(), expected, "{said}");
            digest
        });
        let receipts =
            digests.each_ref().map(|digest| self.json(&format!("receipt show {digest}")));
        let ends = receipts.each_ref().map(|it| it["receipt"]["ended_at"].as_str().unwrap());
        assert!(ends[0] > ends[1], "the clocks were not off: {ends:?}");
        // Both receipts are in a period that is over when one more is.
        let before = anchored.len();
        while anchored.len() < before + 2 {
            self.end_period();
            anchored.extend(self.anchor(&stage));
        }
        let expected: Vec<u64> = (0..).take(anchored.len()).collect();
        assert_eq!(anchored, expected, "each period is anchored once, in order");
        for digest in &digests {
            self.ok(&format!("prove {digest} -o {digest}.json"));
            let (code, report) = self.verify(&format!("{digest}.json"), "");
            assert_eq!((code, &report["verdict"]), (Some(0), &json!("VERIFIED")), "{report}");
        }
        assert_eq!(self.json("fsck")["findings"], json!([]));
    }

    /// A bundle in which one word of the receipt is another one.
    fn tampered(&self, digest: &str) {
        let text = fs::read_to_string(self.path(&format!("{digest}.json"))).unwrap();
        let tampered =
            text.replace("\\\"status\\\":\\\"completed\\\"", "\\\"status\\\":\\\"failed\\\"");
        assert_ne!(text, tampered);
        fs::write(self.path("tampered.json"), tampered).unwrap();
        let (code, report) = self.verify("tampered.json", "");
        assert_eq!((code, &report["verdict"]), (Some(1), &json!("FAILED")));
        assert_eq!(code_of(&report, "signature"), "signature-wrong");
        assert_eq!(code_of(&report, "proof"), "proof-wrong");
    }

    /// Two receipts, and that there is none between them or left out.
    fn range(&self, stage: &Stage) {
        let at = format!("--agent {} --period 0 --from 0", stage.agent);
        self.ok(&format!("prove {at} --to 1 -o range.json"));
        let (code, report) = self.verify("range.json", "--min-stage C");
        assert_eq!((code, &report["verdict"]), (Some(0), &json!("VERIFIED")), "{report}");
        let beyond = self.run(&format!("prove {at} --to 2 -o beyond.json"));
        assert_eq!(beyond.code, Some(1), "{}", beyond.stderr);
    }

    /// A number that the agent has not come to, and one that it has.
    fn absent(&self, stage: &Stage) {
        let at = format!("--agent {} --period 0", stage.agent);
        self.ok(&format!("prove-absence {at} --sequence 2 -o absent.json"));
        let (code, report) = self.verify("absent.json", "");
        assert_eq!((code, code_of(&report, "proof")), (Some(0), "absent"), "{report}");
        let there = self.run(&format!("prove-absence {at} --sequence 1 -o there.json"));
        assert_eq!(there.code, Some(1));
        assert!(there.stderr.contains("has receipt 1"), "{}", there.stderr);
    }
}

/// The code that a check came out with.
pub fn code_of<'a>(report: &'a Value, check: &str) -> &'a str {
    let mut checks = report["checks"].as_array().unwrap().iter();
    checks.find(|one| one["check"] == check).unwrap()["code"].as_str().unwrap()
}
