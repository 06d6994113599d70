//! What pages load: embedded, under a path that changes with the content, and kept for ever.

use super::not_found;
use axum::{
    extract::Path,
    http::{HeaderMap, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use flate2::{Compression, write::GzEncoder};
use runseal_types::Digest;
use std::{
    io::Write as _,
    sync::{LazyLock, OnceLock},
};

const SCRIPT: &str = "text/javascript; charset=utf-8";

macro_rules! ours {
    ($name:literal, $kind:expr) => {
        Asset::new($name, $kind, include_bytes!(concat!("../../assets/", $name)))
    };
}

static ASSETS: [Asset; 36] = [
    ours!("app.css", "text/css; charset=utf-8"),
    // The program's interface as its own crate has it: no copy that could be another.
    Asset::new("act/idl.json", "application/json", runseal_registry::IDL.as_bytes()),
    ours!("act/chain.js", SCRIPT),
    ours!("act/compare.js", SCRIPT),
    ours!("act/expected.js", SCRIPT),
    ours!("act/form.js", SCRIPT),
    ours!("act/identity.js", SCRIPT),
    ours!("act/idl.js", SCRIPT),
    ours!("act/look.js", SCRIPT),
    ours!("act/main.js", SCRIPT),
    ours!("act/message.js", SCRIPT),
    ours!("act/outcome.js", SCRIPT),
    ours!("act/pda.js", SCRIPT),
    ours!("act/pending.js", SCRIPT),
    ours!("act/settle.js", SCRIPT),
    ours!("act/show.js", SCRIPT),
    ours!("act/sign.js", SCRIPT),
    ours!("act/wallets.js", SCRIPT),
    ours!("act/why.js", SCRIPT),
    ours!("icon.svg", "image/svg+xml"),
    ours!("live/live.js", SCRIPT),
    ours!("live/news.js", SCRIPT),
    ours!("live/patch.js", SCRIPT),
    ours!("module/runseal.wasm", "application/wasm"),
    ours!("verify/about.js", SCRIPT),
    ours!("verify/accounts.js", SCRIPT),
    ours!("verify/bytes.js", SCRIPT),
    ours!("verify/dom.js", SCRIPT),
    ours!("verify/endpoints.js", SCRIPT),
    ours!("verify/evidence.js", SCRIPT),
    ours!("verify/file.js", SCRIPT),
    ours!("verify/main.js", SCRIPT),
    ours!("verify/module.js", SCRIPT),
    ours!("verify/report.js", SCRIPT),
    ours!("verify/rpc.js", SCRIPT),
    ours!("verify/verify.js", SCRIPT),
];

struct Asset {
    name: &'static str,
    kind: &'static str,
    bytes: &'static [u8],
    /// What nearly everybody asks for, made when the first one does.
    packed: OnceLock<Option<Vec<u8>>>,
}

impl Asset {
    const fn new(name: &'static str, kind: &'static str, bytes: &'static [u8]) -> Self {
        Self { name, kind, bytes, packed: OnceLock::new() }
    }

    fn packed(&self) -> Option<&[u8]> {
        self.packed.get_or_init(|| pack(self.bytes)).as_deref()
    }
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
    match asset.packed().filter(|_| takes_gzip(&headers)) {
        Some(packed) => {
            let packing = [(header::CONTENT_ENCODING, "gzip")];
            (StatusCode::OK, always, packing, packed).into_response()
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
