//! Spans come in, and runs with receipts come out.

use crate::{
    client::{send_as, send_bytes},
    service::{Running, settings},
};
use flate2::{Compression, write::GzEncoder};
use runseal_app::Settings;
use serde_json::{Value, json};
use std::io::Write;

const TRACE: &str = "5b8efff798038103d269b633813fc60c";
const SECOND: u64 = 1_000_000_000;
const BEGIN: u64 = 1_773_705_600 * SECOND;

/// A span that lasts from one second to another, with text and integer attributes.
fn span(id: u64, parent: u64, from: u64, to: u64, attributes: &Value) -> Value {
    let value = |value: &Value| match value {
        Value::String(text) => json!({"stringValue": text}),
        other => json!({"intValue": other.to_string()}),
    };
    let attributes: Vec<_> = attributes
        .as_object()
        .unwrap()
        .iter()
        .map(|(key, of)| json!({"key": key, "value": value(of)}))
        .collect();
    let parent = if parent == 0 { String::new() } else { format!("{parent:016x}") };
    json!({
        "traceId": TRACE, "spanId": format!("{id:016x}"), "parentSpanId": parent,
        "name": format!("span {id}"), "kind": 1, "attributes": attributes, "status": {},
        "startTimeUnixNano": (BEGIN + from * SECOND).to_string(),
        "endTimeUnixNano": (BEGIN + to * SECOND).to_string(),
    })
}

fn failed(mut span: Value, message: &str) -> Value {
    span["status"] = json!({"code": 2, "message": message});
    span
}

/// A batch of spans from one service.
fn batch(service: &str, spans: &[Value]) -> String {
    let attributes = match service {
        "" => json!([]),
        service => json!([{"key": "service.name", "value": {"stringValue": service}}]),
    };
    let resource = json!({"attributes": attributes});
    json!({"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": spans}]}]}).to_string()
}

