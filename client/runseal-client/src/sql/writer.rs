//! The one thread that writes. Whatever waits while a commit runs goes into the next one.

use super::{Failure, Sql};
use crate::store::{Committed, StoreError};
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

/// A connection on which the writing thread writes.
pub trait Session: Send {
    /// Returns what statements are run on.
    fn sql(&self) -> &dyn Sql;

    /// Begins a transaction; where the connection was lost, on a new one.
    fn begin(&mut self) -> Result<(), Failure>;

    /// Makes everything since the beginning durable.
    fn commit(&mut self) -> Result<(), Failure>;

    /// Leaves nothing of the transaction for the next one.
    fn roll_back(&mut self);

    /// Says whether the transaction goes on; trouble may have ended it.
    fn is_in_transaction(&self) -> bool;
}

/// A piece of work for the writing thread, and whoever waits for it.
trait Work: Send {
    /// Does it within the group's transaction; an error means that nothing of it may stay.
    fn run(&mut self, sql: &dyn Sql, store: &str) -> Result<(), StoreError>;
    /// Tells whoever waits, once it is known whether the group is durable.
    fn tell(self: Box<Self>, committed: Result<(), StoreError>);
}

struct Task<T, F> {
    work: Option<F>,
    result: Option<Result<T, StoreError>>,
    answer: SyncSender<Result<T, StoreError>>,
}

impl<T: Send, F: FnOnce(&dyn Sql) -> Result<T, Failure> + Send> Work for Task<T, F> {
    fn run(&mut self, sql: &dyn Sql, store: &str) -> Result<(), StoreError> {
        self.result =
            self.work.take().map(|work| work(sql).map_err(|failure| failure.named(store)));
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
pub struct Writer {
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
    /// Starts the thread, on a connection to the store of this name.
    pub fn start(session: impl Session + 'static, store: &str) -> Result<Self, StoreError> {
        let (queue, work) = sync_channel(QUEUE);
        let name = store.to_owned();
        let counter = Arc::new(Counter::default());
        let counted = Arc::clone(&counter);
        let thread = thread::Builder::new()
            .name("runseal-store".to_owned())
            .spawn(move || serve(Box::new(session), &work, &name, &counted));
        let store = store.to_owned();
        match thread {
            Ok(thread) => Ok(Self { store, queue: Some(queue), thread: Some(thread), counter }),
            Err(error) => Err(StoreError::Unavailable { store, reason: error.to_string() }),
        }
    }

    /// Returns how many groups were committed, each with one sync, and how much was in them.
    pub fn committed(&self) -> Committed {
        Committed {
            groups: self.counter.groups.load(Ordering::Relaxed),
            writes: self.counter.writes.load(Ordering::Relaxed),
        }
    }

    /// Has something done, and waits until it is durable or known not to be.
    pub fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Sql) -> Result<T, Failure> + Send + 'static,
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

fn serve(
    mut session: Box<dyn Session>,
    work: &Receiver<Box<dyn Work>>,
    store: &str,
    counter: &Counter,
) {
    while let Ok(first) = work.recv() {
        let mut group = Vec::new();
        let committed = run_group(&mut *session, first, work, store, &mut group);
        let committed = committed.map_err(|failure| {
            session.roll_back();
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
    session: &mut dyn Session,
    first: Box<dyn Work>,
    waiting: &Receiver<Box<dyn Work>>,
    store: &str,
    group: &mut Vec<Box<dyn Work>>,
) -> Result<(), Failure> {
    let begun = Instant::now();
    group.push(first);
    session.begin()?;
    loop {
        if let Some(work) = group.last_mut() {
            run_one(session, work.as_mut(), store)?;
        }
        if group.len() >= MOST_WORK || begun.elapsed() > LONGEST {
            break;
        }
        match waiting.try_recv() {
            Ok(work) => group.push(work),
            Err(_) => break,
        }
    }
    session.commit()
}

/// Runs one piece of work so that it leaves nothing behind if it is refused.
fn run_one(session: &dyn Session, work: &mut dyn Work, store: &str) -> Result<(), Failure> {
    let sql = session.sql();
    sql.execute("SAVEPOINT work", &[])?;
    if let Err(error) = work.run(sql, store) {
        // A full disk ends the whole transaction, and with it whatever others did in it.
        if !session.is_in_transaction() {
            return Err(error.into());
        }
        sql.execute("ROLLBACK TO work", &[])?;
    }
    sql.execute("RELEASE work", &[])
}
