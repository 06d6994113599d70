use super::{
    super::Service,
    Cursor,
    lanes::{finalized_from, sent},
};
use runseal_client::{
    StoreError,
    store::{Position, ReceiptFilter, Store},
};
use runseal_types::Period;

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
}

impl Service {
    /// Returns how many periods are sealed.
    pub(crate) fn sealed_count(&self) -> Result<u64, StoreError> {
        count(|period| Ok(!self.store.list_periods(Period(period), 1)?.is_empty()))
    }
}

/// Finds the first number that `has` denies, if it says yes to all before it and no to all behind.
pub(crate) fn count(
    mut has: impl FnMut(u64) -> Result<bool, StoreError>,
) -> Result<u64, StoreError> {
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
    use super::count;

    #[test]
    fn counting_finds_every_end() {
        for end in (0..70).chain([1 << 20, (1 << 40) - 1, 1 << 40, (1 << 40) + 12_345]) {
            assert_eq!(count(|number| Ok(number < end)).unwrap(), end);
        }
    }
}
