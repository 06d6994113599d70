//! How a page looks: one layout, a table of facts, a table of agents.

use crate::{routes::assets::STYLE_PATH, views::AgentView};
use axum::http::StatusCode;
use maud::{DOCTYPE, Markup, html};

/// A whole page. `twin` is the path of the same content as JSON.
pub(crate) fn layout(title: &str, twin: &str, content: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " · Runseal" }
                link rel="stylesheet" href=(STYLE_PATH);
                link rel="alternate" type="application/json" href=(twin);
            }
            body {
                header { a href="/" { "Runseal" } }
                main { (content) }
                footer { a href=(twin) { "This page as JSON" } }
            }
        }
    }
}

/// A page that says why there is no other.
pub(crate) fn error_page(status: StatusCode, message: &str) -> Markup {
    let title = status.canonical_reason().unwrap_or("Error");
    layout(
        title,
        "/index.json",
        &html! {
            h1 { (title) }
            p { (message) }
        },
    )
}

/// Names and values.
pub(crate) fn facts(rows: &[(&str, String)]) -> Markup {
    html! {
        dl {
            @for (name, value) in rows {
                dt { (name) }
                dd { @if value.is_empty() { "none" } @else { (value) } }
            }
        }
    }
}

/// A row an agent.
pub(crate) fn agent_table(agents: &[AgentView]) -> Markup {
    html! {
        table {
            thead { tr { th scope="col" { "Agent" } th scope="col" { "Status" } th scope="col" { "Vendor" } th scope="col" { "Registered" } } }
            tbody {
                @for agent in agents {
                    tr {
                        td { a class="address" href={ "/agents/" (agent.address) } { (agent.address) } }
                        td { (agent.status) }
                        td class="address" { (agent.authority) }
                        td { (agent.registered_utc) }
                    }
                }
            }
        }
    }
}
