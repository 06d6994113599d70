//! The document that the service serves is what it does, as a document and as a page.

use crate::{
    client::{Answer, send},
    contract::KEYED,
    schema::problem_of,
    script,
    service::{Running, settings},
    wire::{CALLS, is_of, template_of_any},
};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

/// Routes that RunProof does not have.
const BESIDE: &[(&str, &str)] = &[
    ("GET", "/health/ready"),
    ("GET", "/metrics"),
    ("POST", "/v1/traces"),
    ("GET", "/v2/agents/{}/absence"),
    ("GET", "/v2/agents/{}/completeness"),
    ("GET", "/v2/agents/{}/range"),
    ("GET", "/v2/cost"),
    ("GET", "/v2/events"),
    ("GET", "/v2/logs/{}"),
    ("GET", "/v2/logs/{}/anchors"),
    ("GET", "/v2/logs/{}/leaves/{}"),
    ("GET", "/v2/logs/{}/periods"),
    ("GET", "/v2/receipts"),
    ("POST", "/v2/receipts"),
    ("GET", "/v2/receipts/{}"),
    ("GET", "/v2/receipts/{}/bundle"),
    ("GET", "/v2/receipts/{}/inclusion"),
    ("GET", "/v2/registry/agents"),
    ("GET", "/v2/registry/agents/{}"),
    ("GET", "/v2/registry/attestations"),
    ("GET", "/v2/registry/auditors"),
    ("GET", "/v2/registry/certifiers"),
    ("GET", "/v2/registry/claims"),
    ("GET", "/v2/registry/logs"),
    ("GET", "/v2/registry/versions"),
    ("GET", "/v2/registry/versions/{}"),
    ("POST", "/v2/verify"),
];

/// A status that no script sees, and that a test by hand does.
const BY_HAND: &[(&str, &str, u16)] =
    &[("POST", "/v1/anchor/{}/confirm", 409), ("POST", "/v1/anchor/{}/confirm", 400)];

/// Statuses that follow from how every route is built; other tests see them.
const EVERYWHERE: &[u16] = &[401, 403, 408, 413, 429, 500, 503, 507];

/// One method of one path, as documented.
pub(crate) struct Operation {
    pub(crate) method: String,
    /// With its names, as `/v1/run/{run_id}`.
    pub(crate) path: String,
    pub(crate) value: Value,
}

impl Operation {
    /// Returns the path as the tables of the tests have it, as `/v1/run/{}`.
    pub(crate) fn template(&self) -> String {
        let parts = self.path.split('/');
        let parts = parts.map(|part| if part.starts_with('{') { "{}" } else { part });
        parts.collect::<Vec<_>>().join("/")
    }

    pub(crate) fn statuses(&self) -> BTreeSet<u16> {
        let responses = self.value["responses"].as_object().unwrap();
        responses.keys().map(|status| status.parse().unwrap()).collect()
    }

    fn body_schema(&self) -> &Value {
        &self.value["requestBody"]["content"]["application/json"]["schema"]
    }

    fn example_body(&self) -> &Value {
        &self.value["requestBody"]["content"]["application/json"]["example"]
    }

    /// Returns path and query with this in place of every name, or the example where this is none.
    fn target(&self, name: Option<&str>) -> String {
        let (mut path, mut query) = (self.path.clone(), Vec::new());
        for parameter in self.value["parameters"].as_array().into_iter().flatten() {
            let called = parameter["name"].as_str().unwrap();
            let value = name.or(parameter["example"].as_str()).unwrap_or("0");
            if parameter["in"] == "path" {
                path = path.replace(&format!("{{{called}}}"), value);
            } else if parameter["required"] == true {
                query.push(format!("{called}={value}"));
            }
        }
        format!("{path}?{}", query.join("&"))
    }
}

pub(crate) fn operations(document: &Value) -> Vec<Operation> {
    let paths = document["paths"].as_object().unwrap().iter();
    let of_path = |(path, item): (&String, &Value)| {
        let item = item.as_object().unwrap().clone();
        let path = path.clone();
        item.into_iter().map(move |(method, value)| Operation {
            method: method.to_uppercase(),
            path: path.clone(),
            value,
        })
    };
    paths.flat_map(of_path).collect()
}

pub(crate) async fn document(running: &Running) -> Value {
    running.get("/openapi.json").await.expect(200)
}

