//! A run: what happened in it, event by event, with the hashes that its receipt is over.

mod events;

use super::{OfRun, Page, missing, states};
use crate::{
    Shared,
    error::ApiError,
    live::Subject,
    page::{does_not_mean, facts, live, live_list},
    routes::Failure,
    service::Service,
    views::{badge, escaped, link},
};
use events::{EventView, in_order};
use maud::{Markup, html};
use runseal_client::store::{ReceiptFilter, RunRow, RunState};
use runseal_receipt::Receipt;
use serde::Serialize;
use std::sync::Arc;

/// How many events a page has, the first of all.
const MOST_EVENTS: u64 = 500;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RunPage {
    run_id: String,
    agent: String,
    trace_id: String,
    adapter: String,
    started_at: String,
    is_active: bool,
    event_count: u64,
    receipt: Option<String>,
    /// Whether the events that are kept are the receipt's.
    events_match: Option<bool>,
    /// The states that it changed, each by its kind and the number of the change.
    states: Vec<StateView>,
    events: Vec<EventView>,
}

/// A state that a run changed.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StateView {
    state_type: &'static str,
    sequence: u64,
}

async fn read(shared: &Shared, run_id: String) -> Result<RunPage, Failure> {
    let service = shared.open_service()?;
    let message = format!("This service knows no run {run_id:?}");
    let found = service.work(move |service| match service.find_run(&run_id)? {
        Some(row) => load(service, row).map(Some),
        None => find_sealed(service, &run_id),
    });
    found.await?.0.ok_or_else(|| missing("no_such_run", message))
}

fn load(service: &Service, row: RunRow) -> Result<RunPage, ApiError> {
    let events = service.events(&row.run.run_id, row.event_count.min(MOST_EVENTS))?;
    let receipt = match row.state {
        RunState::Finished { receipt } => service.store.find_receipt(&receipt)?,
        RunState::Active => None,
    };
    let receipt = receipt.and_then(|stored| Receipt::parse(&stored.text).ok());
    let states = states_of(service, receipt.as_ref())?;
    let whole = row.event_count <= MOST_EVENTS;
    Ok(RunPage {
        agent: row.run.agent.to_string(),
        trace_id: row.run.trace_id,
        adapter: row.run.adapter,
        started_at: row.run.started_at.to_string(),
        is_active: matches!(row.state, RunState::Active),
        event_count: row.event_count,
        events_match: receipt
            .as_ref()
            .filter(|_| whole)
            .map(|receipt| receipt.check_events(&events).is_ok()),
        receipt: receipt.map(|receipt| receipt.digest().to_string()),
        states,
        events: in_order(&events),
        run_id: row.run.run_id,
    })
}

fn states_of(service: &Service, receipt: Option<&Receipt>) -> Result<Vec<StateView>, ApiError> {
    let Some(receipt) = receipt else { return Ok(Vec::new()) };
    let changed = states::changed_by(service, receipt)?.into_iter();
    Ok(changed.map(|(state_type, sequence)| StateView { state_type, sequence }).collect())
}

/// Finds a run that was never here but by its receipt.
fn find_sealed(service: &Service, run_id: &str) -> Result<Option<RunPage>, ApiError> {
    let filter = ReceiptFilter { run_id: Some(run_id.to_owned()), ..ReceiptFilter::default() };
    let Some(row) = service.store.list_receipts(&filter, None, 1)?.items.pop() else {
        return Ok(None);
    };
    let columns = row.columns;
    let stored = service.store.find_receipt(&columns.leaf.digest)?;
    let receipt = stored.and_then(|stored| Receipt::parse(&stored.text).ok());
    let events = service.events(run_id, columns.event_count.min(MOST_EVENTS))?;
    Ok(Some(RunPage {
        run_id: columns.run_id,
        agent: columns.leaf.agent.to_string(),
        trace_id: columns.trace_id,
        adapter: String::new(),
        started_at: columns.started_at.to_string(),
        is_active: false,
        event_count: columns.event_count,
        receipt: Some(columns.leaf.digest.to_string()),
        events_match: None,
        states: states_of(service, receipt.as_ref())?,
        events: in_order(&events),
    }))
}

impl Page for RunPage {
    type Name = ();
    type Asked = OfRun;

    fn about((): &(), asked: &OfRun) -> Vec<Subject> {
        vec![Subject::Run(asked.id.clone())]
    }

    async fn read(shared: &Arc<Shared>, (): (), asked: OfRun) -> Result<Self, Failure> {
        read(shared, asked.id).await
    }

    fn title(&self) -> String {
        format!("Run {}", self.run_id)
    }

    fn paths(&self) -> (String, String) {
        let id = escaped(&self.run_id);
        (format!("/run?id={id}"), format!("/run.json?id={id}"))
    }

    fn content(&self) -> Markup {
        html! {
            h1 { "Run " (self.run_id) }
            (live("state", &self.state()))
            (does_not_mean("Events that are the receipt’s were not changed afterwards. That everything was written down, they do not show. Payloads are shown by the names of what they have, without values."))
            h2 { "What happened" }
            (live_list("events", ["event", "events"], self.event_count, &html! {
                @if self.events.is_empty() { p { "This service keeps no events of it." } }
                @else { ol.timeline { @for event in &self.events { (event.content()) } } }
            }))
        }
    }
}

impl RunPage {
    fn state(&self) -> Markup {
        html! {
            p {
                @if self.is_active { (badge("unknown", "goes on")) } @else { (badge("pass", "ended")) }
                @match self.events_match {
                    Some(true) => { " " (badge("pass", "events are the receipt’s")) },
                    Some(false) => { " " (badge("fail", "events are not the receipt’s")) },
                    None => "",
                }
            }
            (facts(&[
                ("Started, as the agent says", self.started_at.clone()),
                ("Work that it is a part of", self.trace_id.clone()),
                ("Seen through", self.adapter.clone()),
                ("Events", self.event_count.to_string()),
            ]))
            ul {
                li { "Agent " (link("/agents", &self.agent)) }
                @if let Some(receipt) = &self.receipt {
                    li { "Receipt " (link("/receipts", receipt)) }
                    li { a href={ "/graph?id=" (escaped(&self.run_id)) } { "What it follows from, and what follows from it" } }
                    @for state in &self.states {
                        li { a href=(states::path(&self.agent, state.state_type, state.sequence)) { "Change " (state.sequence) " of the agent’s state: " (state.state_type) } }
                    }
                }
            }
        }
    }
}
