//! A ledger with everybody on it: vendor, certifier, operator, an agent and a log.

use crate::service::{Running, settings};
use runseal_client::{
    agents, anchoring, certification, clock, config,
    instructions::{agents as build_agents, certification as build, logs},
    keys::ours,
    ledger::Ledger,
    receipts, registry,
};
use runseal_ledger::{AnyLedger, Embedded};
use runseal_receipt::{Nonce, Receipt, ReceiptFacts, Statements, Status, Trace, json::Object};
use runseal_registry::{
    instructions::{
        AccreditCertifierArgs, AttestStageArgs, InitializeConfigArgs, OpenLogArgs,
        PublishVersionArgs, RegisterAgentArgs,
    },
    state::{AgentStatus, Metrics, Name, SemanticVersion},
};
use runseal_types::{Digest, Sequence, Timestamp};
use solana_address::Address;
use solana_keypair::Keypair;
use solana_signer::Signer;
use std::{path::Path, sync::Arc};
use tempfile::TempDir;

pub(crate) const CADENCE_SECONDS: u64 = 3_600;

/// Everybody's keys, and the one ledger.
pub(crate) struct Town {
    pub(crate) home: TempDir,
    pub(crate) ledger: Arc<AnyLedger>,
    /// Vendor, certifier and operator in one.
    pub(crate) owner: Keypair,
    pub(crate) identity: Keypair,
    pub(crate) anchoring: Keypair,
    pub(crate) promise: Keypair,
    pub(crate) log: Address,
    pub(crate) version: Address,
}

impl Town {
    /// Builds a town whose log's first period began a moment ago.
    pub(crate) async fn build() -> Self {
        let home = tempfile::tempdir().unwrap();
        let (owner, identity) = (Keypair::new(), Keypair::new());
        let (anchoring, promise, certifier) = (Keypair::new(), Keypair::new(), Keypair::new());
        let folder = home.path().join("ledger");
        let ledger = Embedded::open_or_create(&folder, owner.pubkey()).unwrap();
        for key in [&owner, &anchoring, &certifier] {
            ledger.airdrop(&key.pubkey(), 10_000_000_000).await.unwrap();
        }
        config::initialize(&ledger, &owner, config_args(owner.pubkey())).await.unwrap();
        agents::register(&ledger, &owner, &identity, agent_args()).await.unwrap();
        let agent = registry::agent_address(&identity.pubkey());
        let (version, _) = agents::publish(&ledger, &owner, agent, version_args()).await.unwrap();
        let activate = build_agents::set_status(owner.pubkey(), agent, AgentStatus::Active);
        ledger.submit(&[activate], &[&owner]).await.unwrap();
        let args = AccreditCertifierArgs {
            certifier_authority: certifier.pubkey(),
            organisation: Name::parse("certifier.example").unwrap(),
            stages: 1,
        };
        let accredit = build::accredit(owner.pubkey(), owner.pubkey(), args);
        ledger.submit(&[accredit], &[&owner]).await.unwrap();
        let now = clock::now(&ledger).await.unwrap();
        let args = attest_args(now.slot, now.unix_seconds);
        certification::attest(&ledger, &certifier, version, args).await.unwrap();
        let genesis_hash = ledger.genesis_hash().await.unwrap().to_bytes();
        let args = OpenLogArgs {
            name: Name::parse("receipts").unwrap(),
            genesis_hash,
            anchoring_key: anchoring.pubkey(),
            promise_key: promise.pubkey(),
            start_seconds: now.unix_seconds,
            cadence_seconds: CADENCE_SECONDS,
            grace_seconds: CADENCE_SECONDS,
            answer_window_seconds: 3_600,
            challenge_window_seconds: 86_400,
            retention_seconds: 30 * 86_400,
        };
        let log = registry::log_address(&owner.pubkey(), &args.name);
        let open = logs::open(owner.pubkey(), owner.pubkey(), args);
        ledger.submit(&[open], &[&owner]).await.unwrap();
        let ledger = Arc::new(AnyLedger::Embedded(Box::new(ledger)));
        Self { home, ledger, owner, identity, anchoring, promise, log, version }
    }

