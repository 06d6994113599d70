//! Numbers for Prometheus, in its text format.

mod anchoring;

pub(crate) use anchoring::Schedule;

use crate::{
    Shared,
    error::ApiError,
    exposition::{Exposition, Kind},
    observing::Observer,
    readiness::Readiness,
    service::{Api, Service},
};
use axum::{
    Extension, Json,
    http::{HeaderName, header},
};
use std::{
    sync::{Arc, LazyLock},
    time::{SystemTime, UNIX_EPOCH},
};

/// What a scraper takes the text for.
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// A text with its type.
type Typed = ([(HeaderName, &'static str); 1], String);

/// When the process began to serve.
static BEGUN_AT: LazyLock<u64> = LazyLock::new(now_seconds);

/// Notes when the service began.
pub(crate) fn begin() {
    LazyLock::force(&BEGUN_AT);
}

fn now_seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

pub(crate) async fn metrics(
    Extension(service): Api,
    Extension(observer): Extension<Arc<Observer>>,
    Extension(readiness): Extension<Arc<Readiness>>,
    Extension(shared): Extension<Arc<Shared>>,
) -> Result<Typed, ApiError> {
    let answers = readiness.ledger_answers().await;
    if answers {
        service.learn_schedule(&shared.ledger).await;
    }
    let Json(text) = service
        .work(move |service| {
            let mut text = Exposition::default();
            service.write_runs(&mut text)?;
            service.write_load(&mut text);
            let help = "Calls of this service, and how many seconds each took.";
            service.meters.write("runseal_call_seconds", help, &mut text);
            let help = "Calls that reached no service, as those without a token.";
            observer.meters.write("runseal_refused_call_seconds", help, &mut text);
            service.write_anchoring(&mut text)?;
            let help = "Whether the ledger answered lately.";
            text.number("runseal_ledger_up", Kind::Gauge, help, u8::from(answers));
            let help = "Unix time at which the service began.";
            text.number("process_start_time_seconds", Kind::Gauge, help, *BEGUN_AT);
            Ok(text.into_text())
        })
        .await?;
    Ok(([(header::CONTENT_TYPE, TEXT)], text))
}

impl Service {
    fn write_runs(&self, text: &mut Exposition) -> Result<(), ApiError> {
        let help = "Runs by how they stand and what they are seen through.";
        text.family("runseal_runs", Kind::Gauge, help);
        for run in self.store.count_runs()? {
            let labels = [("standing", run.standing.as_str()), ("adapter", &run.adapter)];
            text.sample("runseal_runs", &labels, run.count);
        }
        Ok(())
    }

    fn write_load(&self, text: &mut Exposition) {
        let (at_work, waiting) = self.load();
        text.family("runseal_calls", Kind::Gauge, "Calls in the store, and those that wait.");
        text.sample("runseal_calls", &[("state", "at_work")], at_work);
        text.sample("runseal_calls", &[("state", "waiting")], waiting);
        let Some(committed) = self.store.committed() else { return };
        let help = "Groups of writes that were committed, each synced once.";
        let name = "runseal_store_commits_total";
        text.number(name, Kind::Counter, help, committed.groups);
        let help = "Writes that were committed.";
        text.number("runseal_store_writes_total", Kind::Counter, help, committed.writes);
    }
}
