use super::Problem;
use crate::{
    error::ApiError,
    otlp::{Batch, MOST_BATCH_BYTES, Spelling},
};
use axum::{
    body::{Bytes, to_bytes},
    extract::{FromRequest, FromRequestParts, Path, Query, Request},
    http::{
        HeaderName, StatusCode,
        header::{CONTENT_ENCODING, CONTENT_TYPE},
        request::Parts,
    },
};
use flate2::read::GzDecoder;
use runseal_receipt::json::{MOST_BYTES, Object, Value, parse_within};
use serde::de::DeserializeOwned;
use std::{collections::BTreeMap, fmt::Display, io::Read};

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

/// A batch of OpenTelemetry's spans; what is not declared to be protobuf is JSON.
pub(crate) struct Batched(pub(crate) Batch, pub(crate) Spelling);

impl<S: Send + Sync> FromRequest<S> for Batched {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        let is_packed = says(&request, CONTENT_ENCODING, "gzip");
        if request.headers().contains_key(CONTENT_ENCODING) && !is_packed {
            let detail = "of compressed bodies only gzip is read here";
            return Err(ApiError::refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail));
        }
        let is_protobuf = says(&request, CONTENT_TYPE, "application/x-protobuf");
        let mut bytes = read(request, MOST_BATCH_BYTES).await?;
        if is_packed {
            bytes = unpack(&bytes, MOST_BATCH_BYTES)?;
        }
        let not_read = |error: &dyn Display| ApiError::bad_request(error.to_string());
        if is_protobuf {
            let batch = Batch::parse_protobuf(&bytes).map_err(|error| not_read(&error))?;
            return Ok(Self(batch, Spelling::Protobuf));
        }
        let batch = Batch::parse_json(&bytes).map_err(|error| not_read(&error))?;
        Ok(Self(batch, Spelling::Json))
    }
}

/// Unpacks no more than may be sent as it is, however small it was packed.
fn unpack(packed: &[u8], most_bytes: usize) -> Result<Bytes, ApiError> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(most_bytes).unwrap_or(u64::MAX);
    let mut unpacked = GzDecoder::new(packed).take(limit.saturating_add(1));
    unpacked.read_to_end(&mut bytes).map_err(|error| ApiError::bad_request(error.to_string()))?;
    if bytes.len() > most_bytes {
        return Err(too_large(most_bytes));
    }
    Ok(bytes.into())
}

fn says(request: &Request, name: HeaderName, word: &str) -> bool {
    let value = request.headers().get(name).and_then(|value| value.to_str().ok());
    value.is_some_and(|value| value.to_ascii_lowercase().starts_with(word))
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
async fn read(request: Request, most_bytes: usize) -> Result<Bytes, ApiError> {
    to_bytes(request.into_body(), most_bytes).await.map_err(|_| too_large(most_bytes))
}

fn too_large(most_bytes: usize) -> ApiError {
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
