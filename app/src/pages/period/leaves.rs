use crate::{Shared, routes::Failure, service::Service, views::link};
use maud::{Markup, html};
use runseal_types::{Address, Period};
use serde::Serialize;

/// How many receipts a page has, the first of the period's.
const MOST_RECEIPTS: usize = 100;

/// A receipt of the period.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LeafView {
    agent: String,
    sequence: u64,
    digest: String,
}

/// Reads the first of a period's leaves, where this service seals the log and shows receipts.
pub(super) async fn read(
    shared: &Shared,
    log: Address,
    period: Period,
) -> Result<Option<Vec<LeafView>>, Failure> {
    let Ok(service) = shared.open_service() else { return Ok(None) };
    let read = service.work(move |service: &Service| {
        if service.store.find_log()?.is_none_or(|identity| identity.log != log) {
            return Ok(None);
        }
        let leaves = service.store.list_period_leaves(period, 0, MOST_RECEIPTS)?;
        let leaves = leaves.iter().map(|leaf| LeafView {
            agent: leaf.agent.to_string(),
            sequence: leaf.sequence.0,
            digest: leaf.digest.to_string(),
        });
        Ok(Some(leaves.collect()))
    });
    Ok(read.await?.0)
}

pub(super) fn content(log: &str, period: u64, leaves: Option<&[LeafView]>) -> Markup {
    let Some(leaves) = leaves else {
        return html! { p { "This service does not keep the log’s receipts, or does not show them." } };
    };
    html! {
        p { a href={ "/v2/logs/" (log) "/leaves/" (period) ".leaves" } { "The whole list of leaves, as mirrors read it" } }
        @if leaves.is_empty() { p { "There is none." } }
        @else { div.scroll tabindex="0" role="region" aria-label="Receipts" { table {
            thead { tr { th scope="col" { "Agent" } th.number scope="col" { "Sequence" } th scope="col" { "Receipt" } } }
            tbody { @for leaf in leaves { tr {
                td { (link("/agents", &leaf.agent)) }
                td.number { (leaf.sequence) }
                td { (link("/receipts", &leaf.digest)) }
            } } }
        } } }
    }
}
