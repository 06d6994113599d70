//! What is seen of every call, whoever answers it: its name, how long it took, and a line in the log.

use crate::{
    error::{ApiError, Cause},
    ids,
    limits::Limits,
    meters::{Class, Meters},
    service::Service,
};
use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode},
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::{sync::Arc, time::Instant};
use tokio::time::timeout;

/// What everything that is seen needs.
pub(crate) struct Observer {
    pub(crate) limits: Limits,
    /// The calls that reached nobody's service.
    pub(crate) meters: Meters,
}

/// Whose service answered; the answer carries it.
#[derive(Clone)]
pub(crate) struct Reached(pub(crate) Arc<Service>);

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// How long a caller's own name for his request may be.
const MOST_REQUEST_ID_BYTES: usize = 128;
/// What is said of calls of this path only to those who want to know everything: they come all the time.
const PROBES: [&str; 3] = ["/health", "/health/ready", "/metrics"];

/// Names a call, bounds it, and tells of it.
pub(crate) async fn observe(
    State(observer): State<Arc<Observer>>,
    mut request: Request,
    next: Next,
) -> Response {
    let begun = Instant::now();
    let (method, route) = (method(request.method()), route(&request));
    let name = name(&request);
    request.extensions_mut().insert(observer.limits);
    request.extensions_mut().insert(Arc::clone(&observer));
    let answered = timeout(observer.limits.call, next.run(request)).await;
    let mut response = answered.unwrap_or_else(|_| {
        let detail = "the call took too long: it may have been done or not; ask again";
        ApiError::told(StatusCode::SERVICE_UNAVAILABLE, detail, "out of time").into_response()
    });
    let (took, status) = (begun.elapsed(), response.status());
    let reached = response.extensions_mut().remove::<Reached>();
    let tenant = reached.as_ref().and_then(|reached| reached.0.settings.tenant.as_deref());
    let cause = response.extensions_mut().remove::<Cause>();
    let call = Call {
        method,
        route: &route,
        status: status.as_u16(),
        microseconds: u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
        request_id: name.as_ref().and_then(|name| name.to_str().ok()).unwrap_or_default(),
        tenant,
    };
    call.log(cause.as_ref().map(|cause| &*cause.0));
    let meters = reached.as_ref().map_or(&observer.meters, |reached| &reached.0.meters);
    meters.count(Class { method, route: route.clone(), status: status.as_u16() / 100 }, took);
    if let Some(name) = name {
        response.headers_mut().insert(REQUEST_ID, name);
    }
    response
}

/// A call as the log has it: nothing that somebody sent but the name that he gave it.
struct Call<'a> {
    method: &'static str,
    route: &'a str,
    status: u16,
    microseconds: u64,
    request_id: &'a str,
    tenant: Option<&'a str>,
}

impl Call<'_> {
    fn log(&self, cause: Option<&str>) {
        let Self { method, route, status, microseconds, request_id, tenant } = *self;
        if status >= 500 {
            tracing::error!(method, route, status, microseconds, request_id, tenant, cause, "call");
        } else if PROBES.contains(&route) {
            tracing::debug!(method, route, status, microseconds, request_id, tenant, "call");
        } else {
            tracing::info!(method, route, status, microseconds, request_id, tenant, "call");
        }
    }
}

/// Returns the caller's own name for his request if it is a plain one, or makes one.
fn name(request: &Request) -> Option<HeaderValue> {
    let is_plain = |name: &HeaderValue| {
        (1..=MOST_REQUEST_ID_BYTES).contains(&name.len())
            && name.as_bytes().iter().all(u8::is_ascii_graphic)
    };
    let own = request.headers().get(&REQUEST_ID).filter(|name| is_plain(name)).cloned();
    own.or_else(|| HeaderValue::from_str(&ids::stamped("req").ok()?).ok())
}

/// Returns the path as it was declared; what callers put there is in no log and no label.
fn route(request: &Request) -> String {
    let matched = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    // What axum makes for a whole branch has a name of its own.
    matched.filter(|path| !path.contains("__private")).unwrap_or("unknown").to_owned()
}

fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        Method::PATCH => "PATCH",
        _ => "another",
    }
}
