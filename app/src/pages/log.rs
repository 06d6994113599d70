//! A log: who runs it, how well it keeps time, what is at stake, and its chain of anchors.

mod anchors;
mod chart;
mod claims;

use super::{Page, address, count, missing, paths};
use crate::{
    Shared,
    live::Subject,
    page::{does_not_mean, facts, live, live_list},
    routes::Failure,
    views::{MomentView, duration, set, utc},
};
pub(super) use anchors::{AnchorRow, read as read_anchors};
use axum::http::StatusCode;
use claims::ClaimView;
use maud::{Markup, html};
use runseal_client::{
    anchors::{KnownLog, LogError},
    clock, cost,
    registry::ReadError,
};
use runseal_registry::state::Log;
use runseal_types::to_hex;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// How many anchors a page has, of those before the one that was asked for.
const MOST_ANCHORS: u64 = 60;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LogPage {
    address: String,
    name: String,
    founder: String,
    operator: String,
    pending_operator: Option<String>,
    anchoring_key: String,
    promise_keys: Vec<String>,
    opened_at: MomentView,
    cadence_seconds: u64,
    grace_seconds: u64,
    retention_seconds: u64,
    answer_window_seconds: u64,
    /// How many periods are anchored, and so the number of the next one.
    next_period: u64,
    /// When the next anchor must be there, in Unix seconds, and in words.
    next_due_seconds: Option<i64>,
    next_due_utc: Option<String>,
    is_overdue: bool,
    chain_time: MomentView,
    head_anchor_hash: String,
    cumulative_leaf_count: u64,
    late_count: u64,
    missed_count: u64,
    upheld_count: u64,
    open_claim_count: u32,
    bond_mint: String,
    bond_amount: u64,
    unbond_amount: u64,
    anchor_fee_lamports: u64,
    anchor_rent_lamports: u64,
    claims: Vec<ClaimView>,
    /// The newest first.
    anchors: Vec<AnchorRow>,
    /// Where older ones are asked for.
    older_before: Option<u64>,
}

#[derive(Deserialize)]
pub(super) struct Asked {
    before: Option<u64>,
}

/// Reads a log that is on this chain.
pub(super) async fn known(shared: &Shared, text: &str) -> Result<KnownLog, Failure> {
    KnownLog::read(&*shared.ledger, address(text)?).await.map_err(|error| match error {
        LogError::Read(ReadError::Missing { .. }) => {
            missing("no_such_log", format!("There is no log {text} on this ledger"))
        }
        error => of_log(error),
    })
}

/// Says why nothing can be said of a log.
pub(super) fn of_log(error: LogError) -> Failure {
    match error {
        LogError::Read(error) => error.into(),
        error => Failure {
            status: StatusCode::BAD_GATEWAY,
            code: "log_not_understood",
            message: error.to_string(),
        },
    }
}

async fn read(shared: &Shared, text: &str, before: Option<u64>) -> Result<LogPage, Failure> {
    let ledger = &*shared.ledger;
    let known = known(shared, text).await?;
    let (now, cost) = (clock::now(ledger).await?, cost::of_anchor(ledger).await?);
    let end = before.unwrap_or(u64::MAX).min(known.anchor_count());
    let start = end.saturating_sub(MOST_ANCHORS);
    let anchors = anchors::read(ledger, &known, start..end).await?;
    let log: &Log = &known.account;
    let due = log.period_deadline(log.next_period).ok();
    Ok(LogPage {
        address: known.address.to_string(),
        name: log.name.as_str().to_owned(),
        founder: log.founder.to_string(),
        operator: log.operator.to_string(),
        pending_operator: set(&log.pending_operator),
        anchoring_key: log.anchoring_key.to_string(),
        promise_keys: log.promise_keys.iter().filter_map(|key| set(&key.key)).collect(),
        opened_at: log.opened_at.into(),
        cadence_seconds: log.cadence_seconds,
        grace_seconds: log.grace_seconds,
        retention_seconds: log.retention_seconds,
        answer_window_seconds: log.answer_window_seconds,
        next_period: log.next_period,
        next_due_seconds: due,
        next_due_utc: due.map(utc),
        is_overdue: due.is_some_and(|due| due < now.unix_seconds),
        chain_time: now.into(),
        head_anchor_hash: to_hex(&log.head_anchor_hash),
        cumulative_leaf_count: log.cumulative_leaf_count,
        late_count: log.late_count,
        missed_count: log.missed_count,
        upheld_count: log.upheld_count,
        open_claim_count: log.open_claim_count,
        bond_mint: log.bond_mint.to_string(),
        bond_amount: log.bond_amount,
        unbond_amount: log.unbond_amount,
        anchor_fee_lamports: cost.fee_lamports,
        anchor_rent_lamports: cost.rent_lamports,
        claims: claims::read(ledger, &known.chain_address()).await?,
        anchors,
        older_before: (start > 0).then_some(start),
    })
}

