//! Every path of the API, and what answers there.

mod agents;
mod ledgers;
mod relations;
mod runs;
mod services;

use super::{docs, v2};
use crate::{
    access::{Access, gate},
    error::ApiError,
    openapi::{Document, Routes},
};
use axum::{
    Router,
    extract::{OriginalUri, Request},
    http::{HeaderValue, StatusCode, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{Redirect, Response},
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
        .and(v2::routes())
}

async fn wrong_method() -> ApiError {
    ApiError::refused(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed")
}

/// There is nothing; but a slash too many at the end is taken off, whatever the method.
async fn nothing(OriginalUri(uri): OriginalUri) -> Result<Redirect, ApiError> {
    let path = uri.path();
    let Some(rest) = path.strip_suffix('/') else { return Err(ApiError::not_found("Not Found")) };
    Ok(match uri.query() {
        Some(query) => Redirect::temporary(&format!("{rest}?{query}")),
        None => Redirect::temporary(rest),
    })
}

/// Says what browsers need to know.
async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
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
