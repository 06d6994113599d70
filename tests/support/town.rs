//! A chain on which two of everything happened, so that each account has a neighbour of its kind.

use crate::{BOND_MINT, Chain, OpenLog, Refused, TREASURY, attest_args, leaves, log_args};
use runseal_client::{
    instructions::{
        bonds,
        certification::{self, Subject},
        claims::{self, Slash},
        logs,
    },
    registry,
};
use runseal_merkle::Tree;
use runseal_registry::{
    instructions::{ChallengePromiseArgs, OpenLogArgs, RegisterAuditorArgs},
    state::{ClaimKind, Leaf, Log, Name, Promise, period_context},
};
use solana_address::Address;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;

/// An agent with a version.
pub struct Published {
    pub identity: Keypair,
    pub agent: Address,
    pub version: Address,
}

/// A bonded log with two periods: of the first the leaves are in order, of the second not.
pub struct Kept {
    pub log: OpenLog,
    pub trees: [Tree; 2],
    /// The operator's token account.
    pub purse: Address,
}

/// The first of everything is the chain's owner's, the second the rival's.
pub struct Town {
    pub chain: Chain,
    /// Pays fees and nothing else.
    pub courier: Keypair,
    /// Pays rents.
    pub payer: Keypair,
    /// Has lamports and no part in anything.
    pub stranger: Keypair,
    pub claimant: Keypair,
    pub agents: [Published; 2],
    /// Both attested stages A and B: of the first version the first, of the second the second.
    pub certifiers: [Keypair; 2],
    pub logs: [Kept; 2],
    /// Of two organisations; both cosigned the first period of the first log.
    pub auditors: [Keypair; 2],
    pub claimant_tokens: Address,
    pub treasury_tokens: Address,
}

/// The leaves of a town's periods.
pub fn ordered() -> Vec<Leaf> {
    leaves(5)
}

/// The same with the first two in the wrong order.
pub fn disordered() -> Vec<Leaf> {
    let mut leaves = leaves(5);
    leaves.swap(0, 1);
    leaves
}

impl Default for Town {
    fn default() -> Self {
        Self::new()
    }
}

impl Town {
    pub fn new() -> Self {
        let mut chain = Chain::configured();
        chain.make_mint();
        let [courier, payer, stranger, claimant, rival] = [(); 5].map(|()| chain.rich());
        let agents = [publish(&mut chain), chain.acting_as(&rival, publish)];
        let certifiers = [certify(&mut chain, &agents[0]), certify(&mut chain, &agents[1])];
        let logs =
            [keep(&mut chain, "receipts"), chain.acting_as(&rival, |chain| keep(chain, "others"))];
        let anchor = registry::anchor_address(&logs[0].log.address, 0);
        let auditors = ["one.example", "two.example"].map(|name| audit(&mut chain, name, anchor));
        let claimant_tokens = chain.tokens(BOND_MINT, claimant.pubkey(), 0);
        let treasury_tokens = chain.tokens(BOND_MINT, TREASURY, 0);
        Self {
            chain,
            courier,
            payer,
            stranger,
            claimant,
            agents,
            certifiers,
            logs,
            auditors,
            claimant_tokens,
            treasury_tokens,
        }
    }

    pub fn owner(&self) -> Address {
        self.chain.owner.pubkey()
    }

    /// The certifier's account.
    pub fn certifier(&self, index: usize) -> Address {
        registry::certifier_address(&self.certifiers[index].pubkey())
    }

    /// A certifier's attestation of its version.
    pub fn attestation(&self, certifier: usize, stage: u8, round: u32) -> Address {
        let version = self.agents[certifier].version;
        registry::attestation_address(&version, stage, &self.certifier(certifier), round)
    }

    /// The anchor of a period of a log.
    pub fn anchor(&self, log: usize, period: u64) -> Address {
        registry::anchor_address(&self.logs[log].log.address, period)
    }

    /// The Ed25519 instruction that shows a log's promise, and the challenge behind it.
    pub fn challenge(&self, log: usize, leaf: &Leaf) -> [Instruction; 2] {
        let log = &self.logs[log].log;
        let Leaf { agent, digest, .. } = *leaf;
        let sequence = u64::from_be_bytes(leaf.sequence);
        let context = period_context(&[9; 32], &log.address, 0);
        let promise = Promise { context, period: 0, agent, sequence, digest };
        let signature = log.promise.sign_message(&promise.message());
        let args = ChallengePromiseArgs { period: 0, agent, sequence, digest };
        [
            claims::show_promise(&log.promise.pubkey(), &signature, &promise),
            claims::challenge(self.claimant.pubkey(), log.address, args),
        ]
    }

