//! The protobuf spelling of OTLP: as much of opentelemetry/proto/collector/trace/v1 as is read here.

use super::{
    Batch, STATUS_ERROR, Span, SpanError,
    told::{Told, agent_of},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use prost::{DecodeError, Message, Oneof};
use runseal_receipt::json::{Number, Object, Value};

#[derive(Clone, PartialEq, Message)]
struct Request {
    #[prost(message, repeated, tag = "1")]
    resource_spans: Vec<ResourceSpans>,
}

#[derive(Clone, PartialEq, Message)]
struct ResourceSpans {
    #[prost(message, optional, tag = "1")]
    resource: Option<Resource>,
    #[prost(message, repeated, tag = "2")]
    scope_spans: Vec<ScopeSpans>,
}

#[derive(Clone, PartialEq, Message)]
struct Resource {
    #[prost(message, repeated, tag = "1")]
    attributes: Vec<KeyValue>,
}

#[derive(Clone, PartialEq, Message)]
struct ScopeSpans {
    #[prost(message, repeated, tag = "2")]
    spans: Vec<SpanMessage>,
}

#[derive(Clone, PartialEq, Message)]
struct SpanMessage {
    #[prost(bytes = "vec", tag = "1")]
    trace_id: Vec<u8>,
    #[prost(bytes = "vec", tag = "2")]
    span_id: Vec<u8>,
    #[prost(bytes = "vec", tag = "4")]
    parent_span_id: Vec<u8>,
    #[prost(string, tag = "5")]
    name: String,
    #[prost(fixed64, tag = "7")]
    start_time_unix_nano: u64,
    #[prost(fixed64, tag = "8")]
    end_time_unix_nano: u64,
    #[prost(message, repeated, tag = "9")]
    attributes: Vec<KeyValue>,
    #[prost(message, optional, tag = "15")]
    status: Option<Status>,
}

#[derive(Clone, PartialEq, Message)]
struct Status {
    #[prost(string, tag = "2")]
    message: String,
    #[prost(uint64, tag = "3")]
    code: u64,
}

#[derive(Clone, PartialEq, Message)]
struct KeyValue {
    #[prost(string, tag = "1")]
    key: String,
    #[prost(message, optional, tag = "2")]
    value: Option<AnyValue>,
}

#[derive(Clone, PartialEq, Message)]
struct AnyValue {
    #[prost(oneof = "Kind", tags = "1, 2, 3, 4, 5, 6, 7")]
    kind: Option<Kind>,
}

#[derive(Clone, PartialEq, Oneof)]
enum Kind {
    #[prost(string, tag = "1")]
    Text(String),
    #[prost(bool, tag = "2")]
    Bool(bool),
    #[prost(int64, tag = "3")]
    Integer(i64),
    #[prost(double, tag = "4")]
    Double(f64),
    #[prost(message, tag = "5")]
    List(List),
    #[prost(message, tag = "6")]
    Pairs(Pairs),
    #[prost(bytes, tag = "7")]
    Bytes(Vec<u8>),
}

#[derive(Clone, PartialEq, Message)]
struct List {
    #[prost(message, repeated, tag = "1")]
    values: Vec<AnyValue>,
}

#[derive(Clone, PartialEq, Message)]
struct Pairs {
    #[prost(message, repeated, tag = "1")]
    values: Vec<KeyValue>,
}

/// `ExportTraceServiceResponse`.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct ResponseMessage {
    #[prost(message, optional, tag = "1")]
    pub(crate) partial_success: Option<PartialSuccessMessage>,
}

/// `ExportTracePartialSuccess`.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct PartialSuccessMessage {
    #[prost(int64, tag = "1")]
    pub(crate) rejected_spans: i64,
    #[prost(string, tag = "2")]
    pub(crate) error_message: String,
}

