//! A period: its anchor, who cosigned it, and its receipts as far as this service keeps them.

mod leaves;

use super::{
    Nothing, Page, calendar, count,
    log::{known, of_log},
    missing, paths,
};
use crate::{
    Shared,
    live::Subject,
    page::{does_not_mean, facts, live, live_list},
    routes::Failure,
    views::{MomentView, badge, utc},
};
use axum::http::StatusCode;
use leaves::LeafView;
use maud::{Markup, html};
use runseal_client::{evidence, registry};
use runseal_registry::state::Anchor;
use runseal_types::{Period, to_hex};
use serde::Serialize;
use std::sync::Arc;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PeriodPage {
    log: String,
    log_name: String,
    period: u64,
    state: &'static str,
    has_next: bool,
    address: String,
    anchor: Option<AnchorView>,
    cosignatures: Vec<CosignatureView>,
    /// The first of the period's leaves, where this service seals the log and shows receipts.
    leaves: Option<Vec<LeafView>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AnchorView {
    start_utc: String,
    end_utc: String,
    posted_at: MomentView,
    root: String,
    leaf_count: u64,
    cumulative_leaf_count: u64,
    anchor_hash: String,
    previous_anchor_hash: String,
    context: String,
    payer: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CosignatureView {
    organisation: String,
    auditor: String,
    signed_at: MomentView,
    is_of_this_anchor: bool,
}

async fn read(shared: &Arc<Shared>, log: &str, number: &str) -> Result<PeriodPage, Failure> {
    let period: u64 = number.parse().map_err(|_| Failure {
        status: StatusCode::BAD_REQUEST,
        code: "not_a_period",
        message: format!("{number:?} is no number of a period"),
    })?;
    let (known, ledger) = (known(shared, log).await?, &*shared.ledger);
    let count = known.anchor_count();
    if period >= count {
        let message = format!("Period {period} of this log is not anchored yet: {count} are");
        return Err(missing("not_anchored_yet", message));
    }
    let range = period..period.saturating_add(1);
    let anchor = known.read_anchors(ledger, range).await.map_err(of_log)?.pop().flatten();
    if let Some(anchor) = &anchor {
        known.check_anchor(Period(period), anchor).map_err(of_log)?;
    }
    let address = registry::anchor_address(&known.chain_address(), period);
    let signed = match &anchor {
        Some(anchor) if anchor.cosignature_count > 0 => {
            evidence::cosignatures(ledger, &address).await?
        }
        _ => Vec::new(),
    };
    let hash = anchor.as_ref().map(|anchor| anchor.anchor_hash);
    let cosignatures = signed.iter().map(|one| CosignatureView {
        organisation: one.account.organisation.as_str().to_owned(),
        auditor: one.account.auditor.to_string(),
        signed_at: one.account.signed_at.into(),
        is_of_this_anchor: hash == Some(one.account.anchor_hash),
    });
    Ok(PeriodPage {
        log: known.address.to_string(),
        log_name: known.account.name.as_str().to_owned(),
        period,
        state: calendar::state(anchor.as_ref()),
        has_next: period.saturating_add(1) < count,
        address: address.to_string(),
        cosignatures: cosignatures.collect(),
        anchor: anchor.as_ref().map(AnchorView::from),
        leaves: leaves::read(shared, known.address, Period(period)).await?,
    })
}

impl From<&Anchor> for AnchorView {
    fn from(anchor: &Anchor) -> Self {
        Self {
            start_utc: utc(anchor.start_seconds),
            end_utc: utc(anchor.end_seconds),
            posted_at: anchor.posted_at.into(),
            root: to_hex(&anchor.root),
            leaf_count: anchor.leaf_count,
            cumulative_leaf_count: anchor.cumulative_leaf_count,
            anchor_hash: to_hex(&anchor.anchor_hash),
            previous_anchor_hash: to_hex(&anchor.previous_anchor_hash),
            context: to_hex(&anchor.context),
            payer: anchor.payer.to_string(),
        }
    }
}

impl PeriodPage {
    fn facts(&self) -> Markup {
        let Some(anchor) = &self.anchor else {
            return html! { p { "Its account is closed, after the time that the log keeps anchors. The log’s hash over all "
            "anchors still covers it: a bundle that tells what it said can be verified." } };
        };
        facts(&[
            ("Begins", anchor.start_utc.clone()),
            ("Ends", anchor.end_utc.clone()),
            ("Posted", anchor.posted_at.to_string()),
            ("Receipts", anchor.leaf_count.to_string()),
            ("Receipts of the log so far", anchor.cumulative_leaf_count.to_string()),
            ("Root", anchor.root.clone()),
            ("Anchor hash", anchor.anchor_hash.clone()),
            ("Hash of the anchor before", anchor.previous_anchor_hash.clone()),
            ("Period context", anchor.context.clone()),
            ("Account", self.address.clone()),
            ("Paid by", anchor.payer.clone()),
        ])
    }

    fn cosignatures(&self) -> Markup {
        html! {
            @if self.cosignatures.is_empty() { p { "Nobody cosigned it." } }
            @else { ul { @for one in &self.cosignatures { li {
                a href={ "/auditors/" (one.auditor) } { (one.organisation) } ", " (one.signed_at) " "
                @if !one.is_of_this_anchor { (badge("fail", "of another anchor hash")) }
            } } } }
        }
    }
}

impl Page for PeriodPage {
    type Name = (String, String);
    type Asked = Nothing;

    fn about((log, period): &Self::Name, _: &Nothing) -> Vec<Subject> {
        let (Ok(log), Ok(period)) = (log.parse(), period.parse()) else { return Vec::new() };
        let anchor = registry::anchor_address(&log, period);
        vec![Subject::Account(log), Subject::Account(anchor)]
    }

    async fn read(shared: &Arc<Shared>, name: Self::Name, _: Nothing) -> Result<Self, Failure> {
        read(shared, &name.0, &name.1).await
    }

    fn title(&self) -> String {
        format!("Period {} of {}", self.period, self.log_name)
    }

    fn paths(&self) -> (String, String) {
        paths(&format!("/logs/{}/periods", self.log), &self.period.to_string())
    }

    fn content(&self) -> Markup {
        let at = |period: u64| format!("/logs/{}/periods/{period}", self.log);
        html! {
            h1 { "Period " (self.period) " of " a href={ "/logs/" (self.log) } { (self.log_name) } }
            p { (badge(calendar::kind(self.state), self.state)) }
            (live("pager", &html! { nav.pager aria-label="Chain of anchors" {
                @if let Some(before) = self.period.checked_sub(1) { a rel="prev" href=(at(before)) { "← The period before" } }
                @if self.has_next { a rel="next" href=(at(self.period.saturating_add(1))) { "The period after →" } }
            } }))
            (live("facts", &self.facts()))
            (does_not_mean("An anchor fixes what was sealed, and when at the latest. It does not make it true."))
            h2 { "Cosigned by" }
            (live_list("cosignatures", ["cosignature", "cosignatures"], count(self.cosignatures.len()), &self.cosignatures()))
            h2 { "Receipts" }
            (leaves::content(&self.log, self.period, self.leaves.as_deref()))
        }
    }
}
