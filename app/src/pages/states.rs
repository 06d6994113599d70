//! A state that an agent's runs change, change by change: drawn as a chain that one can walk.

mod gather;

use super::{
    Page, address,
    drawing::{self, Edge, Node},
    missing,
};
use crate::{
    Shared,
    page::does_not_mean,
    routes::Failure,
    views::{badge, below, escaped, link},
};
use axum::http::StatusCode;
pub(super) use gather::{changed_by, kinds_of};
use maud::{Markup, html};
use runseal_client::keys::ours;
use runseal_receipt::state::StateType;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The part of a chain around one of its changes.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct StatesPage {
    agent: String,
    state_type: &'static str,
    /// The change in the middle.
    at: u64,
    /// The last change that there is.
    last: u64,
    /// Why the changes that are shown are no chain, if they are none.
    problem: Option<String>,
    changes: Vec<ChangeView>,
}

/// A change, as a receipt tells it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ChangeView {
    sequence: u64,
    receipt: String,
    /// None where this service does not keep the receipt.
    run_id: Option<String>,
    /// The state before; none if there was none.
    previous: Option<String>,
    next: String,
    /// Whether it begins where a change before it ended; none where none before it is shown.
    follows: Option<bool>,
}

#[derive(Deserialize)]
pub(super) struct Asked {
    agent: String,
    r#type: String,
    at: Option<u64>,
}

async fn read(shared: &Arc<Shared>, asked: Asked) -> Result<StatesPage, Failure> {
    let agent = ours(&address(&asked.agent)?);
    let state_type = StateType::find(&asked.r#type).ok_or_else(|| Failure {
        status: StatusCode::BAD_REQUEST,
        code: "not_a_state_type",
        message: format!("{:?} is no kind of state", asked.r#type),
    })?;
    let service = shared.open_service()?;
    let read = service.work(move |service| gather::around(service, &agent, state_type, asked.at));
    let message = format!("This service keeps no change of the {state_type} state of {agent}");
    read.await?.0.ok_or_else(|| missing("no_such_states", message))
}

/// Where the last change is shown.
pub(super) fn path_of_last(agent: &str, state_type: &str) -> String {
    format!("/states?agent={}&type={state_type}", escaped(agent))
}

/// Where a change is shown.
pub(super) fn path(agent: &str, state_type: &str, at: u64) -> String {
    format!("{}&at={at}", path_of_last(agent, state_type))
}

impl ChangeView {
    fn name(&self) -> &str {
        self.run_id.as_deref().unwrap_or(&self.receipt)
    }

    fn row(&self) -> Markup {
        let before = self.previous.as_deref().unwrap_or("none");
        html! {
            tr {
                td.number { (self.sequence) }
                td { @match &self.run_id {
                    Some(run_id) => a href={ "/run?id=" (escaped(run_id)) } { (run_id) },
                    None => (link("/receipts", &self.receipt)),
                } }
                td { @match self.follows {
                    Some(true) => (badge("pass", "where the one before ended")),
                    Some(false) => (badge("fail", "elsewhere")),
                    None if self.previous.is_none() => "with nothing before",
                    None => "with what came before",
                } }
            }
            (below(3, format_args!("{} {} before", self.sequence, self.receipt), "State before", before))
            (below(3, format_args!("{} {}", self.sequence, self.receipt), "State after", &self.next))
        }
    }
}

impl StatesPage {
    fn path_at(&self, at: u64) -> String {
        path(&self.agent, self.state_type, at)
    }

    fn drawing(&self) -> Markup {
        let key = |change: &ChangeView| format!("{} {}", change.sequence, change.receipt);
        let node = |change: &ChangeView| Node {
            key: key(change),
            name: change.name().to_owned(),
            note: format!("change {} to {}…", change.sequence, first_of(&change.next)),
            path: self.path_at(change.sequence),
            level: gather::steps(self.at, change.sequence),
        };
        let edges = self.changes.iter().flat_map(|to| {
            let leads = move |from: &&ChangeView| gather::leads(from, to);
            self.changes.iter().filter(leads).map(move |from| Edge {
                from: key(from),
                to: key(to),
                says: format!("{}…", first_of(&from.next)),
            })
        });
        let edges: Vec<Edge> = edges.collect();
        drawing::draw(&self.changes.iter().map(node).collect::<Vec<_>>(), &edges)
    }
}

/// As much of a hash as people compare.
fn first_of(hash: &str) -> &str {
    hash.get(..8).unwrap_or(hash)
}

impl Page for StatesPage {
    type Name = ();
    type Asked = Asked;

    async fn read(shared: &Arc<Shared>, (): (), asked: Asked) -> Result<Self, Failure> {
        read(shared, asked).await
    }

    fn title(&self) -> String {
        format!("State of {}: {}", self.agent, self.state_type)
    }

    fn paths(&self) -> (String, String) {
        let path = self.path_at(self.at);
        let twin = path.replacen("/states?", "/states.json?", 1);
        (path, twin)
    }

    fn content(&self) -> Markup {
        html! {
            h1 { "State: " (self.state_type) }
            p { "Of the agent " (link("/agents", &self.agent)) ", change " (self.at) " of " (self.last.saturating_add(1)) ", counted from 0." }
            p { @match &self.problem {
                None => (badge("pass", "one chain, as far as it is shown")),
                Some(problem) => { (badge("fail", "no chain")) " " (problem) },
            } }
            nav.pager aria-label="Changes" {
                @if let Some(before) = self.at.checked_sub(1) { a rel="prev" href=(self.path_at(before)) { "← The change before" } }
                @if self.at < self.last { a rel="next" href=(self.path_at(self.at.saturating_add(1))) { "The change after →" } }
            }
            (self.drawing())
            (does_not_mean("Each hash is what the agent says that its state was, and signed. What the state was, and whether it was changed in \
                between without being told, the chain does not show."))
            h2 { "Changes" }
            div.scroll tabindex="0" role="region" aria-label="Changes" { table {
                thead { tr { th.number scope="col" { "Number" } th scope="col" { "Run" } th scope="col" { "Begins" } } }
                tbody { @for change in &self.changes { (change.row()) } }
            } }
        }
    }
}
