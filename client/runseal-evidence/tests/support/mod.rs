//! A small chain in memory: an agent with a certified version, a log of three periods, real keys.
#![allow(dead_code, unreachable_pub, unused_imports, reason = "each test binary uses a part of it")]

mod receipts;

use anchor_lang::Discriminator;
use bytemuck::{NoUninit, Zeroable, bytes_of};
use ed25519_dalek::SigningKey;
pub use receipts::{AGENT_SEED, APPROVER_SEED, Written, facts, sign, text_of, write, write_others};
use runseal_engine::{
    BundleParts, LogPath, Place, Policy, Report, SealedPeriod, Statement,
    account::RawAccount,
    answer::{Answer, Commitment, Observation},
    verify_text,
};
use runseal_evidence::Registry;
use runseal_registry::state::{
    Agent, Anchor, Attestation, Auditor, Certifier, Cosignature, Log, Moment, Name, PromiseKey,
    Version,
};
use runseal_types::{Address, AnchorFacts, Digest, Leaf, Period, Sequence};
use std::collections::BTreeSet;

pub type Key = solana_address::Address;

pub const GENESIS: [u8; 32] = [0x47; 32];
pub const ENDPOINTS: [&str; 2] = ["one.example", "two.example"];
/// The period that bundles are about: neither the log's first nor its newest.
pub const PERIOD: u64 = 1;
/// The slot in which its anchor was posted.
pub const SLOT: u64 = 2_000;

pub fn program() -> Address {
    ours(&runseal_registry::ID)
}

pub fn ours(key: &Key) -> Address {
    Address::new(key.to_bytes())
}

pub fn theirs(address: &Address) -> Key {
    Key::new_from_array(*address.as_bytes())
}

pub fn at(slot: u64) -> Moment {
    Moment { slot, unix_seconds: 1_700_000_000 + i64::try_from(slot).unwrap() }
}

/// Derives an address with the library that the chain itself uses.
pub fn derive(seeds: &[&[u8]]) -> (Key, u8) {
    Key::find_program_address(seeds, &runseal_registry::ID)
}

/// The chain, as the program's own types have it. Addresses stay; contents can be changed.
#[derive(Clone)]
pub struct Town {
    pub agent: (Key, Agent),
    pub version: (Key, Version),
    pub certifier: (Key, Certifier),
    /// Stages A to C.
    pub attestations: Vec<(Key, Attestation)>,
    pub log: (Key, Log),
    pub anchors: Vec<(Key, Anchor)>,
    pub auditor: (Key, Auditor),
    pub cosignature: (Key, Cosignature),
    /// Somebody else's agent, whose runs approve.
    pub approver: (Key, Agent),
    pub periods: Vec<SealedPeriod>,
    /// The agent's receipts by number, and their events.
    pub written: Vec<Written>,
}

fn agent(identity: [u8; 32]) -> (Key, Agent) {
    let (address, bump) = derive(&[b"agent", &identity]);
    let agent = Agent {
        version: 1,
        bump,
        status: 2,
        version_count: 1,
        registered_at: at(100),
        status_changed_at: at(250),
        identity: Key::new_from_array(identity),
        authority: Key::new_from_array([0x11; 32]),
        manifest_hash: [3; 32],
        ..Agent::zeroed()
    };
    (address, agent)
}

fn version(agent: &Key) -> (Key, Version) {
    let (address, bump) = derive(&[b"version", agent.as_ref(), &0u64.to_le_bytes()]);
    let version = Version {
        version: 1,
        bump,
        published_at: at(200),
        agent: *agent,
        manifest_hash: [3; 32],
        code_hash: [4; 32],
        ..Version::zeroed()
    };
    (address, version)
}

fn certifier() -> (Key, Certifier) {
    let authority = Key::new_from_array([0x22; 32]);
    let (address, bump) = derive(&[b"certifier", authority.as_ref()]);
    let certifier = Certifier {
        version: 1,
        bump,
        stages: 0b11111,
        void_from_slot: u64::MAX,
        accredited_at: at(50),
        authority,
        organisation: Name::parse("certifier.example").unwrap(),
        ..Certifier::zeroed()
    };
    (address, certifier)
}

