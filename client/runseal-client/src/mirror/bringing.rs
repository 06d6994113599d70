//! Bringing lists and anchors from a source into a mirror, one period after the other.

use super::{
    Copy, LeafLists, LeafSource, MirrorError, PeriodState, Pieces, check_list, size_bytes,
};
use crate::{
    anchors::KnownLog,
    closed::{Anchors, Known, Refused},
    ledger::Ledger,
    published::anchor_text,
};
use runseal_types::{AnchorFacts, Period, SORT_KEY_BYTES};
use std::ops::Range;

/// So much is fetched before it is written.
const WRITE_BYTES: usize = 1 << 20;

/// Brings one log's lists from a source into a mirror.
pub struct Mirror<'a, S, K> {
    /// The log.
    pub log: &'a KnownLog,
    /// Where the lists come from.
    pub source: &'a S,
    /// Where they are kept.
    pub lists: &'a K,
}

impl<S: LeafSource, K: LeafLists> Mirror<'_, S, K> {
    /// Mirrors a period that is not among those that were read with [`read`](Self::read).
    pub async fn mirror_one(
        &self,
        anchors: &mut Anchors<'_, impl Ledger>,
        period: Period,
        progress: &mut (dyn FnMut(usize) + Send),
    ) -> Result<PeriodState, MirrorError> {
        if period.0 >= self.log.anchor_count() {
            return Ok(PeriodState::NotAnchored);
        }
        let mut known = anchors.read_one(period).await?;
        if matches!(known, Known::Unknown(_)) {
            // What names this anchor is the next one, and so on up to the first that is known.
            let unknown = anchors.unasked().into_iter().filter(|it| *it >= period);
            let run = unknown.zip(period.0..).take_while(|(it, next)| it.0 == *next);
            self.ask(anchors, run.map(|(period, _)| period).collect()).await?;
            known = anchors.read_one(period).await?;
        }
        self.mirror(period, &known, &anchors.refused(), progress).await
    }

    /// Reads the anchors of some periods. The source is asked, once, for those that are closed and of
    /// which nobody here knows what they said.
    pub async fn read(
        &self,
        anchors: &mut Anchors<'_, impl Ledger>,
        periods: Range<u64>,
    ) -> Result<Vec<Known>, MirrorError> {
        let known = anchors.read(periods.clone()).await?;
        let is_unknown = |known: &Known| matches!(known, Known::Unknown(_));
        let unasked = anchors.unasked();
        if unasked.is_empty() || !known.iter().any(is_unknown) {
            return Ok(known);
        }
        self.ask(anchors, unasked).await?;
        Ok(anchors.read(periods).await?)
    }

    async fn ask(
        &self,
        anchors: &mut Anchors<'_, impl Ledger>,
        periods: Vec<Period>,
    ) -> Result<(), MirrorError> {
        let (mut offers, mut broken) = (Vec::new(), None);
        // The newest first: if the source breaks off, what it has sent is proven all the same.
        for period in periods.into_iter().rev() {
            match self.source.fetch_anchor(period).await {
                Ok(text) => offers.push((period, text)),
                Err(error) => {
                    broken = Some(error);
                    break;
                }
            }
        }
        anchors.offer(offers)?;
        broken.map_or(Ok(()), |error| Err(error.into()))
    }

    /// Mirrors an anchored period. `progress` is told of every byte that comes.
    ///
    /// What the anchor says is kept, for the day on which its account is closed. A list that is kept is
    /// checked again. One that was half fetched is gone on with, and fetched anew if the whole of it
    /// differs, because its beginning may be of another day.
    pub async fn mirror(
        &self,
        period: Period,
        anchor: &Known,
        refused: &[Refused],
        progress: &mut (dyn FnMut(usize) + Send),
    ) -> Result<PeriodState, MirrorError> {
        let mut kept_as = None;
        for refused in refused.iter().filter(|refused| refused.period == period) {
            let name = self.lists.put_anchor_aside(period, &refused.text)?;
            kept_as.get_or_insert((refused.to_string(), name));
        }
        let facts = match (anchor, kept_as) {
            (Known::Open(anchor), _) => self.log.check_anchor(period, anchor)?,
            (Known::Closed(facts), _) => *facts,
            (Known::Unknown(_), Some((reason, kept_as))) => {
                return Ok(PeriodState::AnchorDiffers { reason, kept_as });
            }
            (Known::Unknown(closed), None) => return Ok(PeriodState::AnchorClosed(*closed)),
        };
        self.lists.keep_anchor(period, &anchor_text(&facts))?;
        let is_anchor_closed = matches!(anchor, Known::Closed(_));
        self.mirror_list(period, &facts, is_anchor_closed, progress).await
    }

    async fn mirror_list(
        &self,
        period: Period,
        facts: &AnchorFacts,
        is_anchor_closed: bool,
        progress: &mut (dyn FnMut(usize) + Send),
    ) -> Result<PeriodState, MirrorError> {
        let place = self.log.place(period);
        let checked = |was_kept| PeriodState::Checked {
            leaf_count: facts.leaf_count,
            root: facts.root,
            was_kept,
            is_anchor_closed,
        };
        if let Some(list) = self.lists.load(period, Copy::Kept)? {
            if check_list(place, facts, &list).is_ok() {
                return Ok(checked(true));
            }
            self.lists.set_aside(period, Copy::Kept)?;
        }
        let mut begun = self.lists.load(period, Copy::Part)?.unwrap_or_default();
        loop {
            let was_begun = !begun.is_empty();
            let Some(list) = self.fetch(period, facts, begun, progress).await? else {
                return Ok(PeriodState::Missing);
            };
            match check_list(place, facts, &list) {
                Ok(_) => {
                    self.lists.keep(period)?;
                    return Ok(checked(false));
                }
                Err(_) if was_begun => begun = Vec::new(),
                Err(difference) => {
                    let kept_as = self.lists.set_aside(period, Copy::Part)?;
                    return Ok(PeriodState::Differs { difference, kept_as });
                }
            }
        }
    }

    /// Fetches the rest of a list, no further than a leaf behind the anchor's last.
    async fn fetch(
        &self,
        period: Period,
        facts: &AnchorFacts,
        mut list: Vec<u8>,
        progress: &mut (dyn FnMut(usize) + Send),
    ) -> Result<Option<Vec<u8>>, MirrorError> {
        let most = usize::try_from(size_bytes(facts.leaf_count)).unwrap_or(usize::MAX);
        let is_whole = list.len() == most;
        if is_whole {
            // Nothing is to be fetched: the period is empty, or only the renaming was left to do.
            self.lists.write_part(period, to_u64(list.len()), &[])?;
            return Ok(Some(list));
        }
        list.truncate(most);
        let Some(mut pieces) = self.source.open(period, to_u64(list.len())).await? else {
            return Ok(None);
        };
        list.truncate(usize::try_from(pieces.start_bytes()).unwrap_or(usize::MAX));
        let mut written = list.len();
        loop {
            let piece = pieces.next().await;
            let is_end = !matches!(piece, Ok(Some(_)));
            if let Ok(Some(piece)) = &piece {
                progress(piece.len());
                list.extend_from_slice(piece);
            }
            let is_too_long = list.len() > most;
            list.truncate(most.saturating_add(SORT_KEY_BYTES));
            let fresh = list.get(written..).unwrap_or_default();
            if is_end || is_too_long || fresh.len() >= WRITE_BYTES {
                self.lists.write_part(period, to_u64(written), fresh)?;
                written = list.len();
            }
            piece?;
            if is_end || is_too_long {
                return Ok(Some(list));
            }
        }
    }
}

fn to_u64(size: usize) -> u64 {
    u64::try_from(size).unwrap_or(u64::MAX)
}
