//! Whether the service can do its work.

use crate::{access::Access, error::ApiError, readiness::Readiness, service::Service};
use axum::{Extension, Json, extract::State, http::StatusCode};
use runseal_client::store::Standing;
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
pub(crate) struct Health {
    status: &'static str,
    service: &'static str,
    active_runs: u64,
    database: String,
}

pub(crate) async fn health(State(access): State<Arc<Access>>) -> (StatusCode, Json<Health>) {
    let mut database = String::new();
    let (mut is_well, mut active_runs) = (true, 0u64);
    for service in access.services() {
        database.clone_from(&service.settings.engine);
        is_well &= service.is_writable().await;
        match service.work(Service::count_active).await {
            Ok(Json(active)) => active_runs = active_runs.saturating_add(active),
            // Who has much to do is not unwell: to be started again would not help him.
            Err(ApiError::Busy { .. }) => {}
            Err(_) => is_well = false,
        }
    }
    let (code, status) = match is_well {
        true => (StatusCode::OK, "healthy"),
        false => (StatusCode::SERVICE_UNAVAILABLE, "store_unavailable"),
    };
    let body = Health { status, service: "runseal", active_runs, database };
    (code, Json(body))
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Ready {
    status: &'static str,
    store: &'static str,
    key: &'static str,
    ledger: &'static str,
    ending: bool,
}

/// Whether calls should be sent here. What comes in is kept while the ledger is silent, and anchored
/// when it answers again: a silent ledger is said, and keeps nobody away.
pub(crate) async fn ready(
    State(access): State<Arc<Access>>,
    Extension(readiness): Extension<Arc<Readiness>>,
) -> (StatusCode, Json<Ready>) {
    let mut is_writable = true;
    for service in access.services() {
        is_writable &= service.is_writable().await;
    }
    let (answers, ending) = (readiness.ledger_answers().await, readiness.is_ending());
    let (code, status) = match (is_writable && !ending, answers) {
        (true, true) => (StatusCode::OK, "ready"),
        (true, false) => (StatusCode::OK, "degraded"),
        (false, _) => (StatusCode::SERVICE_UNAVAILABLE, "not_ready"),
    };
    let body = Ready {
        status,
        store: if is_writable { "writable" } else { "unavailable" },
        // Without its key no service starts.
        key: "loaded",
        ledger: if answers { "answering" } else { "silent" },
        ending,
    };
    (code, Json(body))
}

impl Service {
    fn count_active(&self) -> Result<u64, ApiError> {
        let counts = self.store.count_runs()?;
        let active = counts.iter().filter(|count| count.standing == Standing::Active);
        Ok(active.map(|count| count.count).sum())
    }
}