/// An attestation that passes a stage and was issued in a slot.
pub fn attestation(
    version: &Key,
    certifier: &Key,
    stage: u8,
    round: u32,
    slot: u64,
) -> (Key, Attestation) {
    let seeds: [&[u8]; 5] =
        [b"attestation", version.as_ref(), &[stage], certifier.as_ref(), &round.to_le_bytes()];
    let (address, bump) = derive(&seeds);
    let attestation = Attestation {
        version: 1,
        bump,
        stage,
        outcome: 1,
        round,
        issued_at: at(slot),
        expires_at: at(100_000),
        agent_version: *version,
        certifier: *certifier,
        evidence_hash: [5; 32],
        ..Attestation::zeroed()
    };
    (address, attestation)
}

fn log() -> (Key, Log) {
    let (founder, name) = (Key::new_from_array([0x33; 32]), Name::parse("daily").unwrap());
    let (address, bump) = derive(&[b"log", founder.as_ref(), &name.bytes]);
    let key = PromiseKey { from_period: 0, key: Key::new_from_array([0x34; 32]) };
    let mut log = Log {
        version: 1,
        bump,
        start_seconds: 1_700_000_000,
        cadence_seconds: 1_000,
        founder,
        operator: founder,
        anchoring_key: Key::new_from_array([0x35; 32]),
        genesis_hash: GENESIS,
        name,
        ..Log::zeroed()
    };
    log.promise_keys[0] = key;
    (address, log)
}

/// Anchors a period as the program does.
fn post(log: &mut (Key, Log), sealed: &SealedPeriod, slot: u64) -> (Key, Anchor) {
    let (address, log) = (log.0, &mut log.1);
    let period = log.next_period;
    let (anchor_address, bump) = derive(&[b"anchor", address.as_ref(), &period.to_le_bytes()]);
    let start_seconds = log.period_start(period).unwrap();
    let mut anchor = Anchor {
        version: 1,
        bump,
        period,
        leaf_count: sealed.leaf_count(),
        cumulative_leaf_count: log.cumulative_leaf_count + sealed.leaf_count(),
        start_seconds,
        end_seconds: start_seconds + 1_000,
        posted_at: at(slot),
        log: address,
        context: *sealed.place().context().as_bytes(),
        root: *sealed.root().as_bytes(),
        previous_anchor_hash: log.head_anchor_hash,
        ..Anchor::zeroed()
    };
    anchor.anchor_hash = anchor.compute_hash();
    anchor.invariant().unwrap();
    let leaf = runseal_merkle::leaf_hash(&[&anchor.anchor_hash]);
    runseal_merkle::mountain_range::append(&mut log.peaks, period, leaf).unwrap();
    log.next_period += 1;
    log.head_anchor_hash = anchor.anchor_hash;
    log.cumulative_leaf_count = anchor.cumulative_leaf_count;
    (anchor_address, anchor)
}

impl Town {
    pub fn new() -> Self {
        let agent = agent(receipts::identity(AGENT_SEED));
        let approver = self::agent(receipts::identity(APPROVER_SEED));
        let mut version = version(&agent.0);
        let certifier = certifier();
        let attestations: Vec<_> = (1..=3)
            .map(|stage| attestation(&version.0, &certifier.0, stage, 0, 300 + u64::from(stage)))
            .collect();
        for (index, (address, _)) in attestations.iter().enumerate() {
            version.1.newest_attestations[index] = *address;
        }
        let auditor = auditor();
        let written = write(&ours(&agent.0), 7);
        let mut town = Self {
            cosignature: cosignature(&(auditor.0, Anchor::zeroed()), &auditor),
            approver,
            agent,
            version,
            certifier,
            attestations,
            auditor,
            written,
            log: log(),
            anchors: Vec::new(),
            periods: Vec::new(),
        };
        town.seal();
        town
    }

