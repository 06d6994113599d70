use super::{Cursor, Happening};
use runseal_client::{
    StoreError, promises,
    store::{
        AnchorRecord, MOST_ITEMS, Position, Purpose, ReceiptFilter, SavedCommitment, SealedPeriod,
        Store, TransactionState,
    },
};
use runseal_types::Period;

/// How many receipts are told at a time.
const RECEIPTS_AT_A_TIME: usize = 200;

impl Cursor {
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
pub(super) fn finalized_from(
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
pub(super) fn sent(store: &dyn Store, period: u64) -> Result<Option<[u8; 64]>, StoreError> {
    let newest = store.list_transactions(&Purpose::PostAnchor(Period(period)), 1)?.pop();
    let is_out = |state| matches!(state, TransactionState::Sent | TransactionState::Landed { .. });
    Ok(newest.filter(|it| is_out(it.state)).map(|it| it.signature))
}
