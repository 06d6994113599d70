//! The front page: which ledger this is, how the program is configured, who is on it.

use super::{Nothing, Page, agent::AgentView, count};
use crate::{
    Shared,
    live::Subject,
    page::{does_not_mean, facts, live_list},
    routes::Failure,
    views::link,
};
use maud::{Markup, html};
use runseal_client::{
    Ledger,
    registry::{self, ReadError},
};
use runseal_registry::state::{Agent, Auditor, Certifier, Config, Log};
use serde::Serialize;
use std::sync::Arc;

/// How many of a kind the page lists.
const MOST_LISTED: usize = 100;

/// The front page.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Overview {
    ledger: String,
    genesis_hash: String,
    program: String,
    configured: bool,
    paused: bool,
    agent_count: usize,
    agents: Vec<AgentView>,
    logs: Vec<LogRow>,
    certifiers: Vec<Organisation>,
    auditors: Vec<Organisation>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogRow {
    address: String,
    name: String,
    next_period: u64,
    cumulative_leaf_count: u64,
    late_count: u64,
    missed_count: u64,
    upheld_count: u64,
}

#[derive(Serialize)]
struct Organisation {
    address: String,
    name: String,
}

async fn read(shared: &Shared) -> Result<Overview, Failure> {
    let ledger = &*shared.ledger;
    let genesis_hash = ledger.genesis_hash().await.map_err(ReadError::from)?;
    let config = registry::find::<Config>(ledger, registry::config_address()).await?;
    let agents = registry::find_all::<Agent>(ledger).await?;
    let logs = registry::find_all::<Log>(ledger).await?;
    let certifiers = registry::find_all::<Certifier>(ledger).await?;
    let auditors = registry::find_all::<Auditor>(ledger).await?;
    let organisation = |address: &solana_address::Address, name: &str| Organisation {
        address: address.to_string(),
        name: name.to_owned(),
    };
    Ok(Overview {
        ledger: shared.ledger_name.clone(),
        genesis_hash: genesis_hash.to_string(),
        program: registry::PROGRAM.to_string(),
        configured: config.is_some(),
        paused: config.is_some_and(|config| config.account.paused != 0),
        agent_count: agents.len(),
        agents: agents.iter().take(MOST_LISTED).map(AgentView::from).collect(),
        logs: logs.iter().take(MOST_LISTED).map(LogRow::from).collect(),
        certifiers: certifiers
            .iter()
            .take(MOST_LISTED)
            .map(|found| organisation(&found.address, found.account.organisation.as_str()))
            .collect(),
        auditors: auditors
            .iter()
            .take(MOST_LISTED)
            .map(|found| organisation(&found.address, found.account.organisation.as_str()))
            .collect(),
    })
}

impl From<&registry::Found<Log>> for LogRow {
    fn from(found: &registry::Found<Log>) -> Self {
        let log = &found.account;
        Self {
            address: found.address.to_string(),
            name: log.name.as_str().to_owned(),
            next_period: log.next_period,
            cumulative_leaf_count: log.cumulative_leaf_count,
            late_count: log.late_count,
            missed_count: log.missed_count,
            upheld_count: log.upheld_count,
        }
    }
}

impl Overview {
    fn anchor_count(&self) -> u64 {
        self.logs.iter().map(|log| log.next_period).sum()
    }

    fn agents(&self) -> Markup {
        html! {
            @if self.agents.is_empty() { p { "No agent is registered on this ledger." } }
            @else { div.scroll tabindex="0" role="region" aria-label="Agents" { table {
                thead { tr { th scope="col" { "Agent" } th scope="col" { "Status" } th scope="col" { "Vendor" } th scope="col" { "Registered" } } }
                tbody { @for agent in &self.agents { tr data-key=(agent.address) {
                    td { (link("/agents", &agent.address)) }
                    td { (agent.status) }
                    td { (link("/vendors", &agent.authority)) }
                    td { time { (agent.registered_utc) } }
                } } }
            } } }
            @if self.agent_count > self.agents.len() { p.quiet { (self.agent_count) " in all: search for the others." } }
        }
    }

    fn logs(&self) -> Markup {
        html! {
            @if self.logs.is_empty() { p { "No log is open." } }
            @else { div.scroll tabindex="0" role="region" aria-label="Logs" { table {
                thead { tr { th scope="col" { "Log" } th scope="col" { "Address" } th.number scope="col" { "Periods" } th.number scope="col" { "Receipts" } th.number scope="col" { "Late" } th.number scope="col" { "Missed" } th.number scope="col" { "Claims upheld" } } }
                tbody { @for log in &self.logs { tr data-key=(log.address) {
                    td { (log.name) }
                    td { (link("/logs", &log.address)) }
                    td.number { (log.next_period) }
                    td.number { (log.cumulative_leaf_count) }
                    td.number { (log.late_count) }
                    td.number { (log.missed_count) }
                    td.number { (log.upheld_count) }
                } } }
            } } }
        }
    }
}

fn organisations(folder: &str, list: &[Organisation]) -> Markup {
    html! {
        @if list.is_empty() { p { "None yet." } }
        @else { ul { @for one in list { li { a href={ (folder) "/" (one.address) } { (one.name) } } } } }
    }
}

impl Page for Overview {
    type Name = ();
    type Asked = Nothing;

    fn about((): &(), _: &Nothing) -> Vec<Subject> {
        vec![Subject::Registry]
    }

    async fn read(shared: &Arc<Shared>, (): (), _: Nothing) -> Result<Self, Failure> {
        read(shared).await
    }

    fn title(&self) -> String {
        "Agents and logs".to_owned()
    }

    fn paths(&self) -> (String, String) {
        ("/".to_owned(), "/index.json".to_owned())
    }

    fn content(&self) -> Markup {
        let yes = |it: bool| if it { "yes" } else { "no" }.to_owned();
        html! {
            h1 { "Agents" }
            (live_list("agents", ["agent", "agents"], count(self.agent_count), &self.agents()))
            (does_not_mean("A registered agent is one whose vendor and whose own key signed its registration. \
                It says nothing about what the agent does or how well it does it."))
            h2 { "Logs" }
            (live_list("logs", ["anchor", "anchors"], self.anchor_count(), &self.logs()))
            h2 { "Certifiers" }
            (organisations("/certifiers", &self.certifiers))
            h2 { "Auditors" }
            (organisations("/auditors", &self.auditors))
            h2 { "Ledger" }
            (facts(&[
                ("Ledger", self.ledger.clone()),
                ("Genesis hash", self.genesis_hash.clone()),
                ("Program", self.program.clone()),
                ("Configured", yes(self.configured)),
                ("Paused", yes(self.paused)),
            ]))
        }
    }
}
