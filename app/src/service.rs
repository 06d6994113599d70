//! What the service is made of, and what several routes do with it.

mod agents;
mod asking;
mod history;
mod news;
mod probe;
mod promising;
mod proofs;
mod sealing;

pub(crate) use agents::Agent;
pub(crate) use history::{MOST_ENTRY_BYTES, Told, digest_of, hash_of, text_of};
pub(crate) use news::{Cursor, Happening, Listener, count};
use probe::Probe;
pub(crate) use promising::Promised;
pub use promising::Promising;
pub(crate) use sealing::{Ended, Sealing};

use crate::{
    error::ApiError,
    keys::{self, KeyError, Keys, SignerCommand},
    limits::Limits,
    meters::Meters,
    routes::metrics::Schedule,
    stamping::TimestampAuthority,
};
use axum::{Extension, Json, http::StatusCode};
use runseal_client::store::Store;
use runseal_ledger::AnyLedger;
use solana_keypair::Keypair;
use std::{
    hash::{BuildHasher, RandomState},
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::{sync::Semaphore, task::spawn_blocking};

/// How many locks all agents share.
const LOCKS: u64 = 64;

/// How a service is to behave.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Whether an agent that has no key gets one.
    pub create_keys: bool,
    /// Whose run it is that an event begins and that names no agent.
    pub default_agent: Option<String>,
    /// The kind of store, in a word.
    pub engine: String,
    /// Whose service it is, where there are several.
    pub tenant: Option<String>,
    /// How much it takes on at a time.
    pub limits: Limits,
    /// The program that signs for agents; their keys are in files if there is none.
    pub signer: Option<Arc<SignerCommand>>,
    /// Whose time stamps are believed, and who is asked for them.
    pub authority: Option<Arc<TimestampAuthority>>,
}

/// The service behind the API: a store, and the keys that sign.
pub struct Service {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) settings: Settings,
    /// The service's own key, with which it stands beside its agents.
    pub(crate) key: Keypair,
    keys: Keys,
    permits: Arc<Semaphore>,
    seats: Arc<Semaphore>,
    asking: Arc<Semaphore>,
    promising: Option<Promising>,
    pub(crate) news: news::News,
    locks: Vec<Mutex<()>>,
    linking: Mutex<()>,
    hasher: RandomState,
    pub(crate) meters: Meters,
    pub(crate) probe: Probe,
    pub(crate) schedule: Schedule,
}

/// The service, as a route gets it.
pub(crate) type Api = Extension<Arc<Service>>;
/// The chain, as a route gets it.
pub(crate) type Chain = Extension<Arc<AnyLedger>>;

impl Service {
    /// Makes a service of a store and the keys in `home`.
    pub fn new(store: Arc<dyn Store>, home: &Path, settings: Settings) -> Result<Self, KeyError> {
        Ok(Self {
            store,
            key: keys::service_key(home)?,
            keys: Keys::new(home, settings.create_keys, settings.signer.clone()),
            permits: Arc::new(Semaphore::new(settings.limits.at_work)),
            seats: Arc::new(Semaphore::new(settings.limits.calls)),
            settings,
            asking: Arc::new(Semaphore::new(asking::MOST_ASKING)),
            promising: None,
            news: news::News::default(),
            locks: (0..LOCKS).map(|_| Mutex::default()).collect(),
            linking: Mutex::default(),
            hasher: RandomState::new(),
            meters: Meters::default(),
            probe: Probe::default(),
            schedule: Schedule::default(),
        })
    }

    /// Does something that waits for the disk, where that holds up nobody else.
    pub(crate) async fn work<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Self) -> Result<T, ApiError> + Send + 'static,
    ) -> Result<Json<T>, ApiError> {
        let gone = || ApiError::refused(StatusCode::SERVICE_UNAVAILABLE, "the service is ending");
        let seat = Arc::clone(&self.seats).try_acquire_owned().map_err(|_| ApiError::crowded())?;
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|_| gone())?;
        let service = Arc::clone(self);
        let done = spawn_blocking(move || {
            let done = work(&service);
            drop((permit, seat));
            done
        });
        done.await.map_err(ApiError::failed)?.map(Json)
    }

    /// Returns how many calls are at work, and how many wait.
    pub(crate) fn load(&self) -> (usize, usize) {
        let Limits { at_work, calls, .. } = self.settings.limits;
        let at_work = at_work.saturating_sub(self.permits.available_permits());
        let taken = calls.saturating_sub(self.seats.available_permits());
        (at_work, taken.saturating_sub(at_work))
    }

    /// Waits until nobody else decides about an agent. One process writes a store, so this is enough.
    pub(crate) fn lock(&self, agent_id: &str) -> Option<MutexGuard<'_, ()>> {
        let hash = self.hasher.hash_one(agent_id);
        let lock = usize::try_from(hash % LOCKS).ok().and_then(|index| self.locks.get(index))?;
        Some(lock.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Waits until nobody else changes the proof graph.
    pub(crate) fn linking(&self) -> MutexGuard<'_, ()> {
        self.linking.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
