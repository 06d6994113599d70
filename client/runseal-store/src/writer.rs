//! The one thread that writes. Whatever waits while a commit runs goes into the next one.

use crate::failure::Failure;
use runseal_client::{StoreError, store::Committed};
use rusqlite::Connection;
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

/// A group takes no more pieces of work than this, nor goes on taking them for longer.
const MOST_WORK: usize = 1_024;
const LONGEST: Duration = Duration::from_millis(5);
/// How much may wait before callers have to wait to be heard.
const QUEUE: usize = 4 * MOST_WORK;

/// A piece of work for the writing thread, and whoever waits for it.
trait Work: Send {
    /// Does it within the group's transaction; an error means that nothing of it may stay.
    fn run(&mut self, connection: &Connection, store: &str) -> Result<(), StoreError>;
    /// Tells whoever waits, once it is known whether the group is durable.
    fn tell(self: Box<Self>, committed: Result<(), StoreError>);
}

struct Task<T, F> {
    work: Option<F>,
    result: Option<Result<T, StoreError>>,
    answer: SyncSender<Result<T, StoreError>>,
}

impl<T: Send, F: FnOnce(&Connection) -> Result<T, Failure> + Send> Work for Task<T, F> {
    fn run(&mut self, connection: &Connection, store: &str) -> Result<(), StoreError> {
        self.result =
            self.work.take().map(|work| work(connection).map_err(|failure| failure.named(store)));
        match &self.result {
            Some(Err(error)) => Err(error.clone()),
            _ => Ok(()),
        }
    }

    fn tell(self: Box<Self>, committed: Result<(), StoreError>) {
        let answer = match (committed, self.result) {
            (Ok(()), Some(result)) | (Err(_), Some(result @ Err(_))) => Some(result),
            (Err(error), _) => Some(Err(error)),
            (Ok(()), None) => None,
        };
        // Who stopped waiting does not want to know.
        if let Some(answer) = answer {
            self.answer.send(answer).ok();
        }
    }
}

/// The writing thread's handle.
#[derive(Debug)]
pub(crate) struct Writer {
    store: String,
    /// Taken when the thread is to end.
    queue: Option<SyncSender<Box<dyn Work>>>,
    thread: Option<JoinHandle<()>>,
    counter: Arc<Counter>,
}

/// What was committed so far.
#[derive(Debug, Default)]
struct Counter {
    groups: AtomicU64,
    writes: AtomicU64,
}

impl Writer {
    pub(crate) fn start(connection: Connection, store: &str) -> Result<Self, StoreError> {
        let (queue, work) = sync_channel(QUEUE);
        let name = store.to_owned();
        let counter = Arc::new(Counter::default());
        let counted = Arc::clone(&counter);
        let thread = thread::Builder::new()
            .name("runseal-store".to_owned())
            .spawn(move || serve(&connection, &work, &name, &counted));
        let store = store.to_owned();
        match thread {
            Ok(thread) => Ok(Self { store, queue: Some(queue), thread: Some(thread), counter }),
            Err(error) => Err(StoreError::Unavailable { store, reason: error.to_string() }),
        }
    }

    /// Returns how many groups were committed, each with one sync, and how much was in them.
    pub(crate) fn committed(&self) -> Committed {
        Committed {
            groups: self.counter.groups.load(Ordering::Relaxed),
            writes: self.counter.writes.load(Ordering::Relaxed),
        }
    }

    /// Has something done, and waits until it is durable or known not to be.
    pub(crate) fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (answer, wait) = sync_channel(1);
        let task = Box::new(Task { work: Some(work), result: None, answer });
        let gone = || StoreError::Unavailable {
            store: self.store.clone(),
            reason: "its writing thread has ended".to_owned(),
        };
        self.queue.as_ref().ok_or_else(gone)?.send(task).map_err(|_| gone())?;
        wait.recv().map_err(|_| gone())?
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(thread) = self.thread.take() {
            // Whoever waited was told already, also if the thread failed.
            thread.join().ok();
        }
    }
}

fn serve(connection: &Connection, work: &Receiver<Box<dyn Work>>, store: &str, counter: &Counter) {
    while let Ok(first) = work.recv() {
        let mut group = Vec::new();
        let committed = run_group(connection, first, work, store, &mut group).map_err(|failure| {
            // Nothing of it may be left for the next group.
            connection.execute_batch("ROLLBACK").ok();
            failure.named(store)
        });
        if committed.is_ok() {
            let writes = u64::try_from(group.len()).unwrap_or(u64::MAX);
            counter.groups.fetch_add(1, Ordering::Relaxed);
            counter.writes.fetch_add(writes, Ordering::Relaxed);
        }
        group.into_iter().for_each(|work| work.tell(committed.clone()));
    }
}

/// Runs what waits in one transaction. Everything that was taken is in `group` afterwards.
fn run_group(
    connection: &Connection,
    first: Box<dyn Work>,
    waiting: &Receiver<Box<dyn Work>>,
    store: &str,
    group: &mut Vec<Box<dyn Work>>,
) -> Result<(), Failure> {
    let begun = Instant::now();
    group.push(first);
    connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
    loop {
        if let Some(work) = group.last_mut() {
            run_one(connection, work.as_mut(), store)?;
        }
        if group.len() >= MOST_WORK || begun.elapsed() > LONGEST {
            break;
        }
        match waiting.try_recv() {
            Ok(work) => group.push(work),
            Err(_) => break,
        }
    }
    connection.prepare_cached("COMMIT")?.execute([])?;
    Ok(())
}

/// Runs one piece of work so that it leaves nothing behind if it is refused.
fn run_one(connection: &Connection, work: &mut dyn Work, store: &str) -> Result<(), Failure> {
    connection.prepare_cached("SAVEPOINT work")?.execute([])?;
    if let Err(error) = work.run(connection, store) {
        // A full disk ends the whole transaction, and with it whatever others did in it.
        if connection.is_autocommit() {
            return Err(error.into());
        }
        connection.prepare_cached("ROLLBACK TO work")?.execute([])?;
    }
    connection.prepare_cached("RELEASE work")?.execute([])?;
    Ok(())
}
