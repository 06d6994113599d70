//! Who takes part: agents, certifiers, logs and token accounts, as the program's tests need them.

use crate::{Chain, register_args};
use runseal_client::{
    instructions::{TOKEN_PROGRAM, agents, certification, logs},
    registry,
};
use runseal_merkle::Tree;
use runseal_registry::{
    instructions::{
        AccreditCertifierArgs, AttestStageArgs, OpenLogArgs, PostAnchorArgs, PublishVersionArgs,
    },
    state::{Anchor, Leaf, Log, Metrics, Name, SemanticVersion, period_context},
};
use solana_account::Account;
use solana_address::Address;
use solana_instruction::{AccountMeta, Instruction};
use solana_keypair::Keypair;
use solana_signer::Signer;

/// The mint of bonds, as [`crate::config_args`] names it.
pub const BOND_MINT: Address = Address::new_from_array([3; 32]);
/// The treasury, as [`crate::config_args`] names it.
pub const TREASURY: Address = Address::new_from_array([2; 32]);

/// A log and its keys. The chain's owner is its operator.
pub struct OpenLog {
    pub address: Address,
    pub anchoring: Keypair,
    pub promise: Keypair,
}

impl OpenLog {
    /// The same log again.
    pub fn clone_keys(&self) -> Self {
        let (anchoring, promise) = (self.anchoring.insecure_clone(), self.promise.insecure_clone());
        Self { address: self.address, anchoring, promise }
    }
}

/// A period of a minute with ten seconds of grace, from the chain's first moment on.
pub fn log_args() -> OpenLogArgs {
    OpenLogArgs {
        name: Name::parse("receipts").unwrap(),
        genesis_hash: [9; 32],
        anchoring_key: Address::default(),
        promise_key: Address::default(),
        start_seconds: 1_800_000_000,
        cadence_seconds: 60,
        grace_seconds: 10,
        answer_window_seconds: 30,
        challenge_window_seconds: 100,
        retention_seconds: 1_000,
    }
}

/// A version that the program takes.
pub fn version_args() -> PublishVersionArgs {
    PublishVersionArgs {
        semantic: SemanticVersion { major: 1, minor: 2, patch: 3 },
        manifest_hash: [4; 32],
        code_hash: [5; 32],
        uri: "https://example.com/1.2.3.json".to_owned(),
    }
}

/// A stage passed, for a day.
pub fn attest_args(chain: &Chain, stage: u8) -> AttestStageArgs {
    let now = chain.now();
    AttestStageArgs {
        stage,
        outcome: 1,
        round: 0,
        expires_slot: now.slot + 216_000,
        expires_seconds: now.unix_seconds + 86_400,
        metrics: Metrics {
            run_count: 1_000,
            success_count: 990,
            p50_latency_milliseconds: 100,
            p95_latency_milliseconds: 400,
            p99_latency_milliseconds: 900,
            soak_hours: 24,
        },
        evidence_hash: [6; 32],
    }
}

/// Leaves of one agent with every second sequence, so that there is something between them.
pub fn leaves(count: u64) -> Vec<Leaf> {
    let leaf = |index: u64| Leaf {
        agent: [7; 32],
        sequence: (2 * index + 10).to_be_bytes(),
        digest: [u8::try_from(index % 251).unwrap(); 32],
    };
    (0..count).map(leaf).collect()
}

impl Chain {
    /// Lets time pass.
    pub fn advance(&mut self, seconds: i64) {
        self.warp(u64::try_from(seconds * 5 / 2).unwrap(), seconds);
    }

    /// Lets the two clocks run apart.
    pub fn warp(&mut self, slots: u64, seconds: i64) {
        let mut clock = self.svm.get_sysvar::<solana_clock::Clock>();
        clock.unix_timestamp += seconds;
        clock.slot += slots;
        self.svm.set_sysvar(&clock);
    }

    /// Somebody with lamports.
    pub fn rich(&mut self) -> Keypair {
        let somebody = self.key();
        self.svm.airdrop(&somebody.pubkey(), 100_000_000_000).unwrap();
        somebody
    }

    /// A registered agent of the owner's.
    pub fn agent(&mut self) -> (Keypair, Address) {
        let identity = self.rich();
        let owner = self.owner.pubkey();
        let register = agents::register(owner, owner, identity.pubkey(), register_args());
        self.send(&[register], &[&identity]).unwrap();
        let address = registry::agent_address(&identity.pubkey());
        (identity, address)
    }

