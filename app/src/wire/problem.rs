use super::{Opaque, opaque};
use runseal_receipt::json::{JsonError, Object, Value};
use serde::Serialize;

/// What is wrong with one part of a request, in the shape that RunProof's clients know.
#[derive(Debug, Serialize)]
pub(crate) struct Problem {
    #[serde(rename = "type")]
    kind: &'static str,
    loc: Vec<Step>,
    msg: String,
    input: Opaque,
    #[serde(skip_serializing_if = "Option::is_none")]
    ctx: Option<Context>,
}

/// A step on the way to the part: a name, or an offset.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Step {
    Name(String),
    Offset(usize),
}

#[derive(Debug, Serialize)]
struct Context {
    error: String,
}

impl Problem {
    /// Something is wrong with the member of this name; `place` is body, query or path.
    pub(crate) fn of(
        place: &str,
        name: &str,
        kind: &'static str,
        message: impl Into<String>,
        input: &Value,
    ) -> Self {
        let loc = vec![Step::Name(place.to_owned()), Step::Name(name.to_owned())];
        Self { kind, loc, msg: message.into(), input: opaque(input), ctx: None }
    }

    /// A member is missing.
    pub(crate) fn missing(place: &str, name: &str, whole: &Object) -> Self {
        let input = Value::Object(whole.clone());
        Self::of(place, name, "missing", "Field required", &input)
    }

    /// There is no body.
    pub(crate) fn no_body() -> Self {
        let loc = vec![Step::Name("body".to_owned())];
        let msg = "Field required".to_owned();
        Self { kind: "missing", loc, msg, input: opaque(&Value::Null), ctx: None }
    }

    /// The body is JSON, but no object.
    pub(crate) fn not_an_object(found: &Value) -> Self {
        Self {
            kind: "model_attributes_type",
            loc: vec![Step::Name("body".to_owned())],
            msg: "Input should be a valid dictionary or object to extract fields from".to_owned(),
            input: opaque(found),
            ctx: None,
        }
    }

    /// The body is not JSON with one meaning.
    pub(crate) fn json(error: &JsonError) -> Self {
        use JsonError::{
            ControlCharacter, DuplicateKey, IntegerTooLarge, InvalidEscape, InvalidNumber,
            InvalidUtf8, LoneSurrogate, NonFinite, TooDeep, TooLarge, TrailingBytes,
            UnexpectedByte, UnexpectedEnd,
        };
        let offset = match error {
            InvalidUtf8 { offset }
            | UnexpectedByte { offset }
            | TrailingBytes { offset }
            | TooDeep { offset, .. }
            | DuplicateKey { offset, .. }
            | LoneSurrogate { offset }
            | InvalidEscape { offset }
            | ControlCharacter { offset }
            | InvalidNumber { offset }
            | NonFinite { offset }
            | IntegerTooLarge { offset } => *offset,
            TooLarge { size_bytes, .. } => *size_bytes,
            UnexpectedEnd => 0,
        };
        Self {
            kind: "json_invalid",
            loc: vec![Step::Name("body".to_owned()), Step::Offset(offset)],
            msg: "JSON decode error".to_owned(),
            input: opaque(&Value::Object(Object::new())),
            ctx: Some(Context { error: error.to_string() }),
        }
    }
}
