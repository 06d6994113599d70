//! An operator who anchors what he likes, and an auditor who holds every receipt and every promise.

use crate::{Ran, Stage, Story};
use runseal_client::{Ledger, instructions::logs, registry};
use runseal_ledger::Embedded;
use runseal_merkle::Tree;
use runseal_registry::{
    instructions::PostAnchorArgs,
    state::{Log, period_context},
};
use runseal_types::{Digest, Leaf, PeriodContext};
use serde_json::Value;
use solana_address::Address;
use solana_keypair::{Keypair, read_keypair_file};
use solana_signer::Signer;
use std::{fs, os::unix::fs::symlink, path::PathBuf};

/// Longer than a period of the story.
const PERIOD_SECONDS: u32 = 3_600;

/// Three homes on one ledger: the promising service's, the operator's and the auditor's.
pub struct Audited {
    pub story: Story,
    pub stage: Stage,
    /// What `receipt seal` printed of every receipt; `promise-N.json` has its promise.
    pub sealed: Vec<Value>,
}

impl Audited {
    /// Seals so many receipts, each promised for period 0. The auditor has all of them.
    pub fn new(receipt_count: usize) -> Self {
        let story = Story::embedded();
        let stage = story.set_stage();
        let seal = |number| {
            let sealed = story.sealed(&format!("run-{number}"), Some(&stage));
            let promise = story.path(&format!("promise-{number}.json"));
            fs::write(promise, sealed["promise"].to_string()).unwrap();
            sealed
        };
        let sealed = (0..receipt_count).map(seal).collect();
        for home in ["operator", "auditor"] {
            fs::create_dir(story.path(home)).unwrap();
            symlink("../home/ledger", story.path(home).join("ledger")).unwrap();
        }
        story.runseal.ok("keygen auditor.json");
        story.ok("-k auditor.json airdrop 10");
        let audited = Self { story, stage, sealed };
        audited.import("auditor", &(0..receipt_count).collect::<Vec<_>>());
        audited
    }

    /// Brings receipts into a home's store.
    pub fn import(&self, home: &str, numbers: &[usize]) {
        let texts = numbers.iter().map(|number| self.sealed[*number]["receipt"].to_string());
        let lines: Vec<String> = texts.collect();
        fs::write(self.story.path("receipts.jsonl"), lines.join("\n") + "\n").unwrap();
        self.story.ok(&format!("--home {home} receipt import receipts.jsonl"));
    }

    /// Lets the operator anchor a period with these receipts, whatever was promised, and publish it.
    pub fn anchor(&self, numbers: &[usize]) {
        self.import("operator", numbers);
        self.story.end_period();
        let post = format!("anchor post --log {}", self.stage.log);
        self.story.ok(&format!("--home operator -k anchoring.json {post}"));
        self.publish();
    }

    /// Writes the operator's leaf lists into the folder `published`.
    pub fn publish(&self) {
        self.story.ok("--home operator period export -o published");
    }

    /// Anchors any list at all as the log's next period, and publishes it; returns the period.
    pub async fn anchor_list(&self, leaves: &[Leaf]) -> u64 {
        let ledger = self.ledger();
        ledger.advance(PERIOD_SECONDS).unwrap();
        let address: Address = self.stage.log.parse().unwrap();
        let log = registry::load::<Log>(&ledger, address).await.unwrap().account;
        let period = log.next_period;
        let context = period_context(&log.genesis_hash, &address, period);
        let context = PeriodContext::from_digest(Digest::new(context));
        let tree = Tree::from_leaves(leaves.iter().map(|leaf| leaf.to_bytes(&context)));
        let args = PostAnchorArgs {
            period,
            leaf_count: tree.count(),
            root: tree.root(),
            previous_anchor_hash: log.head_anchor_hash,
        };
        let key = self.keypair("anchoring");
        let post = logs::post_anchor(key.pubkey(), key.pubkey(), address, args);
        ledger.submit(&[post], &[&key]).await.unwrap();
        fs::create_dir_all(self.story.path("published")).unwrap();
        fs::write(self.published(period), listed(leaves)).unwrap();
        period
    }

    /// The ledger that everybody is on. No command can use it meanwhile.
    pub fn ledger(&self) -> Embedded {
        Embedded::open(&self.story.path("home/ledger")).unwrap()
    }

    fn keypair(&self, name: &str) -> Keypair {
        read_keypair_file(self.story.path(&format!("{name}.json"))).unwrap()
    }

    /// Where a period's list is published.
    pub fn published(&self, period: u64) -> PathBuf {
        self.story.path(&format!("published/{period}.leaves"))
    }

    /// Where the auditor's mirror keeps something of a period.
    pub fn mirrored(&self, name: &str) -> PathBuf {
        self.story.path(&format!("auditor/mirror/{}/{name}", self.stage.log))
    }

    /// Runs a command as the auditor.
    pub fn run(&self, line: &str) -> Ran {
        self.story.run(&format!("--home auditor -k auditor.json {line}"))
    }

    /// The same, with what it printed.
    pub fn json(&self, line: &str) -> (Option<i32>, Value) {
        let ran = self.run(&format!("{line} --output json"));
        let printed = serde_json::from_str(&ran.stdout);
        (ran.code, printed.unwrap_or_else(|error| panic!("{line}: {error}: {ran:?}")))
    }

    /// Mirrors the log from somewhere.
    pub fn mirror(&self, from: &str) -> (Option<i32>, Value) {
        self.json(&format!("mirror {} --from {from}", self.stage.log))
    }

    /// Audits the agent.
    pub fn audit(&self, options: &str) -> (Option<i32>, Value) {
        let Stage { agent, log, .. } = &self.stage;
        self.json(&format!("audit --agent {agent} --log {log} {options}"))
    }
}

/// A leaf list as it is published.
pub fn listed(leaves: &[Leaf]) -> Vec<u8> {
    leaves.iter().flat_map(Leaf::sort_key).collect()
}