async fn with_document(test: impl AsyncFnOnce(&Running, &Value)) {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path(), settings()).await;
    let document = document(&running).await;
    test(&running, &document).await;
    running.stop().await;
}

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/examples.txt")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_document_is_openapi_3_1_and_every_reference_leads_somewhere() {
    with_document(async |_, document| {
        assert!(document["openapi"].as_str().unwrap().starts_with("3.1."));
        let text = document.to_string();
        for reference in text.split("\"$ref\":\"#").skip(1) {
            let pointer = reference.split('"').next().unwrap();
            assert!(document.pointer(pointer).is_some(), "{pointer}");
        }
        let ids: Vec<_> = operations(document)
            .iter()
            .map(|it| it.value["operationId"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{ids:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_document_has_every_route_of_the_contract_and_no_other() {
    with_document(async |_, document| {
        let documented: BTreeSet<_> =
            operations(document).iter().map(|it| (it.method.clone(), it.template())).collect();
        let of_contract = CALLS.iter().map(|(method, path, _)| (*method, *path));
        let all = of_contract.chain(BESIDE.iter().copied());
        let all: BTreeSet<_> =
            all.map(|(method, path)| (method.to_owned(), path.to_owned())).collect();
        assert_eq!(documented, all);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_document_has_every_status_of_the_contract_and_no_other() {
    with_document(async |_, document| {
        let mut differ = Vec::new();
        for operation in operations(document) {
            let template = operation.template();
            let of_contract = CALLS
                .iter()
                .find(|(method, path, _)| *method == operation.method && *path == template);
            let Some((_, _, statuses)) = of_contract else { continue };
            let mut seen: BTreeSet<u16> = statuses.iter().copied().collect();
            let mut documented = operation.statuses();
            if template.contains("{}") {
                // A name that is no text is not found, whatever the route.
                seen.insert(404);
            }
            if KEYED.iter().any(|(method, path, _)| {
                *method == operation.method && is_of(path.split('?').next().unwrap(), &template)
            }) {
                seen.insert(409);
            }
            let by_hand = BY_HAND
                .iter()
                .filter(|(method, path, _)| *method == operation.method && *path == template);
            seen.extend(by_hand.map(|(_, _, status)| status));
            documented.retain(|status| !EVERYWHERE.contains(status));
            if documented != seen {
                differ.push(format!("{} {template} {documented:?} {seen:?}", operation.method));
            }
        }
        assert!(differ.is_empty(), "{differ:#?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_route_has_an_example_that_does_what_the_document_says() {
    let seen = script::run(&examples(), script::Kind::Sqlite).await;
    let done: BTreeSet<_> = seen.iter().filter(|(_, _, status)| *status == 200).collect();
    with_document(async |_, document| {
        let all = operations(document);
        for operation in &all {
            let fits = |(method, path, _): &&&script::Call| {
                *method == operation.method
                    && template_of_any(&all, method, path) == Some(&operation.path)
            };
            let has_example = done.iter().any(|call| fits(&call));
            // A story of runs has no chain and seals no period; what needs them has tests of its own.
            let is_told = !operation.path.starts_with("/v2/")
                || operation.value["operationId"] == "listReceipts";
            assert!(has_example || !is_told, "{}", operation.path);
            if is_told && operation.value.get("requestBody").is_some() {
                let problem =
                    problem_of(operation.example_body(), operation.body_schema(), document);
                assert_eq!(problem, None, "{}", operation.path);
            }
        }
    })
    .await;
}

/// A value of none of the kinds that a member may be.
fn of_another_kind(schema: &Value) -> Value {
    let kinds = schema["type"].as_array().cloned().unwrap_or_else(|| vec![schema["type"].clone()]);
    let all = [("object", json!({})), ("array", json!([])), ("boolean", json!(true))];
    all.into_iter().find(|(kind, _)| !kinds.contains(&json!(kind))).unwrap().1
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_documented_as_needed_is_and_another_kind_is_refused() {
    with_document(async |running, document| {
        let mut tried = 0;
        for operation in operations(document) {
            let schema = operation.body_schema();
            let Some(properties) = schema["properties"].as_object() else { continue };
            let post = async |body: &Value| -> Answer {
                let (method, body) = (&operation.method, body.to_string());
                send(running.address, method, &operation.target(Some("a")), Some(&body)).await
            };
            let needed: Vec<&str> = schema["required"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .collect();
            for (name, member) in properties {
                let mut bodies = vec![of_another_kind(member)];
                if needed.contains(&name.as_str()) {
                    bodies.push(Value::Null);
                }
                for value in bodies {
                    let mut body = operation.example_body().clone();
                    body[name] = value;
                    let refused = post(&body).await.expect(422);
                    assert_eq!(refused["detail"][0]["loc"][1], **name, "{} {body}", operation.path);
                    tried += 1;
                }
                if needed.contains(&name.as_str()) {
                    let mut body = operation.example_body().clone();
                    body.as_object_mut().unwrap().remove(name);
                    let refused = post(&body).await.expect(422);
                    assert_eq!(
                        refused["detail"][0]["type"], "missing",
                        "{} {body}",
                        operation.path
                    );
                    tried += 1;
                } else {
                    // What need not be there may be null.
                    let mut body = operation.example_body().clone();
                    body[name] = Value::Null;
                    let answer = post(&body).await;
                    assert_ne!(answer.status, 422, "{} {body} {}", operation.path, answer.body);
                }
            }
        }
        assert!(tried > 90, "{tried}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parameters_that_are_documented_as_needed_or_as_numbers_are() {
    with_document(async |running, document| {
        for operation in operations(document) {
            for parameter in operation.value["parameters"].as_array().into_iter().flatten() {
                let name = parameter["name"].as_str().unwrap();
                let (method, body) = (&operation.method, operation.example_body());
                let body = Some(body.to_string()).filter(|_| !body.is_null());
                let path = operation.path.replace(['{', '}'], "");
                let call = async |target: &str| {
                    send(running.address, method, target, body.as_deref()).await
                };
                match (parameter["in"].as_str().unwrap(), &parameter["schema"]["type"]) {
                    ("path", _) => {
                        let target = operation.target(Some("%FF"));
                        assert_eq!(call(&target).await.status, 404, "{target}");
                    }
                    (_, kind) if kind == "integer" => {
                        let path = path.replace("state_type", "memory");
                        call(&format!("{path}?{name}=x")).await.expect(422);
                    }
                    _ if parameter["required"] == true => {
                        call(&path).await.expect(422);
                    }
                    _ => {}
                }
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_is_small_runs_nothing_and_has_every_call() {
    with_document(async |running, document| {
        let page = running.get("/docs").await;
        assert_eq!(page.status, 200);
        assert!(page.head.contains("content-type: text/html"), "{}", page.head);
        assert!(page.head.contains("default-src 'none'"), "{}", page.head);
        assert!(page.body.len() < 100_000, "{} bytes", page.body.len());
        for forbidden in ["<script", " style=", "<style", "<img", "onclick", "src=", "//cdn"] {
            assert!(!page.body.contains(forbidden), "{forbidden}");
        }
        for operation in operations(document) {
            let id = operation.value["operationId"].as_str().unwrap();
            assert!(page.body.contains(&format!("id=\"{id}\"")), "{id}");
        }
        // Whatever a page loads must be there.
        let style = page.body.split("href=\"").find(|it| it.starts_with("/assets/")).unwrap();
        let style = style.split('"').next().unwrap();
        assert_eq!(running.get(style).await.status, 200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_of_every_script_has_the_form_that_is_documented() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/scripts");
    let scripts = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut answers = Vec::new();
    for script in scripts.chain([examples()]) {
        answers.extend(script::answers(&script, script::Kind::Sqlite).await);
    }
    with_document(async |_, document| {
        let all = operations(document);
        let mut looked_at: BTreeMap<String, usize> = BTreeMap::new();
        for ((method, path, status), body) in &answers {
            let Some(found) = template_of_any(&all, method, path) else { continue };
            let operation =
                all.iter().find(|it| it.method == *method && it.path == *found).unwrap();
            let response = &operation.value["responses"][status.to_string()];
            assert!(!response.is_null(), "{method} {path} {status} is not documented");
            let response = match response["$ref"].as_str() {
                Some(reference) => document.pointer(reference.trim_start_matches('#')).unwrap(),
                None => response,
            };
            let schema = &response["content"]["application/json"]["schema"];
            if schema.is_null() {
                continue;
            }
            let body: Value = serde_json::from_str(body).unwrap();
            let problem = problem_of(&body, schema, document);
            assert_eq!(problem, None, "{method} {path} {status} {body}");
            *looked_at.entry(found.clone()).or_default() += 1;
        }
        assert!(looked_at.len() > 60, "{looked_at:?}");
    })
    .await;
}
