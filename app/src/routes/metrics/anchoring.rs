//! How far anchoring is behind the clock.

use crate::{
    error::ApiError,
    exposition::{Exposition, Kind},
    service::Service,
};
use runseal_client::{
    keys::theirs,
    registry,
    store::{SavedCommitment, StoreError},
};
use runseal_ledger::AnyLedger;
use runseal_registry::state::Log;
use runseal_types::Period;
use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};
use tokio::time::timeout;

/// How long a ledger may take that is well.
const PATIENCE: Duration = Duration::from_secs(3);

/// When a log's periods are over. It does not change, so that it is asked for once.
#[derive(Debug, Default)]
pub(crate) struct Schedule(OnceLock<(i64, u64)>);

impl Schedule {
    /// Returns the Unix time at which so many periods are over.
    fn end_of(&self, periods: u64) -> Option<i64> {
        let (start_seconds, cadence_seconds) = *self.0.get()?;
        let passed = i64::try_from(cadence_seconds.checked_mul(periods)?).ok()?;
        start_seconds.checked_add(passed)
    }
}

impl Service {
    /// Finds out when the periods of the store's log are over, if it has one and that is not known.
    pub(super) async fn learn_schedule(self: &Arc<Self>, ledger: &AnyLedger) {
        if self.schedule.0.get().is_some() {
            return;
        }
        let found = self.work(|service| Ok(service.store.find_log()?)).await;
        let Ok(axum::Json(Some(identity))) = found else { return };
        let load = registry::load::<Log>(ledger, theirs(&identity.log));
        if let Ok(Ok(log)) = timeout(PATIENCE, load).await {
            let log = log.account;
            // Whoever was faster asked the same.
            self.schedule.0.set((log.start_seconds, log.cadence_seconds)).ok();
        }
    }

    pub(super) fn write_anchoring(&self, text: &mut Exposition) -> Result<(), ApiError> {
        let sealed = count(|from| {
            let next = self.store.list_periods(Period(from), 1)?.pop();
            Ok(next.map(|period| period.period.0))
        })?;
        let help = "Periods that are sealed.";
        text.number("runseal_periods_sealed", Kind::Gauge, help, sealed);
        // What a fork may still take back stands behind what is for good.
        let anchored = count(|from| {
            let next = self.store.list_anchors(Period(from), 1)?.pop();
            let is_final = |anchor: &_| is_final(anchor);
            Ok(next.filter(is_final).map(|anchor| anchor.period.0))
        })?;
        let help = "Periods whose anchor was seen finalized.";
        text.number("runseal_periods_anchored", Kind::Gauge, help, anchored);
        if let Some(end) = self.schedule.end_of(anchored) {
            let now = i64::try_from(super::now_seconds()).unwrap_or(i64::MAX);
            let help = "Seconds since the end of the last period whose anchor is finalized.";
            let lag = now.saturating_sub(end).max(0);
            text.number("runseal_anchor_lag_seconds", Kind::Gauge, help, lag);
        }
        Ok(())
    }
}

fn is_final(anchor: &runseal_client::store::AnchorRecord) -> bool {
    anchor.commitment == SavedCommitment::Finalized
}

/// Returns the number behind the last one that there is; `next` finds the first from one on. Halves
/// what is left, so that a log of years is asked about sixty times and not listed.
fn count(mut next: impl FnMut(u64) -> Result<Option<u64>, StoreError>) -> Result<u64, StoreError> {
    let (mut low, mut high) = (0, u64::MAX >> 1);
    while low < high {
        let middle = low.midpoint(high);
        match next(middle)? {
            Some(found) => low = found.saturating_add(1),
            None => high = middle,
        }
    }
    Ok(low)
}

#[cfg(test)]
mod tests {
    use super::count;

    #[test]
    fn the_last_number_is_found_also_where_some_are_missing() {
        for list in [&[][..], &[0], &[0, 1, 2], &[5], &[3, 4, 9], &[0, 1 << 40]] {
            let next = |from| Ok(list.iter().copied().find(|number| *number >= from));
            let expected = list.last().map_or(0, |last| last + 1);
            assert_eq!(count(next).unwrap(), expected, "{list:?}");
        }
    }
}
