//! Every path of the API, and what answers there.

mod agents;
mod ledgers;
mod relations;
mod runs;
mod services;

use super::docs;
use crate::{
    access::{Access, gate},
    error::ApiError,
    ids,
    openapi::{Document, Routes},
};
use axum::{
    Router,
    extract::Request,
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::Response,
};
use std::sync::Arc;

/// Makes the API of the services that may be reached.
pub(crate) fn api(access: Arc<Access>) -> Router {
    let (router, operations, tags) = routes().into_parts();
    let document = Document::new(&operations, &tags);
    Router::new()
        .merge(router)
        .method_not_allowed_fallback(wrong_method)
        .nest("/v1", Router::new().fallback(nothing))
        .nest("/v2", Router::new().fallback(nothing))
        .layer(from_fn_with_state(Arc::clone(&access), gate))
        // What there is to call is no secret.
        .merge(docs::routes(document))
        .layer(from_fn(headers))
        .with_state(access)
}

fn routes() -> Routes {
    services::routes()
        .and(runs::routes())
        .and(relations::routes())
        .and(agents::routes())
        .and(ledgers::routes())
}

async fn wrong_method() -> ApiError {
    ApiError::refused(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed")
}

async fn nothing() -> ApiError {
    ApiError::not_found("Not Found")
}

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// How long a caller's own name for his request may be.
const MOST_REQUEST_ID_BYTES: usize = 128;

/// Gives every call a name, the caller's own if he has one, and says what browsers need to know.
async fn headers(request: Request, next: Next) -> Response {
    let own = request.headers().get(&REQUEST_ID).cloned();
    let own = own.filter(|name| name.len() <= MOST_REQUEST_ID_BYTES);
    let made = || HeaderValue::from_str(&ids::stamped("req").unwrap_or_default()).ok();
    let name = own.or_else(made);
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if let Some(name) = name {
        headers.insert(REQUEST_ID, name);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    #[test]
    fn no_two_forms_of_answers_share_a_name() {
        let (_, operations, _) = routes().into_parts();
        let mut forms: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (name, schema) in operations.iter().flat_map(|operation| &operation.schemas) {
            let form = serde_json::to_string(schema).unwrap();
            forms.entry(name.clone()).or_default().insert(form);
        }
        let shared: Vec<_> = forms.iter().filter(|(_, forms)| forms.len() > 1).collect();
        assert!(shared.is_empty(), "{shared:#?}");
    }
}
