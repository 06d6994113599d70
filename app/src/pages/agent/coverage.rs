use crate::{
    Shared,
    error::ApiError,
    pages::{
        calendar::{Cell, calendar},
        log::{AnchorRow, read_anchors},
    },
    routes::Failure,
};
use maud::{Markup, html};
use runseal_client::{
    anchors::KnownLog,
    keys::{ours, theirs},
    proving::{self, PeriodError},
};
use runseal_types::Period;
use serde::Serialize;
use std::sync::Arc;

/// How many periods are shown, the newest of all.
const MOST_PERIODS: u64 = 60;

/// What the periods of this service's log have of an agent.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Coverage {
    log: String,
    /// The oldest first.
    periods: Vec<Covered>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Covered {
    period: u64,
    state: &'static str,
    start_utc: Option<String>,
    /// How many of the agent's receipts it has; nothing where its leaves are not kept here.
    receipt_count: Option<u64>,
}

/// Reads it; nothing where the service shows no receipts, or has no log on this ledger.
pub(super) async fn read(
    shared: &Arc<Shared>,
    agent: &solana_address::Address,
) -> Result<Option<Coverage>, Failure> {
    let Ok(service) = shared.open_service() else { return Ok(None) };
    let log = service.work(|service| Ok(service.store.find_log()?)).await?.0;
    let Some(identity) = log else { return Ok(None) };
    let ledger = &*shared.ledger;
    // A store may come from another ledger.
    let Ok(known) = KnownLog::read(ledger, theirs(&identity.log)).await else { return Ok(None) };
    let end = known.anchor_count();
    let anchors = read_anchors(ledger, &known, end.saturating_sub(MOST_PERIODS)..end).await?;
    let agent = ours(agent);
    let count = move |row: AnchorRow, store: &dyn runseal_client::store::Store| {
        let counted = match proving::count_receipts(store, Period(row.period), &agent) {
            Err(PeriodError::NotSealed { .. }) => None,
            counted => Some(counted.map_err(ApiError::failed)?),
        };
        let state = match (counted, row.state) {
            (Some(0), "anchored") => "empty",
            (_, state) => state,
        };
        let (period, start_utc) = (row.period, row.start_utc);
        Ok(Covered { period, state, start_utc, receipt_count: counted })
    };
    let counted = service.work(move |service| {
        anchors.into_iter().rev().map(|row| count(row, &*service.store)).collect()
    });
    Ok(Some(Coverage { log: identity.log.to_string(), periods: counted.await?.0 }))
}

impl Covered {
    fn says(&self) -> String {
        let Self { period, state, receipt_count, .. } = self;
        match receipt_count {
            Some(count) => format!("Period {period}: {state}, {count} receipts of this agent"),
            None => format!("Period {period}: {state}; its leaves are not kept here"),
        }
    }
}

impl Coverage {
    pub(super) fn content(&self) -> Markup {
        let cell = |it: &Covered| Cell { period: it.period, state: it.state, says: it.says() };
        let cells: Vec<Cell> = self.periods.iter().map(cell).collect();
        html! {
            h2 { "Coverage" }
            (calendar(&self.log, &cells, "A anchored with receipts of this agent, E without any, L anchored late, M missed (later than the grace and a whole period more), C closed: only the log’s hash still knows it. The log is this service’s."))
        }
    }
}