    /// Starts a service that promises receipts for the log.
    pub(crate) async fn serve(&self) -> Running {
        let promises = Some((self.log, self.promise.insecure_clone()));
        Running::start_promising(self.home(), settings(), Arc::clone(&self.ledger), promises).await
    }

    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    /// The agent's account.
    pub(crate) fn agent(&self) -> runseal_types::Address {
        ours(&registry::agent_address(&self.identity.pubkey()))
    }

    /// Lets time pass.
    pub(crate) fn advance(&self, seconds: u64) {
        let AnyLedger::Embedded(ledger) = &*self.ledger else { panic!("it is embedded") };
        ledger.advance(u32::try_from(seconds).unwrap()).unwrap();
    }

    /// Seals and anchors every period that is over.
    pub(crate) async fn anchor(&self, running: &Running) {
        let (store, ledger) = (&*running.store, &*self.ledger);
        let mut anchoring =
            anchoring::Anchoring::begin(store, ledger, self.log, &self.anchoring).await.unwrap();
        loop {
            if let anchoring::Progress::Waiting { until_seconds, now_seconds } =
                anchoring.step().await.unwrap()
                && until_seconds > now_seconds + 60
            {
                return;
            }
        }
    }

    /// The agent's receipt of this number, signed.
    pub(crate) fn receipt(&self, sequence: u64, previous: Option<Digest>) -> Receipt {
        signed_receipt(&self.identity, sequence, previous)
    }
}

/// A receipt of a run without events, signed by the agent with this key.
pub(crate) fn signed_receipt(
    identity: &Keypair,
    sequence: u64,
    previous: Option<Digest>,
) -> Receipt {
    let at = Timestamp::new(1_773_705_600 + sequence, 0).unwrap();
    let trace = Trace::default();
    let facts = ReceiptFacts {
        run_id: format!("run-{sequence}"),
        trace_id: format!("trace-{sequence}"),
        agent: ours(&registry::agent_address(&identity.pubkey())),
        agent_version: 0,
        adapter: "test".to_owned(),
        runtime: None,
        started_at: at,
        ended_at: at,
        status: Status::Completed,
        reason: None,
        sequence: Sequence(sequence),
        previous,
        nonce: Nonce::new(&[7; 32]).unwrap(),
        event_chain: trace.head(),
        hashes: trace.hashes(),
        telemetry: None,
        statements: Statements::default(),
        compact: None,
        payment: None,
    };
    receipts::sign(Receipt::new(&facts, Object::new()).unwrap(), at, identity).unwrap()
}

/// A receipt's text.
pub(crate) fn text(receipt: &Receipt) -> String {
    String::from_utf8(receipt.document().to_value().canonical()).unwrap()
}

fn config_args(authority: Address) -> InitializeConfigArgs {
    InitializeConfigArgs {
        authority,
        treasury: Address::new_from_array([2; 32]),
        bond_mint: Address::new_from_array([3; 32]),
        smallest_bond_amount: 1_000_000,
        claim_deposit_lamports: 10_000_000,
        authority_notice_seconds: 172_800,
        unbond_notice_seconds: 1_209_600,
        slash_claimant_basis_points: 5_000,
    }
}

fn agent_args() -> RegisterAgentArgs {
    RegisterAgentArgs {
        manifest_hash: [7; 32],
        heartbeat_cadence_seconds: 3_600,
        uri: "https://example.com/agent.json".to_owned(),
    }
}

fn version_args() -> PublishVersionArgs {
    PublishVersionArgs {
        semantic: SemanticVersion { major: 1, minor: 2, patch: 3 },
        manifest_hash: [4; 32],
        code_hash: [5; 32],
        uri: String::new(),
    }
}

fn attest_args(slot: u64, unix_seconds: i64) -> AttestStageArgs {
    AttestStageArgs {
        stage: 1,
        outcome: 1,
        round: 0,
        expires_slot: slot + 100_000_000,
        expires_seconds: unix_seconds + 10_000_000,
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
