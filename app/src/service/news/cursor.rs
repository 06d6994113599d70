use runseal_client::{
    StoreError, promises,
    store::{
        AnchorRecord, MOST_ITEMS, Position, Purpose, ReceiptFilter, ReceiptRow, SavedCommitment,
        SealedPeriod, Store, TransactionState,
    },
};
use runseal_engine::SignedPromise;
use runseal_types::Period;
use std::{fmt, str::FromStr};

/// How many receipts are told at a time.
const RECEIPTS_AT_A_TIME: usize = 200;

/// How far somebody was told: a place in each of the store's lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cursor {
    /// The last receipt.
    pub(crate) receipts: u64,
    /// The last receipt of which it is certain that its promise was told, if it ever has one.
    pub(crate) promises: u64,
    /// How many sealed periods.
    pub(crate) sealed: u64,
    /// How many periods of which a transaction was sent.
    pub(crate) posted: u64,
    /// How many finalized anchors.
    pub(crate) finalized: u64,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Happening {
    /// A receipt was stored.
    Receipt(ReceiptRow),
    /// The log promised a receipt.
    Promise(SignedPromise),
    /// A period was sealed.
    Sealed(SealedPeriod),
    /// A period's anchor was sent to the chain, in the transaction with this signature.
    Posted(Period, [u8; 64]),
    /// A period's anchor is on chain for good.
    Finalized(AnchorRecord),
}

/// That a text is no cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotACursor;

impl fmt::Display for Cursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { receipts, promises, sealed, posted, finalized } = self;
        write!(formatter, "{receipts}-{promises}-{sealed}-{posted}-{finalized}")
    }
}

impl FromStr for Cursor {
    type Err = NotACursor;

    fn from_str(text: &str) -> Result<Self, NotACursor> {
        let numbers = text.split('-').map(|part| {
            let is_plain = part.bytes().all(|digit| digit.is_ascii_digit());
            part.parse::<i64>().ok().filter(|_| is_plain).and_then(|it| u64::try_from(it).ok())
        });
        let numbers: Option<Vec<u64>> = numbers.collect();
        match numbers.as_deref() {
            Some(&[receipts, promises, sealed, posted, finalized]) => {
                Ok(Self { receipts, promises, sealed, posted, finalized })
            }
            _ => Err(NotACursor),
        }
    }
}

impl Cursor {
    /// Returns where the store is by now.
    pub(crate) fn now(store: &dyn Store) -> Result<Self, StoreError> {
        let receipts = count(|position| {
            let filter = ReceiptFilter::default();
            let behind = store.list_receipts(&filter, Some(Position(position)), 1)?;
            Ok(!behind.items.is_empty())
        })?;
        let finalized = count(|period| Ok(!finalized_from(store, period, 1)?.is_empty()))?;
        let sealed = count(|period| Ok(!store.list_periods(Period(period), 1)?.is_empty()))?;
        let mut posted = finalized;
        while posted < sealed && sent(store, posted)?.is_some() {
            posted += 1;
        }
        Ok(Self { receipts, promises: receipts, sealed, posted, finalized })
    }

    /// Says whether somebody can have been told so far in a store that is here by now.
    pub(crate) fn is_within(&self, now: &Self) -> bool {
        self.receipts <= now.receipts
            && self.promises <= self.receipts
            && self.sealed <= now.sealed
            && self.posted <= self.sealed
            && self.finalized <= self.posted
            && self.finalized <= now.finalized
    }

    /// Reads receipts that were stored since, with their promises. Says whether there are more.
    pub(super) fn tell_receipts(
        &mut self,
        store: &dyn Store,
        told: &mut Vec<(Self, Happening)>,
    ) -> Result<bool, StoreError> {
        let after = Some(Position(self.receipts));
        let page = store.list_receipts(&ReceiptFilter::default(), after, RECEIPTS_AT_A_TIME)?;
        for row in page.items {
            self.receipts = row.position.0;
            let promise = promises::find(store, &row.columns.leaf.digest)?;
            told.push((*self, Happening::Receipt(row)));
            told.extend(promise.map(|promise| (*self, Happening::Promise(promise))));
        }
        Ok(page.next.is_some())
    }

