//! How a page is answered with, whichever it is: as markup, as its twin, or with why there is none.

use super::{Cluster, Named as _, Page, TWIN};
use crate::{
    Shared,
    live::{Subject, mark},
    page::{Stream, layout},
    views::escaped,
};
use axum::{
    Extension, Json,
    extract::{Path, Query, State},
    http::{Uri, header},
    response::{IntoResponse, Redirect, Response},
};
use maud::Markup;
use serde::Serialize;
use std::sync::Arc;

#[derive(Serialize)]
struct Twin<'a, P> {
    cluster: &'a Cluster,
    #[serde(flatten)]
    page: &'a P,
}

pub(super) async fn show<P: Page>(
    State(shared): State<Arc<Shared>>,
    Extension(cluster): Extension<Cluster>,
    uri: Uri,
    Path(name): Path<P::Name>,
    Query(asked): Query<P::Asked>,
) -> Response {
    let (as_json, name) = (uri.path().ends_with(TWIN), name.without_ending());
    let stream = match as_json {
        true => None,
        false => Stream::of(&shared, &P::about(&name, &asked)).await,
    };
    match P::read(&shared, name, asked).await {
        Ok(page) if as_json => Json(Twin { cluster: &cluster, page: &page }).into_response(),
        Ok(page) => match page.elsewhere() {
            Some(path) => Redirect::to(path).into_response(),
            None => with_policy(stream.is_some(), layout(&page, &cluster, stream.as_ref())),
        },
        Err(failure) => failure.answer(as_json),
    }
}

/// A page that is brought up to date asks this service, and nobody else.
const CONTENT_SECURITY_POLICY: &str = policy!("script-src 'self'; ", "connect-src 'self'; ");

fn with_policy(is_live: bool, page: Markup) -> Response {
    let policy = [(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY)];
    if is_live { (policy, page).into_response() } else { page.into_response() }
}

impl Stream {
    /// Looks before the page is read: what changes in between is told at once.
    async fn of(shared: &Shared, subjects: &[Subject]) -> Option<Self> {
        let of = |subject: &Subject| format!("of={}", escaped(&subject.to_string()));
        let path = format!("/live?{}", subjects.iter().map(of).collect::<Vec<_>>().join("&"));
        if subjects.is_empty() {
            return None;
        }
        Some(Self { path, seen: mark(shared, subjects).await.to_string() })
    }
}
