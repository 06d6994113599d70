//! An agent: who answers for it, its versions, what they were certified for in a slot, its receipts.

mod coverage;
mod receipts;
mod versions;

use super::{Page, address, missing, paths};
use crate::{
    Shared,
    live::Subject,
    page::{does_not_mean, facts, live, live_list},
    routes::Failure,
    views::{MomentView, set},
};
use coverage::Coverage;
use maud::{Markup, html};
use receipts::ReceiptList;
use runseal_client::{
    agents, clock,
    registry::{self, Found},
};
use runseal_registry::state::Agent;
use runseal_types::to_hex;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use versions::VersionView;

/// One agent.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AgentView {
    pub(crate) address: String,
    pub(crate) identity: String,
    pub(crate) authority: String,
    pub(crate) pending_authority: Option<String>,
    pub(crate) status: &'static str,
    pub(crate) status_changed_at: Option<MomentView>,
    pub(crate) version_count: u64,
    pub(crate) manifest_hash: String,
    pub(crate) uri: String,
    pub(crate) heartbeat_cadence_seconds: u32,
    pub(crate) last_heartbeat_at: Option<MomentView>,
    pub(crate) registered_slot: u64,
    pub(crate) registered_unix_seconds: i64,
    pub(crate) registered_utc: String,
}

impl From<&Found<Agent>> for AgentView {
    fn from(found: &Found<Agent>) -> Self {
        let agent = &found.account;
        let registered = MomentView::from(agent.registered_at);
        Self {
            address: found.address.to_string(),
            identity: agent.identity.to_string(),
            authority: agent.authority.to_string(),
            pending_authority: set(&agent.pending_authority),
            status: agent.status().map_or("unknown", |status| status.as_str()),
            status_changed_at: MomentView::find(agent.status_changed_at),
            version_count: agent.version_count,
            manifest_hash: to_hex(&agent.manifest_hash),
            uri: agent.uri.as_str().to_owned(),
            heartbeat_cadence_seconds: agent.heartbeat_cadence_seconds,
            last_heartbeat_at: MomentView::find(agent.last_heartbeat_at),
            registered_slot: registered.slot,
            registered_unix_seconds: registered.unix_seconds,
            registered_utc: registered.utc,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AgentPage {
    #[serde(flatten)]
    agent: AgentView,
    /// What the service calls it, if it knows it.
    name: Option<String>,
    /// The slot that certification is asked as of.
    as_of_slot: u64,
    chain_time: MomentView,
    versions: Vec<VersionView>,
    receipts: Option<ReceiptList>,
    coverage: Option<Coverage>,
}

#[derive(Deserialize)]
pub(super) struct Asked {
    slot: Option<u64>,
}

async fn read(shared: &Arc<Shared>, text: &str, slot: Option<u64>) -> Result<AgentPage, Failure> {
    let ledger = &*shared.ledger;
    let key = agents::address_of(address(text)?);
    let found = registry::find::<Agent>(ledger, key).await?.ok_or_else(|| {
        missing("no_such_agent", format!("There is no agent {text} on this ledger"))
    })?;
    let now = clock::now(ledger).await?;
    let as_of_slot = slot.unwrap_or(now.slot);
    let (name, receipts) = receipts::read(shared, &found.address).await?;
    Ok(AgentPage {
        versions: versions::read(ledger, &found, as_of_slot).await?,
        agent: AgentView::from(&found),
        name,
        as_of_slot,
        chain_time: now.into(),
        receipts,
        coverage: coverage::read(shared, &found.address).await?,
    })
}

impl AgentPage {
    fn facts(&self) -> Markup {
        let agent = &self.agent;
        let or_none = |moment: &Option<MomentView>| {
            moment.as_ref().map_or_else(|| "never".to_owned(), ToString::to_string)
        };
        let heartbeat = match agent.heartbeat_cadence_seconds {
            0 => "none promised".to_owned(),
            seconds => format!("every {seconds} s; last {}", or_none(&agent.last_heartbeat_at)),
        };
        let mut rows = vec![
            ("Status", format!("{}, since {}", agent.status, or_none(&agent.status_changed_at))),
            ("Identity key", agent.identity.clone()),
            ("Vendor", agent.authority.clone()),
            ("Versions", agent.version_count.to_string()),
            ("Manifest hash (SHA-256)", agent.manifest_hash.clone()),
            ("Manifest URI", agent.uri.clone()),
            ("Heartbeat", heartbeat),
            ("Registered", format!("{} (slot {})", agent.registered_utc, agent.registered_slot)),
        ];
        if let Some(pending) = &agent.pending_authority {
            rows.insert(3, ("Offered to the vendor", pending.clone()));
        }
        if let Some(name) = &self.name {
            rows.insert(0, ("Called here", name.clone()));
        }
        facts(&rows)
    }

    fn slot_form(&self) -> Markup {
        html! {
            form.inline action={ "/agents/" (self.agent.address) } {
                label for="slot" { "As of slot" }
                input #slot name="slot" type="number" min="0" value=(self.as_of_slot);
                button type="submit" { "Show" }
            }
            p.quiet { "The chain is at " (self.chain_time) "." }
        }
    }
}

impl Page for AgentPage {
    type Name = String;
    type Asked = Asked;

    fn about(name: &String, _: &Asked) -> Vec<Subject> {
        let Ok(key) = name.parse() else { return Vec::new() };
        let agent = agents::address_of(key);
        vec![Subject::Account(agent), Subject::Receipts(agent)]
    }

    async fn read(shared: &Arc<Shared>, name: String, asked: Asked) -> Result<Self, Failure> {
        read(shared, &name, asked.slot).await
    }

    fn title(&self) -> String {
        self.agent.address.clone()
    }

    fn paths(&self) -> (String, String) {
        paths("/agents", &self.agent.address)
    }

    fn content(&self) -> Markup {
        html! {
            h1 { "Agent " span.address { (self.agent.address) } }
            (live("facts", &html! {
                (self.facts())
                p { a href={ "/vendors/" (self.agent.authority) } { "All that this vendor answers for" } }
            }))
            (does_not_mean("A registered agent is one whose vendor and whose own key agreed to be listed. \
                An active one is one whose vendor says so. Neither is a judgement."))
            h2 { "Versions and certification" }
            (self.slot_form())
            (live_list("versions", ["version", "versions"], self.agent.version_count, &html! {
                @if self.versions.is_empty() { p { "No version is published." } }
                @for version in &self.versions { (version.content()) }
            }))
            (does_not_mean("A stage says that a certifier looked at a version, by its own rules. \
                It does not say that a run went well, nor that this version is what ran."))
            h2 { "Receipts" }
            @match &self.receipts {
                Some(receipts) => (live_list("receipts", ["receipt", "receipts"], receipts.count, &receipts.content())),
                None => p { "This service shows no receipts here." },
            }
            @if let Some(coverage) = &self.coverage { (live("coverage", &coverage.content())) }
            @if let Some(receipts) = &self.receipts { (live("states", &receipts.states(&self.agent.address))) }
        }
    }
}
