//! The JSON spelling of OTLP: identifiers are hexadecimal, 64-bit integers are texts or numbers, and
//! what is not known is passed over.

use super::{
    Batch, MOST_BATCH_BYTES, STATUS_ERROR, Span, SpanError,
    told::{Told, agent_of},
};
use runseal_receipt::{
    json::{JsonError, Number, Object, Value, parse_keeping_digits},
    member::Members,
};

/// Why a body is no batch.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BatchError {
    #[error(transparent)]
    Json(#[from] JsonError),
    #[error("the body is not an object")]
    NotAnObject,
    #[error("resourceSpans is not a list")]
    NotAList,
}

impl Batch {
    /// Parses an `ExportTraceServiceRequest` in JSON.
    pub(crate) fn parse_json(bytes: &[u8]) -> Result<Self, BatchError> {
        let mut batch = Self::default();
        // Times are beyond what a JSON number holds exactly, and some write them as one.
        let request = parse_keeping_digits(bytes, MOST_BATCH_BYTES)?;
        // Whoever sends something else must not be told that it was taken.
        match &request {
            Value::Object(members) => match members.get("resourceSpans") {
                None | Some(Value::Null | Value::List(_)) => {}
                Some(_) => return Err(BatchError::NotAList),
            },
            _ => return Err(BatchError::NotAnObject),
        }
        for resource_spans in list(&request, "resourceSpans") {
            let resource = find(resource_spans, "resource");
            let resource = resource.map(attributes).unwrap_or_default();
            let agent_id = agent_of(&resource);
            for scope_spans in list(resource_spans, "scopeSpans") {
                for span in list(scope_spans, "spans") {
                    batch.add(read_span(span, agent_id.as_deref()));
                }
            }
        }
        Ok(batch)
    }
}

fn read_span(span: &Value, agent_id: Option<&str>) -> Result<Span, SpanError> {
    let Value::Object(members) = span else { return Err(SpanError::NotAnObject) };
    let told = Told {
        trace_id: text(members, "traceId").to_owned(),
        span_id: text(members, "spanId").to_owned(),
        parent_span_id: text(members, "parentSpanId").to_owned(),
        name: text(members, "name").to_owned(),
        start: nanoseconds(members, "startTimeUnixNano"),
        end: nanoseconds(members, "endTimeUnixNano"),
        attributes: attributes(span),
        error: find(span, "status").and_then(error_of),
    };
    told.check(agent_id)
}

fn nanoseconds(members: &Object, member: &str) -> Option<u64> {
    match members.get(member) {
        Some(Value::Text(digits)) => digits.parse().ok(),
        Some(Value::Number(number)) => number.as_u64(),
        _ => None,
    }
}

fn error_of(status: &Value) -> Option<String> {
    let Value::Object(members) = status else { return None };
    let is_error = Members(members).integer("code") == Ok(STATUS_ERROR);
    is_error.then(|| text(members, "message").to_owned())
}

/// Reads a list of names with their values, the first of those with one name.
fn attributes(holder: &Value) -> Object {
    let mut object = Object::new();
    for attribute in list(holder, "attributes") {
        put(&mut object, attribute);
    }
    object
}

fn put(object: &mut Object, attribute: &Value) {
    let Value::Object(members) = attribute else { return };
    let value = members.get("value").map_or(Value::Null, any_value);
    object.entry(text(members, "key").to_owned()).or_insert(value);
}

/// Reads an `AnyValue` as the value that it stands for.
fn any_value(value: &Value) -> Value {
    let Value::Object(members) = value else { return Value::Null };
    let Some((kind, value)) = members.iter().next() else { return Value::Null };
    match (kind.as_str(), value) {
        ("intValue", Value::Text(digits)) => int_value(digits),
        ("arrayValue", list_of) => Value::List(list(list_of, "values").map(any_value).collect()),
        ("kvlistValue", list_of) => {
            let mut object = Object::new();
            list(list_of, "values").for_each(|pair| put(&mut object, pair));
            Value::Object(object)
        }
        ("stringValue" | "boolValue" | "intValue" | "doubleValue" | "bytesValue", value) => {
            value.clone()
        }
        _ => Value::Null,
    }
}

/// An integer is a number where a number holds it, and else its digits.
fn int_value(digits: &str) -> Value {
    let number = digits.parse().ok().and_then(Number::from_integer);
    number.map_or_else(|| Value::from(digits), Value::Number)
}

fn find<'a>(value: &'a Value, member: &str) -> Option<&'a Value> {
    match value {
        Value::Object(members) => members.get(member),
        _ => None,
    }
}

fn list<'a>(value: &'a Value, member: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    match find(value, member) {
        Some(Value::List(list)) => list.iter(),
        _ => [].iter(),
    }
}

