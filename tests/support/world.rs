use crate::{config_args, register_args};
use runseal_client::{
    LedgerError, agents, config,
    config::{Configured, InitializeError},
    ledger::Landed,
    registry::{self, Found},
};
use runseal_ledger::Embedded;
use runseal_registry::state::Agent;
use solana_address::Address;
use solana_keypair::Keypair;
use solana_signer::Signer;
use tempfile::TempDir;

/// An embedded ledger on disk and the people who use it.
pub struct World {
    folder: TempDir,
    ledger: Option<Embedded>,
    pub vendor: Keypair,
    /// The identities registered so far, and what was registered.
    registered: Vec<(Address, [u8; 32])>,
}

impl World {
    /// A world in which the vendor owns a configured ledger and has lamports.
    pub async fn new() -> Self {
        let (folder, vendor) = (tempfile::tempdir().unwrap(), Keypair::new());
        let ledger = Embedded::open_or_create(folder.path(), vendor.pubkey()).unwrap();
        ledger.airdrop(&vendor.pubkey(), 10_000_000_000).await.unwrap();
        let world = Self { folder, ledger: Some(ledger), vendor, registered: Vec::new() };
        assert!(matches!(world.configure().await, Ok(Configured::Now(_))));
        world
    }

    pub fn ledger(&self) -> &Embedded {
        self.ledger.as_ref().unwrap()
    }

    pub async fn configure(&self) -> Result<Configured, InitializeError> {
        config::initialize(self.ledger(), &self.vendor, config_args(self.vendor.pubkey())).await
    }

    /// Registers an agent; what worked is remembered and checked from then on.
    pub async fn register(&mut self, identity: &Keypair) -> Result<Landed, LedgerError> {
        let args = register_args();
        let hash = args.manifest_hash;
        let landed = agents::register(self.ledger(), &self.vendor, identity, args).await?;
        self.registered.push((identity.pubkey(), hash));
        Ok(landed)
    }

    /// Stops the process, as far as the ledger can tell, and starts another.
    pub fn restart(&mut self) {
        self.ledger = None;
        self.ledger = Some(Embedded::open(self.folder.path()).unwrap());
    }

    /// Holds after every step: the ledger has what was registered, and nothing else.
    pub async fn check_world(&self) {
        let mut found: Vec<Found<Agent>> = registry::find_all(self.ledger()).await.unwrap();
        assert_eq!(found.len(), self.registered.len());
        for (identity, manifest_hash) in &self.registered {
            let address = registry::agent_address(identity);
            let index = found.iter().position(|agent| agent.address == address).unwrap();
            let agent = found.swap_remove(index).account;
            assert_eq!((agent.identity, agent.manifest_hash), (*identity, *manifest_hash));
            assert_eq!(agent.authority, self.vendor.pubkey());
            agent.invariant().unwrap();
        }
    }
}
