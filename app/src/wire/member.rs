use super::fields::{MOST_OBJECT_BYTES, MOST_OBJECT_DEPTH};
use runseal_receipt::{MOST_TEXT_BYTES, json::MOST_INTEGER};
use serde_json::{Value, json};

/// A member that a request may have.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) required: bool,
}

/// What may stand in a member.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    Text,
    AnyText,
    Word(Vec<&'static str>),
    Integer,
    Limit { default: usize, most: usize },
    Flag { default: bool },
    Object,
    EventData,
    Objects { most: usize },
    Time,
    Address,
}

/// A text without control characters.
const PRINTABLE: &str = r"^[^\u0000-\u001f\u007f-\u009f]+$";

/// Thirty-two bytes in base58.
const ADDRESS: &str = "^[1-9A-HJ-NP-Za-km-z]{32,44}$";

impl Member {
    /// Returns what may stand there as JSON Schema. A body's members are read more laxly than a
    /// query's need be: null is nothing, and a text is a number where one belongs.
    pub(crate) fn schema(&self, is_in_body: bool) -> Value {
        let mut schema = self.kind.schema(is_in_body);
        if is_in_body && !self.required {
            let kinds = schema["type"].take();
            let mut kinds = kinds.as_array().cloned().unwrap_or_else(|| vec![kinds]);
            kinds.push("null".into());
            schema["type"] = kinds.into();
            if let Some(words) = schema.get_mut("enum").and_then(Value::as_array_mut) {
                words.push(Value::Null);
            }
        }
        schema
    }
}

impl Kind {
    fn schema(&self, is_in_body: bool) -> Value {
        let integer = if is_in_body { json!(["integer", "string"]) } else { json!("integer") };
        match self {
            Self::Text => json!({
                "type": "string", "minLength": 1, "maxLength": MOST_TEXT_BYTES, "pattern": PRINTABLE,
            }),
            Self::AnyText => json!({ "type": "string" }),
            Self::Word(words) => json!({ "type": "string", "enum": words }),
            Self::Integer => json!({
                "type": integer, "minimum": 0, "maximum": MOST_INTEGER, "pattern": "^[0-9]+$",
            }),
            Self::Limit { default, most } => json!({
                "type": integer, "minimum": 0, "maximum": MOST_INTEGER, "default": default,
                "description": format!("How many there may be, at most {most}"),
            }),
            Self::Flag { default } => json!({
                "type": ["boolean", "integer", "string"], "default": default,
                "enum": [true, false, 1, 0, "true", "false"],
            }),
            Self::Object => json!({
                "type": "object",
                "description": format!(
                    "Any members, {MOST_OBJECT_BYTES} bytes and {MOST_OBJECT_DEPTH} levels at most"
                ),
            }),
            Self::EventData => json!({ "type": "object" }),
            Self::Objects { most } => json!({
                "type": "array", "maxItems": most, "items": { "type": "object" },
            }),
            Self::Time => json!({ "type": "string", "format": "date-time" }),
            Self::Address => json!({ "type": "string", "pattern": ADDRESS }),
        }
    }
}
