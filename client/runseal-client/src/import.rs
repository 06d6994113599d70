//! Millions of receipts at once: JSON lines in, one answer for each line.
//!
//! Lines are read, checked and stored a batch at a time by a few threads that each do all three, so
//! that some check while others wait for the disk. Memory is bounded by threads and batch.

mod lines;

use crate::store::{CheckedReceipt, Conflict, Store, StoreError, Stored};
use lines::{Batch, Line, Lines};
use runseal_ed25519::PublicKey;
use runseal_receipt::{BatchError, Receipt};
use runseal_types::Leaf;
use std::{
    collections::BTreeMap,
    io::BufRead,
    sync::{Mutex, PoisonError},
    thread,
};

/// How much is taken at a time, and by how many.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How many threads read, check and store.
    pub threads: usize,
    /// How many lines are checked and stored together.
    pub batch_lines: usize,
    /// How many bytes, if that comes first.
    pub batch_bytes: usize,
}

impl Default for Limits {
    /// One thread more than there are processors, since one at least waits for the disk.
    fn default() -> Self {
        let processors = thread::available_parallelism().map_or(1, usize::from);
        Self { threads: processors.saturating_add(1), batch_lines: 4_096, batch_bytes: 16 << 20 }
    }
}

/// What became of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Which line, from 1.
    pub line: u64,
    /// What became of it: stored, or why not.
    pub outcome: Result<Imported, LineError>,
}

/// A line that is a stored receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The receipt's place and digest.
    pub leaf: Leaf,
    /// Whether it is new.
    pub stored: Stored,
}

/// Why a line was not stored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// It is longer than any receipt.
    #[error("the line has more than {most_bytes} bytes")]
    TooLong {
        /// How long it may be.
        most_bytes: usize,
    },
    /// It is the last one, and its end is missing.
    #[error("the line is cut off: {reason}")]
    CutOff {
        /// Why what is there is not a receipt.
        reason: BatchError,
    },
    /// It is not a receipt that its agent signed.
    #[error(transparent)]
    Refused(#[from] BatchError),
    /// It contradicts what is stored.
    #[error(transparent)]
    Conflict(#[from] Conflict),
}

/// Why an import ended early. What was answered before holds.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The lines could not be read.
    #[error("line {line} cannot be read: {reason}")]
    Unreadable {
        /// Which line, from 1.
        line: u64,
        /// Why.
        reason: std::io::Error,
    },
    /// The store did not take them.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Imports lines. `answer` is called for every line that is not blank, in their order, after what
/// it reports is durable.
pub fn import(
    store: &(impl Store + ?Sized),
    lines: impl BufRead + Send,
    key_of: &(dyn Fn(&Receipt) -> Option<PublicKey> + Sync),
    limits: Limits,
    answer: &mut (dyn FnMut(Answer) + Send),
) -> Result<(), ImportError> {
    let source = Mutex::new(Lines::new(lines, limits.batch_lines, limits.batch_bytes));
    let sink = Mutex::new(Sink { next: 0, waiting: BTreeMap::new(), failure: None, answer });
    thread::scope(|scope| {
        for _ in 0..limits.threads.max(1) {
            scope.spawn(|| work(store, &source, key_of, &sink));
        }
    });
    match sink.into_inner().unwrap_or_else(PoisonError::into_inner).failure {
        None => Ok(()),
        Some((_, error)) => Err(error),
    }
}

/// Takes answers as batches end and hands them on as batches began.
struct Sink<'a> {
    next: u64,
    waiting: BTreeMap<u64, Vec<Answer>>,
    failure: Option<(u64, ImportError)>,
    answer: &'a mut (dyn FnMut(Answer) + Send),
}

impl Sink<'_> {
    /// Takes a batch's answers; says whether to go on.
    fn take(&mut self, number: u64, outcome: Result<Vec<Answer>, ImportError>) -> bool {
        match outcome {
            Ok(answers) => {
                self.waiting.insert(number, answers);
            }
            // Of several failures the first line's is told.
            Err(error) if self.failure.as_ref().is_none_or(|(first, _)| number < *first) => {
                self.failure = Some((number, error));
            }
            Err(_) => {}
        }
        while let Some(answers) = self.waiting.remove(&self.next) {
            answers.into_iter().for_each(&mut *self.answer);
            self.next = self.next.saturating_add(1);
        }
        self.failure.is_none()
    }
}

fn work<R: BufRead>(
    store: &(impl Store + ?Sized),
    source: &Mutex<Lines<R>>,
    key_of: &(dyn Fn(&Receipt) -> Option<PublicKey> + Sync),
    sink: &Mutex<Sink<'_>>,
) {
    loop {
        let batch = source.lock().unwrap_or_else(PoisonError::into_inner).next_batch();
        let (number, outcome) = match batch {
            Ok(None) => return,
            Ok(Some(batch)) => (batch.number, put(store, batch, key_of).map_err(Into::into)),
            Err((number, error)) => (number, Err(error)),
        };
        if !sink.lock().unwrap_or_else(PoisonError::into_inner).take(number, outcome) {
            return;
        }
    }
}

fn put(
    store: &(impl Store + ?Sized),
    batch: Batch,
    key_of: impl Fn(&Receipt) -> Option<PublicKey>,
) -> Result<Vec<Answer>, StoreError> {
    let mut answers: Vec<(u64, Option<Result<Imported, LineError>>)> = Vec::new();
    let (mut texts, mut whole) = (Vec::new(), Vec::new());
    for line in batch.lines {
        match line {
            Line::TooLong { number, most_bytes } => {
                answers.push((number, Some(Err(LineError::TooLong { most_bytes }))));
            }
            Line::Text { number, bytes, is_whole } => {
                answers.push((number, None));
                texts.push(bytes);
                whole.push(is_whole);
            }
        }
    }
    let mut outcomes = store_checked(store, CheckedReceipt::check_all(texts, key_of), whole)?;
    let answer = |(line, known): (u64, Option<_>)| {
        let outcome = known.or_else(|| outcomes.next())?;
        Some(Answer { line, outcome })
    };
    Ok(answers.into_iter().filter_map(answer).collect())
}

/// Stores what is good and returns an outcome for each, in order.
fn store_checked(
    store: &(impl Store + ?Sized),
    checked: Vec<Result<CheckedReceipt, BatchError>>,
    whole: Vec<bool>,
) -> Result<impl Iterator<Item = Result<Imported, LineError>>, StoreError> {
    let mut good = Vec::with_capacity(checked.len());
    let mut outcomes = Vec::with_capacity(checked.len());
    for (checked, is_whole) in checked.into_iter().zip(whole) {
        outcomes.push(match checked {
            Ok(receipt) => {
                let leaf = receipt.columns().leaf;
                good.push(receipt);
                Ok(leaf)
            }
            Err(reason) if is_whole => Err(LineError::Refused(reason)),
            Err(reason) => Err(LineError::CutOff { reason }),
        });
    }
    let mut stored =
        if good.is_empty() { Vec::new() } else { store.put_receipts(good)? }.into_iter();
    Ok(outcomes.into_iter().filter_map(move |outcome| match outcome {
        Err(error) => Some(Err(error)),
        // There are as many answers as good ones; one without an answer was not stored.
        Ok(leaf) => {
            let stored = stored.next()?;
            Some(stored.map(|stored| Imported { leaf, stored }).map_err(LineError::from))
        }
    }))
}
