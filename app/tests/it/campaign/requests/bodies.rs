//! Bodies of the wrong kind, depth, size and end, and those that are another tenant's business.

use super::{Request, Way, Ways, one, request, whole, whose};
use crate::campaign::B;
use fastrand::Rng;
use serde_json::{Value, json};

/// Puts something else into one member of the example, or into several.
pub(super) fn wrong_kinds(rng: &mut Rng, ways: &Ways, way: &Way) -> Request {
    let mut body = way.body.clone().unwrap_or_else(|| json!({}));
    let mut names: Vec<String> = match &body {
        Value::Object(object) => object.keys().cloned().collect(),
        _ => Vec::new(),
    };
    names.push(one(rng, &["run_id", "agent_id", "proof", "data", "seq"]).to_owned());
    for _ in 0..rng.usize(1..4) {
        let name = names[rng.usize(..names.len())].clone();
        body[name] = strange_value(rng);
    }
    let token = whose(rng);
    let bytes = whole(&way.method, &target(rng, ways, way), token, "", body.to_string().as_bytes());
    request("wrong kinds", token, bytes)
}

fn strange_value(rng: &mut Rng) -> Value {
    let number = rng.usize(..18);
    match number {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(-1),
        3 => json!(1.5),
        4 => json!(9_007_199_254_740_991_u64),
        5 => json!(u64::MAX),
        6 => json!(1e308),
        7 => json!(""),
        8 => json!("x".repeat(rng.usize(200..400))),
        9 => json!("\u{0}\u{1}\u{7f}\u{85}"),
        10 => json!("\u{202e}\u{feff}🦀 ' OR 1=1; --"),
        11 => json!([]),
        12 => json!([[], {}, null, "x", 1]),
        13 => json!({}),
        14 => json!({ "": { "": [{ "a": null }] }, "about": "run", "agent_id": "agent" }),
        15 => json!({ "a": "x".repeat(rng.usize(60_000..70_000)) }),
        16 => json!(one(
            rng,
            &["9999-12-31T23:59:59Z", "-0001-01-01T00:00:00Z", "2026-03-17T00:00:00+99:00"]
        )),
        _ => json!(one(
            rng,
            &["memory", "run", "solana", "retry", "constraint", "../../etc/passwd", "%00"]
        )),
    }
}

/// Cuts the example's text anywhere, or turns one of its bytes into another.
pub(super) fn cut_or_turned(rng: &mut Rng, ways: &Ways, way: &Way) -> Request {
    let mut text = way.body.clone().unwrap_or_else(|| json!({ "a": 1 })).to_string().into_bytes();
    let place = rng.usize(..text.len());
    match rng.u8(..4) {
        0 => text.truncate(place),
        1 => text[place] = rng.u8(..),
        2 => text.insert(place, rng.u8(..)),
        _ => {
            let copy = text[place..].to_vec();
            text.extend(copy);
        }
    }
    let token = whose(rng);
    request("cut or turned", token, whole(&way.method, &target(rng, ways, way), token, "", &text))
}

