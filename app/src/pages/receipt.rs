//! A receipt that this service keeps: what it says, and where the proof of it is.

mod bundle;

use super::{Nothing, Page, missing, paths};
use crate::{
    Shared,
    error::ApiError,
    live::Subject,
    page::{does_not_mean, facts, live},
    routes::Failure,
    service::Service,
    views::{escaped, link},
};
use axum::http::StatusCode;
pub(crate) use bundle::bundle;
use maud::{Markup, html};
use runseal_receipt::Receipt;
use runseal_types::Digest;
use serde::Serialize;
use std::sync::Arc;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReceiptPage {
    digest: String,
    agent: String,
    agent_version: u64,
    sequence: u64,
    previous: Option<String>,
    run_id: String,
    trace_id: String,
    status: &'static str,
    started_at: String,
    ended_at: String,
    event_count: u64,
    event_root: String,
    log: Option<String>,
    /// The period that it is sealed in, if it is.
    period: Option<u64>,
    policies: Vec<PolicyView>,
    /// The text as it is kept.
    text: String,
}

/// What a receipt says of a policy.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PolicyView {
    policy_hash: String,
    says: String,
}

fn digest(text: &str) -> Result<Digest, Failure> {
    text.parse().map_err(|_| Failure {
        status: StatusCode::BAD_REQUEST,
        code: "not_a_digest",
        message: format!("{text:?} is no digest of a receipt"),
    })
}

async fn read(shared: &Shared, text: &str) -> Result<ReceiptPage, Failure> {
    let digest = digest(text)?;
    let service = shared.open_service()?;
    let found = service.work(move |service| find(service, &digest)).await?.0;
    found.ok_or_else(|| {
        missing("no_such_receipt", format!("This service keeps no receipt {digest}"))
    })
}

fn find(service: &Service, digest: &Digest) -> Result<Option<ReceiptPage>, ApiError> {
    let Some(stored) = service.store.find_receipt(digest)? else { return Ok(None) };
    let damaged = || ApiError::failed("a stored receipt is damaged");
    let receipt = Receipt::parse(&stored.text).map_err(|_| damaged())?;
    let facts = receipt.facts();
    let policies = facts.statements.policies.iter().map(|binding| PolicyView {
        policy_hash: binding.policy_hash.to_string(),
        says: format!("{} ({})", binding.status.as_str(), binding.policy_id),
    });
    Ok(Some(ReceiptPage {
        digest: digest.to_string(),
        agent: facts.agent.to_string(),
        agent_version: facts.agent_version,
        sequence: stored.leaf.sequence.0,
        previous: facts.previous.map(|previous| previous.to_string()),
        run_id: facts.run_id.clone(),
        trace_id: facts.trace_id.clone(),
        status: facts.status.as_str(),
        started_at: facts.started_at.to_string(),
        ended_at: facts.ended_at.to_string(),
        event_count: facts.event_chain.count,
        event_root: facts.event_chain.root.to_string(),
        log: service.store.find_log()?.map(|identity| identity.log.to_string()),
        period: stored.period.map(|period| period.0),
        policies: policies.collect(),
        text: String::from_utf8(stored.text).map_err(|_| damaged())?,
    }))
}

impl ReceiptPage {
    fn proof(&self) -> Markup {
        html! {
            @match (self.period, &self.log) {
                (Some(period), Some(log)) => p {
                    "Sealed in " a href={ "/logs/" (log) "/periods/" (period) } { "period " (period) } " of its log. "
                    a href={ "/receipts/" (self.digest) "/bundle.json" } { "Download the bundle" }
                    ", and " a href={ "/verify-here?receipt=" (self.digest) } { "verify it here" } " or by "
                    code { "runseal verify runseal-" (self.digest) ".json -u URL" } "."
                },
                _ => p { "It waits for its period to be sealed. Until then nothing proves it but the promise of whoever took it in." },
            }
        }
    }
}

impl Page for ReceiptPage {
    type Name = String;
    type Asked = Nothing;

    fn about(name: &String, _: &Nothing) -> Vec<Subject> {
        name.parse().map(Subject::Receipt).into_iter().collect()
    }

    async fn read(shared: &Arc<Shared>, name: String, _: Nothing) -> Result<Self, Failure> {
        read(shared, &name).await
    }

    fn title(&self) -> String {
        format!("Receipt {}", self.digest)
    }

    fn paths(&self) -> (String, String) {
        paths("/receipts", &self.digest)
    }

    fn content(&self) -> Markup {
        html! {
            h1 { "Receipt " span.address { (self.digest) } }
            (live("proof", &self.proof()))
            (facts(&[
                ("Status, as the agent says", self.status.to_owned()),
                ("Number among the agent’s", self.sequence.to_string()),
                ("Version that ran, by its index", self.agent_version.to_string()),
                ("Started, as the agent says", self.started_at.clone()),
                ("Ended, as the agent says", self.ended_at.clone()),
                ("Work that it is a part of", self.trace_id.clone()),
                ("Events", self.event_count.to_string()),
                ("Root of the event chain", self.event_root.clone()),
            ]))
            ul {
                li { "Agent " (link("/agents", &self.agent)) }
                li { "Run " a href={ "/run?id=" (escaped(&self.run_id)) } { (self.run_id) } }
                @if let Some(previous) = &self.previous { li { "The agent’s receipt before " (link("/receipts", previous)) } }
                @for policy in &self.policies { li { "Policy " span.address { (policy.policy_hash) } ": " (policy.says) } }
            }
            (does_not_mean("What stands here this service says. Nothing on this page was checked against the chain: the verdict on the bundle does that."))
            h2 { "The text that was signed" }
            pre tabindex="0" role="region" aria-label="Text of the receipt" { (self.text) }
        }
    }
}
