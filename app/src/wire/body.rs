use super::Problem;
use crate::error::ApiError;
use axum::{
    body::{Bytes, to_bytes},
    extract::{FromRequest, FromRequestParts, Path, Query, Request},
    http::{StatusCode, request::Parts},
};
use runseal_receipt::json::{MOST_BYTES, Object, Value, parse_within};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

/// A request's body: one JSON object, read strictly, whatever type it was declared to have.
pub(crate) struct Body(pub(crate) Object);

/// A body that may be large, with the text that it came as.
pub(crate) struct LargeBody(pub(crate) Object, pub(crate) String);

/// How large a document may be that is only checked.
const MOST_LARGE_BYTES: usize = 16 << 20;

impl<S: Send + Sync> FromRequest<S> for LargeBody {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        let bytes = read(request, MOST_LARGE_BYTES).await?;
        let object = object(&bytes, MOST_LARGE_BYTES)?;
        Ok(Self(object, String::from_utf8_lossy(&bytes).into_owned()))
    }
}

/// A body of at most so many bytes, as it came.
pub(crate) struct Text<const MOST_BYTES: usize>(pub(crate) Bytes);

impl<S: Send + Sync, const MOST_BYTES: usize> FromRequest<S> for Text<MOST_BYTES> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        let bytes = read(request, MOST_BYTES).await?;
        if bytes.is_empty() { Err(Problem::no_body().into()) } else { Ok(Self(bytes)) }
    }
}

/// A body that need not be there.
pub(crate) struct OptionalBody(pub(crate) Object);

impl<S: Send + Sync> FromRequest<S> for Body {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        object(&read(request, MOST_BYTES).await?, MOST_BYTES).map(Self)
    }
}

impl<S: Send + Sync> FromRequest<S> for OptionalBody {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        let bytes = read(request, MOST_BYTES).await?;
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Ok(Self(Object::new()));
        }
        object(&bytes, MOST_BYTES).map(Self)
    }
}

/// Reads no more than can be parsed.
pub(super) async fn read(request: Request, most_bytes: usize) -> Result<Bytes, ApiError> {
    to_bytes(request.into_body(), most_bytes).await.map_err(|_| too_large(most_bytes))
}

pub(super) fn too_large(most_bytes: usize) -> ApiError {
    ApiError::refused(
        StatusCode::PAYLOAD_TOO_LARGE,
        format!("the body was cut off, or has more than {most_bytes} bytes"),
    )
}

fn object(bytes: &[u8], most_bytes: usize) -> Result<Object, ApiError> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Problem::no_body().into());
    }
    match parse_within(bytes, most_bytes) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(Value::Null) => Err(Problem::no_body().into()),
        Ok(other) => Err(Problem::not_an_object(&other).into()),
        Err(error) => Err(Problem::json(&error).into()),
    }
}

/// What stands in the path where the route has a name for it.
pub(crate) struct Segment<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Segment<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let Path(value) = Path::<T>::from_request_parts(parts, state)
            .await
            .map_err(|_| ApiError::not_found("Not Found"))?;
        Ok(Self(value))
    }
}

/// The parameters behind the question mark; of several with one name, the last.
pub(crate) struct Params(pub(crate) Object);

impl<S: Send + Sync> FromRequestParts<S> for Params {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let Query(pairs) = Query::<BTreeMap<String, String>>::try_from_uri(&parts.uri)
            .map_err(|_| ApiError::bad_request("the query cannot be read"))?;
        Ok(Self(pairs.into_iter().map(|(name, value)| (name, Value::Text(value))).collect()))
    }
}
