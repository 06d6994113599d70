//! The machine's clock, and what is said where a ledger's says otherwise.

use crate::output;
use runseal_client::clock::{Clocks, MOST_APART_SECONDS};
use runseal_ledger::AnyLedger;
use runseal_types::Timestamp;
use std::{
    sync::atomic::{AtomicI64, Ordering},
    time::{SystemTime, UNIX_EPOCH},
};

/// What the machine's clock says; the last moment that can be written if it is beyond that.
pub(crate) fn now() -> Timestamp {
    let passed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::new(passed.as_secs(), passed.subsec_nanos()).unwrap_or(Timestamp::MAX)
}

/// What was said of how far the machine's clock is ahead of a ledger's.
#[derive(Default)]
pub(crate) struct ClockWatch {
    said_seconds: AtomicI64,
}

impl ClockWatch {
    /// Warns where the two are further apart than clocks that are right, once, and again when that
    /// changes. Periods go by the ledger's clock: nothing is refused.
    pub(crate) fn look(&self, ledger: &AnyLedger, ledger_seconds: i64) {
        let clocks = Clocks {
            machine_seconds: i64::try_from(now().unix_seconds()).unwrap_or(i64::MAX),
            ledger_seconds,
            moved_seconds: ledger.moved_seconds(),
        };
        if clocks.are_news(self.said_seconds.load(Ordering::Relaxed)) {
            self.said_seconds.store(clocks.apart_seconds(), Ordering::Relaxed);
            match clocks.apart_seconds().unsigned_abs() > MOST_APART_SECONDS {
                true => output::warn(&warning(&clocks, ledger)),
                false => output::note("this machine's clock and the ledger's agree again"),
            }
        }
    }
}

fn warning(clocks: &Clocks, ledger: &AnyLedger) -> String {
    let apart_seconds = clocks.apart_seconds();
    let side = if apart_seconds > 0 { "ahead of" } else { "behind" };
    let otherwise = match ledger {
        AnyLedger::Embedded(_) => "or `runseal warp 1s` if it is right",
        _ => "or ask another endpoint if it is right",
    };
    format!(
        "this machine's clock ({}) is {} s {side} the ledger's ({}): periods go by the ledger's, \
         receipts are dated by the machine's; set it right, {otherwise}",
        written(clocks.machine_seconds),
        apart_seconds.unsigned_abs(),
        written(clocks.ledger_seconds.saturating_sub(clocks.moved_seconds)),
    )
}

fn written(unix_seconds: i64) -> Timestamp {
    let seconds = u64::try_from(unix_seconds).unwrap_or(0);
    Timestamp::new(seconds, 0).unwrap_or(Timestamp::MAX)
}
