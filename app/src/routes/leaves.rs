//! What mirrors fetch, the same for ever: leaf lists of sealed periods, 72 bytes a leaf, and what the
//! periods' anchors say.

use crate::{
    error::ApiError,
    service::{Api, Service},
    wire::Segment,
};
use axum::{
    Extension, Json,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use runseal_client::{
    proving,
    published::{anchor_text, find_anchor},
    store::SealedPeriod,
};
use runseal_types::{Address, AnchorFacts, Leaf, Period};
use std::{ops::Range, sync::Arc};

/// How many bytes a leaf has in a list.
const LEAF_BYTES: u64 = 72;
/// How many bytes one answer has; who wants more asks for the rest.
const MOST_BYTES: u64 = 64 << 20;
const LEAVES_AT_A_TIME: usize = 1_000;
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// A part of a leaf list.
struct Part {
    sealed: SealedPeriod,
    range: Range<u64>,
    size_bytes: u64,
    bytes: Vec<u8>,
}

pub(crate) async fn list(
    Extension(service): Api,
    Segment((log, file)): Segment<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let missing = || ApiError::not_found("Not Found");
    let (period, kind) = file.rsplit_once('.').ok_or_else(missing)?;
    let (Ok(log), Ok(period)) = (log.parse::<Address>(), period.parse().map(Period)) else {
        return Err(missing());
    };
    match kind {
        "leaves" => {}
        "anchor" => return anchor(&service, log, period).await,
        _ => return Err(missing()),
    }
    let asked = headers.get(header::RANGE).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let work = move |service: &Service| service.leaves(&log, period, asked.as_deref());
    let Json(part) = service.work(work).await?;
    Ok(answer(part))
}

/// What a period's anchor says. Nobody need believe it: the log proves it.
async fn anchor(
    service: &Arc<Service>,
    log: Address,
    period: Period,
) -> Result<Response, ApiError> {
    let Json(facts) = service.work(move |service| service.finalized(&log, period)).await?;
    let missing = || ApiError::not_found(format!("Anchor not known here: {period}"));
    let facts = facts.ok_or_else(missing)?;
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CACHE_CONTROL, FOR_EVER.to_owned()),
        (header::ETAG, format!("\"{}\"", facts.hash())),
    ];
    Ok((headers, anchor_text(&facts)).into_response())
}

impl Service {
    /// Returns what an anchor of the log that is served here says, if that was noted.
    pub(super) fn finalized(
        &self,
        log: &Address,
        period: Period,
    ) -> Result<Option<AnchorFacts>, ApiError> {
        if self.store.find_log()?.is_none_or(|identity| identity.log != *log) {
            return Ok(None);
        }
        Ok(find_anchor(&*self.store, period)?)
    }

    fn leaves(&self, log: &Address, period: Period, asked: Option<&str>) -> Result<Part, ApiError> {
        let missing = || ApiError::not_found(format!("Period not sealed: {period}"));
        let identity = proving::load_log(&*self.store).map_err(|_| missing())?;
        let sealed = self.store.list_periods(period, 1)?.pop();
        let sealed = sealed.filter(|it| it.period == period && identity.log == *log);
        let sealed = sealed.ok_or_else(missing)?;
        let size_bytes = sealed.leaf_count.saturating_mul(LEAF_BYTES);
        let unsatisfiable = || {
            let detail = format!("the list has {size_bytes} bytes");
            ApiError::refused(StatusCode::RANGE_NOT_SATISFIABLE, detail)
        };
        let whole = 0..size_bytes.min(MOST_BYTES);
        let range = match asked {
            None => whole,
            Some(asked) => range_of(asked, size_bytes).ok_or_else(unsatisfiable)?,
        };
        let bytes = self.leaf_bytes(period, &range)?;
        Ok(Part { sealed, range, size_bytes, bytes })
    }

    fn leaf_bytes(&self, period: Period, range: &Range<u64>) -> Result<Vec<u8>, ApiError> {
        let first = range.start / LEAF_BYTES;
        let wanted = usize::try_from(range.end.saturating_sub(first * LEAF_BYTES));
        let wanted = wanted.map_err(ApiError::failed)?;
        let (mut bytes, mut index) = (Vec::new(), first);
        while bytes.len() < wanted {
            let leaves = self.store.list_period_leaves(period, index, LEAVES_AT_A_TIME)?;
            if leaves.is_empty() {
                return Err(ApiError::failed("a leaf list is damaged"));
            }
            index = index.saturating_add(u64::try_from(leaves.len()).unwrap_or(u64::MAX));
            bytes.extend(leaves.iter().flat_map(Leaf::sort_key));
        }
        bytes.truncate(wanted);
        let skipped = usize::try_from(range.start % LEAF_BYTES).map_err(ApiError::failed)?;
        Ok(bytes.split_off(skipped.min(bytes.len())))
    }
}

/// Reads `bytes=1-2`, `bytes=1-` or `bytes=-2`; `None` where nothing of that is there.
fn range_of(asked: &str, size_bytes: u64) -> Option<Range<u64>> {
    let (first, last) = asked.strip_prefix("bytes=")?.split_once('-')?;
    let end = |last: u64| last.saturating_add(1).min(size_bytes);
    let range = match (first.is_empty(), last.is_empty()) {
        (true, _) => size_bytes.saturating_sub(last.parse().ok()?)..size_bytes,
        (false, true) => first.parse().ok()?..size_bytes,
        (false, false) => first.parse().ok()?..end(last.parse().ok()?),
    };
    let most = range.start.saturating_add(MOST_BYTES);
    (range.start < range.end).then(|| range.start..range.end.min(most))
}

fn answer(part: Part) -> Response {
    let Part { sealed, range, size_bytes, bytes } = part;
    let is_whole = range == (0..size_bytes);
    let status = if is_whole { StatusCode::OK } else { StatusCode::PARTIAL_CONTENT };
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CACHE_CONTROL, FOR_EVER.to_owned()),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
        // Whoever has the root from the chain needs not trust this.
        (header::ETAG, format!("\"{}\"", sealed.root)),
    ];
    let mut response = (status, headers, bytes).into_response();
    if !is_whole {
        let last = range.end.saturating_sub(1);
        let text = format!("bytes {}-{last}/{size_bytes}", range.start);
        if let Ok(value) = text.parse() {
            response.headers_mut().insert(header::CONTENT_RANGE, value);
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use super::range_of;

    #[test]
    fn ranges_are_read_as_http_says() {
        for (asked, found) in [
            ("bytes=0-71", Some(0..72)),
            ("bytes=72-", Some(72..144)),
            ("bytes=-10", Some(134..144)),
            ("bytes=-1000", Some(0..144)),
            ("bytes=100-1000", Some(100..144)),
            ("bytes=144-", None),
            ("bytes=5-4", None),
            ("bytes=-0", None),
            ("bytes=-", None),
            ("bytes=a-b", None),
            ("bytes=0-1,3-4", None),
            ("leaves=0-1", None),
            ("bytes=18446744073709551615-18446744073709551615", None),
            ("bytes=0-18446744073709551615", Some(0..144)),
        ] {
            assert_eq!(range_of(asked, 144), found, "{asked}");
        }
    }
}