pub(super) fn deep(rng: &mut Rng, ways: &Ways, way: &Way) -> Request {
    let depth = one(rng, &["31", "33", "127", "128", "129", "5000", "60000"]).parse().unwrap();
    let (open, close) = if rng.bool() { ("[", "]") } else { (r#"{"a":"#, "}") };
    let inner = format!("{}1{}", open.repeat(depth), close.repeat(depth));
    let name =
        one(rng, &["data", "spec", "metadata", "proof", "event_proof", "configs", "resourceSpans"]);
    let start = r#"{"run_id":"run-1","agent_id":"agent","event_id":"e","type":"t","timestamp":"t","source":"s""#;
    let body = if rng.bool() { inner } else { format!(r#"{start},"{name}":{inner}}}"#) };
    let token = whose(rng);
    request("deep", token, whole(&way.method, &target(rng, ways, way), token, "", body.as_bytes()))
}

/// More than a body may have, with its length or in chunks.
pub(super) fn huge(rng: &mut Rng, ways: &Ways, way: &Way) -> Request {
    let size = if rng.u8(..8) == 0 { (16 << 20) + 1 } else { (1 << 20) + rng.usize(1..1_000) };
    let body = format!(r#"{{"run_id":"run","proof":{{"a":"{}"}}}}"#, "x".repeat(size)).into_bytes();
    let token = whose(rng);
    let target = target(rng, ways, way);
    if rng.bool() {
        return request("huge", token, whole(&way.method, &target, token, "", &body));
    }
    let mut bytes = format!(
        "{} {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: {token}\r\n\
         Transfer-Encoding: chunked\r\n\r\n",
        way.method
    )
    .into_bytes();
    for chunk in body.chunks(rng.usize(50_000..500_000)) {
        bytes.extend(format!("{:x}\r\n", chunk.len()).into_bytes());
        bytes.extend_from_slice(chunk);
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"0\r\n\r\n");
    request("huge in chunks", token, bytes)
}

/// Says that much will come, and goes.
pub(super) fn huge_by_its_own_word(rng: &mut Rng, ways: &Ways, way: &Way) -> Request {
    let length = one(
        rng,
        &[
            "1048577",
            "16777217",
            "9223372036854775807",
            "18446744073709551615",
            "18446744073709551616",
            "-1",
        ],
    );
    let token = whose(rng);
    let target = target(rng, ways, way);
    let bytes = format!(
        "{} {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: {token}\r\n\
         Content-Length: {length}\r\n\r\n{{",
        way.method
    );
    Request { ends: true, ..request("huge by its own word", token, bytes.into_bytes()) }
}

/// Ends before the body does, by its length or in the middle of a chunk.
pub(super) fn never_whole(rng: &mut Rng, ways: &Ways, way: &Way) -> Request {
    let token = whose(rng);
    let target = target(rng, ways, way);
    let end = one(
        rng,
        &[
            "Content-Length: 40\r\n\r\n{\"run_id\":\"run\"",
            "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"r",
            "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{}",
            "Transfer-Encoding: chunked\r\n\r\n-1\r\n{}\r\n0\r\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\n2;x=y\r\n{}\r\n0\r\nTrailer: x\r\n",
            "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        ],
    );
    let bytes = format!(
        "{} {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: {token}\r\n{end}",
        way.method
    );
    Request { ends: true, ..request("never whole", token, bytes.into_bytes()) }
}

/// B does with A's names whatever can be done.
pub(super) fn other_tenant(rng: &mut Rng, ways: &Ways, way: &Way) -> Request {
    let mut body = way.body.clone().unwrap_or_else(|| json!({}));
    for (name, value) in &ways.names {
        if rng.u8(..3) > 0 || body.get(*name).is_some() {
            body[*name] = value.clone().into();
        }
    }
    for name in ["child_proof_id", "parent_proof_id", "approval_run_id"] {
        if body.get(name).is_some() {
            body[name] = ways.names["run_id"].clone().into();
        }
    }
    let target = match rng.u8(..3) {
        0 => ways.target_of(way),
        _ => format!("{}?agent_id=agent&run_id=run", ways.target_of(way)),
    };
    let bytes = whole(&way.method, &target, B, "", body.to_string().as_bytes());
    request("other tenant", B, bytes)
}

/// Returns path and query: a name of A's where one belongs, or something else.
pub(super) fn target(rng: &mut Rng, ways: &Ways, way: &Way) -> String {
    let path = ways.target_of(way);
    if way.query.is_empty() || rng.u8(..4) == 0 {
        return path;
    }
    let queries = way.query.iter().map(|name| {
        let value = one(
            rng,
            &[
                "agent",
                "run",
                "",
                "0",
                "-1",
                "18446744073709551616",
                "9007199254740991",
                "1e9",
                "%00",
                "%FF",
                "%F0%9F%98%80",
                "memory",
            ],
        );
        format!("{name}={value}")
    });
    format!("{path}?{}", queries.collect::<Vec<_>>().join("&"))
}