fn agent(id: u64, parent: u64, from: u64, to: u64) -> Value {
    let attributes = json!({"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "a"});
    span(id, parent, from, to, &attributes)
}

fn tool(id: u64, parent: u64, from: u64, to: u64) -> Value {
    let attributes = json!({
        "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "add",
        "gen_ai.tool.call.arguments": "[2,2]", "gen_ai.tool.call.result": "4",
    });
    span(id, parent, from, to, &attributes)
}

fn chat(id: u64, parent: u64, from: u64, to: u64) -> Value {
    let attributes = json!({
        "gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-x",
        "gen_ai.input.messages": "2 + 2?", "gen_ai.output.messages": "4",
        "gen_ai.usage.input_tokens": 7,
    });
    span(id, parent, from, to, &attributes)
}

async fn started(settings: Settings) -> (tempfile::TempDir, Running) {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path(), settings).await;
    (home, running)
}

async fn export(running: &Running, batch: &str) -> Value {
    let headers = "Content-Type: application/json\r\n";
    send_as(running.address, "/v1/traces", headers, batch).await.expect(200)
}

async fn proof(running: &Running) -> Value {
    running.get(&format!("/v1/runproof/{TRACE}")).await.expect(200)
}

fn words(proof: &Value) -> Vec<&str> {
    proof["events"].as_array().unwrap().iter().map(|it| it["type"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_trace_becomes_a_run_with_a_receipt_however_often_it_is_told() {
    let (_home, running) = started(settings()).await;
    // As exporters do it: what ended first comes first, and the outermost last.
    let first = batch("shop", &[tool(3, 2, 3, 4), chat(2, 1, 1, 5)]);
    let other = span(7, 1, 0, 9, &json!({"http.request.method": "GET"}));
    let last = batch("shop", &[chat(5, 4, 7, 8), agent(4, 1, 6, 9), other, agent(1, 0, 0, 10)]);
    for batch in [&first, &first, &last, &last, &first] {
        assert_eq!(export(&running, batch).await, json!({}));
    }
    let proof = proof(&running).await;
    assert_eq!((&proof["status"], &proof["agent_id"]), (&"completed".into(), &"shop".into()));
    assert_eq!((&proof["trace_id"], &proof["adapter"]), (&TRACE.into(), &"opentelemetry".into()));
    assert_eq!(proof["ended_at"], "2026-03-17T00:00:10+00:00");
    assert_eq!(
        words(&proof),
        [
            "message.received",
            "tool.invoke",
            "tool.result",
            "message.sent",
            "message.received",
            "subagent.spawn",
            "message.received",
            "message.sent",
            "subagent.result",
            "message.sent",
        ]
    );
    let events = proof["events"].as_array().unwrap();
    let [given, invoked, result, sent] = [0, 1, 2, 3].map(|index| &events[index]["data"]);
    assert_eq!(given["attributes"]["gen_ai.input.messages"], "2 + 2?");
    assert_eq!(given["attributes"].get("gen_ai.output.messages"), None);
    assert_eq!(invoked["attributes"]["gen_ai.tool.call.arguments"], "[2,2]");
    assert_eq!(invoked["attributes"].get("gen_ai.tool.call.result"), None);
    assert_eq!(result["attributes"]["gen_ai.tool.call.result"], "4");
    assert_eq!(sent["attributes"]["gen_ai.request.model"], "gpt-x");
    assert_eq!(sent["attributes"]["gen_ai.usage.input_tokens"], 7);
    assert_eq!(events[1]["timestamp"], "2026-03-17T00:00:03Z");
    let verified = running.get(&format!("/v1/runproof/{TRACE}/verify")).await.expect(200);
    assert_eq!(verified["verified"], true);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_failed_is_told_and_a_run_fails_with_its_outermost_span() {
    let (_home, running) = started(settings()).await;
    let mut root = failed(agent(1, 0, 0, 9), "secret");
    let error_type = json!({"key": "error.type", "value": {"stringValue": "time out"}});
    root["attributes"].as_array_mut().unwrap().push(error_type);
    let spans = [
        failed(tool(2, 1, 1, 2), "no"),
        failed(chat(3, 1, 3, 4), "late"),
        failed(agent(4, 1, 5, 6), "tired"),
        root,
    ];
    assert_eq!(export(&running, &batch("shop", &spans)).await, json!({}));
    let proof = proof(&running).await;
    assert_eq!(proof["status"], "failed");
    assert_eq!(proof["receipt"]["reason"], "timeout");
    assert_eq!(
        words(&proof),
        [
            "message.received",
            "tool.invoke",
            "tool.error",
            "message.received",
            "model.error",
            "subagent.spawn",
            "subagent.result",
            "agent.error",
            "run.fail",
        ]
    );
    assert_eq!(proof["events"][2]["data"]["error"], "no");
    assert_eq!(proof["events"][1]["data"].get("error"), None);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_outermost_span_that_is_no_agent_s_ends_the_run_of_those_inside() {
    let (_home, running) = started(settings()).await;
    let request = span(1, 0, 0, 9, &json!({"http.request.method": "POST"}));
    // Alone it says nothing of an agent.
    assert_eq!(export(&running, &batch("shop", std::slice::from_ref(&request))).await, json!({}));
    running.get(&format!("/v1/run/{TRACE}")).await.expect(404);
    export(&running, &batch("shop", &[tool(2, 1, 1, 2), request])).await;
    assert_eq!(words(&proof(&running).await), ["tool.invoke", "tool.result"]);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_span_that_is_not_taken_is_counted_and_the_others_are_taken() {
    let (_home, running) = started(settings()).await;
    let rejected = |answer: &Value| answer["partialSuccess"]["rejectedSpans"].clone();
    let mut bad = tool(2, 1, 1, 2);
    bad["spanId"] = "x".into();
    let answer = export(&running, &batch("shop", &[bad, tool(3, 1, 1, 2)])).await;
    assert_eq!(rejected(&answer), "1");
    assert!(answer["partialSuccess"]["errorMessage"].as_str().unwrap().contains("spanId"));
    // The same spans with another end: one of the events differs.
    let answer = export(&running, &batch("shop", &[tool(3, 1, 1, 3), chat(3, 1, 2, 5)])).await;
    assert_eq!(rejected(&answer), "1");
    // Larger than an event may be.
    let huge = json!({"gen_ai.operation.name": "x", "gen_ai.output": "x".repeat(1 << 20)});
    let answer = export(&running, &batch("shop", &[span(4, 1, 5, 6, &huge)])).await;
    assert_eq!(rejected(&answer), "1");
    export(&running, &batch("shop", &[agent(1, 0, 0, 9)])).await;
    // The run has ended.
    let answer = export(&running, &batch("shop", &[tool(6, 1, 1, 2), tool(3, 1, 1, 2)])).await;
    assert_eq!(rejected(&answer), "1");
    let verified = running.get(&format!("/v1/runproof/{TRACE}/verify")).await.expect(200);
    assert_eq!(verified["verified"], true);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_trace_of_nobody_is_not_taken() {
    for (create_keys, service, default_agent, count) in [
        (true, "", None, Some("2")),
        (true, "unknown_service:node", None, Some("2")),
        (false, "shop", None, Some("2")),
        (true, "", Some("default"), None),
    ] {
        let default_agent = default_agent.map(str::to_owned);
        let (_home, running) = started(Settings { create_keys, default_agent, ..settings() }).await;
        let spans = [tool(2, 1, 1, 2), agent(1, 0, 0, 9)];
        let answer = export(&running, &batch(service, &spans)).await;
        assert_eq!(answer["partialSuccess"]["rejectedSpans"].as_str(), count, "{service}");
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_read_is_said_by_the_status() {
    let (_home, running) = started(settings()).await;
    let (json, good) = ("Content-Type: application/json\r\n", batch("shop", &[tool(2, 0, 1, 2)]));
    let large = format!("{{\"x\":\"{}\"}}", "x".repeat(16 << 20));
    let gzip = format!("{json}Content-Encoding: gzip\r\n");
    let zstd = format!("{json}Content-Encoding: zstd\r\n");
    for (headers, body, status) in [
        ("Content-Type: application/x-protobuf\r\n", good.as_str(), 400),
        (&gzip, &good, 400),
        (&gzip, "", 400),
        (&zstd, &good, 415),
        (json, "", 400),
        (json, "{", 400),
        (json, r#"{"resourceSpans":[],"resourceSpans":[]}"#, 400),
        (json, &large, 413),
        (json, "{}", 200),
        ("Content-Type: application/json; charset=utf-8\r\n", &good, 200),
        ("", &good, 200),
    ] {
        let answer = send_as(running.address, "/v1/traces", headers, body).await;
        assert_eq!(answer.status, status, "{headers} {}", answer.body);
    }
    running.stop().await;
}

/// The same in protobuf: a field of bytes, one of a varint, and one of eight bytes.
fn bytes_field(tag: u8, bytes: &[u8]) -> Vec<u8> {
    let (mut length, mut field) = (bytes.len(), vec![tag << 3 | 2]);
    while length > 0x7f {
        field.push(u8::try_from(length & 0x7f).unwrap() | 0x80);
        length >>= 7;
    }
    field.push(u8::try_from(length).unwrap());
    [field, bytes.to_vec()].concat()
}

fn varint_field(tag: u8, small: u8) -> Vec<u8> {
    assert!(small < 0x80);
    vec![tag << 3, small]
}

fn fixed_field(tag: u8, number: &Value) -> Vec<u8> {
    let number: u64 = number.as_str().unwrap().parse().unwrap();
    [vec![tag << 3 | 1], number.to_le_bytes().to_vec()].concat()
}

fn id_field(tag: u8, id: &Value) -> Vec<u8> {
    let digits = id.as_str().unwrap();
    let byte = |index| u8::from_str_radix(&digits[index..index + 2], 16).unwrap();
    bytes_field(tag, &(0..digits.len()).step_by(2).map(byte).collect::<Vec<_>>())
}

fn attributes_field(tag: u8, attributes: &Value) -> Vec<u8> {
    let field = |attribute: &Value| {
        let value = match &attribute["value"] {
            value if value["stringValue"].is_string() => {
                bytes_field(1, value["stringValue"].as_str().unwrap().as_bytes())
            }
            value => varint_field(3, value["intValue"].as_str().unwrap().parse().unwrap()),
        };
        let key = bytes_field(1, attribute["key"].as_str().unwrap().as_bytes());
        bytes_field(tag, &[key, bytes_field(2, &value)].concat())
    };
    attributes.as_array().unwrap().iter().flat_map(field).collect()
}

fn span_field(span: &Value) -> Vec<u8> {
    let status = &span["status"];
    let message = status["message"].as_str().unwrap_or_default().as_bytes();
    let code = u8::try_from(status["code"].as_u64().unwrap_or(0)).unwrap();
    let fields = [
        id_field(1, &span["traceId"]),
        id_field(2, &span["spanId"]),
        id_field(4, &span["parentSpanId"]),
        bytes_field(5, span["name"].as_str().unwrap().as_bytes()),
        varint_field(6, 1),
        fixed_field(7, &span["startTimeUnixNano"]),
        fixed_field(8, &span["endTimeUnixNano"]),
        attributes_field(9, &span["attributes"]),
        bytes_field(15, &[bytes_field(2, message), varint_field(3, code)].concat()),
    ];
    bytes_field(2, &fields.concat())
}

fn in_protobuf(batch: &str) -> Vec<u8> {
    let batch: Value = serde_json::from_str(batch).unwrap();
    let of_resource = &batch["resourceSpans"][0];
    let resource = bytes_field(1, &attributes_field(1, &of_resource["resource"]["attributes"]));
    let spans = of_resource["scopeSpans"][0]["spans"].as_array().unwrap();
    let scope_spans = bytes_field(2, &spans.iter().flat_map(span_field).collect::<Vec<_>>());
    bytes_field(1, &[resource, scope_spans].concat())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_spellings_say_the_same() {
    let spans = [failed(tool(3, 2, 3, 4), "no"), chat(2, 1, 1, 5), agent(1, 0, 0, 10)];
    let batch = batch("shop", &spans);
    let (_home, running) = started(settings()).await;
    let binary = "application/x-protobuf";
    for _ in 0..2 {
        let (status, head, body) =
            send_bytes(running.address, "/v1/traces", binary, &in_protobuf(&batch)).await;
        assert_eq!((status, body), (200, Vec::new()));
        assert!(head.contains("content-type: application/x-protobuf"), "{head}");
    }
    // What JSON says of the same spans are duplicates: the events are the same to the byte.
    assert_eq!(export(&running, &batch).await, json!({}));
    let proof = proof(&running).await;
    assert_eq!((&proof["status"], words(&proof).len()), (&"completed".into(), 6));
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_taken_is_said_in_protobuf_too() {
    let (_home, running) = started(settings()).await;
    let mut bad = tool(2, 1, 1, 2);
    bad["spanId"] = "ab".into();
    let body = in_protobuf(&batch("shop", &[bad, tool(3, 1, 1, 2)]));
    let binary = "application/x-protobuf";
    let (status, _, body) = send_bytes(running.address, "/v1/traces", binary, &body).await;
    let reason = b"spanId is not 16 hexadecimal digits that are not all zero";
    let partial = [varint_field(1, 1), bytes_field(2, reason)].concat();
    assert_eq!((status, body), (200, bytes_field(1, &partial)));
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_batch_may_be_packed_and_no_more_is_unpacked_than_may_be_sent() {
    let (_home, running) = started(settings()).await;
    let json = "application/json\r\nContent-Encoding: gzip";
    let packed = |bytes: &[u8]| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    };
    let good = packed(batch("shop", &[tool(2, 0, 1, 2)]).as_bytes());
    let bomb = packed(&vec![b' '; (16 << 20) + 1]);
    assert!(bomb.len() < 1 << 20);
    for (body, expected) in [(&good[..], 200), (&good[..good.len() - 9], 400), (&bomb, 413)] {
        let (status, ..) = send_bytes(running.address, "/v1/traces", json, body).await;
        assert_eq!(status, expected);
    }
    assert_eq!(words(&proof(&running).await), ["tool.invoke", "tool.result"]);
    running.stop().await;
}
