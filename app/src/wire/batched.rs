use super::body::{read, too_large};
use crate::{
    error::ApiError,
    otlp::{Batch, MOST_BATCH_BYTES, Spelling},
};
use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{
        HeaderName, StatusCode,
        header::{CONTENT_ENCODING, CONTENT_TYPE},
    },
};
use flate2::read::GzDecoder;
use std::{fmt::Display, io::Read};

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
