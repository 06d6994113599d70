//! What goes over the wire: how requests are read, and how answers are written.

mod batched;
mod body;
mod fields;
mod moment;
mod problem;

pub(crate) use batched::Batched;
pub(crate) use body::{Body, LargeBody, OptionalBody, Params, Segment, Text};
pub(crate) use fields::Fields;
pub(crate) use moment::{Moment, parse_moment};
pub(crate) use problem::Problem;

use crate::error::ApiError;
use axum::Json;
use runseal_receipt::json::{Object, Value};
use serde_json::value::RawValue;

/// What a route answers.
pub(crate) type Answer<T> = Result<Json<T>, ApiError>;

/// Any JSON, as it goes out.
pub(crate) type Opaque = Box<RawValue>;

/// Writes a value as it goes out.
pub(crate) fn opaque(value: &Value) -> Opaque {
    let text = String::from_utf8(value.canonical()).unwrap_or_default();
    // What was printed canonically is JSON.
    RawValue::from_string(text).unwrap_or_default()
}

/// Writes an object as it goes out.
pub(crate) fn opaque_object(object: &Object) -> Opaque {
    opaque(&Value::Object(object.clone()))
}