    /// Seals and anchors the periods, with the receipts as they are.
    fn seal(&mut self) {
        let mut log = log();
        let written = &self.written;
        let (mut periods, mut anchors) = (Vec::new(), Vec::new());
        for (period, numbers) in [0..2usize, 2..6, 6..7].into_iter().enumerate() {
            let place = Place {
                genesis_hash: Digest::new(GENESIS),
                log: ours(&log.0),
                period: Period(period as u64),
            };
            let own = written[numbers].iter().map(|one| one.receipt.leaf());
            let leaves: Vec<Leaf> = own.chain(write_others()).collect();
            let sealed = SealedPeriod::seal(place, leaves).unwrap();
            anchors.push(post(&mut log, &sealed, 1_000 * (period as u64 + 1)));
            periods.push(sealed);
        }
        let target = &mut anchors[PERIOD as usize];
        target.1.cosignature_count = 1;
        self.cosignature = cosignature(target, &self.auditor);
        (self.log, self.anchors, self.periods) = (log, anchors, periods);
    }

    /// Puts another receipt in a place, and seals the periods anew.
    pub fn replace(&mut self, index: usize, receipt: runseal_receipt::Receipt) {
        self.written[index].receipt = receipt;
        self.seal();
    }

    /// Writes every receipt anew, for an agent that lives elsewhere by now.
    pub fn rewrite(&mut self) {
        self.written = write(&ours(&self.agent.0), 7);
        self.version = version(&self.agent.0);
        self.seal();
    }

    /// Every account that a bundle about the period needs.
    pub fn accounts(&self) -> Vec<RawAccount> {
        let mut accounts = vec![
            raw(&self.agent),
            raw(&self.version),
            raw(&self.certifier),
            raw(&self.log),
            raw(&self.anchors[PERIOD as usize]),
            raw(&self.auditor),
            raw(&self.cosignature),
        ];
        accounts.extend(self.attestations.iter().map(raw));
        accounts
    }

    pub fn place(&self) -> Place {
        *self.periods[PERIOD as usize].place()
    }

    pub fn sealed(&self) -> &SealedPeriod {
        &self.periods[PERIOD as usize]
    }

    pub fn agent_address(&self) -> Address {
        ours(&self.agent.0)
    }

    /// A bundle of one statement; the accounts come later.
    pub fn parts(&self, statement: Statement, shown: &[usize]) -> BundleParts {
        let text = |index: usize| self.written[index].text();
        BundleParts {
            program: program(),
            place: self.place(),
            leaf_count: self.sealed().leaf_count(),
            statement,
            receipts: shown.iter().map(|index| text(*index)).collect(),
            previous: shown.first().map(|index| text(index - 1)),
            events: (shown.len() == 1).then(|| self.written[shown[0]].events.clone()),
            addenda: Vec::new(),
            approvals: Vec::new(),
            policies: Vec::new(),
            anchor: None,
            log_path: Some(self.log_path()),
            accounts: Vec::new(),
        }
    }

    /// That the receipt with number 3 is there.
    pub fn inclusion(&self) -> BundleParts {
        let inclusion = self.sealed().prove_inclusion(self.agent_address(), Sequence(3));
        self.parts(Statement::Inclusion(inclusion.unwrap()), &[3])
    }

    /// That the agent's first receipt is there, in the log's first period.
    pub fn first(&self) -> BundleParts {
        let sealed = &self.periods[0];
        let inclusion = sealed.prove_inclusion(self.agent_address(), Sequence(0)).unwrap();
        let mut parts = self.parts(Statement::Inclusion(inclusion), &[3]);
        parts.receipts = vec![self.written[0].text()];
        (parts.place, parts.previous) = (*sealed.place(), None);
        parts
    }

    pub fn absence(&self) -> BundleParts {
        let absence = self.sealed().prove_absence(self.agent_address(), Sequence(6));
        self.parts(Statement::Absence(absence.unwrap()), &[])
    }

    pub fn ends(&self) -> BundleParts {
        let ends = self.sealed().prove_ends(self.agent_address(), Sequence(2), Sequence(5));
        self.parts(Statement::Ends(ends.unwrap()), &[2, 5])
    }

    pub fn span(&self) -> BundleParts {
        let span = self.sealed().prove_span(self.agent_address(), Sequence(2), Sequence(5));
        self.parts(Statement::Span(span.unwrap()), &[2, 3, 4, 5])
    }

