//! Logs: their accounts and anchors as the chain has them, and the periods that are sealed here.

use super::{
    address_of,
    registry::{AsOf, load, views::LogView},
};
use crate::{
    error::ApiError,
    service::{Api, Chain, Service},
    wire::{Answer, Fields, Opaque, Params, Read, Segment, opaque_object},
};
use axum::{Extension, Json};
use runseal_client::{
    anchors::KnownLog,
    keys::theirs,
    ledger::MOST_IN_SNAPSHOT,
    registry,
    store::{MOST_ITEMS, SealedPeriod},
};
use runseal_engine::bundle::anchor_object;
use runseal_ledger::AnyLedger;
use runseal_receipt::{
    json::{Object, Value},
    member::integer,
};
use runseal_registry::state::{Anchor, Log, Timeliness};
use runseal_types::{Address, Period, to_hex};
use serde::Serialize;
use utoipa::ToSchema;

pub(crate) async fn show(
    Extension(service): Api,
    Extension(ledger): Chain,
    Segment(log): Segment<String>,
) -> Answer<AsOf<LogView>> {
    let address = theirs(&address_of(&log)?);
    let read = service.ask(&ledger, move |_, ledger| async move {
        let (slot, log) = load::<Log>(&ledger, address).await?;
        Ok(AsOf { slot, account: LogView::from(&log) })
    });
    Ok(Json(read.await?))
}

#[derive(Serialize, ToSchema)]
pub(crate) struct PeriodList {
    log: String,
    periods: Vec<PeriodView>,
    /// What to pass as `from` for the next page.
    next: Option<u64>,
}

/// A period that is sealed here.
#[derive(Serialize, ToSchema)]
struct PeriodView {
    period: u64,
    root: String,
    leaf_count: u64,
    state: &'static str,
}

/// From which period on, and how many.
pub(crate) struct FromPeriod<const DEFAULT: usize, const MOST: usize> {
    period: u64,
    limit: usize,
}

impl<const DEFAULT: usize, const MOST: usize> Read for FromPeriod<DEFAULT, MOST> {
    fn read(fields: &mut Fields<'_>) -> Self {
        let limit = fields.limit("limit", DEFAULT, MOST);
        Self { period: fields.find_integer("from").unwrap_or(0), limit }
    }
}

pub(crate) async fn periods(
    Extension(service): Api,
    Segment(log): Segment<String>,
    Params(FromPeriod { period, limit }): Params<FromPeriod<100, MOST_ITEMS>>,
) -> Answer<PeriodList> {
    let log = address_of(&log)?;
    service.work(move |service| service.sealed_periods(&log, Period(period), limit)).await
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

#[derive(Serialize, ToSchema)]
pub(crate) struct AnchorList {
    log: String,
    /// How many periods are anchored.
    anchor_count: u64,
    anchors: Vec<Opaque>,
    /// What to pass as `from` for the next page.
    next: Option<u64>,
}

pub(crate) async fn anchors(
    Extension(service): Api,
    Extension(ledger): Chain,
    Segment(log): Segment<String>,
    Params(FromPeriod { period: from, limit }): Params<
        FromPeriod<MOST_IN_SNAPSHOT, MOST_IN_SNAPSHOT>,
    >,
) -> Answer<AnchorList> {
    let log = address_of(&log)?;
    let limit = u64::try_from(limit).unwrap_or(1);
    let read = service.ask(&ledger, move |service, ledger| async move {
        service.read_anchors(&ledger, &log, from, limit).await
    });
    Ok(Json(read.await?))
}

impl Service {
    async fn read_anchors(
        &self,
        ledger: &AnyLedger,
        address: &Address,
        from: u64,
        limit: u64,
    ) -> Result<AnchorList, ApiError> {
        let log = KnownLog::read(ledger, theirs(address)).await?;
        let anchor_count = log.anchor_count();
        let to = from.saturating_add(limit).min(anchor_count);
        let mut anchors = Vec::new();
        if from < to {
            for (period, anchor) in (from..to).zip(log.read_anchors(ledger, from..to).await?) {
                anchors.push(match anchor {
                    Some(anchor) => open_view(&log, Period(period), &anchor)?,
                    None => self.closed_view(&log, Period(period))?,
                });
            }
        }
        let next = Some(to).filter(|next| from < to && *next < anchor_count);
        Ok(AnchorList { log: address.to_string(), anchor_count, anchors, next })
    }

    /// Of an anchor that is closed, what was noted of it here. The chain no longer says it: whoever
    /// wants it proven holds it against the log (docs/spec/audit.md).
    fn closed_view(&self, log: &KnownLog, period: Period) -> Result<Opaque, ApiError> {
        let noted = self.finalized(&log.address, period)?;
        let said = noted.as_ref().map(anchor_object).unwrap_or_default();
        let mut view = anchor_view(log, period, said, true);
        if let Some(facts) = noted {
            view.insert("anchor_hash".to_owned(), Value::from(facts.hash()));
        }
        Ok(opaque_object(&view))
    }
}

/// What an anchor's account says.
fn open_view(log: &KnownLog, period: Period, anchor: &Anchor) -> Result<Opaque, ApiError> {
    let said = anchor_object(&log.check_anchor(period, anchor)?);
    let mut view = anchor_view(log, period, said, false);
    let mut put = |member: &str, value| view.insert(member.to_owned(), value);
    put("anchor_hash", Value::Text(to_hex(&anchor.anchor_hash)));
    put("cosignature_count", Value::from(anchor.cosignature_count));
    let timeliness = match anchor.timeliness {
        late if late == Timeliness::Late as u8 => "late",
        missed if missed == Timeliness::Missed as u8 => "missed",
        _ => "in-time",
    };
    put("timeliness", Value::from(timeliness));
    Ok(opaque_object(&view))
}

fn anchor_view(log: &KnownLog, period: Period, said: Object, is_closed: bool) -> Object {
    let mut view = said;
    let address = registry::anchor_address(&log.chain_address(), period.0);
    let mut put = |member: &str, value| view.insert(member.to_owned(), value);
    put("address", Value::Text(address.to_string()));
    put("period", integer(period.0));
    put("closed", Value::Bool(is_closed));
    view
}
