//! Paths, headers, methods and tokens that are not as they should be, and bytes that are nothing.

use super::{Request, Way, Ways, bodies::target, one, request, whole, whose};
use crate::campaign::B;
use fastrand::Rng;

const NAMES: &[&str] = &[
    "..",
    ".",
    "%2e%2e",
    "%2e%2e%2fa",
    "..%2f..%2fstore.db",
    "%00",
    "%FF%FE",
    "%C0%AF",
    "%",
    "%zz",
    "a%0d%0aSet-Cookie:x",
    "%F0%9F%98%80",
    "'--",
    "18446744073709551616",
    "-1",
    "",
    "*",
    "~",
    ";x=y",
    "latest",
    "verify",
    "{run_id}",
    "<script>",
    "%25252e",
    "a%2Fb",
    "CON",
    "..%5c..%5c",
    "?",
    "%3F",
];

/// A path with something else where a name belongs, or around it.
pub(super) fn strange_path(rng: &mut Rng, ways: &Ways, way: &Way) -> Request {
    let mut path = way.path.clone();
    for name in ways.names.keys() {
        let mut value = one(rng, NAMES).to_owned();
        if rng.u8(..20) == 0 {
            value = value.repeat(rng.usize(1..9_000));
        }
        path = path.replace(&format!("{{{name}}}"), &value);
    }
    path = match rng.u8(..10) {
        0 => format!("/{path}"),
        1 => format!("{path}/"),
        2 => path.replace('/', "//"),
        3 => format!("/v1/..{path}"),
        4 => format!("{path}/%2e%2e/%2e%2e/health"),
        5 => path.to_uppercase(),
        6 => format!("http://elsewhere.example{path}"),
        7 => path.replacen("/v1", "/v1/%76%31", 1),
        8 => format!("{path}?{}", "a=b&".repeat(rng.usize(1..5_000))),
        _ => path,
    };
    // A space or a line would end the target.
    let path = path.replace([' ', '\r', '\n'], "+");
    let token = whose(rng);
    let body = way.body.as_ref().map(ToString::to_string).unwrap_or_default();
    request("strange path", token, whole(&way.method, &path, token, "", body.as_bytes()))
}

/// Headers that are many, large, twice, or not what a header is.
pub(super) fn strange_head(rng: &mut Rng, ways: &Ways, way: &Way) -> Request {
    let token = whose(rng);
    let target = target(rng, ways, way);
    let more = match rng.u8(..16) {
        0 => (0..rng.usize(1..300)).map(|it| format!("X-{it}: y\r\n")).collect(),
        1 => format!("X-Large: {}\r\n", "y".repeat(rng.usize(1..600_000))),
        2 => "Content-Length: 5\r\n".to_owned(),
        3 => "Transfer-Encoding: chunked\r\n".to_owned(),
        4 => "Transfer-Encoding: chunked, chunked\r\n".to_owned(),
        5 => "Transfer-Encoding: identity\r\n".to_owned(),
        6 => " folded: x\r\n".to_owned(),
        7 => "No colon\r\n".to_owned(),
        8 => "X-Zero: a\0b\r\n".to_owned(),
        9 => "Expect: 100-continue\r\n".to_owned(),
        10 => format!("X-Request-Id: {}\r\n", "\u{e9}".repeat(rng.usize(1..200))),
        11 => "Content-Encoding: gzip\r\nContent-Type: application/x-protobuf\r\n".to_owned(),
        12 => "Range: bytes=18446744073709551615-\r\n".to_owned(),
        13 => "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n".to_owned(),
        14 => "Host: another.example\r\nX-Forwarded-For: ' OR 1=1\r\n".to_owned(),
        _ => "Authorization: Bearer token-of-nobody\r\n".to_owned(),
    };
    let bytes = whole(&way.method, &target, token, &more, b"{}");
    Request { ends: true, ..request("strange head", token, bytes) }
}

pub(super) fn wrong_method(rng: &mut Rng, ways: &Ways, way: &Way) -> Request {
    let method = one(
        rng,
        &[
            "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "CONNECT", "get", "PRI", "G\u{e9}T",
            "PUT", "POST", "GET", "-", "BREW",
        ],
    );
    let token = whose(rng);
    let target = target(rng, ways, way);
    let ends = Request { ends: true, ..request("wrong method", token, Vec::new()) };
    Request { bytes: whole(method, &target, token, "", b"{}"), ..ends }
}

/// A token that is good for less, or for nothing: the status is known.
pub(super) fn wrong_token(rng: &mut Rng, ways: &Ways, way: &Way) -> Request {
    let is_public = way.path.starts_with("/health");
    // Whoever may read may have something judged.
    let is_read = way.method == "GET" || ["/verify", "/v2/verify"].contains(&way.path.as_str());
    let choice = rng.usize(..8);
    let token = match choice {
        0 => "Bearer reader-of-b",
        1 => "Bearer nothing-of-b",
        2 => "Bearer ",
        3 => "Basic dG9rZW4tb2YtYTo=",
        4 => "Bearer token-of-a token-of-a",
        5 => "token-of-a",
        6 => "Bearer TOKEN-OF-A",
        _ => "",
    };
    let expected = match choice {
        _ if is_public => None,
        0 if is_read => None,
        0 | 1 => Some(403),
        _ => Some(401),
    };
    let body = way.body.as_ref().map(ToString::to_string).unwrap_or_default();
    let bytes = whole(&way.method, &target(rng, ways, way), token, "", body.as_bytes());
    Request { expected, ..request("wrong token", token, bytes) }
}

/// Begins, and says no more: the service has to end it.
pub(super) fn slow(rng: &mut Rng, ways: &Ways, way: &Way) -> Request {
    let target = ways.target_of(way);
    let bytes = match rng.u8(..4) {
        0 => Vec::new(),
        1 => b"GET /v1/ru".to_vec(),
        2 => format!("{} {target} HTTP/1.1\r\nHost: x\r\nX-A: ", way.method).into_bytes(),
        _ => format!(
            "POST /v1/run/start HTTP/1.1\r\nHost: x\r\nAuthorization: {B}\r\nContent-Length: 99\r\n\r\n{{"
        )
        .into_bytes(),
    };
    request("slow", B, bytes)
}

/// Bytes that are no request, or that begin like one.
pub(super) fn noise(rng: &mut Rng) -> Request {
    let mut bytes: Vec<u8> = match rng.u8(..4) {
        // Not the explorer's page: it says truly that its ledger is not there.
        0 => b"GET /v1/runs HTTP/1.1\r\n".to_vec(),
        1 => b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec(),
        2 => b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(),
        _ => Vec::new(),
    };
    let size = rng.usize(..2_000);
    bytes.extend((0..size).map(|_| rng.u8(..)));
    Request { ends: true, ..request("noise", B, bytes) }
}
