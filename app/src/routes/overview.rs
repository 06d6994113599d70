//! The front page: which ledger this is, how the program is configured, which agents there are.

use super::Failure;
use crate::{
    Shared,
    page::{agent_table, does_not_mean, facts, layout},
    views::OverviewView,
};
use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use maud::html;
use runseal_client::{Ledger, registry};
use runseal_registry::state::{Agent, Config};
use std::sync::Arc;

pub(crate) async fn page(State(shared): State<Arc<Shared>>) -> Response {
    match read(&shared).await {
        Ok(view) => render(&view).into_response(),
        Err(failure) => failure.answer(false),
    }
}

pub(crate) async fn json(State(shared): State<Arc<Shared>>) -> Response {
    match read(&shared).await {
        Ok(view) => Json(view).into_response(),
        Err(failure) => failure.answer(true),
    }
}

async fn read(shared: &Shared) -> Result<OverviewView, Failure> {
    let ledger = &*shared.ledger;
    let genesis = ledger.genesis_hash().await.map_err(registry::ReadError::from)?;
    let config = registry::find::<Config>(ledger, registry::config_address()).await?;
    let agents = registry::find_all::<Agent>(ledger).await?;
    Ok(OverviewView::new(&shared.ledger_name, genesis, config.as_ref(), &agents))
}

fn render(view: &OverviewView) -> maud::Markup {
    layout(
        "Agents",
        "/index.json",
        &html! {
            h1 { "Agents" }
            @if view.agents.is_empty() { p { "No agent is registered on this ledger." } }
            @else { (agent_table(&view.agents)) }
            h2 { "Ledger" }
            (facts(&[
                ("Ledger", view.ledger.clone()),
                ("Genesis hash", view.genesis_hash.clone()),
                ("Program", view.program.clone()),
                ("Configured", if view.configured { "yes" } else { "no" }.to_owned()),
                ("Paused", if view.paused { "yes" } else { "no" }.to_owned()),
            ]))
            (does_not_mean(
                "A registered agent is one whose vendor and whose own key signed its registration. \
                 It says nothing about what the agent does or how well it does it."
            ))
        },
    )
}
