//! The whole life of an agent, a log and a claim on a real validator, with real SPL tokens.

use super::{configured, ledger, mint, owner, url};
use runseal_client::{
    Ledger, LedgerError,
    instructions::{
        agents, bonds,
        certification::{self, Subject},
        claims::{self, Slash},
        logs, proofs,
    },
    registry,
};
use runseal_ledger::Rpc;
use runseal_merkle::{Tree, leaf_hash};
use runseal_registry::{
    RegistryError,
    instructions::{
        AccreditCertifierArgs, AttestStageArgs, ChallengePromiseArgs, OpenLogArgs, PostAnchorArgs,
        RegisterAuditorArgs,
    },
    state::{
        Agent, AgentStatus, Anchor, Attestation, Claim, ClaimKind, ClaimState, Leaf, Log, Metrics,
        Name, Promise, Version, period_context,
    },
};
use runseal_tests::{
    TREASURY, amount_of, create_mint, create_token_account, mint_to, register_args, version_args,
};
use solana_address::Address;
use solana_commitment_config::CommitmentConfig;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;
use std::time::Duration;

const SLASH: u64 = 1_000_000;
const ANSWER_WINDOW_SECONDS: u64 = 10;
const CHALLENGE_WINDOW_SECONDS: u64 = 30;
/// As short as the windows allow.
const RETENTION_SECONDS: u64 = 1 + CHALLENGE_WINDOW_SECONDS + ANSWER_WINDOW_SECONDS;

#[tokio::test]
async fn an_agent_is_certified_its_log_breaks_a_promise_and_pays_and_everything_is_wound_up() {
    configured().await;
    let identity = Keypair::new();
    let agent = registry::agent_address(&identity.pubkey());
    let register =
        agents::register(owner().pubkey(), owner().pubkey(), identity.pubkey(), register_args());
    send(&[register], &[&identity]).await.unwrap();
    tokio::join!(certify(agent), run_a_log(agent));
}

/// Sends by the owner, who pays.
async fn send(instructions: &[Instruction], signers: &[&Keypair]) -> Result<(), LedgerError> {
    let owner = owner();
    let mut all: Vec<&(dyn Signer + Sync)> = vec![&owner];
    all.extend(signers.iter().map(|signer| *signer as &(dyn Signer + Sync)));
    ledger().submit(instructions, &all).await.map(drop)
}

/// Reads what can no longer be undone.
async fn read<T: registry::RegistryAccount>(address: Address) -> T {
    registry::find::<T>(&finalized(), address).await.unwrap().unwrap().account
}

fn finalized() -> Rpc {
    Rpc::new(&url(), CommitmentConfig::finalized())
}

/// The cluster's slot and Unix time, from its own account for them.
async fn now() -> (u64, i64) {
    let found = ledger().read(&[solana_sdk_ids::sysvar::clock::ID]).await.unwrap();
    let data = found.into_iter().next().flatten().unwrap().data;
    let word = |at: usize| data[at..at + 8].try_into().unwrap();
    (u64::from_le_bytes(word(0)), i64::from_le_bytes(word(32)))
}

