//! A ledger with everybody on it: vendor, certifier, operator, an agent and a log.

mod args;
mod receipts;

pub(crate) use receipts::{saying, signed_receipt, text};

use crate::service::{Running, settings};
use args::{agent_args, attest_args, config_args, version_args};
use runseal_client::{
    agents, anchoring, certification, clock, config,
    instructions::{agents as build_agents, certification as build, logs},
    keys::ours,
    ledger::Ledger,
    registry,
};
use runseal_ledger::{AnyLedger, Embedded};
use runseal_receipt::Receipt;
use runseal_registry::{
    instructions::{AccreditCertifierArgs, OpenLogArgs},
    state::{AgentStatus, Name},
};
use runseal_types::Digest;
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
