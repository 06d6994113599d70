use super::Service;
use runseal_client::StoreError;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    sync::Mutex,
    task::{JoinHandle, spawn_blocking},
    time::timeout,
};

/// How long an answer is good for: whoever asks all the time costs one sync a second.
const FRESH: Duration = Duration::from_secs(1);
/// How long a store may take that is well.
const PATIENCE: Duration = Duration::from_secs(5);

/// What is known of the store, whoever asked.
#[derive(Default)]
pub(crate) struct Probe(Mutex<Known>);

#[derive(Default)]
struct Known {
    seen: Option<(Instant, bool)>,
    /// A store that hangs is waited for and not asked again.
    asked: Option<JoinHandle<Result<(), StoreError>>>,
}

impl Service {
    /// Says whether something that was written just now became durable.
    pub(crate) async fn is_writable(&self) -> bool {
        let mut known = self.probe.0.lock().await;
        if let Some((at, is_writable)) = known.seen
            && at.elapsed() < FRESH
        {
            return is_writable;
        }
        let mut asked = known.asked.take().unwrap_or_else(|| {
            let store = Arc::clone(&self.store);
            spawn_blocking(move || store.check_writable())
        });
        let outcome = timeout(PATIENCE, &mut asked).await;
        let is_writable = match outcome {
            Ok(Ok(Ok(()))) => true,
            Ok(Ok(Err(error))) => {
                tracing::error!(tenant = self.settings.tenant, %error, "the store takes nothing");
                false
            }
            Ok(Err(_)) => false,
            Err(_) => {
                tracing::error!(tenant = self.settings.tenant, "the store does not answer");
                known.asked = Some(asked);
                false
            }
        };
        known.seen = Some((Instant::now(), is_writable));
        is_writable
    }
}
