//! Whether the service can do its work.

use crate::service::{Api, Service};
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use runseal_client::store::Standing;
use serde::Serialize;

#[derive(Serialize)]
struct Health {
    status: &'static str,
    service: &'static str,
    active_runs: u64,
    database: String,
}

pub(crate) async fn health(State(service): Api) -> Response {
    let database = service.settings.engine.clone();
    let counted = service.work(Service::count_active).await;
    let (code, status, active_runs) = match counted {
        Ok(Json(active_runs)) => (StatusCode::OK, "healthy", active_runs),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "store_unavailable", 0),
    };
    let body = Health { status, service: "runseal", active_runs, database };
    (code, Json(body)).into_response()
}

impl Service {
    fn count_active(&self) -> Result<u64, crate::error::ApiError> {
        let counts = self.store.count_runs()?;
        let active = counts.iter().filter(|count| count.standing == Standing::Active);
        Ok(active.map(|count| count.count).sum())
    }
}