    /// Reads the promises of receipts that were told before, and may have been promised since.
    pub(super) fn retell_promises(
        &self,
        store: &dyn Store,
        from: &mut u64,
        told: &mut Vec<(Self, Happening)>,
    ) -> Result<(), StoreError> {
        let after = Some(Position(*from));
        let page = store.list_receipts(&ReceiptFilter::default(), after, RECEIPTS_AT_A_TIME)?;
        // What stands behind was never told.
        let rows = page.items.iter().take_while(|row| row.position.0 <= self.receipts);
        *from = match page.next {
            Some(next) if next.0 < self.receipts => next.0,
            _ => self.receipts,
        };
        for row in rows {
            let promise = promises::find(store, &row.columns.leaf.digest)?;
            told.extend(promise.map(|promise| (*self, Happening::Promise(promise))));
        }
        Ok(())
    }

    /// Tells periods that were sealed; before, everything was told that is in them.
    pub(super) fn tell_sealed(
        &mut self,
        periods: Vec<SealedPeriod>,
        promises: u64,
        told: &mut Vec<(Self, Happening)>,
    ) {
        for sealed in periods {
            self.sealed = sealed.period.0.saturating_add(1);
            self.promises = promises;
            told.push((*self, Happening::Sealed(sealed)));
        }
    }

    /// Reads how far the anchors of sealed periods are.
    pub(super) fn tell_anchors(
        &mut self,
        store: &dyn Store,
        told: &mut Vec<(Self, Happening)>,
    ) -> Result<(), StoreError> {
        let finalized = finalized_from(store, self.finalized, MOST_ITEMS)?;
        let until = finalized.last().map_or(0, |last| last.period.0.saturating_add(1));
        while self.posted < self.sealed {
            let sent = sent(store, self.posted)?;
            if sent.is_none() && self.posted >= until {
                break;
            }
            let period = Period(self.posted);
            self.posted += 1;
            told.extend(sent.map(|sent| (*self, Happening::Posted(period, sent))));
        }
        for anchor in finalized {
            self.finalized = anchor.period.0.saturating_add(1);
            self.posted = self.posted.max(self.finalized);
            told.push((*self, Happening::Finalized(anchor)));
        }
        Ok(())
    }
}

/// The finalized anchors from a period on, without a gap.
fn finalized_from(
    store: &dyn Store,
    from: u64,
    limit: usize,
) -> Result<Vec<AnchorRecord>, StoreError> {
    let mut anchors = store.list_anchors(Period(from), limit)?;
    let whole = anchors.iter().zip(from..).take_while(|(anchor, period)| {
        anchor.period.0 == *period && anchor.commitment == SavedCommitment::Finalized
    });
    let whole = whole.count();
    anchors.truncate(whole);
    Ok(anchors)
}

/// The transaction that was sent to post a period's anchor.
fn sent(store: &dyn Store, period: u64) -> Result<Option<[u8; 64]>, StoreError> {
    let newest = store.list_transactions(&Purpose::PostAnchor(Period(period)), 1)?.pop();
    let is_out = |state| matches!(state, TransactionState::Sent | TransactionState::Landed { .. });
    Ok(newest.filter(|it| is_out(it.state)).map(|it| it.signature))
}

/// Finds the first number that `has` denies, if it says yes to all before it and no to all behind.
fn count(mut has: impl FnMut(u64) -> Result<bool, StoreError>) -> Result<u64, StoreError> {
    let (mut from, mut step) = (0u64, 1u64);
    while step < 1 << 62 && has(from.saturating_add(step - 1))? {
        from = from.saturating_add(step);
        step *= 2;
    }
    while step > 0 {
        if has(from.saturating_add(step - 1))? {
            from = from.saturating_add(step);
        }
        step /= 2;
    }
    Ok(from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counting_finds_every_end() {
        for end in (0..70).chain([1 << 20, (1 << 40) - 1, 1 << 40, (1 << 40) + 12_345]) {
            assert_eq!(count(|number| Ok(number < end)).unwrap(), end);
        }
    }

    #[test]
    fn a_cursor_is_read_in_one_way_or_not_at_all() {
        let cursor = Cursor { receipts: 12, promises: 7, sealed: 3, posted: 2, finalized: 1 };
        assert_eq!((cursor.to_string().as_str(), "12-7-3-2-1".parse()), ("12-7-3-2-1", Ok(cursor)));
        for wrong in [
            "",
            "1",
            "1-2-3-4",
            "1-2-3-4-5-6",
            "1-2-3-4-",
            "1-2-3--4",
            "+1-2-3-4-5",
            " 1-2-3-4-5",
            "1-2-3-4-x",
            "9223372036854775808-0-0-0-0",
            "1.0-2-3-4-5",
        ] {
            assert_eq!(wrong.parse::<Cursor>(), Err(NotACursor), "{wrong}");
        }
    }
}