    /// Challenges the promise of a leaf for the first period of a log; returns the claim.
    pub fn accuse(&mut self, log: usize, leaf: &Leaf) -> Result<Address, Refused> {
        let (both, claimant) = (self.challenge(log, leaf), self.claimant.insecure_clone());
        self.chain.send(&both, &[&claimant])?;
        let agent = Address::new_from_array(leaf.agent);
        let (kind, sequence) = (ClaimKind::BrokenPromise, u64::from_be_bytes(leaf.sequence));
        let log = self.logs[log].log.address;
        Ok(registry::claim_address(&log, kind, 0, &agent, sequence, &leaf.digest))
    }

    /// Opens a claim about the first leaf of a log's second period, and shows its path.
    pub fn open_disorder(&self, log: usize) -> (Instruction, Address) {
        let (leaf, kept) = (disordered()[0], &self.logs[log]);
        let (path, log) = (kept.trees[1].inclusion_path(0).unwrap(), kept.log.address);
        let open = claims::open_disorder(self.claimant.pubkey(), log, 1, 0, leaf, path);
        let agent = Address::new_from_array(leaf.agent);
        let claim = registry::claim_address(&log, ClaimKind::Disorder, 1, &agent, 0, &leaf.digest);
        (open, claim)
    }

    /// Who gets what if a claim against a log is upheld.
    pub fn slash(&self, log: usize, claim: Address) -> Slash {
        Slash {
            log: self.logs[log].log.address,
            claim,
            claimant: self.claimant.pubkey(),
            claimant_tokens: self.claimant_tokens,
            treasury_tokens: self.treasury_tokens,
        }
    }
}

fn publish(chain: &mut Chain) -> Published {
    let (identity, agent) = chain.agent();
    let version = chain.version(agent, 0);
    Published { identity, agent, version }
}

fn certify(chain: &mut Chain, subject: &Published) -> Keypair {
    let certifier = chain.certifier(0b11111);
    let (owner, key) = (chain.owner.pubkey(), certifier.pubkey());
    let address = registry::certifier_address(&key);
    let Published { agent, version, .. } = *subject;
    let first = registry::attestation_address(&version, 1, &address, 0);
    for (stage, below) in [(1, None), (2, Some((first, address)))] {
        let subject = Subject { agent, version, below };
        let attest = certification::attest(owner, key, subject, attest_args(chain, stage));
        chain.send(&[attest], &[&certifier]).unwrap();
    }
    certifier
}

fn keep(chain: &mut Chain, name: &str) -> Kept {
    let (owner, start_seconds) = (chain.owner.pubkey(), chain.now().unix_seconds);
    // Promises of the first period can be challenged long after the other log is there.
    let name = Name::parse(name).unwrap();
    let args = OpenLogArgs { name, start_seconds, challenge_window_seconds: 800, ..log_args() };
    let log = chain.log(args);
    let trees = [chain.post(&log, &ordered()).1, chain.post(&log, &disordered()).1];
    let purse = chain.tokens(BOND_MINT, owner, 9_000_000);
    let deposit = bonds::deposit(owner, owner, log.address, BOND_MINT, purse, 4_000_000);
    chain.send(&[deposit], &[]).unwrap();
    assert_eq!(chain.read::<Log>(log.address).account.late_count, 0);
    Kept { log, trees, purse }
}

fn audit(chain: &mut Chain, organisation: &str, anchor: Address) -> Keypair {
    let (auditor, owner) = (chain.rich(), chain.owner.pubkey());
    let organisation = Name::parse(organisation).unwrap();
    let args = RegisterAuditorArgs { auditor_authority: auditor.pubkey(), organisation };
    chain.send(&[logs::register_auditor(owner, owner, args)], &[]).unwrap();
    let hash = chain.read::<runseal_registry::state::Anchor>(anchor).account.anchor_hash;
    let cosign = logs::cosign_anchor(owner, auditor.pubkey(), anchor, &organisation, hash);
    chain.send(&[cosign], &[&auditor]).unwrap();
    auditor
}
