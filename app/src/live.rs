//! Whether what pages show is still so: looked at for all their visitors together.
//!
//! A visitor's page says what it is about and what was seen of it when the page was read. Every two
//! seconds everything that anybody looks at is looked at once, and whoever's page shows something
//! else is told. What came, the page finds out by being read again: nothing is told here but that.

mod look;
mod subject;
mod visitor;

pub(crate) use look::mark;
pub(crate) use subject::Subject;
pub(crate) use visitor::Visitor;

use crate::Shared;
use look::look;
use runseal_types::Digest;
use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{
    sync::{Semaphore, watch},
    time::sleep,
};

/// How often everything is looked at.
const EVERY: Duration = Duration::from_secs(2);
/// In every which round everything is looked at, what takes a scan of the program's accounts too.
const SCAN_EVERY: u64 = 5;
/// How many visitors are told.
const MOST_VISITORS: usize = 256;
/// How many things one page is about at most.
pub(crate) const MOST_SUBJECTS: usize = 4;

/// What stands for the mark of what nobody answers for.
const SILENT: &str = "silent";

/// What was seen of something, or of several things together; nothing if nobody answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark(Option<Digest>);

impl fmt::Display for Mark {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(digest) => digest.fmt(formatter),
            None => formatter.write_str(SILENT),
        }
    }
}

impl Mark {
    /// Says whether somebody answered.
    pub(crate) const fn is_seen(&self) -> bool {
        self.0.is_some()
    }

    /// Reads what a page says that it shows.
    pub(crate) fn find(text: &str) -> Option<Self> {
        if text == SILENT {
            return Some(Self(None));
        }
        text.parse().ok().map(|digest| Self(Some(digest)))
    }

    /// Of several things together: if nobody answers for one, nobody does for all.
    fn of_all(marks: impl IntoIterator<Item = Self>) -> Self {
        let digests: Option<Vec<Digest>> = marks.into_iter().map(|mark| mark.0).collect();
        Self(digests.map(|digests| {
            let parts: Vec<&[u8]> =
                digests.iter().map(|digest| digest.as_bytes().as_slice()).collect();
            Digest::of(&parts)
        }))
    }
}

/// What is looked at, and what was seen.
pub(crate) struct Live {
    board: Mutex<Board>,
    /// How many times something was seen.
    rounds: watch::Sender<u64>,
    ended: watch::Sender<bool>,
    seats: Arc<Semaphore>,
}

#[derive(Default)]
struct Board {
    looked_at: BTreeMap<Subject, LookedAt>,
    /// Whether somebody goes round.
    is_watched: bool,
}

#[derive(Default)]
struct LookedAt {
    visitors: usize,
    /// None before it was looked at for the first time.
    mark: Option<Mark>,
}

impl Default for Live {
    fn default() -> Self {
        Self {
            board: Mutex::default(),
            rounds: watch::Sender::new(0),
            ended: watch::Sender::new(false),
            seats: Arc::new(Semaphore::new(MOST_VISITORS)),
        }
    }
}

impl Live {
    /// Says that nobody is told anything any more.
    pub(crate) fn end(&self) {
        self.ended.send_replace(true);
    }

    fn board(&self) -> MutexGuard<'_, Board> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns what is to be looked at in this round; nothing at all if nobody is there any more.
    fn due(&self, round: u64) -> Option<Vec<Subject>> {
        let mut board = self.board();
        board.is_watched = !board.looked_at.is_empty();
        let is_due = |subject: &Subject, looked_at: &LookedAt| {
            !subject.needs_a_scan() || looked_at.mark.is_none() || round.is_multiple_of(SCAN_EVERY)
        };
        let due = board.looked_at.iter().filter(|(subject, it)| is_due(subject, it));
        let due = due.map(|(subject, _)| subject.clone()).collect();
        board.is_watched.then_some(due)
    }

    /// Notes what was seen, and tells who is there.
    fn note(&self, seen: impl IntoIterator<Item = (Subject, Mark)>) {
        let mut board = self.board();
        for (subject, mark) in seen {
            if let Some(looked_at) = board.looked_at.get_mut(&subject) {
                looked_at.mark = Some(mark);
            }
        }
        drop(board);
        self.rounds.send_modify(|count| *count = count.wrapping_add(1));
    }
}

/// Goes round as long as anybody is there.
async fn go_round(shared: Arc<Shared>) {
    let live = &shared.live;
    let mut ended = live.ended.subscribe();
    let mut round = 0;
    while let Some(due) = live.due(round) {
        let marks = look(&shared, &due).await;
        live.note(due.into_iter().zip(marks));
        round += 1;
        tokio::select! {
            _ = ended.wait_for(|ended| *ended) => return,
            () = sleep(EVERY) => {}
        }
    }
}
