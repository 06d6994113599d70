use runseal_client::clock;
use runseal_ledger::AnyLedger;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{sync::Mutex, time::timeout};

/// How long what the ledger did last stands for what it would do now.
const FRESH: Duration = Duration::from_secs(10);
/// How long a ledger may take that is well.
const PATIENCE: Duration = Duration::from_secs(3);

/// Whether whoever distributes calls should send some here.
pub(crate) struct Readiness {
    ledger: Arc<AnyLedger>,
    ending: AtomicBool,
    seen: Mutex<Option<(Instant, bool)>>,
}

impl Readiness {
    pub(crate) fn new(ledger: Arc<AnyLedger>) -> Self {
        Self { ledger, ending: AtomicBool::new(false), seen: Mutex::default() }
    }

    /// From now on it says that it ends.
    pub(crate) fn end(&self) {
        self.ending.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_ending(&self) -> bool {
        self.ending.load(Ordering::Relaxed)
    }

    /// Says whether the ledger answered lately.
    pub(crate) async fn ledger_answers(&self) -> bool {
        let mut seen = self.seen.lock().await;
        if let Some((at, answers)) = *seen
            && at.elapsed() < FRESH
        {
            return answers;
        }
        let answers = matches!(timeout(PATIENCE, clock::now(&*self.ledger)).await, Ok(Ok(_)));
        *seen = Some((Instant::now(), answers));
        answers
    }
}
