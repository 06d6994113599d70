//! One agent, under its address.

use super::Failure;
use crate::{
    Shared,
    page::{facts, layout},
    views::AgentView,
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use maud::{Markup, html};
use runseal_client::registry;
use runseal_registry::state::Agent;
use solana_address::Address;
use std::sync::Arc;

pub(crate) async fn page_or_json(
    State(shared): State<Arc<Shared>>,
    Path(name): Path<String>,
) -> Response {
    let (text, as_json) = match name.strip_suffix(".json") {
        Some(text) => (text, true),
        None => (name.as_str(), false),
    };
    match read(&shared, text).await {
        Ok(view) if as_json => Json(view).into_response(),
        Ok(view) => render(&view).into_response(),
        Err(failure) => failure.answer(as_json),
    }
}

async fn read(shared: &Shared, text: &str) -> Result<AgentView, Failure> {
    let address: Address = text.parse().map_err(|_| Failure {
        status: StatusCode::BAD_REQUEST,
        code: "not_an_address",
        message: format!("\"{text}\" is not an address"),
    })?;
    let found = registry::find::<Agent>(&*shared.ledger, address).await?;
    found.as_ref().map(AgentView::from).ok_or_else(|| Failure {
        status: StatusCode::NOT_FOUND,
        code: "no_such_agent",
        message: format!("There is no agent {address} on this ledger"),
    })
}

fn render(agent: &AgentView) -> Markup {
    let twin = format!("/agents/{}.json", agent.address);
    layout(
        &agent.address,
        &twin,
        &html! {
            h1 { "Agent " span.address { (agent.address) } }
            (facts(&[
                ("Status", agent.status.to_owned()),
                ("Identity key", agent.identity.clone()),
                ("Vendor", agent.authority.clone()),
                ("Versions", agent.version_count.to_string()),
                ("Manifest hash (SHA-256)", agent.manifest_hash.clone()),
                ("Manifest URI", agent.uri.clone()),
                ("Heartbeat", agent.heartbeat()),
                ("Registered", format!("{} (slot {})", agent.registered_utc, agent.registered_slot)),
            ]))
        },
    )
}
