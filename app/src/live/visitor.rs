use super::{Live, Mark, Subject, go_round};
use crate::Shared;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, watch};

/// Somebody who looks at a page.
pub(crate) struct Visitor {
    shared: Arc<Shared>,
    subjects: Vec<Subject>,
    rounds: watch::Receiver<u64>,
    ended: watch::Receiver<bool>,
    _seat: OwnedSemaphorePermit,
}

impl Visitor {
    /// Lets somebody in who looks at these things, if there is a seat.
    pub(crate) fn come(shared: &Arc<Shared>, subjects: Vec<Subject>) -> Option<Self> {
        let live = &shared.live;
        let seat = Arc::clone(&live.seats).try_acquire_owned().ok()?;
        let (rounds, ended) = (live.rounds.subscribe(), live.ended.subscribe());
        let mut board = live.board();
        for subject in &subjects {
            board.looked_at.entry(subject.clone()).or_default().visitors += 1;
        }
        if !std::mem::replace(&mut board.is_watched, true) {
            tokio::spawn(go_round(Arc::clone(shared)));
        }
        drop(board);
        Some(Self { shared: Arc::clone(shared), subjects, rounds, ended, _seat: seat })
    }

    /// Waits until something else is seen than `told`; nothing comes any more once the service ends.
    pub(crate) async fn next(&mut self, told: Option<Mark>) -> Option<Mark> {
        loop {
            self.rounds.mark_unchanged();
            if let Some(mark) = self.mark().filter(|mark| Some(*mark) != told) {
                return Some(mark);
            }
            tokio::select! {
                _ = self.ended.wait_for(|ended| *ended) => return None,
                changed = self.rounds.changed() => changed.ok()?,
            }
        }
    }

    /// Returns what was seen last; nothing if not everything was looked at yet.
    fn mark(&self) -> Option<Mark> {
        let board = self.live().board();
        let marks: Option<Vec<Mark>> = self
            .subjects
            .iter()
            .map(|subject| board.looked_at.get(subject).and_then(|looked_at| looked_at.mark))
            .collect();
        marks.map(Mark::of_all)
    }

    fn live(&self) -> &Live {
        &self.shared.live
    }
}

impl Drop for Visitor {
    fn drop(&mut self) {
        let mut board = self.live().board();
        for subject in &self.subjects {
            let Some(looked_at) = board.looked_at.get_mut(subject) else { continue };
            looked_at.visitors -= 1;
            if looked_at.visitors == 0 {
                board.looked_at.remove(subject);
            }
        }
    }
}