/// Waits until the cluster's time is past `seconds`.
async fn wait_until_after(seconds: i64) {
    while now().await.1 <= seconds {
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
}

async fn wait_for_finality_of(slot: u64) {
    let clock = [solana_sdk_ids::sysvar::clock::ID];
    loop {
        let found = finalized().read(&clock).await.unwrap();
        let data = found.into_iter().next().flatten().unwrap().data;
        if u64::from_le_bytes(data[..8].try_into().unwrap()) > slot {
            return;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

/// A version is published, climbs from A to C, and the agent becomes active.
async fn certify(agent: Address) {
    let (owner, certifier) = (owner().pubkey(), Keypair::new());
    let version = registry::version_address(&agent, 0);
    let certifier_address = registry::certifier_address(&certifier.pubkey());
    let accredit = AccreditCertifierArgs {
        certifier_authority: certifier.pubkey(),
        organisation: Name::parse("certifier.example").unwrap(),
        stages: 0b111,
    };
    let start = [
        agents::publish_version(owner, owner, agent, 0, version_args()),
        agents::set_status(owner, agent, AgentStatus::Active),
        certification::accredit(owner, owner, accredit),
    ];
    send(&start, &[]).await.unwrap();
    let attestation = |stage| registry::attestation_address(&version, stage, &certifier_address, 0);
    let (slot, seconds) = now().await;
    for stage in 1..=3 {
        let below = (stage > 1).then(|| (attestation(stage - 1), certifier_address));
        let args = AttestStageArgs {
            stage,
            outcome: 1,
            round: 0,
            expires_slot: slot + 100_000,
            expires_seconds: seconds + 100_000,
            metrics: Metrics::default(),
            evidence_hash: [6; 32],
        };
        let subject = Subject { agent, version, below };
        let attest = certification::attest(owner, certifier.pubkey(), subject, args);
        send(&[attest], &[&certifier]).await.unwrap();
    }
    wait_for_finality_of(now().await.0).await;
    let account = read::<Agent>(agent).await;
    assert_eq!((account.status, account.version_count), (AgentStatus::Active as u8, 1));
    let newest = read::<Version>(version).await.newest_attestations;
    assert_eq!(newest[..3], [1, 2, 3].map(attestation));
    assert_eq!(newest[3..], [Address::default(); 2]);
    for stage in 1..=3 {
        let account = read::<Attestation>(attestation(stage)).await;
        assert_eq!((account.stage, account.outcome, account.revoked_reason), (stage, 1, 0));
    }
}

/// A log with its keys, its people and their tokens.
struct Scene {
    log: Address,
    genesis: [u8; 32],
    agent: Address,
    anchoring: Keypair,
    promise: Keypair,
    claimant: Keypair,
    /// Of the operator, the claimant and the treasury.
    tokens: [Keypair; 3],
}

async fn run_a_log(agent: Address) {
    let scene = Scene::open(agent).await;
    let requested_at = scene.bond().await;
    let (anchors, tree) = scene.post_three_periods().await;
    let (kept, broken) = (scene.leaves()[1], Leaf { digest: [99; 32], ..scene.leaves()[1] });
    let broken_claim = scene.challenge(&broken).await;
    let kept_claim = scene.challenge(&kept).await;
    scene.answer(kept_claim, &tree).await;
    scene.cosign(&anchors[2]).await;
    scene.prove(&anchors, &tree).await;
    scene.settle(broken_claim).await;
    scene.wind_up(&anchors, requested_at).await;
    wait_for_finality_of(now().await.0).await;
    scene.check(&anchors, kept_claim, broken_claim).await;
}

impl Scene {
    async fn open(agent: Address) -> Self {
        let (owner, claimant) = (owner().pubkey(), Keypair::new());
        ledger().airdrop(&claimant.pubkey(), 1_000_000_000).await.unwrap();
        let tokens = [(); 3].map(|()| Keypair::new());
        let mint = mint();
        send(&create_mint(owner, mint.pubkey(), owner), &[&mint]).await.unwrap();
        let owners = [owner, claimant.pubkey(), TREASURY];
        let accounts = tokens.iter().zip(owners).flat_map(|(account, of)| {
            create_token_account(owner, account.pubkey(), mint.pubkey(), of)
        });
        let mut accounts: Vec<Instruction> = accounts.collect();
        accounts.push(mint_to(mint.pubkey(), tokens[0].pubkey(), owner, 3 * SLASH));
        send(&accounts, &tokens.each_ref()).await.unwrap();

        let (anchoring, promise) = (Keypair::new(), Keypair::new());
        let genesis = ledger().genesis_hash().await.unwrap().to_bytes();
        let args = OpenLogArgs {
            name: Name::parse("receipts").unwrap(),
            genesis_hash: genesis,
            anchoring_key: anchoring.pubkey(),
            promise_key: promise.pubkey(),
            // Later than the bond, so that the periods are young when they are challenged.
            start_seconds: now().await.1 + 3,
            cadence_seconds: 1,
            grace_seconds: 0,
            answer_window_seconds: ANSWER_WINDOW_SECONDS,
            challenge_window_seconds: CHALLENGE_WINDOW_SECONDS,
            retention_seconds: RETENTION_SECONDS,
        };
        let log = registry::log_address(&owner, &args.name);
        send(&[logs::open(owner, owner, args)], &[]).await.unwrap();
        Self { log, genesis, agent, anchoring, promise, claimant, tokens }
    }

    /// Puts three slashes at stake and asks for one of them back; returns when.
    async fn bond(&self) -> i64 {
        let (owner, purse) = (owner().pubkey(), self.tokens[0].pubkey());
        let both = [
            bonds::deposit(owner, owner, self.log, mint().pubkey(), purse, 3 * SLASH),
            bonds::request_unbond(owner, self.log, SLASH),
        ];
        send(&both, &[]).await.unwrap();
        let found = registry::find::<Log>(&ledger(), self.log).await.unwrap().unwrap();
        found.account.unbond_requested_at.unix_seconds
    }

    fn leaves(&self) -> Vec<Leaf> {
        let leaf = |sequence: u64| Leaf {
            agent: self.agent.to_bytes(),
            sequence: sequence.to_be_bytes(),
            digest: [u8::try_from(sequence).unwrap(); 32],
        };
        (1..=5).map(leaf).collect()
    }

    /// Two empty periods, and one with the leaves; the tree is the third's.
    async fn post_three_periods(&self) -> (Vec<Anchor>, Tree) {
        let mut anchors: Vec<Anchor> = Vec::new();
        let context = period_context(&self.genesis, &self.log, 2);
        let full = Tree::from_leaf_hashes(self.leaves().iter().map(|leaf| leaf.hash(&context)));
        for period in 0..3 {
            let tree = if period == 2 { full.clone() } else { Tree::from_leaf_hashes([]) };
            let args = PostAnchorArgs {
                period,
                leaf_count: tree.count(),
                root: tree.root(),
                previous_anchor_hash: anchors.last().map_or([0; 32], |last| last.anchor_hash),
            };
            let account = registry::find::<Log>(&ledger(), self.log).await.unwrap().unwrap();
            wait_until_after(account.account.period_end(period).unwrap()).await;
            let key = self.anchoring.pubkey();
            let post = logs::post_anchor(owner().pubkey(), key, self.log, args);
            send(&[post], &[&self.anchoring]).await.unwrap();
            let address = registry::anchor_address(&self.log, period);
            anchors.push(registry::find(&ledger(), address).await.unwrap().unwrap().account);
        }
        (anchors, full)
    }

    /// The claimant shows a promise for the third period; returns the claim's address.
    async fn challenge(&self, leaf: &Leaf) -> Address {
        let (period, sequence) = (2, u64::from_be_bytes(leaf.sequence));
        let context = period_context(&self.genesis, &self.log, period);
        let Leaf { agent, digest, .. } = *leaf;
        let promise = Promise { context, period, agent, sequence, digest };
        let signature = self.promise.sign_message(&promise.message());
        let args = ChallengePromiseArgs { period, agent, sequence, digest };
        let both = [
            claims::show_promise(&self.promise.pubkey(), &signature, &promise),
            claims::challenge(self.claimant.pubkey(), self.log, args),
        ];
        send(&both, &[&self.claimant]).await.unwrap();
        let kind = ClaimKind::BrokenPromise;
        registry::claim_address(&self.log, kind, period, &self.agent, sequence, &digest)
    }

    async fn answer(&self, claim: Address, tree: &Tree) {
        let path = tree.inclusion_path(1).unwrap();
        let answer = claims::answer(owner().pubkey(), self.log, 2, claim, 1, path);
        send(&[answer], &[]).await.unwrap();
    }

    async fn cosign(&self, anchor: &Anchor) {
        let (owner, auditor) = (owner().pubkey(), Keypair::new());
        let organisation = Name::parse("auditor.example").unwrap();
        let args = RegisterAuditorArgs { auditor_authority: auditor.pubkey(), organisation };
        let address = registry::anchor_address(&self.log, anchor.period);
        let both = [
            logs::register_auditor(owner, owner, args),
            logs::cosign_anchor(
                owner,
                auditor.pubkey(),
                address,
                &organisation,
                anchor.anchor_hash,
            ),
        ];
        send(&both, &[&auditor]).await.unwrap();
    }

    /// The program's own word on what is in the period, what is not, and what is in the log.
    async fn prove(&self, anchors: &[Anchor], tree: &Tree) {
        let address = registry::anchor_address(&self.log, 2);
        let (leaf, path) = (self.leaves()[4], tree.inclusion_path(4).unwrap());
        let range =
            Tree::from_leaf_hashes(anchors.iter().map(|anchor| leaf_hash(&[&anchor.anchor_hash])));
        let in_log = range.inclusion_path(0).unwrap();
        let right = [
            proofs::verify_inclusion(address, 4, leaf, path.clone()),
            proofs::verify_anchor_in_log(self.log, 0, anchors[0].anchor_hash, in_log),
        ];
        send(&right, &[]).await.unwrap();
        let wrong = proofs::verify_inclusion(address, 3, leaf, tree.inclusion_path(3).unwrap());
        assert_refused(send(&[wrong], &[]).await, RegistryError::RootMismatch);
    }

    /// Nobody answers the other challenge, so that it costs the operator a slash.
    async fn settle(&self, claim: Address) {
        let [_, claimant_tokens, treasury_tokens] = self.tokens.each_ref().map(Signer::pubkey);
        let (log, claimant) = (self.log, self.claimant.pubkey());
        let slash = Slash { log, claim, claimant, claimant_tokens, treasury_tokens };
        let settle = claims::settle(slash);
        let open = registry::find::<Claim>(&ledger(), claim).await.unwrap().unwrap().account;
        wait_until_after(open.answer_by_seconds).await;
        send(std::slice::from_ref(&settle), &[]).await.unwrap();
        assert_refused(send(&[settle], &[]).await, RegistryError::ClaimNotOpen);
    }

    /// What was asked for is paid out, and the oldest anchor's account closed, once that may be.
    async fn wind_up(&self, anchors: &[Anchor], requested_at: i64) {
        let (owner, purse) = (owner().pubkey(), self.tokens[0].pubkey());
        let seconds = i64::try_from(RETENTION_SECONDS).unwrap();
        let posted_at = anchors[0].posted_at.unix_seconds;
        wait_until_after(requested_at.max(posted_at) + seconds).await;
        let both = [
            bonds::withdraw(owner, self.log, purse),
            logs::close_anchor(owner, owner, self.log, 0),
        ];
        send(&both, &[]).await.unwrap();
    }

    /// Everything once more, as it can no longer be undone.
    async fn check(&self, anchors: &[Anchor], kept: Address, broken: Address) {
        let log = read::<Log>(self.log).await;
        assert_eq!((log.next_period, log.cumulative_leaf_count), (3, 5));
        assert_eq!((log.upheld_count, log.open_claim_count), (1, 0));
        assert_eq!((log.bond_amount, log.unbond_amount), (SLASH, 0));
        assert_eq!(log.head_anchor_hash, anchors[2].anchor_hash);
        let cosigned = read::<Anchor>(registry::anchor_address(&self.log, 2)).await;
        assert_eq!(cosigned, Anchor { cosignature_count: 1, ..anchors[2] });
        assert_eq!(cosigned.compute_hash(), cosigned.anchor_hash);
        let closed = registry::anchor_address(&self.log, 0);
        assert!(registry::find::<Anchor>(&finalized(), closed).await.unwrap().is_none());
        let (kept, broken) = (read::<Claim>(kept).await, read::<Claim>(broken).await);
        assert_eq!((kept.state, kept.slashed_amount), (ClaimState::Answered as u8, 0));
        assert_eq!((broken.state, broken.slashed_amount), (ClaimState::Upheld as u8, SLASH));
        let bond = registry::bond_address(&self.log);
        let [operator, claimant, treasury] = self.tokens.each_ref().map(Signer::pubkey);
        let addresses = [operator, claimant, treasury, bond];
        let found = finalized().read(&addresses).await.unwrap();
        let amounts: Vec<u64> =
            found.into_iter().map(|account| amount_of(&account.unwrap().data)).collect();
        assert_eq!(amounts, [SLASH, SLASH / 2, SLASH / 2, SLASH]);
    }
}

fn assert_refused(sent: Result<(), LedgerError>, error: RegistryError) {
    let Err(LedgerError::Refused(refusal)) = sent else { panic!("{sent:?}") };
    assert_eq!(refusal.code(), Some(error as u32));
}
