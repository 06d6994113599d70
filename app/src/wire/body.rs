use super::{Fields, Problem, Read};
use crate::{error::ApiError, limits::Limits};
use axum::{
    body::{Bytes, HttpBody, to_bytes},
    extract::{FromRequest, FromRequestParts, Path, Query, Request},
    http::{StatusCode, request::Parts},
};
use runseal_receipt::json::{MOST_BYTES, Object, Value, parse_within};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use tokio::{sync::Semaphore, time::timeout};

/// What a request's body says: one JSON object, read strictly, whatever type it was declared to have.
pub(crate) struct Body<T>(pub(crate) T);

/// What a body says that may be large, with the text that it came as.
pub(crate) struct LargeBody<T>(pub(crate) T, pub(crate) String);

/// How large a document may be that is only checked.
const MOST_LARGE_BYTES: usize = 16 << 20;

impl<S: Send + Sync, T: Read> FromRequest<S> for LargeBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        let bytes = read(request, MOST_LARGE_BYTES).await?;
        let object = object(&bytes, MOST_LARGE_BYTES)?;
        let read = Fields::body(&object).read()?;
        Ok(Self(read, String::from_utf8_lossy(&bytes).into_owned()))
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

/// A file of at most so many bytes that is judged, whatever is in it.
pub(crate) struct File<const MOST_BYTES: usize>(pub(crate) Bytes);

impl<S: Send + Sync, const MOST_BYTES: usize> FromRequest<S> for File<MOST_BYTES> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        Text::<MOST_BYTES>::from_request(request, state).await.map(|Text(bytes)| Self(bytes))
    }
}

/// What a body says that need not be there.
pub(crate) struct OptionalBody<T>(pub(crate) T);

impl<S: Send + Sync, T: Read> FromRequest<S> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        let object = object(&read(request, MOST_BYTES).await?, MOST_BYTES)?;
        Fields::body(&object).read().map(Self)
    }
}

impl<S: Send + Sync, T: Read> FromRequest<S> for OptionalBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        let bytes = read(request, MOST_BYTES).await?;
        let is_there = !bytes.iter().all(u8::is_ascii_whitespace);
        let object = if is_there { object(&bytes, MOST_BYTES)? } else { Object::new() };
        Fields::body(&object).read().map(Self)
    }
}

/// How many large bodies may come in at a time: together they are to fit into memory.
const MOST_LARGE: usize = 32;
static LARGE: Semaphore = Semaphore::const_new(MOST_LARGE);

/// Reads no more than can be parsed, for no longer than it may take.
pub(super) async fn read(request: Request, most_bytes: usize) -> Result<Bytes, ApiError> {
    let _place = match request.body().size_hint().upper() {
        // One that does not say how large it is may be as large as it likes.
        size if most_bytes > MOST_BYTES && size.is_none_or(|size| size > MOST_BYTES as u64) => {
            Some(LARGE.try_acquire().map_err(|_| ApiError::crowded())?)
        }
        _ => None,
    };
    let patience = request.extensions().get::<Limits>().copied().unwrap_or_default().body;
    let body = timeout(patience, to_bytes(request.into_body(), most_bytes)).await;
    let too_slow = || ApiError::refused(StatusCode::REQUEST_TIMEOUT, "the body takes too long");
    body.map_err(|_| too_slow())?.map_err(|_| too_large(most_bytes))
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

/// What the parameters behind the question mark say; of several with one name, the last.
pub(crate) struct Params<T>(pub(crate) T);

impl<S: Send + Sync, T: Read> FromRequestParts<S> for Params<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let Query(pairs) = Query::<BTreeMap<String, String>>::try_from_uri(&parts.uri)
            .map_err(|_| ApiError::bad_request("the query cannot be read"))?;
        let object = pairs.into_iter().map(|(name, value)| (name, Value::Text(value))).collect();
        Fields::query(&object).read().map(Self)
    }
}
