use super::{super::Service, Cursor, Happening, Told};
use runseal_client::StoreError;
use runseal_types::Period;
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::{OwnedSemaphorePermit, broadcast, mpsc, watch},
    task::spawn_blocking,
    time::{sleep, timeout},
};

/// How often the store is looked at if nobody says that it changed.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How many things wait for a listener at most.
const MOST_WAITING: usize = 16;
/// How many periods are looked at together.
const PERIODS_AT_A_TIME: usize = 100;

/// What a listener is told: where he is then, and what happened.
pub(crate) type Item = (Cursor, Happening);

/// One who listens.
pub(crate) struct Listener {
    service: Arc<Service>,
    cursor: Cursor,
    /// Up to here promises are told again to one who came back.
    retold: u64,
    /// The last receipt that was told when the next period was not sealed yet. Whatever it is not
    /// promised for by then, that period takes.
    floor: u64,
    promises: broadcast::Receiver<Told>,
    changes: watch::Receiver<u64>,
    ended: watch::Receiver<bool>,
    _seat: OwnedSemaphorePermit,
}

/// Why a listener is told nothing more. He may come back.
enum Left {
    /// The store does not answer.
    Store,
    /// Too many promises were made meanwhile.
    Behind,
}

impl From<StoreError> for Left {
    fn from(_: StoreError) -> Self {
        Self::Store
    }
}

impl Listener {
    /// Begins where `cursor` says. Nothing is told yet.
    pub(crate) fn new(service: &Arc<Service>, cursor: Cursor, seat: OwnedSemaphorePermit) -> Self {
        let news = &service.news;
        Self {
            cursor,
            retold: cursor.promises,
            floor: cursor.promises,
            promises: news.promises.subscribe(),
            changes: news.changes.subscribe(),
            ended: news.ended.subscribe(),
            service: Arc::clone(service),
            _seat: seat,
        }
    }

    /// Tells what happens until nobody listens, the service ends, or the listener takes nothing for
    /// so long.
    pub(crate) fn begin(self, patience: Duration) -> mpsc::Receiver<Item> {
        let (sender, receiver) = mpsc::channel(MOST_WAITING);
        tokio::spawn(self.tell(sender, patience));
        receiver
    }

    async fn tell(mut self, sender: mpsc::Sender<Item>, patience: Duration) {
        loop {
            self.changes.mark_unchanged();
            let read = spawn_blocking(move || {
                let read = self.read();
                (self, read)
            });
            let Ok((listener, Ok((items, is_more)))) = read.await else { return };
            self = listener;
            for item in items {
                if !matches!(timeout(patience, sender.send(item)).await, Ok(Ok(()))) {
                    return;
                }
            }
            let mut ended = self.ended.clone();
            tokio::select! {
                _ = ended.wait_for(|ended| *ended) => return,
                () = sender.closed() => return,
                changed = self.changes.changed(), if !is_more => if changed.is_err() { return },
                () = sleep(LOOK_EVERY), if !is_more => {}
                () = std::future::ready(()), if is_more => {}
            }
        }
    }

    /// Reads what comes next, and whether there is more of it.
    fn read(&mut self) -> Result<(Vec<Item>, bool), Left> {
        let (service, mut told) = (Arc::clone(&self.service), Vec::new());
        let (store, before) = (&*service.store, self.cursor.receipts);
        if self.retold < self.cursor.receipts {
            self.cursor.retell_promises(store, &mut self.retold, &mut told)?;
            return Ok((told, true));
        }
        let from = self.cursor.sealed;
        let sealed = store.list_periods(Period(from), PERIODS_AT_A_TIME)?;
        if !sealed.is_empty() {
            service.news.settle();
        }
        self.tell_promises(&mut told)?;
        if self.cursor.tell_receipts(store, &mut told)? {
            return Ok((told, true));
        }
        let is_more = sealed.len() == PERIODS_AT_A_TIME;
        if sealed.is_empty() {
            self.floor = before;
        }
        self.cursor.tell_sealed(sealed, self.floor, &mut told);
        self.cursor.tell_anchors(store, &mut told)?;
        // What goes on from here is told by its place alone.
        self.retold = self.cursor.receipts;
        Ok((told, is_more))
    }

    /// Tells the promises that were made since of receipts that were told before.
    fn tell_promises(&mut self, told: &mut Vec<Item>) -> Result<(), Left> {
        loop {
            match self.promises.try_recv() {
                Ok((position, promise)) if position.0 <= self.cursor.receipts => {
                    told.push((self.cursor, Happening::Promise(promise)));
                }
                // Told with its receipt.
                Ok(_) => {}
                Err(broadcast::error::TryRecvError::Lagged(_)) => return Err(Left::Behind),
                Err(_) => return Ok(()),
            }
        }
    }
}

#[cfg(test)]
mod tests;
