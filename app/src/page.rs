//! How pages look: one layout, and the parts that several have.

use crate::{routes::assets::path_of, views::AgentView};
use axum::http::StatusCode;
use maud::{DOCTYPE, Markup, html};

/// A whole page. `twin` is the path of the same content as JSON.
pub(crate) fn layout(title: &str, twin: &str, content: &Markup) -> Markup {
    whole(title, Some(twin), None, content)
}

/// A page that does something in the browser, by a script of ours.
pub(crate) fn layout_with_script(title: &str, script: &str, content: &Markup) -> Markup {
    whole(title, None, Some(script), content)
}

fn whole(title: &str, twin: Option<&str>, script: Option<&str>, content: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · Runseal" }
                link rel="stylesheet" href=(path_of("app.css"));
                link rel="icon" type="image/svg+xml" href=(path_of("icon.svg"));
                @if let Some(twin) = twin {
                    link rel="alternate" type="application/json" href=(twin);
                }
                @if let Some(script) = script {
                    script type="module" src=(path_of(script)) {}
                }
            }
            body {
                a.skip href="#content" { "Skip to the content" }
                header.top {
                    a.brand href="/" { "Runseal" }
                    nav aria-label="Pages" {
                        a href="/" { "Agents" }
                        a href="/verify-here" { "Verify here" }
                    }
                }
                main #content tabindex="-1" { (content) }
                footer {
                    @if let Some(twin) = twin { a href=(twin) { "This page as JSON" } " · " }
                    "What a page shows was read from the ledger for this request. Do not believe it: "
                    a href="/verify-here" { "verify" } "."
                }
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

/// What people could read into a page and should not.
pub(crate) fn does_not_mean(text: &str) -> Markup {
    html! {
        aside.caution aria-label="What this does not mean" {
            strong { "What this does not mean. " } (text)
        }
    }
}

/// A row an agent.
pub(crate) fn agent_table(agents: &[AgentView]) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label="Agents" { table {
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
        } }
    }
}
