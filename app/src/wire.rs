//! What goes over the wire: how requests are read, and how answers are written.

mod batched;
mod body;
mod fields;
mod kept;
mod member;
mod moment;
mod problem;
mod queries;

pub(crate) use batched::Batched;
pub(crate) use body::{Body, File, LargeBody, OptionalBody, Params, Segment, Text};
pub(crate) use fields::{Fields, Read, members_of};
pub(crate) use kept::{Form, Kept};
pub(crate) use member::{Kind, Member};
pub(crate) use moment::{Moment, parse_moment};
pub(crate) use problem::Problem;
pub(crate) use queries::{AgentFilter, Limit};

use crate::error::ApiError;
use axum::Json;
use runseal_receipt::json::{Object, Value};
use serde::Serialize;
use serde_json::value::RawValue;
use std::borrow::Cow;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr,
        schema::{self, Schema},
    },
};

/// What a route answers.
pub(crate) type Answer<T> = Result<Json<T>, ApiError>;

/// Any JSON, as it goes out.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(transparent)]
pub(crate) struct Opaque(Box<RawValue>);

impl Opaque {
    /// Returns its text.
    pub(crate) fn get(&self) -> &str {
        self.0.get()
    }
}

impl PartialSchema for Opaque {
    fn schema() -> RefOr<Schema> {
        schema::empty().into()
    }
}

impl ToSchema for Opaque {
    fn name() -> Cow<'static, str> {
        "Json".into()
    }
}

/// Takes JSON as it came, byte for byte; none if it is not JSON.
pub(crate) fn verbatim(text: Vec<u8>) -> Option<Opaque> {
    RawValue::from_string(String::from_utf8(text).ok()?).ok().map(Opaque)
}

/// Writes a value as it goes out.
pub(crate) fn opaque(value: &Value) -> Opaque {
    let text = String::from_utf8(value.canonical()).unwrap_or_default();
    // What was printed canonically is JSON.
    Opaque(RawValue::from_string(text).unwrap_or_default())
}

/// Writes an object as it goes out.
pub(crate) fn opaque_object(object: &Object) -> Opaque {
    opaque(&Value::Object(object.clone()))
}