impl LogPage {
    fn facts(&self) -> Markup {
        let due = self.next_due_utc.clone().unwrap_or_else(|| "never".to_owned());
        let late = if self.is_overdue { ": OVERDUE" } else { "" };
        let seconds = duration;
        facts(&[
            ("Name", self.name.clone()),
            ("Operator", self.operator.clone()),
            ("Anchoring key", self.anchoring_key.clone()),
            ("Promise keys, newest first", self.promise_keys.join(", ")),
            ("Opened", self.opened_at.to_string()),
            ("A period lasts", seconds(self.cadence_seconds)),
            ("Grace after its end", seconds(self.grace_seconds)),
            ("Anchors are kept for", seconds(self.retention_seconds)),
            ("Periods anchored", self.next_period.to_string()),
            ("The next anchor must be there by", format!("{due}{late}")),
            ("Receipts so far", self.cumulative_leaf_count.to_string()),
            ("Anchored late, missed", format!("{}, {}", self.late_count, self.missed_count)),
            (
                "Bond",
                format!(
                    "{} base units of {}, of which {} are being withdrawn",
                    self.bond_amount, self.bond_mint, self.unbond_amount
                ),
            ),
            ("Claims", format!("{} open, {} upheld", self.open_claim_count, self.upheld_count)),
            (
                "An anchor costs",
                format!(
                    "{} lamports, and {} that come back when it is closed",
                    self.anchor_fee_lamports, self.anchor_rent_lamports
                ),
            ),
            ("Newest anchor's hash", self.head_anchor_hash.clone()),
        ])
    }
}

impl Page for LogPage {
    type Name = String;
    type Asked = Asked;

    fn about(name: &String, _: &Asked) -> Vec<Subject> {
        name.parse().map(Subject::Account).into_iter().collect()
    }

    async fn read(shared: &Arc<Shared>, name: String, asked: Asked) -> Result<Self, Failure> {
        read(shared, &name, asked.before).await
    }

    fn title(&self) -> String {
        format!("Log {}", self.name)
    }

    fn paths(&self) -> (String, String) {
        paths("/logs", &self.address)
    }

    fn content(&self) -> Markup {
        html! {
            h1 { "Log " (self.name) }
            p.address { (self.address) }
            (live("facts", &html! {
                (self.facts())
                p.quiet { "The chain is at " (self.chain_time) "." }
            }))
            (does_not_mean("A log that is whole and in time shows that what was sealed stays as it was. \
                It does not show that everything was sealed: promises and claims are for that."))
            h2 { "Coverage" }
            (live("coverage", &html! {
                (anchors::coverage(&self.address, &self.anchors))
                (chart::charts(&self.anchors))
            }))
            h2 { "Chain of anchors" }
            (live_list("anchors", ["anchor", "anchors"], self.next_period, &anchors::table(&self.address, &self.anchors)))
            @if let Some(before) = self.older_before {
                p { a href={ "/logs/" (self.address) "?before=" (before) } { "Older anchors" } }
            }
            h2 { "Claims" }
            (live_list("claims", ["claim", "claims"], count(self.claims.len()), &claims::content(&self.claims)))
        }
    }
}
