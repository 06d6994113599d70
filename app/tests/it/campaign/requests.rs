//! Requests that nobody should send, made up from what the document says that may be sent.

mod bodies;
mod heads;

use super::secrets::Secrets;
use fastrand::Rng;
use serde_json::Value;
use std::collections::BTreeMap;

/// A request in bytes, and what must come of it.
pub(super) struct Request {
    pub(super) kind: &'static str,
    pub(super) bytes: Vec<u8>,
    /// Whether nothing more is sent, and the service can know it.
    pub(super) ends: bool,
    /// Whether A's own token is in it, so that A's data may be answered.
    pub(super) is_of_a: bool,
    /// The status, where there is but one that may be.
    pub(super) expected: Option<u16>,
}

/// What there is to call.
pub(super) struct Ways {
    operations: Vec<Way>,
    names: BTreeMap<&'static str, String>,
}

/// One method of one path.
struct Way {
    method: String,
    path: String,
    body: Option<Value>,
    query: Vec<String>,
}

impl Ways {
    pub(super) fn of(document: &Value, secrets: &Secrets) -> Self {
        let operations = crate::openapi::operations(document).into_iter().map(|operation| {
            let parameters = operation.value["parameters"].as_array().cloned().unwrap_or_default();
            let in_query = parameters.iter().filter(|it| it["in"] == "query");
            let name = |it: &Value| it["name"].as_str().unwrap().to_owned();
            let content = &operation.value["requestBody"]["content"]["application/json"];
            Way {
                method: operation.method.clone(),
                path: operation.path.clone(),
                body: Some(content["example"].clone()).filter(|body| !body.is_null()),
                query: in_query.map(name).collect(),
            }
        });
        Self { operations: operations.collect(), names: secrets.names.clone() }
    }

    /// Returns every path that can be looked at, with each of A's names in every place.
    pub(super) fn targets(&self) -> Vec<String> {
        let mut targets = Vec::new();
        let reads = self
            .operations
            .iter()
            .filter(|way| way.method == "GET" && !way.path.starts_with("/health"));
        for way in reads {
            targets.push(self.target_of(way));
            let agent = &self.names["agent_id"];
            targets.push(format!("{}?agent_id={agent}", self.target_of(way)));
            for value in self.names.values() {
                let mut path = way.path.clone();
                for name in self.names.keys() {
                    path = path.replace(&format!("{{{name}}}"), value);
                }
                targets.push(path);
            }
        }
        targets.sort_unstable();
        targets.dedup();
        targets
    }

    fn target_of(&self, way: &Way) -> String {
        let put = |path: String, (name, value): (&&str, &String)| {
            path.replace(&format!("{{{name}}}"), value)
        };
        self.names.iter().fold(way.path.clone(), put)
    }
}

/// Makes one up.
pub(super) fn make(rng: &mut Rng, ways: &Ways) -> Request {
    let way = &ways.operations[rng.usize(..ways.operations.len())];
    match rng.u32(..1_000) {
        0..300 => bodies::wrong_kinds(rng, ways, way),
        300..380 => bodies::cut_or_turned(rng, ways, way),
        380..420 => bodies::deep(rng, ways, way),
        420..423 => bodies::huge(rng, ways, way),
        423..450 => bodies::huge_by_its_own_word(rng, ways, way),
        450..480 => bodies::never_whole(rng, ways, way),
        480..482 => heads::slow(rng, ways, way),
        482..640 => heads::strange_path(rng, ways, way),
        640..760 => heads::strange_head(rng, ways, way),
        760..800 => heads::wrong_method(rng, ways, way),
        800..900 => bodies::other_tenant(rng, ways, way),
        900..960 => heads::wrong_token(rng, ways, way),
        _ => heads::noise(rng),
    }
}

/// Chooses one.
fn one<'a>(rng: &mut Rng, of: &[&'a str]) -> &'a str {
    of[rng.usize(..of.len())]
}

/// Writes a request whose head is in order.
fn whole(method: &str, target: &str, token: &str, more: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let mut bytes = format!(
        "{method} {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: {token}\r\n\
         {more}Content-Length: {length}\r\n\r\n"
    )
    .into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

/// Says whose token it is, as often B's as A's.
fn whose(rng: &mut Rng) -> &'static str {
    if rng.bool() { super::A } else { super::B }
}

fn request(kind: &'static str, token: &str, bytes: Vec<u8>) -> Request {
    Request { kind, bytes, ends: false, is_of_a: token == super::A, expected: None }
}
