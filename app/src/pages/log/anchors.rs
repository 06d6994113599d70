use super::of_log;
use crate::{
    pages::calendar::{Cell, calendar, kind, state},
    routes::Failure,
    views::{MomentView, badge, below, moment, utc},
};
use maud::{Markup, html};
use runseal_client::{Ledger, anchors::KnownLog};
use runseal_registry::state::Anchor;
use runseal_types::to_hex;
use serde::Serialize;
use std::ops::Range;

/// A period's anchor in a list; one whose account is closed says no more than its number.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::pages) struct AnchorRow {
    pub(in crate::pages) period: u64,
    pub(in crate::pages) state: &'static str,
    pub(in crate::pages) start_utc: Option<String>,
    pub(super) leaf_count: Option<u64>,
    root: Option<String>,
    posted_at: Option<MomentView>,
    pub(super) delay_seconds: Option<i64>,
    cosignature_count: Option<u32>,
}

/// Reads the anchors of some periods, and returns the newest first.
pub(in crate::pages) async fn read(
    ledger: &impl Ledger,
    log: &KnownLog,
    periods: Range<u64>,
) -> Result<Vec<AnchorRow>, Failure> {
    if periods.is_empty() {
        return Ok(Vec::new());
    }
    let anchors = log.read_anchors(ledger, periods.clone()).await.map_err(of_log)?;
    let rows =
        periods.zip(&anchors).map(|(period, anchor)| AnchorRow::new(period, anchor.as_ref()));
    let mut rows: Vec<AnchorRow> = rows.collect();
    rows.reverse();
    Ok(rows)
}

impl AnchorRow {
    fn new(period: u64, anchor: Option<&Anchor>) -> Self {
        Self {
            period,
            state: state(anchor),
            start_utc: anchor.map(|anchor| utc(anchor.start_seconds)),
            leaf_count: anchor.map(|anchor| anchor.leaf_count),
            root: anchor.map(|anchor| to_hex(&anchor.root)),
            posted_at: anchor.map(|anchor| anchor.posted_at.into()),
            delay_seconds: anchor
                .map(|anchor| anchor.posted_at.unix_seconds.saturating_sub(anchor.end_seconds)),
            cosignature_count: anchor.map(|anchor| anchor.cosignature_count),
        }
    }

    fn says(&self) -> String {
        match self.leaf_count {
            Some(count) => format!("Period {}: {}, {count} receipts", self.period, self.state),
            None => format!("Period {}: its account is closed", self.period),
        }
    }
}

/// Every period's state, the oldest first.
pub(super) fn coverage(log: &str, anchors: &[AnchorRow]) -> Markup {
    let cell = |row: &AnchorRow| Cell { period: row.period, state: row.state, says: row.says() };
    let cells: Vec<Cell> = anchors.iter().rev().map(cell).collect();
    calendar(
        log,
        &cells,
        "A anchored, E empty, L late, M missed (it came later than the grace and a whole period more), C closed: only the log’s hash still knows it.",
    )
}

pub(super) fn table(log: &str, anchors: &[AnchorRow]) -> Markup {
    html! {
        @if !anchors.is_empty() {
            div.scroll tabindex="0" role="region" aria-label="Anchors" { table {
                thead { tr { th.number scope="col" { "Period" } th scope="col" { "State" } th scope="col" { "Begins" } th.number scope="col" { "Receipts" } th scope="col" { "Posted" } th.number scope="col" { "After its end" } th.number scope="col" { "Cosigned" } } }
                tbody { @for row in anchors { (self::row(log, row)) } }
            } }
        }
    }
}

fn row(log: &str, row: &AnchorRow) -> Markup {
    html! {
        tr data-key=(row.period) {
            td.number { a href={ "/logs/" (log) "/periods/" (row.period) } { (row.period) } }
            td { (badge(kind(row.state), row.state)) }
            td { time { (row.start_utc.as_deref().unwrap_or("–")) } }
            td.number { @if let Some(count) = row.leaf_count { (count) } @else { "–" } }
            td { @match &row.posted_at { Some(at) => (moment(at)), None => "–" } }
            td.number { @match row.delay_seconds { Some(seconds) => { (seconds) " s" }, None => "–" } }
            td.number { @match row.cosignature_count { Some(count) => (count), None => "–" } }
        }
        @if let Some(root) = &row.root { (below(7, row.period, "Root", root)) }
    }
}
