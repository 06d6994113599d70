//! A vendor: the agents that a key answers for, their versions, and what these are certified for.

use super::{Nothing, Page, address, agent::AgentView, count, missing, paths};
use crate::{
    Shared,
    page::{does_not_mean, facts},
    routes::Failure,
    views::{MomentView, badge, link, moment, semantic, stage_letter},
};
use maud::{Markup, html};
use runseal_client::{
    Ledger, certification, clock,
    registry::{self, Found},
};
use runseal_registry::state::{Agent, Version};
use serde::Serialize;
use solana_address::Address;
use std::{cmp::Reverse, sync::Arc};

/// How many agents a page has, those that were registered last.
const MOST_AGENTS: usize = 50;
/// How many versions of each, the newest.
const MOST_VERSIONS: u64 = 3;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct VendorPage {
    key: String,
    agent_count: u64,
    version_count: u64,
    /// When what stands here was so.
    chain_time: MomentView,
    /// Agents that others answer for, and that are offered to this key.
    offered: Vec<String>,
    agents: Vec<OfVendor>,
}

/// An agent, and its newest versions.
#[derive(Serialize)]
struct OfVendor {
    #[serde(flatten)]
    agent: AgentView,
    versions: Vec<VersionRow>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct VersionRow {
    index: u64,
    semantic: String,
    published_at: MomentView,
    withdrawn: bool,
    /// The highest stage that holds; none if none does.
    stage: Option<char>,
}

async fn read(shared: &Shared, text: &str) -> Result<VendorPage, Failure> {
    let (ledger, key) = (&*shared.ledger, address(text)?);
    let (mut agents, mut offered) = (Vec::new(), Vec::new());
    for found in registry::find_all::<Agent>(ledger).await? {
        if found.account.authority == key {
            agents.push(found);
        } else if found.account.pending_authority == key && key != Address::default() {
            offered.push(found.address.to_string());
        }
    }
    if agents.is_empty() && offered.is_empty() {
        let message = format!("No agent on this ledger has the vendor {text}");
        return Err(missing("no_such_vendor", message));
    }
    let now = clock::now(ledger).await?;
    agents.sort_by_key(|found| Reverse(found.account.registered_at.slot));
    let version_count = agents.iter().map(|found| found.account.version_count).sum();
    let mut rows = Vec::new();
    for found in agents.iter().take(MOST_AGENTS) {
        let versions = versions(ledger, found, now.slot).await?;
        rows.push(OfVendor { agent: AgentView::from(found), versions });
    }
    Ok(VendorPage {
        key: key.to_string(),
        agent_count: count(agents.len()),
        version_count,
        chain_time: now.into(),
        offered,
        agents: rows,
    })
}

async fn versions(
    ledger: &impl Ledger,
    agent: &Found<Agent>,
    slot: u64,
) -> Result<Vec<VersionRow>, Failure> {
    let end = agent.account.version_count;
    let mut rows = Vec::new();
    for index in (end.saturating_sub(MOST_VERSIONS)..end).rev() {
        let address = registry::version_address(&agent.address, index);
        let found = registry::load::<Version>(ledger, address).await?;
        let status = certification::status(ledger, &found, slot).await?;
        let version = &found.account;
        rows.push(VersionRow {
            index,
            semantic: semantic(version.semantic),
            published_at: version.published_at.into(),
            withdrawn: version.yanked != 0,
            stage: Some(status.stage()).filter(|stage| *stage > 0).map(stage_letter),
        });
    }
    Ok(rows)
}

impl OfVendor {
    fn content(&self) -> Markup {
        let agent = &self.agent;
        let label = format!("Versions of {}", agent.address);
        html! {
            section.card {
                h3 { (link("/agents", &agent.address)) " " (badge(if agent.status == "active" { "pass" } else { "unknown" }, agent.status)) }
                p.quiet { "Registered " (agent.registered_utc) ". Versions: " (agent.version_count) "." }
                @if self.versions.is_empty() { p { "No version is published." } }
                @else { div.scroll tabindex="0" role="region" aria-label=(label) { table {
                    thead { tr { th scope="col" { "Version" } th scope="col" { "Standing" } th scope="col" { "Published" } } }
                    tbody { @for version in &self.versions { (version.row(&agent.address)) } }
                } } }
            }
        }
    }
}

impl VersionRow {
    fn row(&self, agent: &str) -> Markup {
        html! {
            tr {
                td { a href={ "/agents/" (agent) "#version-" (self.index) } { (self.semantic) } }
                td {
                    @match self.stage {
                        Some(stage) => (badge("pass", &format!("stage {stage}"))),
                        None => (badge("unknown", "no stage holds")),
                    }
                    @if self.withdrawn { " " (badge("fail", "withdrawn")) }
                }
                td { (moment(&self.published_at)) }
            }
        }
    }
}

impl Page for VendorPage {
    type Name = String;
    type Asked = Nothing;

    async fn read(shared: &Arc<Shared>, name: String, _: Nothing) -> Result<Self, Failure> {
        read(shared, &name).await
    }

    fn title(&self) -> String {
        format!("Vendor {}", self.key)
    }

    fn paths(&self) -> (String, String) {
        paths("/vendors", &self.key)
    }

    fn content(&self) -> Markup {
        html! {
            h1 { "Vendor " span.address { (self.key) } }
            (facts(&[
                ("Agents", self.agent_count.to_string()),
                ("Versions", self.version_count.to_string()),
                ("As of", self.chain_time.to_string()),
            ]))
            (does_not_mean("A vendor here is a key. Whose it is, nobody on this ledger says: an agent's manifest may, and whoever \
                certified a version may have asked."))
            h2 { "Agents that it answers for" }
            @if self.agents.is_empty() { p { "None." } }
            @if self.agent_count > count(self.agents.len()) { p.quiet { "The " (self.agents.len()) " that were registered last." } }
            @for agent in &self.agents { (agent.content()) }
            @if !self.offered.is_empty() {
                h2 { "Offered to it" }
                ul { @for agent in &self.offered { li { (link("/agents", agent)) } } }
            }
        }
    }
}
