use crate::{
    error::ApiError,
    routes::v2::address_of,
    service::{Api, Service},
    wire::{Answer, Fields, Params, Segment},
};
use axum::Extension;
use runseal_client::store::{MOST_ITEMS, SealedPeriod};
use runseal_types::{Address, Period};
use serde::Serialize;

#[derive(Serialize)]
pub(crate) struct PeriodList {
    log: String,
    periods: Vec<PeriodView>,
    /// What to pass as `from` for the next page.
    next: Option<u64>,
}

/// A period that is sealed here.
#[derive(Serialize)]
struct PeriodView {
    period: u64,
    root: String,
    leaf_count: u64,
    state: &'static str,
}

pub(crate) async fn periods(
    Extension(service): Api,
    Segment(log): Segment<String>,
    Params(query): Params,
) -> Answer<PeriodList> {
    let log = address_of(&log)?;
    let mut fields = Fields::query(&query);
    let limit = fields.limit("limit", 100, MOST_ITEMS);
    let from = Period(fields.find_integer("from").unwrap_or(0));
    let (from, limit) = fields.done((from, limit))?;
    service.work(move |service| service.sealed_periods(&log, from, limit)).await
}

impl Service {
    fn sealed_periods(
        &self,
        log: &Address,
        from: Period,
        limit: usize,
    ) -> Result<PeriodList, ApiError> {
        let is_ours = self.store.find_log()?.is_some_and(|identity| identity.log == *log);
        if !is_ours {
            return Err(ApiError::not_found(format!("Log not served here: {log}")));
        }
        let sealed = self.store.list_periods(from, limit)?;
        let next = sealed.last().map(|last| last.period.0.saturating_add(1));
        let next = next.filter(|_| sealed.len() == limit);
        let view = |sealed: &SealedPeriod| {
            Ok(PeriodView {
                period: sealed.period.0,
                root: sealed.root.to_string(),
                leaf_count: sealed.leaf_count,
                state: self.anchor_state(sealed.period)?,
            })
        };
        let periods = sealed.iter().map(view).collect::<Result<_, ApiError>>()?;
        Ok(PeriodList { log: log.to_string(), periods, next })
    }
}