    pub fn anchor_facts(&self) -> AnchorFacts {
        let anchor = &self.anchors[PERIOD as usize].1;
        AnchorFacts {
            context: self.place().context(),
            root: Digest::new(anchor.root),
            leaf_count: anchor.leaf_count,
            cumulative_leaf_count: anchor.cumulative_leaf_count,
            previous_anchor_hash: Digest::new(anchor.previous_anchor_hash),
            start_seconds: anchor.start_seconds,
            end_seconds: anchor.end_seconds,
            posted_slot: anchor.posted_at.slot,
            posted_unix_seconds: anchor.posted_at.unix_seconds,
        }
    }

    fn log_path(&self) -> LogPath {
        let hashes = self.anchors.iter().map(|(_, anchor)| anchor.anchor_hash);
        let tree = runseal_merkle::Tree::from_leaves(hashes);
        let path = tree.inclusion_path(PERIOD).unwrap().into_iter().map(Digest::new).collect();
        LogPath { count: tree.count(), path }
    }
}

fn auditor() -> (Key, Auditor) {
    let authority = Key::new_from_array([0x44; 32]);
    let (address, bump) = derive(&[b"auditor", authority.as_ref()]);
    let organisation = Name::parse("auditor.example").unwrap();
    let zeroed = Auditor::zeroed();
    (
        address,
        Auditor { version: 1, bump, registered_at: at(60), authority, organisation, ..zeroed },
    )
}

/// An organisation's signature under an anchor.
pub fn cosignature(anchor: &(Key, Anchor), auditor: &(Key, Auditor)) -> (Key, Cosignature) {
    let organisation = auditor.1.organisation;
    let (address, bump) = derive(&[b"cosign", anchor.0.as_ref(), &organisation.bytes]);
    let cosignature = Cosignature {
        version: 1,
        bump,
        signed_at: at(SLOT + 5),
        anchor: anchor.0,
        anchor_hash: anchor.1.anchor_hash,
        auditor: auditor.0,
        organisation,
        ..Cosignature::zeroed()
    };
    (address, cosignature)
}

/// The bytes of an account as an endpoint returns them.
pub fn raw<T: Discriminator + NoUninit>((address, account): &(Key, T)) -> RawAccount {
    let data = [T::DISCRIMINATOR, bytes_of(account)].concat();
    RawAccount { address: ours(address), owner: program(), lamports: 1_000_000, data }
}

/// What the two endpoints say of an account.
pub fn observed(account: RawAccount) -> Observation {
    let answer = |endpoint: &&str| Answer {
        endpoint: (*endpoint).to_owned(),
        slot: 5_000,
        commitment: Commitment::Finalized,
    };
    Observation { account, answers: ENDPOINTS.iter().map(answer).collect() }
}

/// A caller who asks for everything that there is.
pub fn policy() -> Policy {
    let mut policy = Policy::strict(Digest::new(GENESIS), program());
    policy.minimum_stage = 3;
    policy.recorded_answers = true;
    policy
}

/// A town, a bundle about it and a policy: everything that a verdict depends on.
pub struct Scene {
    pub town: Town,
    pub parts: BundleParts,
    pub policy: Policy,
    /// Accounts that are kept from the bundle.
    pub hidden: BTreeSet<Address>,
    /// What is done to the accounts' bytes and answers in the end.
    pub spoil: fn(&mut Vec<Observation>),
}

impl Scene {
    pub fn new(parts: fn(&Town) -> BundleParts) -> Self {
        let town = Town::new();
        let parts = parts(&town);
        Self { town, parts, policy: policy(), hidden: BTreeSet::new(), spoil: |_| {} }
    }

    pub fn hide(&mut self, address: Key) {
        self.hidden.insert(ours(&address));
    }

    pub fn finish(&self) -> BundleParts {
        let shown = self.town.accounts().into_iter();
        let shown = shown.filter(|account| !self.hidden.contains(&account.address));
        let mut parts = self.parts.clone();
        parts.accounts.extend(shown.map(observed));
        (self.spoil)(&mut parts.accounts);
        parts
    }

    pub fn report(&self) -> Report {
        match runseal_engine::Bundle::new(self.finish()) {
            Ok(bundle) => verify_text(&bundle.to_bytes(), &self.policy, &Registry),
            Err(_) => verify_text(b"", &self.policy, &Registry),
        }
    }
}

/// The agent's key.
pub fn agent_key() -> SigningKey {
    SigningKey::from_bytes(&[AGENT_SEED; 32])
}
