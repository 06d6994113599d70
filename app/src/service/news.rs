//! What happens to receipts and periods, told to whoever listens.
//!
//! What is told is read from the store, so nothing is told before it is durable, and who comes back
//! after a restart is told what he missed.

mod cursor;
mod lanes;
mod listener;
mod now;

pub(crate) use cursor::{Cursor, Happening};
pub(crate) use listener::Listener;
pub(crate) use now::count;

use runseal_client::{promises::PromiseError, store::Position};
use runseal_engine::SignedPromise;
use std::sync::{Arc, PoisonError, RwLock};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, broadcast, watch};

/// How many may listen at a time.
const MOST_LISTENERS: usize = 64;
/// How many promises a listener may be behind; who is further behind comes back and reads the store.
const MOST_BEHIND: usize = 1_024;

/// A promise, and where its receipt stands.
pub(crate) type Told = (Position, SignedPromise);

/// Wakes listeners.
pub(crate) struct News {
    changes: watch::Sender<u64>,
    ended: watch::Sender<bool>,
    promises: broadcast::Sender<Told>,
    /// Held while a promise is made and told, so that one can wait for those on their way.
    making: RwLock<()>,
    seats: Arc<Semaphore>,
}

impl Default for News {
    fn default() -> Self {
        Self {
            changes: watch::Sender::new(0),
            ended: watch::Sender::new(false),
            promises: broadcast::Sender::new(MOST_BEHIND),
            making: RwLock::default(),
            seats: Arc::new(Semaphore::new(MOST_LISTENERS)),
        }
    }
}

impl News {
    /// Says that something was stored.
    pub(crate) fn changed(&self) {
        self.changes.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Says that nothing more will be told.
    pub(crate) fn end(&self) {
        self.ended.send_replace(true);
    }

    /// Makes a promise and tells it.
    pub(crate) fn tell_promise(
        &self,
        position: Position,
        make: impl FnOnce() -> Result<SignedPromise, PromiseError>,
    ) -> Result<SignedPromise, PromiseError> {
        let making = self.making.read().unwrap_or_else(PoisonError::into_inner);
        let promise = make()?;
        // Nobody need listen.
        self.promises.send((position, promise)).ok();
        drop(making);
        self.changed();
        Ok(promise)
    }

    /// Waits until every promise that is stored by now is told.
    fn settle(&self) {
        drop(self.making.write().unwrap_or_else(PoisonError::into_inner));
    }

    /// Takes a seat, if one is free.
    pub(crate) fn sit_down(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.seats).try_acquire_owned().ok()
    }
}
