//! How a page is answered with, whichever it is: as markup, as its twin, or with why there is none.

use super::{Cluster, Named as _, Page, TWIN};
use crate::{Shared, page::layout};
use axum::{
    Extension, Json,
    extract::{Path, Query, State},
    http::Uri,
    response::{IntoResponse, Redirect, Response},
};
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
    let as_json = uri.path().ends_with(TWIN);
    match P::read(&shared, name.without_ending(), asked).await {
        Ok(page) if as_json => Json(Twin { cluster: &cluster, page: &page }).into_response(),
        Ok(page) => match page.elsewhere() {
            Some(path) => Redirect::to(path).into_response(),
            None => layout(&page, &cluster).into_response(),
        },
        Err(failure) => failure.answer(as_json),
    }
}
