use crate::{
    Shared, error::ApiError, pages::states, routes::Failure, service::Service, views::link,
};
use maud::{Markup, html};
use runseal_client::{keys::ours, store::StoredReceipt};
use runseal_types::{Address, Sequence};
use serde::Serialize;
use std::sync::Arc;

/// How many receipts a page has, the newest of all.
const MOST_RECEIPTS: u64 = 50;

/// An agent's newest receipts that this service keeps.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReceiptList {
    /// How many the agent has, by the number of the last one.
    pub(super) count: u64,
    log: Option<String>,
    receipts: Vec<ReceiptRow>,
    /// Which states of the agent were changed, as far as this service was told.
    states: Vec<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReceiptRow {
    sequence: u64,
    digest: String,
    /// The period that it is sealed in, if it is.
    period: Option<u64>,
}

/// Reads what this service calls the agent and keeps of it; nothing where it shows nothing.
pub(super) async fn read(
    shared: &Arc<Shared>,
    agent: &solana_address::Address,
) -> Result<(Option<String>, Option<ReceiptList>), Failure> {
    let Ok(service) = shared.open_service() else { return Ok((None, None)) };
    let agent = ours(agent);
    let read = service.work(move |service| {
        let name = service.store.find_agent_name(&agent)?.map(|name| name.agent_id);
        Ok((name, list(service, &agent)?))
    });
    let (name, list) = read.await?.0;
    Ok((name, Some(list)))
}

fn list(service: &Service, agent: &Address) -> Result<ReceiptList, ApiError> {
    let log = service.store.find_log()?.map(|identity| identity.log.to_string());
    let Some(last) = service.store.last_leaf(agent)? else {
        return Ok(ReceiptList { count: 0, log, receipts: Vec::new(), states: Vec::new() });
    };
    let count = last.sequence.0.saturating_add(1);
    let from = Sequence(count.saturating_sub(MOST_RECEIPTS));
    let most = usize::try_from(MOST_RECEIPTS).unwrap_or(usize::MAX);
    let mut receipts = Vec::new();
    for leaf in service.store.list_leaves(agent, from, most)?.into_iter().rev() {
        let stored: Option<StoredReceipt> = service.store.find_receipt(&leaf.digest)?;
        receipts.push(ReceiptRow {
            sequence: leaf.sequence.0,
            digest: leaf.digest.to_string(),
            period: stored.and_then(|stored| stored.period).map(|period| period.0),
        });
    }
    Ok(ReceiptList { count, log, receipts, states: states::kinds_of(service, agent)? })
}

impl ReceiptList {
    /// Where the states are shown that the agent's runs changed.
    pub(super) fn states(&self, agent: &str) -> Markup {
        html! { @if !self.states.is_empty() {
            h2 { "States" }
            ul { @for kind in &self.states { li { a href=(states::path_of_last(agent, kind)) { "What became of its state: " (kind) } } } }
        } }
    }

    pub(super) fn content(&self) -> Markup {
        html! {
            @if self.receipts.is_empty() { p { "This service keeps no receipt of the agent." } }
            @else {
                p.quiet { (self.count) " in all; the newest " (self.receipts.len()) " of them." }
                div.scroll tabindex="0" role="region" aria-label="Receipts" { table {
                    thead { tr { th.number scope="col" { "Sequence" } th scope="col" { "Digest" } th scope="col" { "Period" } } }
                    tbody { @for row in &self.receipts { tr data-key=(row.sequence) {
                        td.number { (row.sequence) }
                        td { (link("/receipts", &row.digest)) }
                        td { (self.period(row.period)) }
                    } } }
                } }
            }
        }
    }

    fn period(&self, period: Option<u64>) -> Markup {
        html! { @match (period, &self.log) {
            (Some(period), Some(log)) => a href={ "/logs/" (log) "/periods/" (period) } { (period) },
            (Some(period), None) => (period),
            (None, _) => "not sealed yet",
        } }
    }
}
