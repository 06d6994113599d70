//! Names that the service makes, and its clock.

use crate::error::ApiError;
use runseal_receipt::Nonce;
use runseal_types::{Digest, Timestamp, to_hex};
use std::time::{SystemTime, UNIX_EPOCH};

/// As many random bytes as make two of a name impossible in practice.
const RANDOM_BYTES: usize = 10;

/// Returns the time of the machine.
pub(crate) fn now() -> Result<Timestamp, ApiError> {
    let passed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    // Microseconds are what clients read back.
    let nanoseconds = passed.subsec_micros().saturating_mul(1_000);
    Timestamp::new(passed.as_secs(), nanoseconds)
        .ok_or_else(|| ApiError::failed("the machine's clock is behind the year 9999"))
}

/// Makes a name with the time in it, so that names are in the order in which they were made.
pub(crate) fn stamped(prefix: &str) -> Result<String, ApiError> {
    let now = now()?;
    let milliseconds = u128::from(now.unix_seconds())
        .saturating_mul(1_000)
        .saturating_add(u128::from(now.nanoseconds() / 1_000_000));
    let random = to_hex(&random::<RANDOM_BYTES>()?);
    Ok(format!("{prefix}-{milliseconds:x}-{random}"))
}

/// Makes a name of what it stands for, so that the same thing has one name.
pub(crate) fn derived(prefix: &str, hash: &Digest) -> String {
    let hash = hash.to_string();
    format!("{prefix}-{}", hash.get(..32).unwrap_or(&hash))
}

/// Makes a receipt's nonce.
pub(crate) fn nonce() -> Result<Nonce, ApiError> {
    Nonce::new(&random::<32>()?).ok_or_else(|| ApiError::failed("32 bytes are no nonce"))
}

/// Returns random bytes.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], ApiError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .map_err(|error| ApiError::failed(format!("there are no random bytes: {error}")))?;
    Ok(bytes)
}