    /// The agent's version with this index.
    pub fn version(&mut self, agent: Address, index: u64) -> Address {
        let owner = self.owner.pubkey();
        let publish = agents::publish_version(owner, owner, agent, index, version_args());
        self.send(&[publish], &[]).unwrap();
        registry::version_address(&agent, index)
    }

    /// A certifier for the stages in `stages`, bit n for stage n + 1.
    pub fn certifier(&mut self, stages: u8) -> Keypair {
        let certifier = self.rich();
        let args = AccreditCertifierArgs {
            certifier_authority: certifier.pubkey(),
            organisation: Name::parse("certifier.example").unwrap(),
            stages,
        };
        let owner = self.owner.pubkey();
        self.send(&[certification::accredit(owner, owner, args)], &[]).unwrap();
        certifier
    }

    /// A log with `args` but for its keys.
    pub fn log(&mut self, args: OpenLogArgs) -> OpenLog {
        let (anchoring, promise) = (self.rich(), self.key());
        let owner = self.owner.pubkey();
        let address = registry::log_address(&owner, &args.name);
        let (anchoring_key, promise_key) = (anchoring.pubkey(), promise.pubkey());
        let args = OpenLogArgs { anchoring_key, promise_key, ..args };
        self.send(&[logs::open(owner, owner, args)], &[]).unwrap();
        OpenLog { address, anchoring, promise }
    }

    /// What anchors these leaves as the log's next period.
    pub fn anchor_args(&self, log: &OpenLog, leaves: &[Leaf]) -> (PostAnchorArgs, Tree) {
        let account = self.read::<Log>(log.address).account;
        let period = account.next_period;
        let context = period_context(&account.genesis_hash, &log.address, period);
        let tree = Tree::from_leaf_hashes(leaves.iter().map(|leaf| leaf.hash(&context)));
        let args = PostAnchorArgs {
            period,
            leaf_count: tree.count(),
            root: tree.root(),
            previous_anchor_hash: account.head_anchor_hash,
        };
        (args, tree)
    }

    /// Waits for the end of the log's next period and anchors these leaves.
    pub fn post(&mut self, log: &OpenLog, leaves: &[Leaf]) -> (Anchor, Tree) {
        let (args, tree) = self.anchor_args(log, leaves);
        let account = self.read::<Log>(log.address).account;
        let wait = account.period_end(args.period).unwrap() - self.now().unix_seconds;
        self.advance(wait.max(0));
        let (owner, key, period) = (self.owner.pubkey(), log.anchoring.pubkey(), args.period);
        let post = logs::post_anchor(owner, key, log.address, args);
        self.send(&[post], &[&log.anchoring]).unwrap();
        let address = registry::anchor_address(&log.address, period);
        (self.read::<Anchor>(address).account, tree)
    }

    /// Builds a transfer of lamports.
    pub fn transfer(from: &Address, to: &Address, lamports: u64) -> Instruction {
        // The system program's third instruction: its number and the amount.
        let data = [2u32.to_le_bytes().as_slice(), &lamports.to_le_bytes()].concat();
        let accounts = vec![AccountMeta::new(*from, true), AccountMeta::new(*to, false)];
        Instruction { program_id: solana_sdk_ids::system_program::ID, accounts, data }
    }

    /// Makes the mint of bonds.
    pub fn make_mint(&mut self) {
        let mut data = vec![0; 82];
        data[36..44].copy_from_slice(&u64::MAX.to_le_bytes());
        (data[44], data[45]) = (6, 1);
        self.put(BOND_MINT, TOKEN_PROGRAM, data);
    }

    /// Makes a token account of `owner` with `amount` in it.
    pub fn tokens(&mut self, mint: Address, owner: Address, amount: u64) -> Address {
        let mut data = vec![0; 165];
        data[..32].copy_from_slice(mint.as_ref());
        data[32..64].copy_from_slice(owner.as_ref());
        data[64..72].copy_from_slice(&amount.to_le_bytes());
        data[108] = 1;
        let address = Address::new_unique();
        self.put(address, TOKEN_PROGRAM, data);
        address
    }

    /// How many tokens a token account has.
    pub fn token_amount(&self, address: &Address) -> u64 {
        let data = self.svm.get_account(address).unwrap().data;
        u64::from_le_bytes(data[64..72].try_into().unwrap())
    }

    fn put(&mut self, address: Address, owner: Address, data: Vec<u8>) {
        let lamports = self.svm.minimum_balance_for_rent_exemption(data.len());
        let account = Account { lamports, data, owner, ..Account::default() };
        self.svm.set_account(address, account).unwrap();
    }
}
