use crate::{
    routes::Failure,
    views::{MomentView, badge, moment, utc},
};
use maud::{Markup, html};
use runseal_client::{
    Ledger,
    registry::{self, Found},
};
use runseal_registry::state::{Claim, ClaimKind, ClaimState};
use runseal_types::to_hex;
use serde::Serialize;
use solana_address::Address;
use std::cmp::Reverse;

/// How many claims a page has, the newest of all.
const MOST_CLAIMS: usize = 100;

/// An accusation.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ClaimView {
    address: String,
    kind: &'static str,
    state: &'static str,
    period: u64,
    agent: String,
    sequence: u64,
    digest: String,
    claimant: String,
    slashed_amount: u64,
    opened_at: MomentView,
    answer_by_utc: Option<String>,
}

/// Reads what is claimed of a log, the newest first.
pub(super) async fn read(ledger: &impl Ledger, log: &Address) -> Result<Vec<ClaimView>, Failure> {
    let mut claims = registry::find_all::<Claim>(ledger).await?;
    claims.retain(|claim| claim.account.log == *log);
    claims.sort_by_key(|claim| Reverse(claim.account.opened_at.slot));
    Ok(claims.iter().take(MOST_CLAIMS).map(ClaimView::from).collect())
}

impl From<&Found<Claim>> for ClaimView {
    fn from(found: &Found<Claim>) -> Self {
        let claim = &found.account;
        let is_promise = claim.kind == ClaimKind::BrokenPromise as u8;
        Self {
            address: found.address.to_string(),
            kind: if is_promise { "broken promise" } else { "leaves out of order" },
            state: match claim.state {
                state if state == ClaimState::Open as u8 => "open",
                state if state == ClaimState::Answered as u8 => "answered",
                state if state == ClaimState::Upheld as u8 => "upheld",
                _ => "unknown",
            },
            period: claim.period,
            agent: Address::new_from_array(claim.leaf.agent).to_string(),
            sequence: u64::from_be_bytes(claim.leaf.sequence),
            digest: to_hex(&claim.leaf.digest),
            claimant: claim.claimant.to_string(),
            slashed_amount: claim.slashed_amount,
            opened_at: claim.opened_at.into(),
            answer_by_utc: is_promise.then(|| utc(claim.answer_by_seconds)),
        }
    }
}

pub(super) fn content(claims: &[ClaimView]) -> Markup {
    html! {
        @if claims.is_empty() { p { "Nobody accused the log of anything." } }
        @else { div.scroll tabindex="0" role="region" aria-label="Claims" { table {
            thead { tr { th scope="col" { "State" } th scope="col" { "What" } th.number scope="col" { "Period" } th scope="col" { "Agent, number" } th scope="col" { "Opened" } th scope="col" { "Answer by" } th.number scope="col" { "Slashed" } th scope="col" { "Claim" } } }
            tbody { @for claim in claims { tr id=(claim.address) {
                td { (badge(if claim.state == "upheld" { "fail" } else { "unknown" }, claim.state)) }
                td { (claim.kind) }
                td.number { (claim.period) }
                td.address { a href={ "/agents/" (claim.agent) } { (claim.agent) } ", " (claim.sequence) }
                td { (moment(&claim.opened_at)) }
                td { time { (claim.answer_by_utc.as_deref().unwrap_or("–")) } }
                td.number { (claim.slashed_amount) }
                td.address { (claim.address) }
            } } }
        } } }
    }
}
