//! The API's document, and a page of it.

use crate::{
    CONTENT_SECURITY_POLICY,
    access::Access,
    openapi::{Document, page},
};
use axum::{Router, http::header, routing::get};
use std::sync::Arc;

/// Makes the routes of a document, which stays as it is while the service runs.
pub(crate) fn routes(document: Document) -> Router<Arc<Access>> {
    let text: Arc<str> = document.text.into();
    let page: Arc<str> = page(&document.value).into_string().into();
    let as_json = async move || ([(header::CONTENT_TYPE, "application/json")], text.to_string());
    let as_page = async move || {
        let headers = [
            (header::CONTENT_TYPE, "text/html; charset=utf-8"),
            (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
            (header::REFERRER_POLICY, "no-referrer"),
        ];
        (headers, page.to_string())
    };
    Router::new().route("/openapi.json", get(as_json)).route("/docs", get(as_page))
}
