//! Whether the service can do its work.

use crate::{access::Access, error::ApiError, service::Service};
use axum::{Json, extract::State, http::StatusCode};
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
    let (mut code, mut status, mut active_runs) = (StatusCode::OK, "healthy", 0u64);
    for service in access.services() {
        database.clone_from(&service.settings.engine);
        match service.work(Service::count_active).await {
            Ok(Json(active)) => active_runs = active_runs.saturating_add(active),
            Err(_) => (code, status) = (StatusCode::SERVICE_UNAVAILABLE, "store_unavailable"),
        }
    }
    let body = Health { status, service: "runseal", active_runs, database };
    (code, Json(body))
}

impl Service {
    fn count_active(&self) -> Result<u64, ApiError> {
        let counts = self.store.count_runs()?;
        let active = counts.iter().filter(|count| count.standing == Standing::Active);
        Ok(active.map(|count| count.count).sum())
    }
}