fn text<'a>(members: &'a Object, member: &str) -> &'a str {
    match members.get(member) {
        Some(Value::Text(text)) => text,
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPAN: &str = r#"{"traceId":"5B8EFFF798038103D269B633813FC60C","spanId":"EEE19B7EC3C1B174",
        "parentSpanId":"","name":"n","startTimeUnixNano":"1544712660000000001","endTimeUnixNano":1544712661000000000}"#;

    fn parse(span: &str) -> Batch {
        let text = format!(r#"{{"resourceSpans":[{{"scopeSpans":[{{"spans":[{span}]}}]}}]}}"#);
        Batch::parse_json(text.as_bytes()).unwrap()
    }

    #[test]
    fn identifiers_and_times_are_read_in_both_spellings() {
        let batch = parse(SPAN);
        let span = &batch.spans[0];
        assert_eq!(span.trace_id, "5b8efff798038103d269b633813fc60c");
        assert_eq!((span.span_id.as_str(), &span.parent_span_id), ("eee19b7ec3c1b174", &None));
        assert_eq!(span.start.to_string(), "2018-12-13T14:51:00.000000001Z");
        assert_eq!(span.end.to_string(), "2018-12-13T14:51:01Z");
        assert_eq!((&span.error, &span.agent_id), (&None, &None));
    }

    #[test]
    fn what_is_no_span_is_refused_alone() {
        let id = |member, size| SpanError::BadId { member, size };
        let time = |member| SpanError::BadTime { member };
        for (from, to, error) in [
            ("5B8E", "5B8", id("traceId", 32)),
            ("5B8E", "xyz!", id("traceId", 32)),
            ("5B8EFFF798038103D269B633813FC60C", &"0".repeat(32), id("traceId", 32)),
            ("EEE19B7EC3C1B174", "", id("spanId", 16)),
            ("\"EEE19B7EC3C1B174\"", "7", id("spanId", 16)),
            ("parentSpanId\":\"", "parentSpanId\":\"7", id("parentSpanId", 16)),
            ("\"1544712660000000001\"", "\"0\"", time("startTimeUnixNano")),
            ("\"1544712660000000001\"", "-1", time("startTimeUnixNano")),
            ("\"1544712660000000001\"", "null", time("startTimeUnixNano")),
            ("1544712661000000000", "1.5", time("endTimeUnixNano")),
            ("1544712661000000000", "99999999999999999999999", time("endTimeUnixNano")),
            (SPAN, "[]", SpanError::NotAnObject),
        ] {
            let batch = parse(&format!("{},{SPAN}", SPAN.replace(from, to)));
            assert_eq!((batch.spans.len(), batch.refused), (1, vec![error]), "{to}");
        }
    }

    #[test]
    fn what_is_no_batch_is_refused_whole() {
        for text in
            ["[]", "[null]", "7", "null", r#"{"resourceSpans":{}}"#, r#"{"resourceSpans":7}"#]
        {
            assert!(Batch::parse_json(text.as_bytes()).is_err(), "{text}");
        }
        for text in ["{}", r#"{"resourceSpans":null}"#, r#"{"resourceSpans":[]}"#] {
            assert_eq!(Batch::parse_json(text.as_bytes()).unwrap(), Batch::default(), "{text}");
        }
    }

    #[test]
    fn what_is_not_known_is_passed_over() {
        for text in [
            r#"{"resource":7}"#,
            r#"{"resourceSpans":[7,{"scopeSpans":7},{"scopeSpans":[7,{"spans":null}]}]}"#,
        ] {
            assert_eq!(Batch::parse_json(text.as_bytes()), Ok(Batch::default()), "{text}");
        }
    }

    #[test]
    fn values_are_what_they_stand_for() {
        for (any, value) in [
            (r#"{"stringValue":"x"}"#, r#""x""#),
            (r#"{"boolValue":true}"#, "true"),
            (r#"{"intValue":"-7"}"#, "-7"),
            (r#"{"intValue":7}"#, "7"),
            (r#"{"intValue":"9223372036854775807"}"#, r#""9223372036854775807""#),
            (r#"{"doubleValue":1.5}"#, "1.5"),
            (r#"{"doubleValue":"NaN"}"#, r#""NaN""#),
            (r#"{"bytesValue":"AA=="}"#, r#""AA==""#),
            (r#"{"arrayValue":{"values":[{"intValue":"1"},{}]}}"#, "[1,null]"),
            (
                r#"{"kvlistValue":{"values":[{"key":"a","value":{"boolValue":false}}]}}"#,
                r#"{"a":false}"#,
            ),
            (r#"{"otherValue":1}"#, "null"),
            ("7", "null"),
        ] {
            let attribute = format!(r#""attributes":[7,{{"key":"k","value":{any}}}],"name""#);
            let batch = parse(&SPAN.replace("\"name\"", &attribute));
            let expected: Value = value.parse().unwrap();
            assert_eq!(batch.spans[0].attributes.get("k"), Some(&expected), "{any}");
        }
    }

    #[test]
    fn an_error_is_what_the_status_says() {
        for (status, error) in [
            ("{}", None),
            (r#"{"code":1}"#, None),
            (r#"{"code":2}"#, Some("")),
            (r#"{"code":2,"message":"m"}"#, Some("m")),
            (r#"{"code":"2"}"#, None),
            ("2", None),
        ] {
            let status = format!(r#""status":{status},"name""#);
            let batch = parse(&SPAN.replace("\"name\"", &status));
            assert_eq!(batch.spans[0].error.as_deref(), error, "{status}");
        }
    }
}