impl Batch {
    /// Parses an `ExportTraceServiceRequest` in protobuf.
    pub(crate) fn parse_protobuf(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut batch = Self::default();
        for resource_spans in Request::decode(bytes)?.resource_spans {
            let resource = resource_spans.resource.unwrap_or_default();
            let agent_id = agent_of(&object(resource.attributes));
            for scope_spans in resource_spans.scope_spans {
                for span in scope_spans.spans {
                    batch.add(read_span(span, agent_id.as_deref()));
                }
            }
        }
        Ok(batch)
    }
}

fn read_span(span: SpanMessage, agent_id: Option<&str>) -> Result<Span, SpanError> {
    let error = span.status.filter(|status| status.code == STATUS_ERROR);
    let told = Told {
        trace_id: hex(&span.trace_id),
        span_id: hex(&span.span_id),
        parent_span_id: hex(&span.parent_span_id),
        name: span.name,
        start: Some(span.start_time_unix_nano),
        end: Some(span.end_time_unix_nano),
        attributes: object(span.attributes),
        error: error.map(|status| status.message),
    };
    told.check(agent_id)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The first of those with one name.
fn object(pairs: Vec<KeyValue>) -> Object {
    let mut object = Object::new();
    for KeyValue { key, value } in pairs {
        object.entry(key).or_insert_with(|| value.map_or(Value::Null, any_value));
    }
    object
}

/// The value that it stands for, spelled as in OTLP's JSON where JSON has no word for it.
fn any_value(value: AnyValue) -> Value {
    match value.kind {
        None => Value::Null,
        Some(Kind::Text(text)) => Value::Text(text),
        Some(Kind::Bool(flag)) => Value::Bool(flag),
        Some(Kind::Integer(integer)) => number(Number::from_integer(integer), integer),
        Some(Kind::Double(double)) => number(Number::from_double(double), double),
        Some(Kind::List(list)) => Value::List(list.values.into_iter().map(any_value).collect()),
        Some(Kind::Pairs(pairs)) => Value::Object(object(pairs.values)),
        Some(Kind::Bytes(bytes)) => Value::Text(STANDARD.encode(bytes)),
    }
}

fn number(number: Option<Number>, digits: impl ToString) -> Value {
    number.map_or_else(|| Value::Text(digits.to_string()), Value::Number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_what_they_stand_for() {
        let any = |kind| AnyValue { kind: Some(kind) };
        let pair = |value| KeyValue { key: "a".to_owned(), value };
        for (kind, value) in [
            (Kind::Text("x".to_owned()), r#""x""#),
            (Kind::Bool(true), "true"),
            (Kind::Integer(-7), "-7"),
            (Kind::Integer(i64::MAX), r#""9223372036854775807""#),
            (Kind::Double(1.5), "1.5"),
            (Kind::Double(f64::NAN), r#""NaN""#),
            (Kind::Bytes(vec![0]), r#""AA==""#),
            (
                Kind::List(List { values: vec![any(Kind::Integer(1)), AnyValue { kind: None }] }),
                "[1,null]",
            ),
            (
                Kind::Pairs(Pairs { values: vec![pair(Some(any(Kind::Bool(false)))), pair(None)] }),
                r#"{"a":false}"#,
            ),
        ] {
            assert_eq!(any_value(any(kind)), value.parse().unwrap(), "{value}");
        }
    }

    #[test]
    fn what_is_no_message_is_refused() {
        for bytes in [&[0x0a, 5][..], &[0xff; 20], b"{}", &[0x0a, 2, 0x0a, 9]] {
            assert!(Batch::parse_protobuf(bytes).is_err(), "{bytes:?}");
        }
        // Lists in each other, deeper than anybody means them.
        let mut value = Vec::new();
        for _ in 0..1_000 {
            value = [vec![0x2a], length(&value), value].concat();
            value = [vec![0x0a], length(&value), value].concat();
        }
        assert!(AnyValue::decode(&*value).is_err());
        assert_eq!(Batch::parse_protobuf(b""), Ok(Batch::default()));
    }

    fn length(bytes: &[u8]) -> Vec<u8> {
        let mut varint = Vec::new();
        prost::encoding::encode_varint(bytes.len().try_into().unwrap(), &mut varint);
        varint
    }
}
