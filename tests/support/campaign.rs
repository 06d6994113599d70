//! Killing the command again and again while it imports, seals and anchors, and looking at what is
//! left.

use crate::{Elsewhere, Stage, Story};
use serde_json::Value;
use solana_keypair::read_keypair_file;
use std::{
    collections::BTreeSet,
    fs,
    io::{BufRead, BufReader},
    process::Child,
    thread,
    time::Duration,
};

/// How many lines an import gets that is to be killed.
const LINES: usize = 400;

/// What a campaign did.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Campaign {
    pub imports_killed: usize,
    pub anchorings_killed: usize,
    /// Commands that were done before they could be killed.
    pub survived: usize,
    /// The digests of receipts that some import said were stored.
    pub acknowledged: BTreeSet<String>,
}

/// A generator of numbers that a test can be repeated with.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        // Numbers of Knuth's: good enough to choose moments.
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

impl Campaign {
    /// Kills so many commands at moments that follow from `seed`. A command that was done before does
    /// not count: another one is started for it, and three times as many at most.
    pub fn run(story: &Story, stage: &Stage, kills: usize, seed: u64) -> Self {
        let (mut campaign, mut dice) = (Self::default(), Dice(seed));
        let identity = read_keypair_file(story.path("agent.json")).unwrap();
        let mut agent = Elsewhere::new(identity, stage.agent.parse().unwrap());
        let mut lines: Vec<(String, String)> = Vec::new();
        for attempt in 0..3 * kills {
            if campaign.killed() == kills {
                break;
            }
            if attempt % 2 == 0 {
                // What was not acknowledged is handed in again, with some more.
                lines.retain(|(digest, _)| !campaign.acknowledged.contains(digest));
                while lines.len() < LINES {
                    let (digest, line) = agent.sign();
                    lines.push((digest.to_string(), line));
                }
                campaign.kill_import(story, &lines, &mut dice);
            } else {
                campaign.kill_anchoring(story, stage, &mut dice);
            }
        }
        campaign
    }

    /// How many commands were killed before they were done.
    pub fn killed(&self) -> usize {
        self.imports_killed + self.anchorings_killed
    }

    fn kill_import(&mut self, story: &Story, lines: &[(String, String)], dice: &mut Dice) {
        let text: String = lines.iter().map(|(_, line)| format!("{line}\n")).collect();
        fs::write(story.path("lines.jsonl"), text).unwrap();
        let mut child = story.start("receipt import lines.jsonl --answers");
        let stdout = child.stdout.take().unwrap();
        // Read while it runs: an answer that came out before the kill counts.
        let answers = thread::spawn(move || {
            BufReader::new(stdout).lines().map_while(Result::ok).collect::<Vec<_>>()
        });
        self.imports_killed += usize::from(self.kill(child, dice.below(250)));
        for line in answers.join().unwrap() {
            // The last line may be cut off by the kill.
            let Ok(answer) = serde_json::from_str::<Value>(&line) else { continue };
            assert_eq!(answer["ok"], true, "{answer}");
            self.acknowledged.insert(answer["digest"].as_str().unwrap().to_owned());
        }
    }

    fn kill_anchoring(&mut self, story: &Story, stage: &Stage, dice: &mut Dice) {
        if story.is_embedded() {
            story.end_period();
        }
        let child = story.start(&format!("-k anchoring.json anchor run --log {}", stage.log));
        self.anchorings_killed += usize::from(self.kill(child, 20 + dice.below(1_500)));
    }

    /// Kills a command after so long; says whether it was still there.
    fn kill(&mut self, mut child: Child, after_milliseconds: u64) -> bool {
        thread::sleep(Duration::from_millis(after_milliseconds));
        let is_over = child.try_wait().unwrap().is_some();
        // On Unix this is SIGKILL: nothing is flushed and no destructor runs.
        child.kill().unwrap();
        child.wait().unwrap();
        self.survived += usize::from(is_over);
        !is_over
    }

    /// Requires that nothing that was acknowledged is lost, and that store and chain agree.
    pub fn check(&self, story: &Story, stage: &Stage) {
        let checked = story.json("fsck");
        assert_eq!(checked["findings"], Value::Array(Vec::new()), "{checked}");
        let mut stored = BTreeSet::new();
        let mut after = String::new();
        loop {
            let page = story.json(&format!("receipt list --limit 1000 {after}"));
            let receipts = page["receipts"].as_array().unwrap();
            stored.extend(receipts.iter().map(|row| row["digest"].as_str().unwrap().to_owned()));
            match page["next"].as_u64() {
                Some(next) => after = format!("--after {next}"),
                None => break,
            }
        }
        let lost: Vec<_> = self.acknowledged.difference(&stored).collect();
        assert!(lost.is_empty(), "{} acknowledged receipts are lost: {lost:?}", lost.len());
        let log = story.json(&format!("log show {}", stage.log));
        let anchors = story.json("anchor list --limit 1000");
        let anchors = anchors["anchors"].as_array().unwrap();
        assert_eq!(log["nextPeriod"].as_u64().unwrap(), anchors.len() as u64);
        let leaves: u64 = story.json("period list --limit 1000")["periods"].as_array().unwrap()
            [..anchors.len()]
            .iter()
            .map(|period| period["leafCount"].as_u64().unwrap())
            .sum();
        assert_eq!(log["cumulativeLeafCount"], leaves, "the chain counts what is sealed here");
    }
}
