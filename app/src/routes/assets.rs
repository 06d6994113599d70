use axum::{http::header, response::IntoResponse};

const STYLE: &str = include_str!("../../assets/app.css");

/// Where the style sheet is. The version is in the path, so it can be kept for ever.
pub(crate) const STYLE_PATH: &str = concat!("/assets/", env!("CARGO_PKG_VERSION"), "/app.css");

pub(crate) async fn style() -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    (headers, STYLE)
}
