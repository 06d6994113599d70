//! What pages load: embedded, under a path that changes with the content, and kept for ever.

use super::not_found;
use axum::{
    extract::Path,
    http::{HeaderMap, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use flate2::{Compression, write::GzEncoder};
use runseal_types::Digest;
use std::{io::Write as _, sync::LazyLock};

const SCRIPT: &str = "text/javascript; charset=utf-8";

macro_rules! assets {
    ($($name:literal: $kind:expr),* $(,)?) => {
        [$(Asset {
            name: $name,
            kind: $kind,
            bytes: include_bytes!(concat!("../../assets/", $name)),
            packed: LazyLock::new(|| pack(include_bytes!(concat!("../../assets/", $name)))),
        }),*]
    };
}

static ASSETS: LazyLock<[Asset; 18]> = LazyLock::new(|| {
    assets! {
        "app.css": "text/css; charset=utf-8",
        "icon.svg": "image/svg+xml",
        "live/live.js": SCRIPT,
        "live/news.js": SCRIPT,
        "live/patch.js": SCRIPT,
        "module/runseal.wasm": "application/wasm",
        "verify/about.js": SCRIPT,
        "verify/accounts.js": SCRIPT,
        "verify/bytes.js": SCRIPT,
        "verify/dom.js": SCRIPT,
        "verify/endpoints.js": SCRIPT,
        "verify/evidence.js": SCRIPT,
        "verify/file.js": SCRIPT,
        "verify/main.js": SCRIPT,
        "verify/module.js": SCRIPT,
        "verify/report.js": SCRIPT,
        "verify/rpc.js": SCRIPT,
        "verify/verify.js": SCRIPT,
    }
});

struct Asset {
    name: &'static str,
    kind: &'static str,
    bytes: &'static [u8],
    /// What nearly everybody asks for, made when the first one does.
    packed: LazyLock<Option<Vec<u8>>>,
}

/// Names this edition of all of them: scripts name each other, so they change together.
static EDITION: LazyLock<String> = LazyLock::new(|| {
    let parts: Vec<&[u8]> =
        ASSETS.iter().flat_map(|asset| [asset.name.as_bytes(), asset.bytes]).collect();
    Digest::of(&parts).to_string().chars().take(16).collect()
});

/// Returns where an asset is.
pub(crate) fn path_of(name: &str) -> String {
    format!("/assets/{}/{name}", *EDITION)
}

pub(crate) async fn asset(
    Path((edition, name)): Path<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let found = ASSETS.iter().find(|asset| edition == *EDITION && asset.name == name);
    let Some(asset) = found else { return not_found(uri).await };
    let always = [
        (header::CONTENT_TYPE, asset.kind),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::VARY, "accept-encoding"),
    ];
    match asset.packed.as_ref().filter(|_| takes_gzip(&headers)) {
        Some(packed) => {
            let packing = [(header::CONTENT_ENCODING, "gzip")];
            (StatusCode::OK, always, packing, packed.as_slice()).into_response()
        }
        None => (StatusCode::OK, always, asset.bytes).into_response(),
    }
}

fn takes_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    let refused = ["gzip;q=0", "gzip; q=0"];
    accepted.is_some_and(|list| {
        let mut codings = list.split(',').map(str::trim);
        codings.any(|coding| coding.starts_with("gzip") && !refused.contains(&coding))
    })
}

fn pack(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok()
}
